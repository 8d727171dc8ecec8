"""Who owed an answer until when, and who was involved: said without opening a concern."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError
from penholder.cli.main import main
from penholder.concerns import actions
from penholder.concerns.involved import involved
from penholder.concerns.models import Concern
from penholder.concerns.overdue import Course, courses, days_late
from penholder.concerns.values import State
from penholder.ledger.door import own_door
from penholder.people import actions as people
from tests import concerns_ground, people_ground
from tests.casework import Casework
from tests.concerns_ground import AV, DUE, GROUNDS, TODAY, Ground, rejected, upheld

THIRD = date(2026, 6, 15)


@pytest.fixture
def ground(casework: Casework, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.setenv("PENHOLDER_HOME", str(casework.home))
    configuration = casework.home / "penholder.toml"
    configuration.write_text(f'site = "concerns"\n{configuration.read_text(encoding="utf-8")}', encoding="utf-8")
    made = Ground(casework)
    made.list_targets(of_av=("owner-1",))
    yield made
    made.close()


def course(on: date) -> Course:
    (found,) = courses(on=on)
    return found


def stages(on: date) -> list[tuple[int, date, str]]:
    """Level, due day, and how it stands there."""
    return [
        (s.level, s.due, "open" if s.is_open else f"answered {s.answered_on}" if s.answered_on else f"to {s.to}")
        for s in course(on).stages
    ]


def words(capsys: pytest.CaptureFixture[str], *asked: str) -> list[str]:
    with pytest.raises(SystemExit) as left:
        main(asked)
    said = capsys.readouterr()
    assert left.value.code in {0, None}, said.err
    return said.out.splitlines()


def test_a_concern_that_nobody_answers_shows_each_step_and_stays_overdue_at_the_top(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    assert stages(DUE) == [(1, DUE, "open")]
    assert stages(DUE + timedelta(days=1)) == [(1, DUE, "to Nominated officer"), (2, date(2026, 5, 15), "open")]
    late = date(2026, 7, 1)
    found = course(late)
    assert [(s.level, s.due, s.is_overdue, s.is_open) for s in found.stages] == [
        (1, DUE, True, False), (2, date(2026, 5, 15), True, False), (3, THIRD, True, True),
    ]  # fmt: skip
    assert (found.is_open, days_late(found.stages[2], on=late)) == (True, 16)
    said = words(capsys, "concerns", "overdue", "--on", str(late))
    assert said[0] == f"{concern}  raised {TODAY}: open, raised"
    assert said[5] == f"  level 3, Committee on arms exports: due {THIRD}, OVERDUE 16 days"
    assert said[-2:] == [
        "1 open; levels that let their due day pass: 3",
        "0 closed, of them without a finding on every point: 0",
    ]


def test_who_took_part_is_no_owner_of_it(ground: Ground) -> None:
    ground.raise_one(targets=(AV,))
    (stage,) = course(TODAY).stages
    assert len(stage.owners) == 2
    found = involved(id=Concern.objects.get().public_id)
    assert (len(found.parts), len(found.kept_out)) == (0, 1)
    assert set(found.kept_out) & set(stage.owners) == set()


def test_an_answer_after_the_due_day_of_the_top_is_late_by_so_many_days(ground: Ground) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    concerns_ground.at(THIRD + timedelta(days=10))
    ground.answer(concern, "instance-1", "instance-2", upheld(1, due=date(2026, 12, 1)), rejected(2))
    now = concerns_ground.Clock.day
    last = course(now).stages[-1]
    assert (last.level, last.answered_on, last.points, last.is_overdue) == (3, now, 2, True)
    assert days_late(last, on=now + timedelta(days=5)) == 10
    assert course(now - timedelta(days=1)).stages[-1].is_open


# story: (question 20) did any close without a finding on every point? It must be 0; try to break it
def test_a_concern_that_was_closed_without_a_finding_on_every_point_would_be_named(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    concerns_ground.later(10)
    ground.answer(concern, "owner-2", "owner-3", upheld(1), rejected(2))
    over = concerns_ground.later(61)
    assert (course(over).state, course(over).ended_on, course(over).unanswered) == (State.LAPSED, over, ())
    assert words(capsys, "concerns", "overdue", "--on", str(over))[-1] == (
        "1 closed, of them without a finding on every point: 0"
    )
    with own_door(), transaction.atomic():
        Concern.objects.update(points=3)  # behind the back: fsck finds it too
    assert course(over).unanswered == (3,)
    said = words(capsys, "concerns", "overdue", "--on", str(over))
    assert said[-1] == "1 closed, of them without a finding on every point: 1"
    assert "  CLOSED WITHOUT A FINDING on point 3" in said


def test_what_is_withdrawn_owes_no_finding(ground: Ground) -> None:
    _, codes = ground.raise_one(targets=(AV,))
    ground.of_filer(actions.withdraw_concern, codes)
    found = course(TODAY)
    assert (found.state, found.is_open, found.unanswered, found.stages) == (State.WITHDRAWN, False, (), ())


# story: (question 21) did any responder or checker of a concern take part in the act complained of?
def test_whoever_answered_and_is_found_to_have_taken_part_is_named(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    ground.do("owner-2", actions.acknowledge_concern, concern=concern, expected_version=1)
    ground.answer(concern, "owner-2", "owner-3", upheld(1), rejected(2, grounds=GROUNDS[2]))
    assert [(p.did, p.took_part) for p in involved(id=concern).parts] == [
        (("acknowledge", "propose"), False),
        (("sign",), False),
    ]
    ground.list_targets(of_av=("owner-1", "owner-3"))  # the authority finds out later
    assert [p.took_part for p in involved(id=concern).parts] == [False, True]
    said = words(capsys, "concerns", "involved", concern)
    assert said[-1] == "2 people dealt with it: 1 of them took part, of 0 it is not known"
    assert [line for line in said if line.endswith("(signed an answer): TOOK PART")] != []
    by = people_ground.administrator()
    perform(people.erase_subject, by, subject=ground.people["owner-3"], ground="request-of-the-person")
    assert [p.took_part for p in involved(id=concern).parts] == [False, None]
    with pytest.raises(AbsentError):
        involved(id="CN-nothere")


def test_the_same_as_json(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    (found,) = json.loads("\n".join(words(capsys, "concerns", "overdue", "--json")))
    assert (found["concern"], found["stages"][0]["due"]) == (concern, str(DUE))
    said = json.loads("\n".join(words(capsys, "concerns", "involved", concern, "--json")))
    assert said["targets"] == [[AV, "Assessment of Velmora, version 3", 1]]
