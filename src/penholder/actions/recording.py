"""From events to entries of the ledger: public fields in the leaf, salted digests for all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from penholder.actions.errors import InvalidError
from penholder.actions.events import EVENTS, Event
from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.kernel import clock
from penholder.ledger import rows, store
from penholder.ledger.disclosure import Disclosure, commit
from penholder.ledger.entry import LedgerEntry, is_about
from penholder.ledger.errors import LedgerIntegrityError, ProofError
from penholder.ledger.models import Entry
from penholder.vault import store as vault

_SEALED: dict[str, Any] = {
    "event": "actions.Sealed",
    "act": "actions.sealed",
    "role": "sealed",
    "about": None,
    "claimed_at": None,
    "rules": None,
}
"""What the ledger shows of a sealed event."""


@dataclass(frozen=True, slots=True)
class Record:
    """An event, and when, as the actor says, its fact became true."""

    event: Event
    claimed_at: date | datetime | None


@dataclass(frozen=True, slots=True)
class Performance:
    """Which act, by whom, in which role, when; `run` is its random id. rules: version of those that applied."""

    act: str
    run: str
    actor: Actor
    role: str
    now: datetime
    rules: str | None = None


_Private = tuple[Disclosure, str, FieldClass]
_Built = tuple[store.NewEntry, list[_Private]]


class Written(NamedTuple):
    """What was entered, before it has its places in the log."""

    numbers: tuple[int, ...]
    entries: tuple[store.NewEntry, ...]


def write(by: Performance, records: Sequence[Record]) -> Written:
    """Enter one entry per record, in order, with its disclosures and its row of the index. `store.place` is left.

    Raises: InvalidError where a value is too long for the ledger, or cannot be written in it; KeyDestroyedError
    where a private field is about an erased subject.
    """
    built = [_build(by, r) for r in records]
    with rows.together():
        return Written(_write(by, records, built), tuple(entry for entry, _ in built))


def _write(by: Performance, records: Sequence[Record], built: Sequence[_Built]) -> tuple[int, ...]:
    numbers = store.enter([entry for entry, _ in built], now=by.now)
    vault.save_disclosures(
        [vault.Private(number, d, s, c) for number, (_, ds) in zip(numbers, built, strict=True) for d, s, c in ds]
    )
    at = store.stored_time(by.now)
    stood_in_for = " ".join(sorted(by.actor.stands_in_for))
    acts = [
        (number, by.run, by.act, by.actor.id, by.role, r.event.about or "", at, stood_in_for)
        for number, r in zip(numbers, records, strict=True)
    ]
    rows.insert("actions_act", "entry_id, run, act, actor, role, about, at, stood_in_for", acts)
    return numbers


def _build(by: Performance, record: Record) -> _Built:
    event, values = record.event, record.event.values()
    public = {n: v for n, v in values.items() if event.field_classes[n] is FieldClass.PUBLIC}
    private = [_private(event, n, v) for n, v in values.items() if n not in public]
    private.append((Disclosure.make("actor", by.actor.id), by.actor.id, FieldClass.PERSONAL))
    shown: dict[str, Any] = {
        "event": event.name,
        "act": by.act,
        "role": by.role,
        "about": event.about,
        "claimed_at": _claimed(record.claimed_at),
        "rules": by.rules,
    }
    if event.visibility is Visibility.SEALED:
        private.append((Disclosure.make("sealed", shown), by.run, FieldClass.RESTRICTED))
        shown = _SEALED
    entry = LedgerEntry(
        **shown,
        run=by.run,
        at=clock.stamp(by.now),
        visibility=event.visibility.value,
        data=public,
        sd=commit([d for d, _, _ in private]),
    )
    return store.NewEntry(_bytes_of(entry, event), by.run, event.name, event.about or ""), private


def _bytes_of(entry: LedgerEntry, event: Event) -> bytes:
    """The leaf. Raises: InvalidError: what was given does not go into an entry."""
    try:
        return entry.to_bytes()
    except LedgerIntegrityError as error:
        longest = max(entry.data, key=lambda n: len(str(entry.data[n])), default="all")
        odd = event.about is not None and not is_about(event.about)
        raise _invalid(event, (event.about_field if odd else longest), error.message) from error


def _private(event: Event, name: str, value: Any) -> _Private:
    kind = event.field_classes[name]
    subject = str(getattr(event, event.personal_subjects[name])) if kind is FieldClass.PERSONAL else ""
    disclosure = Disclosure.make(name, value)
    try:
        disclosure.text()
    except (ProofError, UnicodeEncodeError) as error:
        said = error.message if isinstance(error, ProofError) else "it holds what is no text"
        raise _invalid(event, name, said) from error
    return disclosure, subject or event.about or event.name, kind


def _invalid(event: Event, field: str, said: str) -> InvalidError:
    return InvalidError(
        f"{event.name} cannot be recorded as it was given: {field}",
        hint="make it shorter, or write it in plain characters",
        fields={field: said},
    )


def _claimed(claimed: date | datetime | None) -> str | None:
    if isinstance(claimed, datetime):
        return clock.stamp(claimed)
    return claimed.isoformat() if claimed else None


def event_of_entry(number: int) -> Event:
    """The event of an entry, its private fields included, for a reaction of the system.

    Raises: AbsentError-like errors of the vault where a private field was erased.
    """
    row = Entry.objects.get(id=number)
    entry = LedgerEntry.from_bytes(row.body.encode())
    private = {d.name: d.value for d in vault.open_disclosures(number)}
    values = dict(entry.data) | {n: v for n, v in private.items() if n not in {"actor", "sealed"}}
    return EVENTS[row.event].from_values(values)
