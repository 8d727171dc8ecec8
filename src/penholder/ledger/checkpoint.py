"""Checkpoints: the signed heads of the log (C2SP tlog-checkpoint)."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from penholder.ledger.errors import NoteError
from penholder.ledger.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE
from penholder.ledger.note import Note, Signer, Verifier, from_base64, open_note, sign_note

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise NoteError("the origin of a checkpoint is one line that is not empty")
        if not 0 <= self.size < MAX_SIZE or len(self.root) != HASH_SIZE:
            raise NoteError("a checkpoint has a size from 0 to 2**63 - 1 and a root of 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NoteError("a checkpoint of size 0 has the root of the empty tree")
        if any(not line or "\n" in line for line in self.extensions):
            raise NoteError("an extension of a checkpoint is one line that is not empty")

    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint that the text of a note says. Raises: NoteError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise NoteError("a checkpoint has at least three lines: origin, size and root, each with a newline")
        origin, size, root, *extensions = lines[:-1]
        return cls(
            origin, parse_number(size, "the size of a checkpoint"), from_base64(root, "root"), tuple(extensions)
        )

    def sign(self, signers: Iterable[Signer]) -> str:
        """The signed note. Raises: NoteError: no signer, or a text that a note cannot hold."""
        return sign_note(self.text(), signers)


def open_checkpoint(message: bytes | str, verifiers: Collection[Verifier]) -> tuple[Checkpoint, Note]:
    """The checkpoint of a note that at least one of `verifiers` signed. Raises: NoteError."""
    note = open_note(message, verifiers)
    return Checkpoint.parse(note.text), note


def parse_number(text: str, said: str) -> int:
    """A decimal number without leading noughts, below 2**63. Raises: NoteError, begun with `said`."""
    if not _NUMBER.fullmatch(text) or int(text) >= MAX_SIZE:
        raise NoteError(f"{said} must be a decimal number below 2**63, without leading noughts")
    return int(text)
