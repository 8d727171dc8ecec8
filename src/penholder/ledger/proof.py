"""Receipts: proofs, to be checked without the log, that an entry is in it (C2SP tlog-proof).

A receipt is a tlog-proof whose `extra` line carries the entry. Where private fields are disclosed with it, it is a
JSON file `{"penholder_receipt": 1, "proof": "...", "disclosures": ["..."]}` around the same text.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from penholder.ledger.checkpoint import Checkpoint, open_checkpoint, parse_number
from penholder.ledger.disclosure import Disclosure
from penholder.ledger.errors import NoteError, ProofError
from penholder.ledger.merkle import HASH_SIZE, MAX_PROOF, leaf_hash, verify_inclusion
from penholder.ledger.note import MAX_NOTE, Note, Verifier, from_base64, parse_note

HEADER = "c2sp.org/tlog-proof@v1"
MAX_EXTRA = 100_000
MAX_RECEIPT = 8_000_000
MAX_DISCLOSURES = 256


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Where an entry stands, the hashes that lead to the root, and the signed checkpoint (the whole note)."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def text(self) -> str:
        """The proof as its file has it."""
        lines = [HEADER]
        lines += [f"extra {_base64(self.extra)}"] if self.extra is not None else []
        lines += [f"index {self.index}", *map(_base64, self.hashes)]
        return "\n".join(lines) + f"\n\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> TlogProof:
        """The proof of a text; nothing is checked but its form. Raises: ProofError."""
        head, blank, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines[0] != HEADER or len(text) > MAX_NOTE + MAX_EXTRA * 2:
            raise ProofError(
                f"a proof begins with the line {HEADER} and ends with a checkpoint after a blank line"
            )
        if len(lines) > MAX_PROOF + 3:
            raise ProofError(f"a proof has at most {MAX_PROOF} hashes, not {len(lines) - 2}")
        try:
            extra = None
            if len(lines) > 1 and lines[1].startswith("extra "):
                extra = from_base64(lines.pop(1)[6:], "the extra line of a proof")
            if len(lines) < 2 or not lines[1].startswith("index "):
                raise ProofError("a proof says the index of its entry: index N")
            index = parse_number(lines[1][6:], "the index of a proof")
            hashes = tuple(from_base64(line, "a hash of a proof") for line in lines[2:])
            Checkpoint.parse(parse_note(checkpoint).text)
        except NoteError as error:
            raise ProofError(error.message, hint=error.hint) from error
        if len(hashes) > MAX_PROOF or any(len(h) != HASH_SIZE for h in hashes) or len(extra or b"") > MAX_EXTRA:
            raise ProofError(
                f"a proof has at most {MAX_PROOF} hashes of 32 bytes, and {MAX_EXTRA:,} bytes of extra"
            )
        return cls(index, hashes, checkpoint, extra)


def check_proof(proof: TlogProof, data: bytes, verifiers: Collection[Verifier]) -> tuple[Checkpoint, Note]:
    """Check that the entry `data` is in the log that one of `verifiers` signed.

    Returns: the checkpoint, and its note with the verified signatures.
    Raises: NoteError: nobody of them signed, or a signature is wrong. ProofError: the entry is not in that tree.
    """
    checkpoint, note = open_checkpoint(proof.checkpoint, verifiers)
    verify_inclusion(
        leaf_hash(data), index=proof.index, size=checkpoint.size, proof=proof.hashes, root=checkpoint.root
    )
    return checkpoint, note


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof that carries its entry, and disclosures of private fields of that entry."""

    proof: TlogProof
    disclosures: tuple[Disclosure, ...] = ()

    @property
    def entry(self) -> bytes:
        """The entry that the receipt is about."""
        return self.proof.extra or b""

    def text(self) -> str:
        """The receipt as its file has it: the plain proof, or JSON where it discloses something."""
        if not self.disclosures:
            return self.proof.text()
        document = {
            "penholder_receipt": 1,
            "proof": self.proof.text(),
            "disclosures": [d.text() for d in self.disclosures],
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def parse(cls, content: bytes | str) -> Receipt:
        """The receipt of a file, of either form; nothing is checked but its form. Raises: ProofError."""
        if len(content) > MAX_RECEIPT:
            raise ProofError(f"a receipt has at most {MAX_RECEIPT:,} bytes, not {len(content):,}")
        try:
            text = content.decode("utf-8") if isinstance(content, bytes) else content
        except UnicodeDecodeError as error:
            raise ProofError(f"a receipt must be UTF-8; byte {error.start} is not") from error
        proof, disclosures = _parts(text) if text.lstrip().startswith("{") else (text, [])
        found = cls(TlogProof.parse(proof), tuple(Disclosure.parse(d) for d in disclosures))
        if found.proof.extra is None:
            raise ProofError("a receipt carries its entry in the extra line; this proof has none")
        return found


def make_receipt(
    entry: bytes,
    *,
    index: int,
    hashes: tuple[bytes, ...],
    checkpoint: str,
    disclosures: tuple[Disclosure, ...] = (),
) -> Receipt:
    """The receipt of an entry. `hashes`: `merkle.inclusion_proof` for the size of `checkpoint` (a signed note)."""
    return Receipt(TlogProof(index, hashes, checkpoint, entry), disclosures)


def _parts(text: str) -> tuple[str, list[str]]:
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ProofError("a receipt with disclosures must be JSON, each key once") from error
    match document:
        case {"penholder_receipt": int(form), "proof": str(proof), "disclosures": list(given), **rest}:
            is_ours = form == 1 and form is not True and not rest
            if is_ours and len(given) <= MAX_DISCLOSURES and all(isinstance(d, str) for d in given):
                return proof, given
    raise ProofError(
        "a receipt in JSON has the keys penholder_receipt (1), proof (text) and disclosures (texts)",
        hint=f"at most {MAX_DISCLOSURES} disclosures",
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        msg = "a key is given twice"
        raise ValueError(msg)
    return found


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
