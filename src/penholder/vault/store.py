"""The vault of this installation: its stores, and the private fields of ledger entries."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from penholder.ledger.disclosure import Disclosure
from penholder.ledger.rows import Sheet
from penholder.vault.crypto import Binding, seal, unseal
from penholder.vault.erase import Vault
from penholder.vault.files import FileStore
from penholder.vault.journal import ErasureJournal
from penholder.vault.keys import KeyStore
from penholder.vault.models import SealedField


class Private(NamedTuple):
    """A private field before it is sealed."""

    name: str
    text: str
    """Of its disclosure."""
    subject: str
    field_class: str


def keys() -> KeyStore:
    """The key store of this installation."""
    return _store(settings.PENHOLDER_HOME)


def vault() -> Vault:
    """Keys, files and journal of erasures of this installation."""
    home: Path = settings.PENHOLDER_HOME
    store = keys()
    return Vault(store, FileStore(home / "files", keys=store), ErasureJournal(home / "erasures.jsonl"))


@cache
def _store(home: Path) -> KeyStore:
    return KeyStore(home / "keys.sqlite3")


def sealed_sheet(fields: Sequence[tuple[int, Private]], *, random: Callable[[int], bytes] = os.urandom) -> Sheet:
    """Seal private fields of entries: the rows that `Book.insert` writes into the open transaction.

    `random(n)` gives n unpredictable bytes, never the same again; NONCE_BYTES are taken for each field.

    Keys of new subjects are made first and are durable before this returns; a key that nothing uses does no harm.
    Raises: KeyDestroyedError where a subject was erased.
    """
    found = keys().keys_for({f.subject for _, f in fields}) if fields else {}
    sealed = []
    for entry, (name, text, subject, field_class) in fields:
        binding = _binding(entry, name, subject)
        box = seal(text.encode(), key=found[subject], binding=binding, random=random)
        sealed.append((entry, name, subject, str(field_class), box))
    return "vault_sealedfield", "entry_id, name, subject, field_class, sealed", sealed


def open_disclosures(entry: int) -> list[Disclosure]:
    """The private fields of an entry that can still be opened, by name. Those of erased subjects are left out."""
    return open_many((entry,)).get(entry, [])


def open_many(entries: Collection[int]) -> dict[int, list[Disclosure]]:
    """The private fields of many entries (some hundreds), as `open_disclosures` gives them; two queries in all."""
    kept = list(SealedField.objects.filter(entry_id__in=entries).order_by("entry_id", "name")) if entries else []
    living = keys().read_living({r.subject for r in kept})
    found: dict[int, list[Disclosure]] = {}
    for r in kept:
        if r.subject in living:
            found.setdefault(r.entry_id, []).append(open_field(r, key=living[r.subject]))
    return found


def open_named(entry: int, name: str) -> Disclosure | None:
    """One private field of an entry; None where it is not there, or its subject was erased."""
    row = SealedField.objects.filter(entry_id=entry, name=name).first()
    key = keys().read_living((row.subject,)).get(row.subject) if row else None
    return open_field(row, key=key) if row and key else None


def open_field(row: SealedField, *, key: bytes) -> Disclosure:
    """Open one row with the key of its subject. Raises: VaultIntegrityError; ProofError."""
    binding = _binding(row.entry_id, row.name, row.subject)
    return Disclosure.parse(unseal(bytes(row.sealed), key=key, binding=binding).decode())


def _binding(entry: int, name: str, subject: str) -> Binding:
    return Binding("field", f"{entry}:{name}", subject)
