"""What a release takes with it of the ledger of its site: that it was announced, and how keys were changed."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.custody.keyring import key_events
from penholder.custody.signing import send_head
from penholder.ledger import queries
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.keyring import ROTATED, Keyring
from penholder.ledger.note import parse_note
from penholder.publication.errors import ReleaseError


def receipt_of_run(run: str) -> str:
    """The receipt of the announcement, with the head of the ledger, signed as it stands.

    Raises: ReleaseError: the entry has no place yet. RollbackError; LedgerKeyError.
    """
    number = queries.entries_of_run(run)[0]
    text = queries.receipt_of(number, note=send_head())
    if text is None:
        raise ReleaseError("the announcement has no place in the ledger yet", hint="try again in a moment")
    return text


def receipts_of_rotations(keys: Keyring) -> Iterator[str]:
    """Of each change of key the receipt of its entry, with the sealing head, which the key before it signed."""
    sizes = {Checkpoint.parse(parse_note(head).text).size: head for head in keys.heads}
    for event in (e for e in key_events() if e.event == ROTATED):
        sealed = min((size for size in sizes if size > event.index), default=None)
        number = queries.entry_at(event.index)
        if sealed is not None and number is not None:
            text = queries.receipt_of(number, note=sizes[sealed])
            if text is not None:
                yield text
