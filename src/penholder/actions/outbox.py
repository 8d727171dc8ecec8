"""Reactions: what must happen because something happened. Due with the event, done after it, never lost.

One clock decides, that of the acts (`settings.PENHOLDER_CLOCK`): by it a reaction falls due, and is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from penholder.actions import moment
from penholder.actions.behind import NOT_PERSONS, behind_act
from penholder.actions.events import EVENTS, Event
from penholder.actions.lock import writer_lock
from penholder.actions.models import Act, OutboxRow
from penholder.actions.names import name_in_capability
from penholder.actions.recording import Record, event_of_entry
from penholder.actions.values import Actor, ActorKind
from penholder.kernel.errors import PenholderError
from penholder.ledger.door import own_door

MOST_ATTEMPTS = 8
_FIRST_WAIT = timedelta(seconds=10)
_due: ContextVar[bool] = ContextVar("penholder_outbox_due", default=False)
_causes: ContextVar[frozenset[str]] = ContextVar("penholder_outbox_causes", default=frozenset())


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as a reaction gets it: with the run and the moment in which it was recorded."""

    event: Event
    entry: int
    at: datetime
    key: str
    """Idempotency key of this reaction: `perform(..., idempotency_key=happened.key)` is done once, however often
    the reaction is tried, and by however many workers at once."""


REACTIONS: dict[str, tuple[type[Event], Callable[[Happened], Any]]] = {}


def on(event: type[Event]) -> Callable[[Callable[[Happened], Any]], Callable[[Happened], Any]]:
    """Declare a reaction: a function in a room `reactions.py` that performs another action as the system."""

    def declare(function: Callable[[Happened], Any]) -> Callable[[Happened], Any]:
        name = name_in_capability(function)
        if name in REACTIONS:
            msg = f"there are two reactions named {name}"
            raise TypeError(msg)
        REACTIONS[name] = (event, function)
        return function

    return declare


def add(records: Sequence[Record], entries: Sequence[int], now: datetime) -> None:
    """Note the reactions that are due, in the transaction of the act."""
    rows = [
        OutboxRow(entry_id=entry, event=record.event.name, reaction=name, due_at=now)
        for record, entry in zip(records, entries, strict=True)
        for name, (event, _) in REACTIONS.items()
        if type(record.event) is event
    ]
    if rows:
        OutboxRow.objects.bulk_create(rows)
        _due.set(True)


def kick() -> None:
    """After an act: do what is due now, where no worker is configured."""
    if _due.get() and settings.PENHOLDER_REACTIONS == "inline":
        _due.set(False)
        drain()


def accountable(actor: Actor) -> Actor:
    """Whose act it is: what the system does in a reaction counts as done by those whose act caused it, too.

    So whoever decided a grant is behind the issue that followed from it, and is kept from what must be another's.
    """
    causes = _causes.get() if actor.kind is ActorKind.SYSTEM else frozenset()
    return replace(actor, stands_in_for=causes) if causes else actor


def _persons_behind(entry: int) -> frozenset[str]:
    act = Act.objects.filter(entry_id=entry).first()
    return behind_act(act) - NOT_PERSONS if act else frozenset()


def drain(*, limit: int = 100) -> int:
    """Do up to `limit` reactions that are due. Gives how many succeeded; failures stay and show."""
    done = 0
    waiting = OutboxRow.objects.filter(done_at=None, due_at__lte=moment.now(), attempts__lt=MOST_ATTEMPTS)
    for row in list(waiting.order_by("id")[:limit]):
        done += _react(row)
    return done


def _react(row: OutboxRow) -> bool:
    """Do one reaction. What fails, or is cut off, is due again later, and the wait doubles each time."""
    if not _claim(row):
        return False
    known = REACTIONS.get(row.reaction)
    if known is None or row.event not in EVENTS:
        _note(row, failure=f"there is no reaction {row.reaction} to {row.event} in this version")
        return False
    causes = _causes.set(_persons_behind(row.entry_id))
    try:
        event = event_of_entry(row.entry_id)
        known[1](Happened(event, row.entry_id, row.entry.recorded_at, f"outbox:{row.id}"))
    except PenholderError as error:
        _note(row, failure=f"{error.code}: {error.message}"[:400])
        return False
    except Exception as error:
        _note(row, failure=type(error).__name__)
        return False
    finally:
        _causes.reset(causes)
    _note(row, failure="")
    return True


def _claim(row: OutboxRow) -> bool:
    """Take one attempt, so that two workers do not take it at once. The wait doubles with each attempt."""
    now = moment.now()
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        return bool(
            OutboxRow.objects.filter(id=row.id, done_at=None, attempts=row.attempts).update(
                attempts=row.attempts + 1, due_at=now + _wait(row.attempts)
            )
        )


def _wait(attempts: int) -> timedelta:
    """Until the next attempt. Where only days are kept there is no shorter wait than none."""
    return timedelta(0) if settings.PENHOLDER_KEEPS_DAYS else _FIRST_WAIT * 2**attempts


def _note(row: OutboxRow, *, failure: str) -> None:
    done_at = None if failure else moment.now()
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        OutboxRow.objects.filter(id=row.id).update(failure=failure, done_at=done_at)
