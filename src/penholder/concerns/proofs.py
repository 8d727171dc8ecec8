"""The receipt of a concern, for who raised it: with the head of the log, signed as it stands."""

from __future__ import annotations

from penholder.concerns import filers, queries
from penholder.concerns.codes import Codes
from penholder.concerns.receipt import EVENT, ConcernReceipt
from penholder.custody.signing import send_head
from penholder.kernel.errors import NotKnownError
from penholder.ledger import queries as ledger


def receipt_of(codes: Codes) -> str:
    """The text of the receipt. Signs the head of the log where no signed one covers the entry yet.

    So the receipt is whole at once; what is published later continues this head, or shows that it was forged.
    Raises: CodeError, AbsentError; NotKnownError: the entry has no place yet. RollbackError, LedgerKeyError.
    """
    filer, content = queries.filed_content(codes)
    entry = next(e for e in ledger.entries_about(filer.concern.public_id) if e.event == EVENT)
    proof = ledger.receipt_of(entry.number) or ledger.receipt_of(entry.number, note=send_head())
    if proof is None:
        raise NotKnownError("the entry has no place in the log yet", hint="ask again in a moment")
    return ConcernReceipt(content, filers.opened(codes).blinding, proof).text()
