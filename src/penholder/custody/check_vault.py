"""The vault against the log: sealed fields open (or their key was destroyed) and are those of the entry; files."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.models import Act
from penholder.custody.values import Finding
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import LedgerIntegrityError, ProofError
from penholder.vault import store
from penholder.vault.errors import FileAbsentError, VaultError, VaultIntegrityError
from penholder.vault.models import SealedField, VaultFile

_BATCH = 1_000


def check_sealed_fields() -> Iterator[Finding]:
    """Every sealed field, in bounded memory."""
    after = 0
    while True:
        rows = list(SealedField.objects.filter(id__gt=after).select_related("entry__act").order_by("id")[:_BATCH])
        if not rows:
            return
        after = rows[-1].id
        living = store.keys().read_living({r.subject for r in rows})
        gone = {s: store.keys().is_destroyed(s) for s in {r.subject for r in rows} - living.keys()}
        for row in rows:
            where = f"private field {row.name} of entry {row.entry_id}"
            if row.subject in living:
                yield from _opened(row, living[row.subject], where)
            elif not gone[row.subject]:
                yield Finding(
                    where, "there is no key for it, and none was destroyed", hint="restore a newer key store"
                )


def _opened(row: SealedField, key: bytes, where: str) -> Iterator[Finding]:
    try:
        disclosure = store.open_field(row, key=key)
        slots = LedgerEntry.from_bytes(row.entry.body.encode()).sd
    except (VaultIntegrityError, ProofError) as error:
        yield Finding(where, f"cannot be opened: {error.message}")
        return
    except LedgerIntegrityError:
        return  # the entry is damaged, and that is said elsewhere
    if disclosure.name != row.name or disclosure.digest() not in slots:
        yield Finding(where, "is not what the entry committed to")
    elif row.name == "actor" and _indexed(row) not in {None, disclosure.value}:
        yield Finding(f"act of entry {row.entry_id}", "the index of acts names another than the entry does")


def _indexed(row: SealedField) -> str | None:
    """Who did it, as the index of acts says. None: it does not have the entry, and that is said elsewhere."""
    act: Act | None = getattr(row.entry, "act", None)
    return None if act is None else act.actor


def check_files() -> Iterator[Finding]:
    """Every stored file against its name, and the rows against the folder."""
    files = store.vault().files
    for row in VaultFile.objects.order_by("id").iterator(_BATCH):
        where = f"file {row.address[:12]}"
        try:
            files.verify(row.address)
        except FileAbsentError:
            if not store.keys().is_destroyed(row.subject):
                yield Finding(where, "is missing", hint="restore the folder files")
        except VaultError as error:
            yield Finding(where, error.message)
