"""From events to entries of the ledger: public fields in the leaf, salted digests for all others.

The leaf names the subject of a public event alone. Of an official one the subject is a private field of the entry,
by the name that the event gives it (`Event.subject_field`), under a key of the event and not of the subject: when
a subject is erased, `penholder fsck` can still compare what the books say an entry is about. Of a sealed event it
is part of the private field `sealed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from penholder.actions.behind import said_of
from penholder.actions.errors import InvalidError
from penholder.actions.events import EVENTS, Event
from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.kernel import clock
from penholder.ledger import store
from penholder.ledger.disclosure import DECOY_SIZE, SALT_SIZE, SLOTS, Randomness, digests_of, salted_text
from penholder.ledger.entry import LedgerEntry, entry_bytes, is_about
from penholder.ledger.errors import LedgerIntegrityError, ProofError
from penholder.ledger.models import Entry
from penholder.ledger.rows import Book
from penholder.vault import store as vault
from penholder.vault.crypto import NONCE_BYTES

SEALED_ACT = "actions.sealed"
_SEALED: dict[str, Any] = {
    "event": "actions.Sealed",
    "act": SEALED_ACT,
    "role": "sealed",
    "about": None,
    "claimed_at": None,
    "rules": None,
}
"""What the ledger shows of a sealed event."""
_PER_FIELD = SALT_SIZE + NONCE_BYTES
_ENOUGH = 2 * _PER_FIELD + DECOY_SIZE * SLOTS
"""Random bytes for an event without fields: the actor, what was sealed, and decoys."""


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


_Built = tuple[store.NewEntry, list[vault.Private]]


class Written(NamedTuple):
    """What was entered, before it has its places in the log."""

    numbers: tuple[int, ...]
    entries: tuple[store.NewEntry, ...]


def write(by: Performance, records: Sequence[Record], *, book: Book | None = None) -> Written:
    """Enter one entry per record, in order, with its disclosures and its row of the index. `store.place` is left.

    Raises: InvalidError where a value is too long for the ledger, or cannot be written in it; KeyDestroyedError
    where a private field is about an erased subject.
    """
    book = book or Book()
    random = Randomness(sum([_ENOUGH + _PER_FIELD * len(r.event.field_classes) for r in records]))
    built = [_build(by, r, random) for r in records]
    with book.together():
        return Written(_write(book, by, records, built, random), tuple([entry for entry, _ in built]))


def _write(
    book: Book, by: Performance, records: Sequence[Record], built: Sequence[_Built], random: Randomness
) -> tuple[int, ...]:
    entries = [entry for entry, _ in built]
    numbers = store.enter(entries, now=by.now, book=book)
    at = store.stored_time(by.now, book=book)
    stood_in_for = " ".join(sorted(by.actor.stands_in_for))
    acts = [
        (number, by.run, by.act, by.actor.id, by.role, r.event.about or "", at, stood_in_for)
        for number, r in zip(numbers, records, strict=True)
    ]
    columns = "entry_id, run, act, actor, role, about, at, stood_in_for"
    private = [(number, field) for number, (_, fields) in zip(numbers, built, strict=True) for field in fields]
    book.insert(vault.sealed_sheet(private, random=random), ("actions_act", columns, acts))
    return numbers


def _build(by: Performance, record: Record, random: Randomness) -> _Built:
    event, values = record.event, record.event.values()
    about, actor = event.about, by.actor.id
    private: list[vault.Private] = []
    public: dict[str, Any] = {}
    for name, value in values.items():
        kind = event.field_classes[name]
        if kind is FieldClass.PUBLIC:
            public[name] = value
            continue
        text = _text(event, name, value, random)
        private.append(vault.Private(name, text, _subject_of(event, name), kind))
    who = salted_text("actor", said_of(by.actor), random=random)
    private.append(vault.Private("actor", who, actor, FieldClass.PERSONAL))
    shown: dict[str, Any] = {
        "event": event.name,
        "act": by.act,
        "role": by.role,
        "about": about if event.visibility is not Visibility.OFFICIAL else None,
        "claimed_at": _claimed(record.claimed_at),
        "rules": by.rules,
    }
    if event.visibility is Visibility.SEALED:
        text = salted_text("sealed", shown, random=random)
        private.append(vault.Private("sealed", text, by.run, FieldClass.RESTRICTED))
        shown = _SEALED
    sd = digests_of([field.text for field in private], random=random)
    body = _bytes_of(event, shown, by, public, sd)
    return store.NewEntry(body, by.run, event.name, about or ""), private


def _subject_of(event: Event, name: str) -> str:
    """Under whose key a private field is."""
    if name == event.subject_field:
        return event.name
    person = str(getattr(event, event.personal_subjects[name])) if name in event.personal_subjects else ""
    return person or event.about or event.name


def _bytes_of(
    event: Event, shown: dict[str, Any], by: Performance, public: dict[str, Any], sd: tuple[str, ...]
) -> bytes:
    """The leaf. Raises: InvalidError: what was given does not go into an entry."""
    visibility = event.visibility.value
    if event.subject_field and not is_about(event.about or ""):
        raise _invalid(event, event.subject_field, "it is no public id")
    try:
        return entry_bytes(**shown, run=by.run, at=clock.stamp(by.now), visibility=visibility, data=public, sd=sd)
    except LedgerIntegrityError as error:
        longest = max(public, key=lambda n: len(str(public[n])), default="all")
        odd = event.about is not None and not is_about(event.about)
        raise _invalid(event, (event.about_field if odd else longest), error.message) from error


def _text(event: Event, name: str, value: Any, random: Randomness) -> str:
    """The text of a disclosure. Raises: InvalidError: nobody could read it again."""
    try:
        return salted_text(name, value, random=random)
    except (ProofError, UnicodeEncodeError) as error:
        said = error.message if isinstance(error, ProofError) else "it holds what is no text"
        raise _invalid(event, name, said) from error


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
