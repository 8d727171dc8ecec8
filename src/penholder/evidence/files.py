"""Files of incidents on their way in: sent, checked, encrypted, and kept only by the act that takes them in."""

from __future__ import annotations

import io

from penholder.actions.errors import InvalidError
from penholder.evidence.values import IMPORT
from penholder.kernel.errors import PenholderError
from penholder.vault.staged import Handle, open_staged, read_handle, stage
from penholder.vault.streams import Readable

MEDIA_TYPE = "text/csv"


def send(stream: Readable, *, name: str | None) -> Handle:
    """Check and store a file that nobody has kept yet. Raises: UploadError; VaultStorageError."""
    return stage(stream, prefix=IMPORT, name=name)


def handle_of(text: str) -> Handle:
    """Raises: InvalidError (field `file`)."""
    try:
        return read_handle(text, prefix=IMPORT)
    except PenholderError as error:
        raise _absent(error) from error


def opened(handle: Handle) -> io.BufferedReader:
    """The plain text. Raises: InvalidError (field `file`): no such file was sent."""
    try:
        return open_staged(handle)
    except PenholderError as error:
        raise _absent(error) from error


def _absent(error: PenholderError) -> InvalidError:
    return InvalidError(
        "no such file was sent", hint="send the file again", fields={"file": f"is not there: {error.message}"}
    )
