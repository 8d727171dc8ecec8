"""Files of casework on their way in, and out again: undertakings of end users, lists of parties."""

from __future__ import annotations

import io

from penholder.actions.errors import InvalidError
from penholder.casework.values import PARTY_LIST, UNDERTAKING
from penholder.kernel.errors import PenholderError
from penholder.vault.content import identify
from penholder.vault.errors import FileAbsentError
from penholder.vault.files import StoredFile
from penholder.vault.rows import find_file
from penholder.vault.staged import Handle, open_staged, read_handle, stage
from penholder.vault.streams import Readable

LIST_TYPE = "text/csv"


def send_undertaking(stream: Readable, *, name: str | None) -> Handle:
    """Check and store the file of an undertaking, kept by nobody yet. Raises: UploadError; VaultStorageError."""
    return stage(stream, prefix=UNDERTAKING, name=name)


def send_list(stream: Readable, *, name: str | None) -> Handle:
    """The same of a list of parties: CSV."""
    return stage(stream, prefix=PARTY_LIST, name=name)


def media_type_of(handle: Handle) -> str:
    """The type of a staged file, by its content. Raises: FileAbsentError; UploadError."""
    with open_staged(handle) as plain:
        size = plain.seek(0, io.SEEK_END)
        return identify(plain, size=size)


def find_undertaking(file: str) -> StoredFile | None:
    """The kept file of a handle; None: no act has kept it."""
    try:
        return find_file(read_handle(file, prefix=UNDERTAKING).address)[0]
    except FileAbsentError:
        return None


def open_undertaking(file: str) -> io.BufferedReader:
    """The plain text of a kept undertaking. Raises: FileAbsentError; KeyMissingError; VaultIntegrityError."""
    return open_staged(read_handle(file, prefix=UNDERTAKING))


def open_list(text: str) -> tuple[Handle, io.BufferedReader]:
    """A list that was sent. Raises: InvalidError (field `file`)."""
    try:
        handle = read_handle(text, prefix=PARTY_LIST)
        return handle, open_staged(handle)
    except PenholderError as error:
        raise InvalidError(
            "no such file was sent",
            hint="send the file again",
            fields={"file": f"is not there: {error.message}"},
        ) from error
