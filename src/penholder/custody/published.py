"""A published folder as it is read again: verified, then its entries. Needs no Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.errors import LedgerIntegrityError, NoteError
from penholder.ledger.folder import FolderReader, read_tile
from penholder.ledger.keyring import Keyring
from penholder.ledger.layout import TILE_WIDTH, bundles_of, decode_bundle
from penholder.ledger.note import parse_note
from penholder.ledger.verify import verify_folder

RECOVER = "recover with `penholder restore BACKUP --recover-from-published DIR`"


def read_head(note: str | bytes) -> Checkpoint:
    """The head that a note says; its signatures are not looked at. Raises: LedgerIntegrityError."""
    try:
        return Checkpoint.parse(parse_note(note).text)
    except NoteError as error:
        raise LedgerIntegrityError(f"a stored head cannot be read: {error.message}", hint=RECOVER) from error


@dataclass(frozen=True, slots=True)
class Published:
    """A published folder that was verified."""

    folder: Path
    head: Checkpoint
    note: str
    keyring: Keyring


def read_published(folder: Path, *, trusted: Keyring | None) -> Published:
    """Verify a published folder to its last byte. Raises: LedgerIntegrityError, NoteError."""
    report = verify_folder(folder, keys=trusted)
    if not report.is_intact or report.checkpoint is None or report.keyring is None:
        first = report.problems[0]
        raise LedgerIntegrityError(
            f"{folder}: {first.file}: {first.message}", hint="`penholder verify` shows all; use another copy"
        )
    return Published(folder, report.checkpoint, report.note, report.keyring)


def read_entries(published: Published, start: int) -> Iterator[bytes]:
    """The entries of a published folder from `start` on, in order, in bounded memory, whoever publishes meanwhile.

    Raises: LedgerIntegrityError.
    """
    reader = FolderReader(published.folder)
    for bundle in bundles_of(published.head.size):
        first = bundle.index * TILE_WIDTH
        if first + bundle.width > start:
            entries = decode_bundle(read_tile(reader, bundle) or b"", bundle.width)
            yield from entries[max(0, start - first) :]
