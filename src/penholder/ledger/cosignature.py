"""Cosignatures of witnesses on checkpoints (C2SP tlog-cosignature, cosignature/v1, Ed25519)."""

from __future__ import annotations

from collections.abc import Collection

from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.errors import NoteError
from penholder.ledger.note import (
    COSIGNATURE_V1,
    MAX_SIGNATURES,
    Note,
    Signature,
    Signer,
    Verifier,
    open_note,
    parse_note,
)

_AHEAD = 24 * 60 * 60
"""Seconds by which the clock of a witness may be ahead of that of the reader."""


def time_counts(timestamp: int | None, *, now: int) -> bool:
    """May a cosignature bear this time? 0 says nothing, and nobody has signed tomorrow. Both in POSIX seconds."""
    return timestamp is not None and 0 < timestamp <= now + _AHEAD


def cosign(message: bytes | str, witness: Signer, *, timestamp: int) -> str:
    """The checkpoint note with the cosignature of `witness` as its last line.

    It says: at `timestamp` (POSIX seconds) this was the largest consistent head that I knew of this log. Whether
    that is so, the caller must have checked. Raises: NoteError: not a checkpoint, or not a key for cosignatures.
    """
    note = parse_note(message)
    Checkpoint.parse(note.text)
    if timestamp == 0:
        raise NoteError("a cosignature must say when it was made; 0 is no time")
    if witness.algorithm != COSIGNATURE_V1:
        raise NoteError(
            f"key {witness.name} is not for cosignatures (0x04)", hint="penholder witness init makes one"
        )
    return _with(note, [witness.sign(note.text, timestamp=timestamp)])


def verify_cosignature(note: Note, witness: Verifier) -> int | None:
    """When `witness` cosigned this (POSIX seconds); None if it has not. Raises: NoteError: a wrong cosignature."""
    for signature in note.signatures:
        if (signature.name, signature.key_id) == (witness.name, witness.key_id):
            witness.verify(note.text, signature.signature)
            return signature.timestamp
    return None


def merge_cosignatures(
    checkpoint_note: bytes | str, cosigned_note: bytes | str, *, witnesses: Collection[Verifier], now: int
) -> str:
    """The published note with the cosignatures that `cosigned_note` brings, each verified against `witnesses`.

    Signatures of others are left out; a witness that has signed already stays with its first time.
    Raises: NoteError: the two are about different checkpoints, or nothing in `cosigned_note` is by a witness
        and has a time that counts. `now`: POSIX seconds.
    """
    note, brought = parse_note(checkpoint_note), parse_note(cosigned_note)
    if note.text != brought.text:
        raise NoteError("the cosigned note is about another checkpoint", hint="let the witness sign the new one")
    verified = open_note(cosigned_note, [w for w in witnesses if w.algorithm == COSIGNATURE_V1]).verified
    timely = [s for s in verified if time_counts(s.timestamp, now=now)]
    if not timely:
        raise NoteError(
            f"the time of the cosignature of {verified[0].name} is 0, or lies in the future",
            hint="let the witness set its clock and sign again",
        )
    present = {(s.name, s.key_id) for s in note.signatures}
    return _with(note, [s for s in timely if (s.name, s.key_id) not in present])


def _with(note: Note, more: list[Signature]) -> str:
    signatures = (*note.signatures, *more)
    if len(signatures) > MAX_SIGNATURES:
        raise NoteError(f"a note has at most {MAX_SIGNATURES} signatures, not {len(signatures)}")
    return Note(note.text, signatures).message()
