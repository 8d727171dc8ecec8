"""Locator and return secret: what the filer writes down, and what is made of it. Pure; nothing of it is kept.

    locator   10 letters, 50 random bits: finds the concern. It opens nothing.
    secret    20 letters, 100 random bits: opens it. Shown once.
    r         Argon2id(secret, salt = hash of the locator), 32 bytes (RFC 9106)
    from r, by HKDF-SHA256 (RFC 5869) under two names, so that neither tells the other:
        the private key (X25519) to which the key of the case is sealed
        the blinding of the public commitment, which stands in the receipt

Letters are Crockford's base 32; what is typed may be in any case, with or without hyphens, with O for 0, I or L
for 1.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
_LOCATOR, _SECRET, _GROUP = 10, 20, 5
SECRET_BITS = 5 * _SECRET
_AT_ONCE = BoundedSemaphore(2)
"""Derivations at the same time: each takes the memory of its cost."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: memory in KiB, passes (RFC 9106 section 4, second choice: 64 MiB, 3 passes)."""

    memory: int = 64 * 1024
    passes: int = 3


@dataclass(frozen=True, slots=True)
class Codes:
    """What the filer is given once."""

    locator: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """What locator and secret make together."""

    private: bytes = field(repr=False)
    blinding: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public half: what the tables hold."""
        return X25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()


def new_codes() -> Codes:
    """A locator and a secret, from the system's random source, in groups of five."""
    return Codes(_random(_LOCATOR), _random(_SECRET))


def _random(length: int) -> str:
    return grouped("".join(secrets.choice(_LETTERS) for _ in range(length)))


def grouped(text: str) -> str:
    """`7K3MQ-X02DD`."""
    return "-".join(text[n : n + _GROUP] for n in range(0, len(text), _GROUP)).upper()


def plain(text: str) -> str:
    """What was typed, as it is compared: small letters, without hyphens and spaces, misread letters mended."""
    return "".join(text.split()).replace("-", "").lower().translate(_MISREAD)


def is_whole(codes: Codes) -> bool:
    """Are both as long as ours are, of our letters? The form alone: no secret is looked up."""
    wanted = ((codes.locator, _LOCATOR), (codes.secret, _SECRET))
    return all(len(plain(text)) == n and set(plain(text)) <= set(_LETTERS) for text, n in wanted)


def lookup(locator: str) -> str:
    """What the tables hold of a locator: a hash; it finds the row, and 50 random bits are behind it."""
    return hashlib.sha256(b"penholder concern locator v1\0" + plain(locator).encode()).hexdigest()


def open_codes(codes: Codes, *, cost: Cost) -> Opened:
    """Derive. Takes as long for a wrong secret, and for a locator that nobody has."""
    salt = hashlib.sha256(b"penholder concern salt v1\0" + plain(codes.locator).encode()).digest()[:16]
    r = stretched(plain(codes.secret).encode(), salt=salt, cost=cost)
    return Opened(_expand(r, b"penholder concern key v1"), _expand(r, b"penholder concern blinding v1"))


def stretched(secret: bytes, *, salt: bytes, cost: Cost) -> bytes:
    """Argon2id, 32 bytes, one lane."""
    with _AT_ONCE:
        return Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=1, memory_cost=cost.memory).derive(
            secret
        )


def _expand(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(key)


def same(one: bytes, other: bytes) -> bool:
    """Compared in a time that does not depend on where they differ."""
    return hmac.compare_digest(one, other)
