"""An outside witness of a published log, on files: remembers the last head, and signs only what continues it.

The remembered head is on the disk before a cosignature leaves (C2SP tlog-witness): a witness that forgets could be
made to sign two histories.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from penholder.kernel.canonical import canonical_json
from penholder.ledger.bundles import tree_hash
from penholder.ledger.checkpoint import Checkpoint, open_checkpoint
from penholder.ledger.cosignature import cosign
from penholder.ledger.errors import LedgerIntegrityError, NoteError, ProofError
from penholder.ledger.folder import Reader, read_heads, read_tile
from penholder.ledger.keyring import Keyring
from penholder.ledger.layout import (
    CHECKPOINT,
    MAX_BUNDLE,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    split_hashes,
)
from penholder.ledger.merkle import EMPTY_ROOT, consistency_proof, fold, root_nodes, verify_consistency
from penholder.ledger.note import Note, Signer, Verifier
from penholder.ledger.verify import verify_reader

_KEYS = {"v", "origin", "keys", "size", "root", "checkpoint"}


@dataclass(frozen=True, slots=True)
class WitnessState:
    """What a witness remembers of one log. `size` 0 and no checkpoint: it has signed nothing yet."""

    origin: str
    keys: tuple[Verifier, ...]
    """The key that signed the head, then recovery keys of the log that are known from elsewhere."""
    size: int = 0
    root: bytes = EMPTY_ROOT
    checkpoint: str = ""
    """The head that was signed last, with the signature of the log."""

    def text(self) -> str:
        """The state as its file has it."""
        document = {
            "v": 1, "origin": self.origin, "keys": [key.text() for key in self.keys], "size": self.size,
            "root": base64.b64encode(self.root).decode(), "checkpoint": self.checkpoint,
        }  # fmt: skip
        return canonical_json(document) + "\n"

    def forgetting(self) -> WitnessState:
        """The same, as if nothing had been signed."""
        return replace(self, size=0, root=EMPTY_ROOT, checkpoint="")

    @classmethod
    def parse(cls, content: bytes) -> WitnessState:
        """The state of a file. Raises: NoteError: it is not what `text` wrote; then nothing must be signed."""
        try:
            found: Any = json.loads(content[:MAX_BUNDLE])
            state = cls(
                origin=found["origin"], keys=tuple(map(Verifier.parse, found["keys"])), size=found["size"],
                root=base64.b64decode(found["root"]), checkpoint=found["checkpoint"],
            )  # fmt: skip
            same = state.text().encode() == content
            if same and (state.size or state.checkpoint):
                head, _ = open_checkpoint(state.checkpoint, state.keys[:1])
                same = (head.origin, head.size, head.root) == (state.origin, state.size, state.root)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise NoteError("the state of the witness cannot be read", hint=_LOST) from error
        if not same or not state.keys:
            raise NoteError("the state of the witness is damaged", hint=_LOST)
        return state


_LOST = "restore the file from a copy; a witness that begins anew may be made to sign a second history"


def begin(reader: Reader, *, keys: Keyring) -> WitnessState:
    """The state of a witness that has signed nothing yet. `keys`: those of the log, from elsewhere.

    Raises: NoteError, LedgerIntegrityError: the head is not signed by them, nor by a key that is traced to them.
    """
    state = WitnessState(keys.current.name, (keys.current, *keys.recovery))
    return check_head(reader, state)[0].forgetting()


def check_head(reader: Reader, state: WitnessState) -> tuple[WitnessState, str]:
    """Check the published head against what is remembered.

    Returns: what is to be remembered now (store it durably, *then* call `cosign_head`), and the note to cosign.
    Raises: LedgerIntegrityError: a fork, a rollback, tiles that do not lead to the root. NoteError: no head.
    """
    head, note, keys = _open_head(reader, state)
    if head.origin != state.origin:
        raise NoteError(f"this is the log {head.origin}; the state is of {state.origin}")
    if head.size < state.size:
        raise LedgerIntegrityError(
            f"rolled back: {state.size} entries were signed before, the published head has {head.size}",
            hint="nothing was signed; keep both heads and ask the authority in public",
        )
    try:
        _check_continues(reader, state, head)
    except ProofError as error:
        raise LedgerIntegrityError(
            f"forked or damaged: the published head of size {head.size} does not continue the one of size "
            f"{state.size} that was signed before ({error.message})",
            hint="nothing was signed; keep both heads and ask the authority in public",
        ) from error
    own = Note(note.text, tuple(s for s in note.verified)).message()
    return replace(state, keys=keys, size=head.size, root=head.root, checkpoint=own), note.message()


def cosign_head(message: str, witness: Signer, *, timestamp: int) -> str:
    """The checkpoint note with the cosignature. Only after the state of `check_head` is on the disk."""
    return cosign(message, witness, timestamp=timestamp)


def _open_head(reader: Reader, state: WitnessState) -> tuple[Checkpoint, Note, tuple[Verifier, ...]]:
    """The head, signed by a key that the witness knows; or by one that the log's own announcements lead to."""
    data = read_heads(reader).files[CHECKPOINT]
    if data is None:
        raise NoteError(f"there is no file {CHECKPOINT!r}: this is no published log")
    try:
        head, note = open_checkpoint(data, state.keys[:1])
    except NoteError:
        heir, seen = _heir(reader, state)
        head, note = open_checkpoint(seen, [heir])
        return head, note, (heir, *state.keys[1:])
    return head, note, state.keys


