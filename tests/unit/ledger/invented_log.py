"""A small log with a life: entries, changes of key, published heads. For the tests of verification."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bench.synthetic_log import (
    LOG_KEY,
    RECOVERY_KEY,
    LogWriter,
    act_entry,
    entries,
    heads,
    ledger_entry,
    signed,
)
from penholder.ledger.keyring import ROTATED, Keyring
from penholder.ledger.note import Signer


def _keyring() -> Keyring:
    return Keyring(LOG_KEY.verifier, recovery=(RECOVERY_KEY.verifier,))


@dataclass
class InventedLog:
    """Append, then publish; `files` is what an outsider sees."""

    writer: LogWriter = field(default_factory=LogWriter)
    files: dict[str, bytes] = field(default_factory=dict)
    keyring: Keyring = field(default_factory=_keyring)
    signer: Signer = LOG_KEY

    def append(self, *more: bytes) -> None:
        for entry in more:
            self.files.update(self.writer.add(entry))

    def grow(self, size: int) -> None:
        """Invented entries up to `size`."""
        known = list(entries(size))[self.writer.size :] if self.writer.size == 0 else []
        self.append(*known, *map(act_entry, range(max(self.writer.size, len(known)), size)))

    def announce(self, event: str, data: dict[str, Any]) -> int:
        """An entry about the ledger; gives its index."""
        self.append(ledger_entry(event, data, number=self.writer.size))
        return self.writer.size - 1

    def head(self, *signers: Signer) -> str:
        """The signed head of the present size."""
        return self.writer.checkpoint().sign(signers or [self.signer])

    def rotate(
        self, new: Signer, *, signers: tuple[Signer, ...] = (), recovery: bool = False, before: str = ""
    ) -> None:
        """Announce a new key, sign the head with the old key (or with `signers`), and go over to the new one."""
        old = self.keyring.current.text()
        self.announce(ROTATED, {"new_key": new.verifier.text(), "old_key": old, "recovery": recovery})
        proof = self.head(*dict.fromkeys((*(signers or (self.signer,)), new)))
        self.keyring = self.keyring.rotated(
            new.verifier, heads=[before, proof] if before else [proof], until=self.writer.size
        )
        self.signer = new

    def publish(self, checkpoint: str = "") -> dict[str, bytes]:
        """The files, with the head of the present size."""
        self.files.update(self.writer.partial())
        self.files.update(heads(checkpoint or self.head(), keyring=self.keyring))
        return dict(self.files)


def witnessed_log(size: int) -> dict[str, bytes]:
    """A plain log that two witnesses signed."""
    log = InventedLog()
    log.grow(size)
    return log.publish(signed(log.writer.checkpoint()))
