"""What waits for whom, and what is late: said once, the same for the API and the command."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from penholder.actions.action import perform
from penholder.actions.values import Actor
from penholder.casework import waiting as cases
from penholder.casework.values import Outcome
from penholder.cli.waiting import command
from penholder.entry.waiting import waiting
from penholder.kernel.home import VARIABLE
from penholder.people import actions as people
from penholder.people.queries import inbox
from penholder.restrictions import actions as restrictions
from penholder.statements import actions as statements
from tests import decision_ground as ground
from tests.case_ground import DECIDER, EXPORTER, MANAGER, START, STRANGER
from tests.casework import Casework
from tests.decision_ground import Decision

DUE = START + timedelta(days=24)


pytestmark = pytest.mark.usefixtures("cases")


def said(viewer: Actor) -> list[tuple[str, str, date | None, bool, bool]]:
    return [(w.kind, w.what, w.due, w.is_late, w.mine) for w in waiting(viewer)]


def test_a_department_that_is_asked_finds_it_in_its_inbox_until_it_has_advised() -> None:
    story = Decision()
    story.circulate()
    assert story.desks is not None
    defence, foreign = story.desks["defence"], story.desks["foreign_affairs"]
    tasks = [(t.text, t.subject, t.whose, t.due_on) for t in inbox(viewer=defence).items]
    assert tasks == [("Advise for Defence, limb by limb", story.id, "team", DUE)]
    assert said(defence) == [
        ("case", "Advise for Defence", DUE, False, True),
        ("task", "Advise for Defence, limb by limb", DUE, False, True),
    ]
    ground.later(days=25)
    assert {(w[0], w[3]) for w in said(defence)} == {("case", True), ("task", True)}
    ground.later(days=-25)
    story.advise("defence")
    assert said(defence) == []
    assert [w[1] for w in said(foreign)] == [
        "Advise for Foreign affairs",
        "Advise for Foreign affairs, limb by limb",
    ]


def test_a_case_waits_for_whoever_can_take_its_next_step_and_for_nobody_else() -> None:
    story = Decision().advised()
    assert [w[:2] for w in said(MANAGER)] == [("case", "Propose an outcome")]
    assert [w for w in said(DECIDER) if w[4]] == []
    story.propose(Outcome.GRANT)
    story.sign()
    assert ("case", "Decide") in [w[:2] for w in said(DECIDER)]
    assert "Propose an outcome" not in [w[1] for w in said(MANAGER)]
    for outsider in (EXPORTER, STRANGER):
        assert said(outsider) == []
    story.decide()
    assert [w for w in said(DECIDER) if w[0] == "case"] == []


def test_what_is_late_is_told_to_whoever_may_know_of_it() -> None:
    perform(
        restrictions.place_hold, MANAGER, destination="XV", reasons="Strikes since March are being looked into.",
        review_by=START + timedelta(days=7),
    )  # fmt: skip
    made = perform(
        statements.record_statement, MANAGER, destination="XV", said_on=START, place="Parliament",
        speaker_role="Decider", words="An update will follow when the review is complete.",
    ).result  # fmt: skip
    words = "an update will follow"
    perform(statements.record_promise, MANAGER, statement=made.id, words=words, due=START + timedelta(days=9))
    assert said(MANAGER) == []
    ground.later(days=10)
    late: list[Any] = [
        ("measure", "The hold is in force past the day of its review", START + timedelta(days=7), True, False),
        ("promise", "What was promised in public is overdue", START + timedelta(days=9), True, False),
    ]
    assert said(MANAGER) == late
    assert said(EXPORTER) == []


def test_the_api_and_the_command_say_the_same(casework: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Decision()
    story.circulate()
    assert story.desks is not None
    person = story.desks["defence"]
    token = perform(people.issue_token, person, label="reader").details["token"]
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/waiting")
    assert answer.status_code == 200
    wanted = [
        {
            "kind": kind, "what": f"Advise for Defence{more}", "about": story.id, "title": title,
            "due": DUE.isoformat(), "is_late": False, "mine": True,
        }
        for kind, more, title in (("case", "", "Pump parts"), ("task", ", limb by limb", ""))
    ]  # fmt: skip
    assert answer.json() == wanted
    assert Client().get("/api/v1/waiting").status_code == 401
    monkeypatch.setenv(VARIABLE, str(casework.home))
    monkeypatch.setenv("PENHOLDER_TOKEN", token)
    run = CliRunner()
    assert json.loads(run.invoke(command, ["--json"], catch_exceptions=False).output) == wanted
    assert run.invoke(command, [], catch_exceptions=False).output.splitlines() == [
        f"case  due {DUE}  Advise for Defence  {story.id} (Pump parts)",
        f"task  due {DUE}  Advise for Defence, limb by limb  {story.id}",
        "2 wait for you, 0 more are late",
    ]


def test_no_more_open_cases_are_looked_at_than_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    Decision().advised()
    monkeypatch.setattr(cases, "MOST", 1)
    assert [w[:2] for w in said(MANAGER)] == [("case", "Propose an outcome")]
    monkeypatch.setattr(cases, "MOST", 0)
    more = "More than 0 cases are open: those submitted first were looked at, the list of cases has all"
    assert said(MANAGER) == [("cases", more, None, False, False)]
