"""Encryption of whole files in chunks that can be read one by one, from any place, each authenticated.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, CRYPTO 2015), laid out as in age (age-encryption.org/v1, section Payload), with AES-256-GCM:

    file  = magic "PHF1" (4 bytes), salt (32 random bytes), chunks
    chunk = 65,536 bytes of plain text (the last one: 1 to 65,536; 0 only where the file is empty) + 16 bytes tag
    nonce = number of the chunk (11 bytes, big-endian), then 1 for the last chunk and 0 for the others

The key of a file is HKDF-SHA256 (RFC 5869) of the key of its subject and the salt; so counters never meet under
one key. The same derivation gives the salt of the file's commitment: both are gone when the subject's key is.
A reader authenticates the last chunk first: a file that was cut, even between chunks, gives no byte.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from penholder.vault.crypto import KEY_BYTES, TAG_BYTES, Binding
from penholder.vault.errors import VaultIntegrityError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC = b"PHF1"
SALT_BYTES = 32
HEADER_BYTES = len(MAGIC) + SALT_BYTES
CHUNK = 1 << 16
_STORED = CHUNK + TAG_BYTES
_COMMITMENT_SALT_BYTES = 16


@dataclass(frozen=True, slots=True, repr=False)
class FileKey:
    """What the key of a subject and the salt of a file give."""

    encryption: bytes
    commitment_salt: bytes

    @classmethod
    def derive(cls, key: bytes, *, salt: bytes, subject: str) -> FileKey:
        """From the 32-byte key of the subject."""
        info = Binding("file", "", subject).to_bytes()
        derived = HKDF(SHA256(), KEY_BYTES + _COMMITMENT_SALT_BYTES, salt, info).derive(key)
        return cls(derived[:KEY_BYTES], derived[KEY_BYTES:])

    def commitment(self, sha256: bytes) -> str:
        """What the ledger may hold of a file: SHA-256 of (16 bytes secret salt, SHA-256 of the plain text), hex.

        Whoever is given file and salt can check it; nobody can guess a file of few possible contents by it.
        """
        return hashlib.sha256(self.commitment_salt + sha256).hexdigest()


def new_header() -> bytes:
    """Magic and a fresh salt."""
    return MAGIC + os.urandom(SALT_BYTES)


def salt_of(header: bytes) -> bytes:
    """The salt in the header of a file. Raises: VaultIntegrityError."""
    if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
        raise _damaged("it does not begin as a file of the vault")
    return header[len(MAGIC) :]


def encrypt_chunks(blocks: Iterable[bytes], *, key: bytes) -> Iterator[bytes]:
    """The stored chunks of a plain text that comes in blocks of any size. Memory: two chunks."""
    cipher, waiting, number = AESGCM(key), bytearray(), 0
    for block in blocks:
        waiting += block
        while len(waiting) > CHUNK:  # what is left over at the end is the last chunk, never empty
            yield cipher.encrypt(_nonce(number, last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(waiting), None)


class ChunkReader(io.RawIOBase):
    """The plain text of a stored file, seekable. Every byte that it gives was authenticated."""

    def __init__(self, raw: BinaryIO, *, key: bytes) -> None:
        """`raw`: the whole stored file. Raises: VaultIntegrityError if it was cut or is under another key."""
        super().__init__()
        self._raw = raw
        self._cipher = AESGCM(key)
        self._loaded, self._chunk = -1, b""
        self._position = 0
        stored = raw.seek(0, os.SEEK_END) - HEADER_BYTES
        self._last = max(0, -(-stored // _STORED) - 1)
        self.size = stored - (self._last + 1) * TAG_BYTES
        if stored < TAG_BYTES or (self._last and stored - self._last * _STORED <= TAG_BYTES):
            raise _damaged("it was cut")
        self._load(self._last)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place. Raises: ValueError before the beginning, as files do."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            msg = "a place before the beginning"
            raise ValueError(msg)
        self._position = base + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill at most the rest of one chunk. Raises: VaultIntegrityError."""
        target = memoryview(buffer).cast("B")
        if self._position >= self.size:
            return 0
        number, start = divmod(self._position, CHUNK)
        if number != self._loaded:
            self._load(number)
        part = self._chunk[start : start + len(target)]
        target[: len(part)] = part
        self._position += len(part)
        return len(part)

    def close(self) -> None:
        """Close the stored file too."""
        if not self.closed:
            self._chunk = b""
            self._raw.close()
        super().close()

    def _load(self, number: int) -> None:
        self._raw.seek(HEADER_BYTES + number * _STORED)
        stored = self._raw.read(_STORED)
        try:
            self._chunk = self._cipher.decrypt(_nonce(number, last=number == self._last), stored, None)
        except InvalidTag as error:
            raise _damaged(f"chunk {number} of {self._last + 1} is not what was stored") from error
        self._loaded = number


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _damaged(what: str) -> VaultIntegrityError:
    return VaultIntegrityError(
        f"a stored file cannot be opened: {what}",
        hint="restore it from a backup; its name says which bytes it had",
    )
