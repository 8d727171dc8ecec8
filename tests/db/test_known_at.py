"""What was known at a moment is the same for ever: after a slow act, a clock that goes back, and others inside."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from django.db import connection, connections, transaction

from penholder.actions.action import Run, action, perform
from penholder.actions.events import Event
from penholder.actions.lock import writer_lock
from penholder.actions.values import Actor, ActorKind, FieldClass, Visibility
from penholder.kernel import clock
from penholder.kernel.errors import InputError
from penholder.ledger import store
from penholder.ledger.door import own_door
from penholder.ledger.models import Entry, Head, Waiting
from penholder.ledger.queries import size_at
from tests.casework import Casework, SettingsOfTest


class Permit(StrEnum):
    TELL = "tests.tell_when"


class Heard(Event, visibility=Visibility.PUBLIC, public=("word",)):
    word: str


@action(permission=Permit.TELL, events=(Heard,))
def hear(run: Run, *, word: str = "w", slow: bool = False) -> None:
    """Hear a word; it may take until somebody lets it end."""
    if slow:
        INSIDE.set()
        assert GO.wait(timeout=20)
        Moving.moment += timedelta(seconds=3)
    run.record(Heard(word=word))


class AllMay:
    """An authority for these tests."""

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "officer"

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return True


OFFICER = Actor("P-officer", ActorKind.PERSON, frozenset({"officer"}))
START = datetime(2026, 11, 22, 10, tzinfo=UTC)
INSIDE, GO = threading.Event(), threading.Event()


class Moving:
    """A clock that the test moves."""

    moment = START


def now() -> datetime:
    """The moment of the test."""
    return Moving.moment


@pytest.fixture(autouse=True)
def everyone_may(casework: Casework, settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", f"{__name__}.AllMay")
    settings_of_test.set("PENHOLDER_CLOCK", f"{__name__}.now")
    Moving.moment = START
    INSIDE.clear()
    GO.clear()


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def heard_at(seconds: int) -> None:
    Moving.moment = at(seconds)
    perform(hear, OFFICER)


def test_a_slow_act_is_known_from_its_end() -> None:
    heard_at(0)
    Moving.moment = at(10)
    acting = threading.Thread(target=_in_a_thread)
    acting.start()
    assert INSIDE.wait(timeout=20)
    Moving.moment = at(20)
    asked = at(15)  # the act began before, and ends after
    GO.set()
    found = size_at(asked)  # on SQLite it waits for the writer who is inside
    acting.join(timeout=20)
    Moving.moment = at(60)
    assert (found, size_at(asked), size_at(at(30))) == (1, 1, 2)
    assert Entry.objects.order_by("-id")[0].recorded_at == at(10)
    assert Head.objects.get(size=2).recorded_at == at(23)


def _in_a_thread() -> None:
    try:
        perform(hear, OFFICER, slow=True)
    finally:
        connections.close_all()


def test_heads_do_not_go_back_where_the_clock_does() -> None:
    heard_at(5)
    Moving.moment = at(9)
    assert size_at(at(5)) == 1
    heard_at(1)
    heard_at(3)
    Moving.moment = at(60)
    assert [h.recorded_at for h in Head.objects.order_by("size")] == [at(5)] * 3
    assert [size_at(at(s)) for s in (0, 4, 5, 6)] == [0, 0, 3, 3]


def test_a_moment_that_is_not_past_is_not_answered(casework: Casework) -> None:
    heard_at(0)
    least = 1 if casework.vendor == "sqlite" else 3
    with pytest.raises(InputError, match="that moment is not past"):
        size_at(at(3600))
    Moving.moment = at(least)
    assert size_at(at(0)) == 1
    assert size_at(datetime(2000, 1, 1, tzinfo=UTC)) == 0


def test_a_moment_that_is_about_to_be_past_is_waited_for(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_CLOCK", "penholder.kernel.clock.now")
    perform(hear, OFFICER)
    asked = clock.now()
    found = size_at(asked)
    assert clock.now() > asked
    perform(hear, OFFICER)
    assert (found, size_at(asked)) == (1, 1)


def test_whoever_has_dated_a_head_and_not_committed_is_waited_for() -> None:
    heard_at(0)
    dated, committed = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with own_door(), writer_lock(), transaction.atomic(durable=True):
                entry = Entry.objects.order_by("id")[0]
                new = store.NewEntry(entry.body.encode(), "r", entry.event, "")
                store.append_placed([new], now=at(5))
                dated.set()
                time.sleep(0.5)
                committed.set()
        finally:
            connections.close_all()

    Moving.moment = at(60)
    writing = threading.Thread(target=write)
    writing.start()
    assert dated.wait(timeout=20)
    assert size_at(at(10)) == 2
    assert committed.is_set()
    writing.join(timeout=20)


def test_inside_a_transaction_nobody_is_waited_for() -> None:
    heard_at(0)
    Moving.moment = at(60)
    with writer_lock(), transaction.atomic():
        assert size_at(at(10)) == 1


def test_what_waits_for_a_place_gets_one_when_somebody_asks(casework: Casework) -> None:
    if casework.vendor == "sqlite":
        return  # there, nothing waits
    heard_at(0)
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        entry = Entry.objects.order_by("id")[0]
        store.append([store.NewEntry(entry.body.encode(), "r", entry.event, "")], now=at(1))
    Moving.moment = at(60)
    assert (Waiting.objects.count(), size_at(at(10)), Waiting.objects.count()) == (1, 1, 0)
    assert connection.vendor == "postgresql"
    assert Head.objects.get(size=2).recorded_at == at(60)


@pytest.mark.parametrize("kept", [range(1, 40), (1, 2, 3, 20, 21, 39), (39,), ()])
def test_the_head_of_a_moment_is_found_wherever_it_stands(kept: Sequence[int]) -> None:
    rows = [Head(size=n, root=b"", frontier=b"", recorded_at=at(n // 3)) for n in kept]
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        Head.objects.bulk_create(rows)
    Moving.moment = at(60)
    for second in range(20):
        known = [row.size for row in rows if row.recorded_at <= at(second)]
        assert size_at(at(second)) == max(known, default=0)
