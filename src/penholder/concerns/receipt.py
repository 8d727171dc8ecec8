"""The receipt of a concern: proof, from its own text and the key of the log alone, that it was raised, and when.

    {"blinding": hexadecimal, "content": {what was filed}, "penholder_concern": 1, "proof": tlog-proof}

The entry in the log holds a commitment: SHA-256 over a name, the blinding, and SHA-256 of the canonical JSON of
the
content. Without the blinding, which comes from the return secret, it confirms no guess of the content. The receipt
is written in one way only (canonical JSON and a line end): any other bit is refused. No Django here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from penholder.kernel.canonical import canonical_json
from penholder.ledger.bundles import Problem
from penholder.ledger.errors import ProofError
from penholder.ledger.keyring import Keyring
from penholder.ledger.policy import Policy
from penholder.ledger.proof import MAX_RECEIPT
from penholder.ledger.verify_receipt import ReceiptReport, verify_receipt

KEY = "penholder_concern"
EVENT = "concerns.ConcernRaised"
_NAME = b"penholder concern commitment v1\0"
_MEMBERS = {KEY, "blinding", "content", "proof"}


def commitment(content: Mapping[str, Any], *, blinding: bytes) -> str:
    """What the log holds of a concern: 64 hexadecimal digits."""
    digest = hashlib.sha256(canonical_json(content).encode()).digest()
    return hashlib.sha256(_NAME + blinding + digest).hexdigest()


@dataclass(frozen=True, slots=True)
class ConcernReceipt:
    """What was filed, what blinds it, and where the entry stands."""

    content: Mapping[str, Any]
    blinding: bytes
    proof: str

    def text(self) -> str:
        """The receipt as its file has it."""
        blinding = self.blinding.hex()
        whole = {KEY: 1, "blinding": blinding, "content": dict(self.content), "proof": self.proof}
        return canonical_json(whole) + "\n"

    @classmethod
    def parse(cls, data: bytes) -> ConcernReceipt:
        """The receipt of a text. Raises: ProofError: not written as we write it."""
        try:
            found = json.loads(data.decode("utf-8"))
            whole = isinstance(found, dict) and found.keys() == _MEMBERS and found[KEY] == 1
            receipt = cls(found["content"], bytes.fromhex(found["blinding"]), found["proof"]) if whole else None
            written = receipt.text().encode() if receipt else b""
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ProofError("this receipt of a concern cannot be read") from error
        if receipt is None or written != data or not isinstance(receipt.content, dict):
            raise ProofError("this receipt of a concern is not written as one is: something in it was changed")
        return receipt


def is_concern_receipt(data: bytes) -> bool:
    """Is it meant as one? It begins with one of its members, as canonical JSON does."""
    return data[:13] == b'{"blinding":"' and len(data) <= MAX_RECEIPT


def verify_concern(
    data: bytes, *, keys: Keyring, policy: Policy | None = None, now: int | None = None, name: str = "receipt"
) -> tuple[ReceiptReport, Mapping[str, Any]]:
    """Verify: the entry is in the log that the key signed, and it commits to this content. Gives the content too.

    Raises: ProofError: it is no such receipt. What it fails to prove is reported, not raised.
    """
    receipt = ConcernReceipt.parse(data)
    report = verify_receipt(receipt.proof.encode(), keys=keys, policy=policy, now=now, name=name)
    entry = report.entry
    if entry is not None:
        wanted = commitment(receipt.content, blinding=receipt.blinding)
        if entry.event != EVENT or entry.data.get("commitment") != wanted:
            report.problems.append(Problem(name, "the entry does not commit to this content"))
    return report, receipt.content


__all__ = ["ConcernReceipt", "commitment", "is_concern_receipt", "verify_concern"]
