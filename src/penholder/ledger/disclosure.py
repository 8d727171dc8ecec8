"""Salted disclosures of private fields, in the form of RFC 9901 (SD-JWT) section 4.2.

The entry holds only digests, always a multiple of eight of them, so that neither the values nor their number can
be read from it. Whoever is given a disclosure can check that the entry has held it from the first second.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from penholder.ledger.errors import ProofError

SALT_SIZE = 16
SLOTS = 8
MAX_TEXT = 1 << 20
"""Longest disclosure in characters: a private text of some 700 kB."""
_MIN_SALT = 22
_URLSAFE = bytes.maketrans(b"+/", b"-_")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One private field: `salt` is base64url of at least 16 random bytes, `value` any JSON without floats."""

    salt: str
    name: str
    value: Any
    _text: str = field(default="", init=False, repr=False, compare=False)
    """`text()`, once it was asked for: it is hashed, and then sealed."""

    @classmethod
    def make(cls, name: str, value: object, *, random: Callable[[int], bytes] = secrets.token_bytes) -> Disclosure:
        """A disclosure with a fresh salt of 16 bytes. `random(n)` gives n unpredictable bytes."""
        return cls(_base64url(random(SALT_SIZE)), name, value)

    def text(self) -> str:
        """base64url of the JSON array [salt, name, value] (UTF-8, keys sorted, `", "` and `": "` between).

        Raises: TypeError for a float or a type that JSON has not; ProofError where nobody could read it again.
        """
        if not self._text:
            array = [self.salt, self.name, _without_floats(self.value)]
            text = _base64url(_ENCODER.encode(array).encode())
            _check_length(text)
            object.__setattr__(self, "_text", text)
        return self._text

    def digest(self) -> str:
        """What the entry holds in its place: base64url of SHA-256 of `text()`, 43 characters."""
        return _digest(self.text())

    @classmethod
    def parse(cls, text: str) -> Disclosure:
        """The disclosure that `text` is. Raises: ProofError: anything that `text()` would not have written."""
        _check_length(text)
        try:
            array = json.loads(_from_base64url(text))
            match array:
                case [str(salt), str(name), value]:
                    found = cls(salt, name, value)
                case _:
                    raise ProofError("a disclosure must be a JSON array of salt, name and value")
            written = found.text()
        except (ValueError, TypeError, RecursionError) as error:
            raise ProofError("a disclosure must be base64url of a JSON array; this one cannot be read") from error
        if written != text or len(salt) < _MIN_SALT:
            raise ProofError("a disclosure is not written as it must be (canonical JSON, salt of 16 bytes)")
        return found


def commit(
    disclosures: Sequence[Disclosure], *, slots: int = SLOTS, random: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[str, ...]:
    """The digests of `disclosures` among random ones that nothing belongs to, sorted.

    Returns: `slots` digests, or as many times `slots` as are needed. Source: RFC 9901 section 4.2.5 (decoys).
    """
    found = [d.digest() for d in disclosures]
    wanted = max(1, -(-len(found) // slots)) * slots
    found += [_base64url(hashlib.sha256(random(32)).digest()) for _ in range(wanted - len(found))]
    return tuple(sorted(found))


def _check_length(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise ProofError(f"a disclosure has at most {MAX_TEXT} characters, not {len(text)}")


def _digest(text: str) -> str:
    return _base64url(hashlib.sha256(text.encode("ascii")).digest())


def _base64url(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).translate(_URLSAFE, b"=").decode("ascii")


def _from_base64url(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _without_floats(value: object) -> object:
    if isinstance(value, float):
        msg = "a float has no canonical form; use a decimal string or an integer"
        raise TypeError(msg)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _without_floats(item)
    return value
