"""The tables against the log: what the recorded events amount to, and where the tables say something else.

A capability declares, in its room `replay.py`:

    @replays(LineIssued, LineSuspended, ...)
    def lines(recorded: Iterator[Recorded]) -> Iterator[Difference]:
        state = policy.fold(r.event for r in recorded if r.event)
        ...compare with the tables, yield what differs...

`penholder fsck` calls each with its events in the order of the log. Events come as a stream: what must be kept is
the state, not the events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from penholder.actions.events import EVENTS, Event
from penholder.actions.names import name_in_capability
from penholder.actions.values import RECOVERED
from penholder.ledger.disclosure import Disclosure
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.models import Entry, Place
from penholder.vault import store as vault

_BATCH = 500
_NOT_FIELDS = frozenset({"actor", "sealed"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as the log and the vault hold it."""

    number: int
    """Of the entry in the database."""
    place: int
    """In the log."""
    at: datetime
    name: str
    act: str
    about: str
    """As the entry itself says it; not as the column of the table does."""
    event: Event | None
    """None where a private field was erased: then `values` has what is left."""
    values: dict[str, Any]
    """Fields by name, as JSON values."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where something differs, and what: no personal data in either."""

    where: str
    what: str
    is_wrong: bool = True
    """False: nothing differs, but something could not be compared, and that is said."""


Compare = Callable[[Iterator[Recorded]], Iterator[Difference]]
REPLAYS: dict[str, tuple[tuple[str, ...], Compare]] = {}
"""By name: the names of the events, and the comparison."""


def replays(*events: type[Event]) -> Callable[[Compare], Compare]:
    """Declare a comparison of tables with the events that made them. Raises: TypeError: no event is named."""

    def declare(function: Compare) -> Compare:
        name = name_in_capability(function)
        if not events or name in REPLAYS:
            msg = f"replay {name} names no event, or there are two of that name"
            raise TypeError(msg)
        REPLAYS[name] = (tuple(e.name for e in events), function)
        return function

    return declare


def run_replays(*, since: int = 0) -> Iterator[Difference]:
    """Every declared comparison, one after the other; `since`: number of the first entry that counts.

    The log is not gone through for events that it does not hold; without any the tables must be empty.
    """
    held = set(Entry.objects.order_by().values_list("event", flat=True).distinct())
    for events, compare in REPLAYS.values():
        yield from compare(read_recorded(events, since=since) if held & set(events) else iter(()))


def read_recorded(events: tuple[str, ...], *, since: int = 0) -> Iterator[Recorded]:
    """The events of these names in the order of the log, in bounded memory; those of lost acts are left out.

    Raises: LedgerIntegrityError: an entry is none. VaultIntegrityError: a sealed field was changed.
    """
    after = since - 1
    while True:
        rows = _rows(events, after)
        private = vault.open_many([number for _, number, *_ in rows])
        for row in rows:
            after = row[0]
            yield _recorded(row, private.get(row[1], []))
        if len(rows) < _BATCH:
            return


def _rows(events: tuple[str, ...], after: int) -> list[tuple[Any, ...]]:
    # Of acts that came back from the published files the tables do not have what they did.
    found = Place.objects.filter(seq__gt=after, entry__event__in=events).exclude(entry__act__actor=RECOVERED)
    found = found.order_by("seq")
    fields = ("seq", "entry_id", "entry__body", "entry__event", "entry__about", "entry__recorded_at")
    return list(found.values_list(*fields)[:_BATCH])


def _recorded(row: tuple[Any, ...], private: list[Disclosure]) -> Recorded:
    seq, number, body, name, about, at = row
    entry = LedgerEntry.from_bytes(body.encode())
    values = dict(entry.data) | {d.name: d.value for d in private if d.name not in _NOT_FIELDS}
    sealed: dict[str, Any] = next((d.value for d in private if d.name == "sealed"), {})
    kind = EVENTS.get(name)
    if kind is None:
        raise LedgerIntegrityError(
            f"entry {seq} is about {name}, which this version does not know", hint="use the version that wrote it"
        )
    whole = set(kind.field_classes) <= set(values)
    try:
        event = kind.from_values(values) if whole else None
    except ValidationError as error:
        raise LedgerIntegrityError(f"entry {seq}: its fields are not those of {name}") from error
    subject = entry.about or sealed.get("about") or values.get(kind.subject_field) or about
    return Recorded(number, seq, at, name, sealed.get("act", entry.act), str(subject), event, values)


__all__ = ["REPLAYS", "Difference", "Recorded", "read_recorded", "replays", "run_replays"]
