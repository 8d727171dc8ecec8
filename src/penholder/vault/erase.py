"""Erasure of one subject, in an order that a crash between any two steps cannot spoil.

    1. the journal says so              nothing is lost yet; whoever starts next goes on from here
    2. the key is destroyed             from now on no copy of anything opens, in no backup either
    3. the files are unlinked           rows still say which
    4. the rows are deleted             in one transaction with the ledger's entry about the erasure

`pending_erasures` compares the journal with key store, rows and ledger. What it gives is done again from step 1;
every step may be repeated. A restore of older keys, rows or files makes erasures pending again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from penholder.vault.files import FileStore
from penholder.vault.journal import ErasureJournal, ErasureRecord
from penholder.vault.keys import KeyStore


class SubjectRows(Protocol):
    """The rows of the vault (`vault.rows.VaultRows` is those of the database)."""

    def addresses_of(self, subject: str) -> Collection[str]:
        """The addresses of the subject's files."""

    def remove(self, subject: str) -> int:
        """Delete the subject's rows, of fields and files; gives how many."""

    def remaining(self, subjects: Collection[str]) -> Collection[str]:
        """Those of `subjects` that have rows."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What one run of `erase` found to do. The ledger's entry may hold the figures, never the subject."""

    key_was_living: bool
    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class Vault:
    """The three stores outside the database."""

    keys: KeyStore
    files: FileStore
    journal: ErasureJournal


def erase(record: ErasureRecord, *, vault: Vault, rows: SubjectRows) -> Erased:
    """Erase a subject for ever; repeating is harmless. To be called inside the action that records it.

    If the transaction of that action fails, the key is gone all the same and the erasure is pending: no failure
    after the first step can bring the data back.
    Raises: ErasureJournalError; VaultStorageError; KeyStoreError.
    """
    vault.journal.append(record)
    living = vault.keys.destroy(record.subject)
    files = sum(vault.files.remove(address) for address in rows.addresses_of(record.subject))
    return Erased(living, files, rows.remove(record.subject))


def pending_erasures(*, vault: Vault, rows: SubjectRows, recorded: Collection[str]) -> tuple[ErasureRecord, ...]:
    """The erasures of the journal that are not wholly done, oldest first.

    Args:
        recorded: ids of the erasures of which the ledger has an entry.
    Shape: n records -> at most n. Run it at each start and after each restore, and `erase` what it gives.
    """
    records = vault.journal.records()
    left = set(rows.remaining({record.subject for record in records})) if records else set()
    return tuple(
        record
        for record in records
        if record.id not in recorded or record.subject in left or not vault.keys.is_destroyed(record.subject)
    )
