"""The vault against the log: sealed fields are there, open, and are those of the entry, or were erased; files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from penholder.actions.behind import read_said
from penholder.actions.events import EVENTS
from penholder.actions.models import Act
from penholder.actions.values import RECOVERED, FieldClass, Visibility
from penholder.custody.values import Finding
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import LedgerIntegrityError, ProofError
from penholder.ledger.models import Entry
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
    elif row.name == "actor":
        yield from _indexed(row, disclosure.value)
    elif row.name == "sealed":
        yield from _compared(row, disclosure.value if isinstance(disclosure.value, dict) else {})
    elif (kind := EVENTS.get(row.entry.event)) is not None and row.name == kind.subject_field:
        yield from _compared(row, {"about": disclosure.value})


def _indexed(row: SealedField, said: object) -> Iterator[Finding]:
    """Who did it, against the index of acts. Where that does not have the entry, it is said elsewhere."""
    act: Act | None = getattr(row.entry, "act", None)
    found = read_said(said)
    where = f"act of entry {row.entry_id}"
    if act is None:
        return
    if found is None or found[0] != act.actor:
        yield Finding(where, "the index of acts names another than the entry does")
    elif found[1] != tuple(act.stood_in_for.split()):
        yield Finding(where, "the index of acts says otherwise than the entry for whom they stood in")


def _compared(row: SealedField, said: Mapping[str, object]) -> Iterator[Finding]:
    """What the log does not show of an entry, against the columns that the books go by."""
    entry, act = row.entry, getattr(row.entry, "act", None)
    columns = {"event": entry.event, "about": entry.about}
    index = {"act": act.act, "role": act.role, "about": act.about} if act is not None else {}
    for what, stored in (("the columns", columns), ("the index of acts", index)):
        names = [n for n, value in stored.items() if n in said and value != (said[n] or "")]
        if names:
            where = f"entry {row.entry_id}"
            yield Finding(where, f"{what} say something else than its private fields: {', '.join(names)}")


def check_missing_fields() -> Iterator[Finding]:
    """Every entry has its private fields, unless their subject was erased. In bounded memory."""
    after = 0
    while True:
        asked = Entry.objects.filter(id__gt=after).exclude(act__actor=RECOVERED).order_by("id")
        rows = list(asked.values_list("id", "event", "about", "run", "act__actor")[:_BATCH])
        if not rows:
            return
        kept = SealedField.objects.filter(entry_id__gte=rows[0][0], entry_id__lte=rows[-1][0])
        held = set(kept.values_list("entry_id", "name"))
        after = rows[-1][0]
        for number, *said in rows:
            for name, subject in _expected(*said):
                if (number, name) not in held and not store.keys().is_destroyed(subject):
                    where = f"private field {name} of entry {number}"
                    yield Finding(where, "is missing, and nobody erased it", hint="restore a backup that has it")


def _expected(event: str, about: str, run: str, actor: str | None) -> Iterator[tuple[str, str]]:
    """Names of private fields, each with the subject under whose key it is. Of personal ones that is not known."""
    kind = EVENTS.get(event)
    if kind is None or actor is None:  # said elsewhere
        return
    yield "actor", actor
    if kind.visibility is Visibility.SEALED:
        yield "sealed", run
    for name, field in kind.field_classes.items():
        if field not in {FieldClass.PUBLIC, FieldClass.PERSONAL}:
            yield name, event if name == kind.subject_field else about or event


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
