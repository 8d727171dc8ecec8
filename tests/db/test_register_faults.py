"""Four faults of a real licensing system (found by running it), as tests that this register must pass."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from penholder.actions.action import perform
from penholder.actions.errors import ConflictError, InvalidError, SeparationError
from penholder.kernel.errors import PenholderError
from penholder.ledger.door import action_door
from penholder.ledger.models import Entry
from penholder.register import actions
from penholder.register.models import CustomsMessage, Draw, Licence, Line
from penholder.register.timeline import overdue
from tests import register_ground as ground
from tests.register_ground import TODAY, draw, enter, issued, reinstate, suspend

pytestmark = pytest.mark.usefixtures("register")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gives or raises, all started together, each on a connection of its own."""
    start = threading.Barrier(len(calls))
    given: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        start.wait()
        try:
            given[place] = call()
        except PenholderError as error:
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, c)) for n, c in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_fault_1_nobody_is_their_own_second_pair_of_eyes() -> None:
    licence = enter()
    with pytest.raises(SeparationError):
        perform(actions.issue_licence, ground.DESK, licence=licence, effective_on=TODAY, expected_version=1)
    perform(actions.issue_licence, ground.MANAGER, licence=licence, effective_on=TODAY, expected_version=1)
    suspend(licence, by=ground.SENIOR)
    with pytest.raises(SeparationError):
        reinstate(licence, by=ground.SENIOR)
    assert Line.objects.get().status == "suspended"


def test_fault_2_usage_adds_up_and_is_never_overwritten_or_above_the_limit() -> None:
    licence = issued()
    draw(licence, "m1", "0.1")
    draw(licence, "m2", "0.2")
    with pytest.raises(ConflictError):
        draw(licence, "m1", "99")
    with pytest.raises(ConflictError):
        draw(licence, "m3", "99.701")
    assert draw(licence, "m4", "99.7").result.used_quantity == Decimal("100.000")
    assert sum(Draw.objects.values_list("quantity_milli", flat=True)) == 100_000
    with pytest.raises(IntegrityError), action_door(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE register_line SET used_quantity_milli = used_quantity_milli + 1")


def test_fault_2_two_messages_at_once_cannot_pass_the_limit_together() -> None:
    licence = issued()
    given = at_once(*[lambda n=n: draw(licence, f"m{n}", "60") for n in range(6)])
    assert sum(isinstance(g, ConflictError) for g in given) == 5
    assert (Line.objects.get().used_quantity_milli, Draw.objects.count()) == (60_000, 1)


def test_fault_3_a_suspension_has_reasons_reaches_customs_and_shows_until_they_answer() -> None:
    licence = issued()
    for words in ("", "n/a", "see file"):
        with pytest.raises(InvalidError):
            suspend(licence, reasons=words)
    assert CustomsMessage.objects.filter(kind="suspend").count() == 0
    suspend(licence)
    assert CustomsMessage.objects.filter(kind="suspend", acknowledged_at=None).count() == 1
    ground.later(days=3)
    late = [o for o in overdue(viewer=ground.MANAGER) if o.what == "suspend"]
    assert [(o.kind, o.licence, o.days) for o in late] == [("customs", licence, 1)]
    assert Entry.objects.filter(event="register.LinesSuspended", about=licence).count() == 1


def test_fault_4_one_reference_is_one_licence_also_when_two_enter_it_at_once() -> None:
    given = at_once(*[lambda: enter("GBSIEL/2024/0000042/P") for _ in range(4)])
    assert sum(isinstance(g, str) for g in given) == 1
    assert sum(isinstance(g, ConflictError) for g in given) == 3
    assert Licence.objects.count() == Entry.objects.filter(event="register.LicenceEntered").count() == 1


def test_two_opposite_acts_at_once_leave_one_entry() -> None:
    licence = issued()
    given = at_once(lambda: suspend(licence, by=ground.SENIOR), lambda: ground.surrender(licence, by=ground.OWNER))
    assert sum(isinstance(g, ConflictError) for g in given) == 1
    done = Entry.objects.filter(event__in=["register.LinesSuspended", "register.LinesSurrendered"])
    assert done.count() == 1
