"""Salted disclosures of private fields, in the form of RFC 9901 (SD-JWT) section 4.2.

The entry holds only digests, always a multiple of eight of them, so that neither the values nor their number can
be read from it. Whoever is given a disclosure can check that the entry has held it from the first second.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any

from penholder.ledger.errors import ProofError

SALT_SIZE = 16
SLOTS = 8
MAX_TEXT = 1 << 20
"""Longest disclosure in characters: a private text of some 700 kB."""
_MIN_SALT = 22
DIGEST_SIZE = 32
DECOY_SIZE = DIGEST_SIZE + 1
"""Random bytes that are taken for one decoy."""
_DIGEST_TEXT = 43
_URLSAFE = bytes.maketrans(b"+/", b"-_")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True)


class Randomness:
    """Random bytes for one act, asked for in one go: `random(n)` gives the next n of them, none of them twice."""

    __slots__ = ("_bytes", "_given")

    def __init__(self, size: int) -> None:
        """`size`: how many bytes there are in all."""
        self._bytes = os.urandom(size)
        self._given = 0

    def __call__(self, size: int) -> bytes:
        """The next `size` bytes. Where too few are left, new ones are asked for."""
        begin, end = self._given, self._given + size
        if end > len(self._bytes):
            return os.urandom(size)
        self._given = end
        return self._bytes[begin:end]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One private field: `salt` is base64url of at least 16 random bytes, `value` any JSON without floats."""

    salt: str
    name: str
    value: Any
    _text: str = field(default="", init=False, repr=False, compare=False)
    """`text()`, once it was asked for: it is hashed, and then sealed."""

    @classmethod
    def make(cls, name: str, value: object, *, random: Callable[[int], bytes] = os.urandom) -> Disclosure:
        """A disclosure with a fresh salt of 16 bytes. `random(n)` gives n unpredictable bytes."""
        return cls(_base64url(random(SALT_SIZE)), name, value)

    def text(self) -> str:
        """base64url of the JSON array [salt, name, value] (UTF-8, keys sorted, `", "` and `": "` between).

        Raises: TypeError for a float or a type that JSON has not; ProofError where nobody could read it again.
        """
        if not self._text:
            object.__setattr__(self, "_text", _text(self.salt, self.name, self.value))
        return self._text

    def digest(self) -> str:
        """What the entry holds in its place: base64url of SHA-256 of `text()`, 43 characters."""
        return _base64url(sha256(self.text().encode("ascii")).digest())

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


def salted_text(name: str, value: object, *, random: Callable[[int], bytes] = os.urandom) -> str:
    """The text of a disclosure with a fresh salt: `Disclosure.make(name, value).text()`, in half the time.

    Raises: as `text`.
    """
    return _text(_base64url(random(SALT_SIZE)), name, value)


def _text(salt: str, name: str, value: object) -> str:
    if type(value) is str:  # as nearly all are; the encoder would write the same
        array = f"[{quoted(salt)}, {quoted(name)}, {quoted(value)}]"
    else:
        array = _ENCODER.encode([salt, name, _without_floats(value)])
    text = _base64url(array.encode())
    _check_length(text)
    return text


def commit(
    disclosures: Sequence[Disclosure], *, slots: int = SLOTS, random: Callable[[int], bytes] = os.urandom
) -> tuple[str, ...]:
    """The digests of `disclosures` as `digests_of` gives them."""
    return digests_of([d.text() for d in disclosures], slots=slots, random=random)


def digests_of(
    texts: Sequence[str], *, slots: int = SLOTS, random: Callable[[int], bytes] = os.urandom
) -> tuple[str, ...]:
    """The digests of disclosures, given as texts, among random ones that nothing belongs to, sorted.

    Random bytes are not told from digests: SHA-256 of a text with an unknown salt looks as random as they do.
    Returns: `slots` digests, or as many times `slots` as are needed. Source: RFC 9901 section 4.2.5 (decoys).
    """
    found = [sha256(text.encode("ascii")).digest() + b"\x00" for text in texts]
    decoys = -len(found) % slots if found else slots
    blob = bytearray(random(DECOY_SIZE * decoys))
    blob[DIGEST_SIZE::DECOY_SIZE] = bytes(decoys)
    whole = _base64url(b"".join(found) + blob)  # 33 bytes are 44 characters; the last ones, of a nought, go
    return tuple(sorted([whole[n : n + _DIGEST_TEXT] for n in range(0, len(whole), _DIGEST_TEXT + 1)]))


def _check_length(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise ProofError(f"a disclosure has at most {MAX_TEXT} characters, not {len(text)}")


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
