"""The vault of this installation: its stores, and the private fields of ledger entries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from penholder.ledger import rows
from penholder.ledger.disclosure import Disclosure
from penholder.vault.crypto import Binding, seal, unseal
from penholder.vault.erase import Vault
from penholder.vault.files import FileStore
from penholder.vault.journal import ErasureJournal
from penholder.vault.keys import KeyStore
from penholder.vault.models import SealedField


@dataclass(frozen=True, slots=True)
class Private:
    """A private field before it is sealed."""

    entry: int
    disclosure: Disclosure
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


def save_disclosures(fields: Sequence[Private]) -> None:
    """Seal private fields and write them into the open transaction.

    Keys of new subjects are made first and are durable before this returns; a key that nothing uses does no harm.
    Raises: KeyDestroyedError where a subject was erased.
    """
    if not fields:
        return
    found = keys().keys_for({f.subject for f in fields})
    sealed = [
        (
            f.entry,
            f.disclosure.name,
            f.subject,
            str(f.field_class),
            seal(
                f.disclosure.text().encode(),
                key=found[f.subject],
                binding=_binding(f.entry, f.disclosure.name, f.subject),
            ),
        )
        for f in fields
    ]
    rows.insert("vault_sealedfield", "entry_id, name, subject, field_class, sealed", sealed)


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


def open_field(row: SealedField, *, key: bytes) -> Disclosure:
    """Open one row with the key of its subject. Raises: VaultIntegrityError; ProofError."""
    binding = _binding(row.entry_id, row.name, row.subject)
    return Disclosure.parse(unseal(bytes(row.sealed), key=key, binding=binding).decode())


def _binding(entry: int, name: str, subject: str) -> Binding:
    return Binding("field", f"{entry}:{name}", subject)
