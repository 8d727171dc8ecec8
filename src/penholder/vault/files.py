"""Files outside the ledger: encrypted, each under the key of its subject, named by the hash of their ciphertext.

The name is SHA-256 of the stored bytes. These hold a random salt, so the name tells nothing of the content: the
same file put twice has two names, and nobody can guess a content and look for it. Yet every name can be checked
without any key (`verify`), also after an erasure.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from penholder.kernel import clock
from penholder.kernel.canonical import sha256_of_file
from penholder.vault import chunks
from penholder.vault.content import MAX_UPLOAD, identify
from penholder.vault.durable import sync_folder, write_all
from penholder.vault.errors import FileAbsentError, VaultIntegrityError, VaultStorageError
from penholder.vault.streams import Readable, take

_ADDRESS = re.compile(r"[0-9a-f]{64}\Z")
_INCOMING = "incoming"
_UNDER_WAY_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a stored file. None of it tells the content."""

    address: str
    """SHA-256 of the stored bytes, 64 hex digits: the name of the file."""
    digest: str
    """Salted commitment to the plain text for the ledger, 64 hex digits (chunks.FileKey.commitment)."""
    size: int
    """Of the plain text, in bytes."""
    media_type: str
    """Found by content, one of `content.ALLOWED`."""


class SubjectKeys(Protocol):
    """Where the key of a subject comes from: the key store, or (for concerns) the key of a case."""

    def key_for(self, subject: str) -> bytes:
        """The key for what is stored."""

    def read(self, subject: str) -> bytes:
        """The key of what is there."""


class FileStore:
    """The folder of encrypted files. May be used by several threads and processes at once."""

    def __init__(self, folder: Path, *, keys: SubjectKeys) -> None:
        self.folder = folder
        self._keys = keys

    def put(
        self, stream: Readable, *, subject: str, limit: int = MAX_UPLOAD, name: str | None = None
    ) -> StoredFile:
        """Read, check and store a file; it is on the disk when this returns. No plain text touches the disk.

        Args:
            limit: bytes of plain text, counted as they are read.
            name: the file name as sent, for its ending only; it must fit the content. It is stored nowhere.
        Raises: UploadError; KeyDestroyedError; VaultStorageError. After any of them nothing is stored.
        """
        header = chunks.new_header()
        key = chunks.FileKey.derive(self._keys.key_for(subject), salt=chunks.salt_of(header), subject=subject)
        taken = take(stream, limit=limit)
        with self._incoming() as (handle, draft):
            address = hashlib.sha256(header)
            write_all(handle, header)
            for chunk in chunks.encrypt_chunks(taken, key=key.encryption):
                address.update(chunk)
                write_all(handle, chunk)
            with _reader(os.dup(handle), key) as plain:
                media_type = identify(plain, size=taken.size, name=name)
            os.fsync(handle)
            self._publish(draft, address.hexdigest())
        return StoredFile(address.hexdigest(), key.commitment(taken.sha256), taken.size, media_type)

    def open(self, address: str, *, subject: str) -> io.BufferedReader:
        """The plain text. The stored bytes were checked against their name in full, and each chunk is
        authenticated again as it is read.

        Raises: FileAbsentError; VaultIntegrityError; KeyMissingError; KeyDestroyedError.
        """
        key = self._file_key(address, subject)
        self.verify(address)
        return _reader(os.open(self._path(address), os.O_RDONLY | os.O_CLOEXEC), key)

    def opening(self, address: str, *, subject: str) -> tuple[bytes, str]:
        """What proves that a file is the one that the ledger committed to: (16 bytes salt, digest).

        Anyone who is given the file and the salt computes SHA-256(salt, SHA-256(file)) and compares.
        """
        with self.open(address, subject=subject) as plain:
            sha256 = hashlib.file_digest(plain, "sha256").digest()
        key = self._file_key(address, subject)
        return key.commitment_salt, key.commitment(sha256)

    def verify(self, address: str) -> None:
        """Check the stored bytes against their name; needs no key.

        Raises: FileAbsentError; VaultIntegrityError.
        """
        try:
            found = sha256_of_file(self._path(address))
        except FileNotFoundError as error:
            raise _absent(address) from error
        if found != address:
            raise VaultIntegrityError(
                f"the stored file {address[:12]}… does not have the content of its name",
                hint="restore it from a backup",
            )

    def exists(self, address: str) -> bool:
        """Is there a file with this address?"""
        return self._path(address).is_file()

    def remove(self, address: str) -> bool:
        """Unlink a file; True if it was there. Repeating is harmless."""
        path = self._path(address)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True

    def addresses(self) -> Iterator[str]:
        """The addresses of all stored files, in order. Those that no row names were left by acts that failed."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _ADDRESS.match(path.name):
                yield path.name

    def sweep(self) -> int:
        """Remove what uploads that were killed have left an hour ago or more. Gives how many."""
        removed, newest = 0, clock.now().timestamp() - _UNDER_WAY_SECONDS
        for draft in sorted(self.folder.glob(f"{_INCOMING}/*")):
            with suppress(OSError), draft.open("rb") as stream:
                if draft.stat().st_mtime > newest:
                    continue
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                draft.unlink()
                removed += 1
        return removed

    def _file_key(self, address: str, subject: str) -> chunks.FileKey:
        try:
            with self._path(address).open("rb") as stored:
                header = stored.read(chunks.HEADER_BYTES)
        except FileNotFoundError as error:
            raise _absent(address) from error
        return chunks.FileKey.derive(self._keys.read(subject), salt=chunks.salt_of(header), subject=subject)

    def _path(self, address: str) -> Path:
        if not _ADDRESS.match(address):  # also keeps every path inside the folder
            raise FileAbsentError("this is no address of a stored file", hint="it has 64 hex digits")
        return self.folder / address[:2] / address[2:4] / address

    @contextmanager
    def _incoming(self) -> Iterator[tuple[int, Path]]:
        """A locked draft, removed at the end unless it was published."""
        draft = self.folder / _INCOMING / secrets.token_hex(16)
        try:
            draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield handle, draft
            finally:
                draft.unlink(missing_ok=True)
                os.close(handle)
        except OSError as error:
            raise VaultStorageError(
                f"the file could not be stored: {error.strerror}", hint="see disk space and permissions"
            ) from error

    def _publish(self, draft: Path, address: str) -> None:
        target = self._path(address)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.rename(target)
        for folder in (target.parent, target.parent.parent, self.folder, self.folder.parent):
            sync_folder(folder)


def _reader(handle: int, key: chunks.FileKey) -> io.BufferedReader:
    raw = os.fdopen(handle, "rb")
    try:
        return io.BufferedReader(chunks.ChunkReader(raw, key=key.encryption), chunks.CHUNK)
    except BaseException:
        raw.close()
        raise


def _absent(address: str) -> FileAbsentError:
    return FileAbsentError(
        f"there is no stored file {address[:12]}…", hint="it was erased, or the folder `files` was not restored"
    )
