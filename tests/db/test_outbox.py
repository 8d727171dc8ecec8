"""Reactions: due with the event, done after it, never lost, never done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

import pytest
from django.db import connection

from penholder.actions import outbox, schedule
from penholder.actions.action import Run, action, perform
from penholder.actions.errors import InvalidError
from penholder.actions.events import Event
from penholder.actions.models import OutboxRow, ScheduledRun
from penholder.actions.outbox import Happened, on
from penholder.actions.values import SYSTEM, Actor, ActorKind, FieldClass, Visibility
from penholder.kernel import clock
from penholder.ledger.door import own_door, writing
from penholder.ledger.models import Entry
from penholder.people.models import User
from tests import register_ground
from tests.casework import Casework, SettingsOfTest

OFFICER = Actor("P-officer", ActorKind.PERSON, frozenset({"officer"}))


class Permit(StrEnum):
    RING = "tests.ring"


class BellRung(Event, visibility=Visibility.PUBLIC, about="bell", public=("bell",), official=("mood",)):
    bell: str
    mood: str


class DoorOpened(Event, visibility=Visibility.PUBLIC, about="bell", public=("bell",)):
    bell: str


class DogBarked(Event, visibility=Visibility.PUBLIC, about="bell", public=("bell",)):
    bell: str


@action(permission=Permit.RING, events=(BellRung,))
def ring(run: Run, *, bell: str, mood: str = "calm") -> None:
    """Ring a bell."""
    run.record(BellRung(bell=bell, mood=mood))


@action(permission=Permit.RING, events=(DoorOpened,))
def open_door(run: Run, *, bell: str) -> None:
    """Open the door."""
    User.objects.create(public_id=run.new_id("P"), email=f"{run.new_id()}@ardenia.invalid", title=bell)
    run.record(DoorOpened(bell=bell))


@action(permission=Permit.RING, events=(DogBarked,))
def bark(run: Run, *, bell: str) -> None:
    """Bark."""
    run.record(DogBarked(bell=bell))


TROUBLE: dict[str, BaseException] = {}
SEEN: list[tuple[str, str]] = []
MEETING: list[threading.Barrier] = []


@on(BellRung)
def answer(happened: Happened) -> None:
    event = happened.event
    assert isinstance(event, BellRung)
    SEEN.append((happened.key, event.mood))
    if event.bell in TROUBLE:
        raise TROUBLE[event.bell]
    for barrier in MEETING:
        barrier.wait(timeout=20)
    perform(open_door, SYSTEM, idempotency_key=happened.key, bell=event.bell)


@on(BellRung)
def alarm(happened: Happened) -> None:
    perform(bark, SYSTEM, idempotency_key=happened.key, bell=str(happened.event.about))


class AllMay:
    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "system" if actor is SYSTEM else "officer"

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return False


@pytest.fixture(autouse=True)
def all_may(casework: Casework, settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", f"{__name__}.AllMay")
    settings_of_test.set("PENHOLDER_REACTIONS", "worker")
    for kept in (TROUBLE, SEEN, MEETING):
        kept.clear()


def later() -> None:
    """Let the waits of all reactions be over."""
    from django.db import transaction

    with own_door(), writing(), transaction.atomic():
        OutboxRow.objects.filter(done_at=None).update(due_at=clock.now() - timedelta(seconds=1))


def events() -> list[str]:
    return [name.split(".")[1] for name in Entry.objects.order_by("id").values_list("event", flat=True)]


def test_reactions_wait_until_a_worker_does_them_once(casework: Casework) -> None:
    perform(ring, OFFICER, bell="B-1", mood="loud")
    assert (events(), OutboxRow.objects.count()) == (["BellRung"], 2)
    assert outbox.drain() == 2
    row = OutboxRow.objects.get(reaction="test_outbox.answer")
    assert [(f"outbox:{row.id}", "loud")] == SEEN  # with its private field
    assert sorted(events()) == ["BellRung", "DogBarked", "DoorOpened"]
    later()
    assert outbox.drain() == 0
    assert len(events()) == 3


def test_inline_they_follow_at_once(casework: Casework, settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    perform(ring, OFFICER, bell="B-1")
    assert sorted(events()) == ["BellRung", "DogBarked", "DoorOpened"]


def test_a_reaction_that_fails_shows_and_waits_longer_each_time_and_others_go_on(casework: Casework) -> None:
    TROUBLE["B-1"] = InvalidError("the door is stuck", hint="oil it", fields={})
    perform(ring, OFFICER, bell="B-1")
    perform(ring, OFFICER, bell="B-2")
    assert outbox.drain() == 3
    assert sorted(events()) == ["BellRung", "BellRung", "DogBarked", "DogBarked", "DoorOpened"]
    waits = []
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        row = OutboxRow.objects.get(done_at=None)
        assert (row.attempts, row.failure) == (attempt, "invalid: the door is stuck")
        waits.append(round((row.due_at - clock.now()).total_seconds() / 10))
        assert outbox.drain() == 0  # not due yet
        assert OutboxRow.objects.get(done_at=None).attempts == attempt
        later()
        outbox.drain()
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]
    assert OutboxRow.objects.get(done_at=None).attempts == outbox.MOST_ATTEMPTS  # given up, and it still shows
    assert len(SEEN) == 1 + outbox.MOST_ATTEMPTS


@pytest.mark.parametrize("year", [2001, 2099])
def test_the_clock_of_the_acts_decides_what_is_due_wherever_it_stands(
    casework: Casework, settings_of_test: SettingsOfTest, year: int
) -> None:
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    register_ground.at(date(year, 11, 22))
    TROUBLE["B-1"] = InvalidError("the door is stuck", hint="oil it", fields={})
    perform(ring, OFFICER, bell="B-1")
    perform(ring, OFFICER, bell="B-2")
    assert [outbox.drain(), outbox.drain()] == [3, 0]
    stuck = OutboxRow.objects.get(done_at=None)
    assert (stuck.attempts, stuck.due_at) == (1, register_ground.now() + timedelta(seconds=10))
    assert set(OutboxRow.objects.exclude(done_at=None).values_list("done_at", flat=True)) == {
        register_ground.now()
    }
    del TROUBLE["B-1"]
    register_ground.later(seconds=9)
    assert outbox.drain() == 0
    register_ground.later(seconds=1)
    assert (outbox.drain(), OutboxRow.objects.filter(done_at=None).count()) == (1, 0)
    assert [(r.name, r.failure) for r in schedule.run_due() if r.failure] == []
    assert set(ScheduledRun.objects.values_list("ran_at", flat=True)) == {register_ground.now()}
    assert schedule.run_due() == ()  # each has run on this day


def test_an_unforeseen_failure_shows_its_kind_and_no_text(casework: Casework) -> None:
    TROUBLE["B-1"] = ZeroDivisionError("officer-1@ardenia.invalid")
    perform(ring, OFFICER, bell="B-1")
    outbox.drain()
    assert OutboxRow.objects.get(done_at=None).failure == "ZeroDivisionError"
    del TROUBLE["B-1"]
    later()
    assert outbox.drain() == 1
    assert (OutboxRow.objects.filter(done_at=None).count(), events().count("DoorOpened")) == (0, 1)


def test_a_worker_that_dies_in_a_reaction_loses_nothing(casework: Casework) -> None:
    TROUBLE["B-1"] = SystemExit()
    perform(ring, OFFICER, bell="B-1")
    with pytest.raises(SystemExit):
        outbox.drain()
    del TROUBLE["B-1"]
    later()
    outbox.drain()
    assert sorted(events()) == ["BellRung", "DogBarked", "DoorOpened"]


def test_a_worker_that_dies_after_the_act_of_a_reaction_does_not_repeat_it(casework: Casework) -> None:
    perform(ring, OFFICER, bell="B-1")
    row = OutboxRow.objects.get(reaction="test_outbox.answer")
    perform(open_door, SYSTEM, idempotency_key=f"outbox:{row.id}", bell="B-1")  # done; it died before it noted so
    outbox.drain()
    assert (events().count("DoorOpened"), User.objects.count()) == (1, 1)


def test_an_act_that_is_undone_has_no_reactions(casework: Casework) -> None:
    with pytest.raises(InvalidError):
        perform(ring, OFFICER, bell="B-1", colour="red")
    assert OutboxRow.objects.count() == 0


def test_a_reaction_of_another_version_shows(casework: Casework) -> None:
    perform(ring, OFFICER, bell="B-1")
    forgotten = outbox.REACTIONS.pop("test_outbox.answer")
    try:
        outbox.drain()
    finally:
        outbox.REACTIONS["test_outbox.answer"] = forgotten
    assert "no reaction test_outbox.answer" in OutboxRow.objects.get(done_at=None).failure


def test_two_workers_do_nothing_twice(casework: Casework) -> None:
    for n in range(10):
        perform(ring, OFFICER, bell=f"B-{n}")
    start = threading.Barrier(2)
    done: list[int] = []

    def worker() -> None:
        start.wait(timeout=20)
        done.append(outbox.drain())

    _in_threads(worker, worker)
    assert sum(done) == 20
    assert (len(SEEN), User.objects.count()) == (10, 10)


def test_a_slow_worker_and_the_one_that_takes_over_open_one_door(casework: Casework) -> None:
    perform(ring, OFFICER, bell="B-1")
    MEETING.append(threading.Barrier(2))  # both are in the reaction at the same moment

    def slow() -> None:
        outbox.drain()

    def next_one() -> None:
        for _ in range(1_000):
            if SEEN:
                break
            threading.Event().wait(0.01)
        later()
        outbox.drain()

    _in_threads(slow, next_one)
    assert (len(SEEN), User.objects.count(), events().count("DoorOpened")) == (2, 1, 1)


def _in_threads(*work: Callable[[], None]) -> None:
    failures: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if failures:
        raise failures[0]
