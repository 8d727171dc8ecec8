"""Published logs of invented entries, for tests and benches, made without Django: in memory, or in a folder."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from penholder.kernel.clock import stamp
from penholder.ledger.bundles import leaf_hashes, tree_hash
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.cosignature import cosign
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.keyring import POLICY_ANNOUNCED, RECOVERY_ANNOUNCED, Keyring
from penholder.ledger.layout import (
    CHECKPOINT,
    POLICY,
    README,
    README_TEXT,
    TILE_WIDTH,
    VERIFIER_KEYS,
    Tile,
    encode_bundle,
    entries_path,
)
from penholder.ledger.note import COSIGNATURE_V1, ED25519, Signer
from penholder.ledger.policy import policy_text
from penholder.ledger.retrace import root_of

ORIGIN = "ardenia.invalid/register"
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def seeded(name: str, *, algorithm: int = ED25519) -> Signer:
    """A key that is the same every time, for invented logs only."""
    return Signer(name, algorithm, hashlib.sha256(f"seed of {name} {algorithm}".encode()).digest())


LOG_KEY = seeded(ORIGIN)
RECOVERY_KEY = seeded(f"{ORIGIN}-recovery")
WITNESSES = {f"w{n}": seeded(f"witness-{n}.invalid", algorithm=COSIGNATURE_V1) for n in (1, 2, 3)}
POLICY_TEXT = policy_text(
    logs=[LOG_KEY.verifier], witnesses={n: k.verifier for n, k in WITNESSES.items()}, threshold=2
)
_POOL = sorted(base64.urlsafe_b64encode(hashlib.sha256(bytes([n % 256, n // 256])).digest()).rstrip(b"=").decode()
               for n in range(4096))  # fmt: skip


def ledger_entry(event: str, data: dict[str, object], *, number: int = 0) -> bytes:
    """An entry about the ledger itself."""
    at = stamp(BEGINS + timedelta(seconds=7 * number))
    return LedgerEntry(
        event=event, act="ledger.announce", run=f"{number:026d}", role="system", at=at, visibility="public",
        sd=tuple(_POOL[number % 4000 :][:8]), data=data,
    ).to_bytes()  # fmt: skip


def act_entry(number: int) -> bytes:
    """Entry `number` of an invented register: mostly plain; some late, some with text that is not ASCII."""
    recorded = BEGINS + timedelta(seconds=7 * number)
    line = f"L-{number % 50_000:08d}"
    data: dict[str, object] = {"line": line, "power": "order-12", "count": number % 97, "until": "2027-01-31"}
    if number % 101 == 0:
        data["reason"] = "Überprüfung der Lieferkette"
    return LedgerEntry(
        event=("register.LineSuspended", "register.LineReinstated", "register.LineIssued")[number % 3],
        act=("register.suspend_lines", "register.reinstate_lines", "register.issue_lines")[number % 3],
        run=f"{number:026d}", role="licensing_manager", at=stamp(recorded), about=None if number % 3 else line,
        claimed_at=stamp(recorded - timedelta(days=3)) if number % 97 == 0 else None,
        visibility=("public", "official", "restricted")[number % 3],
        sd=tuple(_POOL[number % 4000 :][:8]), data=data, rules="xa-criteria-2021",
    ).to_bytes()  # fmt: skip


def entries(size: int) -> Iterator[bytes]:
    """`size` entries: the policy and the recovery key announced, then acts."""
    policy = ledger_entry(POLICY_ANNOUNCED, {"policy_sha256": hashlib.sha256(POLICY_TEXT.encode()).hexdigest()})
    recovery = ledger_entry(RECOVERY_ANNOUNCED, {"recovery_key": RECOVERY_KEY.verifier.text()}, number=1)
    yield from (policy, recovery)[:size]
    yield from map(act_entry, range(2, size))


@dataclass(slots=True)
class LogWriter:
    """Collects entries and gives the files of the log, bundle by bundle."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])
    waiting: list[bytes] = field(default_factory=list)

    def add(self, entry: bytes) -> Iterator[tuple[str, bytes]]:
        """Take an entry; give the files that it completes."""
        self.waiting.append(entry)
        self.size += 1
        if len(self.waiting) == TILE_WIDTH:
            index = self.size // TILE_WIDTH - 1
            hashes = leaf_hashes(self.waiting)
            yield entries_path(index), encode_bundle(self.waiting)
            yield Tile(0, index).path, b"".join(hashes)
            self.waiting = []
            yield from self._complete(1, tree_hash(hashes))

    def _complete(self, level: int, found: bytes) -> Iterator[tuple[str, bytes]]:
        if len(self.levels) < level:
            self.levels.append([])
        row = self.levels[level - 1]
        row.append(found)
        if len(row) % TILE_WIDTH == 0:
            yield Tile(level, len(row) // TILE_WIDTH - 1).path, b"".join(row[-TILE_WIDTH:])
            yield from self._complete(level + 1, tree_hash(row[-TILE_WIDTH:]))

    def partial(self) -> Iterator[tuple[str, bytes]]:
        """The partial files of the present size."""
        width = len(self.waiting)
        if width:
            index = self.size // TILE_WIDTH
            yield entries_path(index, width), encode_bundle(self.waiting)
            yield Tile(0, index, width).path, b"".join(leaf_hashes(self.waiting))
        for level, row in enumerate(self.levels, 1):
            width = len(row) % TILE_WIDTH
            if width:
                yield Tile(level, len(row) // TILE_WIDTH, width).path, b"".join(row[-width:])

    def root(self) -> bytes:
        """The root at the present size."""
        return root_of(self.levels, leaf_hashes(self.waiting), self.size)

    def checkpoint(self) -> Checkpoint:
        """The head, not signed."""
        return Checkpoint(ORIGIN, self.size, self.root())


def signed(checkpoint: Checkpoint, *, witnesses: tuple[str, ...] = ("w1", "w2")) -> str:
    """The head with the signature of the log and cosignatures of some witnesses, 100 days after the beginning."""
    message = checkpoint.sign([LOG_KEY])
    time = int((BEGINS + timedelta(days=100)).timestamp())
    for name in witnesses:
        message = cosign(message, WITNESSES[name], timestamp=time)
    return message


def heads(checkpoint: str, *, keyring: Keyring | None = None) -> dict[str, bytes]:
    """The files beside the tiles."""
    ring = keyring or Keyring(LOG_KEY.verifier, recovery=(RECOVERY_KEY.verifier,))
    texts = {CHECKPOINT: checkpoint, VERIFIER_KEYS: ring.text(), POLICY: POLICY_TEXT, README: README_TEXT}
    return {path: text.encode() for path, text in texts.items()}


def log_files(size: int) -> dict[str, bytes]:
    """A whole published log, witnessed by two, in memory."""
    writer = LogWriter()
    files = {path: data for entry in entries(size) for path, data in writer.add(entry)}
    return {**files, **dict(writer.partial()), **heads(signed(writer.checkpoint()))}


def write_log(folder: Path, size: int) -> None:
    """A whole published log, witnessed by two, in a folder. 1e6 entries: some 40 s, 700 MB."""
    writer = LogWriter()
    for entry in entries(size):
        for path, data in writer.add(entry):
            _write(folder / path, data)
    for path, data in [*writer.partial(), *heads(signed(writer.checkpoint())).items()]:
        _write(folder / path, data)


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Files that are held in memory, to a folder."""
    for path, data in files.items():
        _write(folder / path, data)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
