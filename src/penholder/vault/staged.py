"""A file that was sent and that no act has kept yet: checked, encrypted, and named by a handle.

The handle names the subject whose key the file is under, and its address: `IR-….<64 hex digits>`. An act that is
given the handle keeps the file (`keep_staged`). What nobody keeps is a left-over of the folder of files.
"""

from __future__ import annotations

import io
from typing import NamedTuple

from penholder.kernel.ids import random_id
from penholder.vault.content import MAX_UPLOAD
from penholder.vault.errors import FileAbsentError
from penholder.vault.files import StoredFile
from penholder.vault.rows import keep_file
from penholder.vault.store import vault
from penholder.vault.streams import Readable

HANDLE = r"^[A-Z]{1,4}-[0-9a-z]{26}\.[0-9a-f]{64}$"
"""How a handle is written; for the declaration of a parameter."""


class Handle(NamedTuple):
    """The subject of a staged file, and its address."""

    subject: str
    address: str

    def __str__(self) -> str:
        return f"{self.subject}.{self.address}"


def stage(stream: Readable, *, prefix: str, name: str | None = None, limit: int = MAX_UPLOAD) -> Handle:
    """Check and store a file under a new subject (`prefix` and random letters). Writes no row.

    Raises: UploadError; VaultStorageError.
    """
    subject = random_id(prefix)
    return Handle(subject, vault().files.put(stream, subject=subject, limit=limit, name=name).address)


def read_handle(text: str, *, prefix: str) -> Handle:
    """The handle that a text is. Raises: FileAbsentError: it is none, or of another kind of subject."""
    subject, _, address = text.partition(".")
    if not subject.startswith(f"{prefix}-") or not address:
        raise FileAbsentError("there is no such file", hint="send the file again")
    return Handle(subject, address)


def open_staged(handle: Handle) -> io.BufferedReader:
    """The plain text. Raises: FileAbsentError; KeyMissingError; VaultIntegrityError."""
    return vault().files.open(handle.address, subject=handle.subject)


def keep_staged(handle: Handle, *, field_class: str, media_type: str) -> StoredFile:
    """Keep the file: inside an action, which must record an event. Raises: FileAbsentError."""
    files = vault().files
    with files.open(handle.address, subject=handle.subject) as plain:
        size = plain.seek(0, io.SEEK_END)
    _, digest = files.opening(handle.address, subject=handle.subject)
    stored = StoredFile(handle.address, digest, size, media_type)
    keep_file(stored, subject=handle.subject, field_class=field_class)
    return stored
