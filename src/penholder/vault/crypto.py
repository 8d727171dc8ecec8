"""AES-256-GCM for small values, bound to the place where they are stored.

Form: one byte version, 12 bytes random nonce, ciphertext, 16 bytes tag (NIST SP 800-38D; RFC 5116 section 5.2).
Random 96-bit nonces are safe for 2**32 values under one key (SP 800-38D section 8.3); a key serves one subject.
The binding is authenticated, not stored: a value that is moved to another row, name or subject does not open.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from penholder.vault.errors import VaultIntegrityError

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
VERSION = b"\x01"
OVERHEAD = len(VERSION) + NONCE_BYTES + TAG_BYTES
"""A sealed value is longer than the plain one by this many bytes."""
_CONTEXT = b"\x00\x00\x00\x12penholder vault v1"
_LENGTHS = struct.Struct(">III")


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a sealed value belongs: the kind of thing, its id, and whose key it is under."""

    kind: str
    id: str
    subject: str

    def to_bytes(self) -> bytes:
        """Length-prefixed, so that no two bindings have the same bytes."""
        kind, place, subject = self.kind.encode(), self.id.encode(), self.subject.encode()
        lengths = _LENGTHS.pack(len(kind), len(place), len(subject))
        return b"".join((_CONTEXT, lengths[:4], kind, lengths[4:8], place, lengths[8:], subject))


def seal(plain: bytes, *, key: bytes, binding: Binding, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """Encrypt and authenticate. Each call gives other bytes, also for the same text.

    `random(n)` gives n unpredictable bytes, never the same again.
    """
    nonce = random(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, binding.to_bytes())


def unseal(sealed: bytes, *, key: bytes, binding: Binding) -> bytes:
    """The plain bytes of what `seal` gave.

    Raises: VaultIntegrityError if a byte was changed, the key is another, or it was sealed for another place.
    """
    if sealed[:1] != VERSION or len(sealed) < OVERHEAD:
        raise VaultIntegrityError(
            f"a sealed {binding.kind} has no form that is known ({len(sealed)} bytes)",
            hint="restore the row from a backup; `penholder fsck` lists all such rows",
        )
    body = memoryview(sealed)[1:]
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], binding.to_bytes())
    except InvalidTag as error:
        raise VaultIntegrityError(
            f"a sealed {binding.kind} was changed, or belongs to another row, name or subject",
            hint="restore the row from a backup; `penholder fsck` lists all such rows",
        ) from error
