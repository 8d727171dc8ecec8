"""What can be wrong with notes, proofs and published logs."""

from __future__ import annotations

from penholder.kernel.errors import InputError, IntegrityError, PenholderError


class NoteError(InputError):
    """A signed note, a key, a checkpoint or a policy cannot be read, or no known key signed it."""

    code = "note"


class ProofError(InputError):
    """A Merkle proof or a receipt is not well formed, or does not prove what it says."""

    code = "proof"


class WriteOutsideActionError(PenholderError):
    """Something tried to write to the database outside an action."""

    code = "write-outside-action"


class LedgerIntegrityError(IntegrityError):
    """Published or stored bytes of the ledger contradict its signed head, or are no ledger entry."""

    code = "ledger-integrity"