def _heir(reader: Reader, state: WitnessState) -> tuple[Verifier, str]:
    """The key that signs now, where a full verification follows it from the remembered one; and the head."""
    report = verify_reader(reader, keys=Keyring(state.keys[0], recovery=state.keys[1:]))
    if report.signed_by is None or report.problems:
        said = "; ".join(f"{p.file}: {p.message}" for p in report.problems[:3])
        raise LedgerIntegrityError(f"the head is not signed by a key that this witness knows ({said})")
    return report.signed_by, report.note


def _check_continues(reader: Reader, state: WitnessState, head: Checkpoint) -> None:
    """Recompute root and consistency from the tiles. Raises: ProofError, LedgerIntegrityError."""
    node = TileNodes(reader, head.size)
    if fold([node(*n) for n in root_nodes(head.size)] or [EMPTY_ROOT]) != head.root:
        raise LedgerIntegrityError(f"the tiles do not lead to the root of the published head (size {head.size})")
    if state.size == 0:
        return
    proof = consistency_proof(state.size, head.size, node)
    verify_consistency(
        old_size=state.size, old_root=state.root, new_size=head.size, new_root=head.root, proof=proof
    )


class TileNodes:
    """The hashes of complete nodes, from the tiles of a published log of `size` entries."""

    def __init__(self, reader: Reader, size: int) -> None:
        self._reader = reader
        self._size = size
        self._kept: dict[Tile, list[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of node (level, index). Raises: LedgerIntegrityError: its tile is missing, or not so long."""
        if (index + 1) << level > self._size:
            raise LedgerIntegrityError(f"a log of {self._size} entries has no complete node ({level}, {index})")
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        width = min(TILE_WIDTH, (self._size >> (TILE_HEIGHT * tile_level)) - first // TILE_WIDTH * TILE_WIDTH)
        hashes = self._hashes(Tile(tile_level, first // TILE_WIDTH, width))
        begin = first % TILE_WIDTH
        return tree_hash(hashes[begin : begin + (1 << height)])

    def _hashes(self, tile: Tile) -> list[bytes]:
        if tile not in self._kept:
            data = read_tile(self._reader, tile) or b""
            hashes = split_hashes(data)
            if len(hashes) != tile.width or len(data) % 32:
                raise LedgerIntegrityError(f"{tile.path}: is missing, or does not hold {tile.width} hashes")
            self._kept[tile] = hashes
        return self._kept[tile]
