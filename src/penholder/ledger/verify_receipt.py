"""Verifying a receipt from its own text and the keys of the log, without the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from penholder.kernel import clock
from penholder.ledger.bundles import Problem
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import LedgerIntegrityError, NoteError, ProofError
from penholder.ledger.keyring import Keyring
from penholder.ledger.note import Note, Verifier, parse_note
from penholder.ledger.policy import Policy, PolicyVerdict
from penholder.ledger.proof import Receipt, check_proof
from penholder.ledger.verify import NOBODY, untimely_notice


@dataclass(slots=True)
class ReceiptReport:
    """What came of the verification of a receipt. `disclosed`: private fields that the entry bears out."""

    checkpoint: Checkpoint
    index: int
    entry: LedgerEntry | None = None
    signed_by: Verifier | None = None
    is_retired: bool = False
    """Does the key that signed it sign no longer?"""
    disclosed: dict[str, Any] = field(default_factory=dict)
    verdict: PolicyVerdict = NOBODY
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Nothing was found wrong."""
        return not self.problems


def verify_receipt(
    content: bytes, *, keys: Keyring, policy: Policy | None = None, now: int | None = None, name: str = "receipt"
) -> ReceiptReport:
    """Verify a receipt: entry, inclusion, signature of the checkpoint, witnesses, disclosures.

    Args: keys: the keys of the log, from elsewhere. policy: whose cosignatures are wanted. name: for the messages.
        now: POSIX seconds, for the times of cosignatures; None: by the clock of this machine.
    Raises: ProofError: the content is no receipt. What it fails to prove is reported, not raised.
    """
    receipt = Receipt.parse(content)
    proof = receipt.proof
    report = ReceiptReport(Checkpoint.parse(parse_note(proof.checkpoint).text), proof.index)
    witnesses = policy.witnesses.values() if policy is not None else ()
    signers = keys.may_sign(report.checkpoint.size)
    try:
        _, note = check_proof(proof, receipt.entry, [*signers, *witnesses])
        if policy is not None:
            moment = int(clock.now().timestamp()) if now is None else now
            report.verdict = policy.satisfied(note, now=moment)
            report.notices += [untimely_notice(witness) for witness in report.verdict.untimely]
        report.problems += [Problem(name, said) for said in _signature(report, note, keys, signers)]
        report.entry = LedgerEntry.from_bytes(receipt.entry)
        report.disclosed = _disclosed(receipt, report.entry)
    except (NoteError, ProofError, LedgerIntegrityError) as error:
        report.problems.append(Problem(name, error.message, proof.index))
    return report


def _signature(report: ReceiptReport, note: Note, keys: Keyring, signers: Sequence[Verifier]) -> list[str]:
    """What is wrong with who signed the head. The verdict of the witnesses is in the report already.

    A retired key may be in anybody's hands. What it signed counts where a later key vouches for the same head (it
    is kept in the file of keys), or where the witnesses of the verifier's own policy have seen it.
    """
    report.signed_by = key = next((key for key in signers if note.is_signed_by(key)), None)
    if key is None or key.name != report.checkpoint.origin:
        return ["its checkpoint is not signed by a key of the log that was given"]
    report.is_retired = key != keys.current
    if not report.is_retired or report.verdict.witnessed:
        return []
    if any(parse_note(head).text == note.text for head in keys.heads):
        return []
    said = (
        f"its checkpoint is signed by a retired key alone, {key.text()}, and whoever has that key now could have "
        "made it: give --policy with witnesses that signed it, or ask for a receipt with a newer checkpoint"
    )
    return [said]


def _disclosed(receipt: Receipt, entry: LedgerEntry) -> dict[str, Any]:
    found = {}
    for disclosure in receipt.disclosures:
        if disclosure.digest() not in entry.sd or disclosure.name in found:
            raise ProofError("a disclosure is given twice, or is not of this entry: no digest in it is its own")
        found[disclosure.name] = disclosure.value
    return found
