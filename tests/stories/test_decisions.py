"""Story, part 2: propose, countersign, decide, tell, appeal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from penholder.actions.replay import run_replays
from penholder.casework.values import CaseStatus
from tests import decision_ground as ground
from tests.case_ground import START
from tests.casework import Casework, SettingsOfTest
from tests.decision_ground import Decision


@pytest.fixture(autouse=True)
def installation(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.case_ground.now")
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    ground.at(START)
    return iter([None])


@pytest.fixture(autouse=True)
def tables_are_what_the_ledger_says(installation: None) -> Iterator[None]:
    yield
    assert [d for d in run_replays() if d.is_wrong] == []


def test_granted() -> None:
    story = Decision().granted()
    assert story.seen().status is CaseStatus.GRANTED
    story.tell()
    other = Decision()
    other.desks = story.desks
    story = other.refused()
    story.tell()
    story.appeal()
    assert story.seen().status is CaseStatus.UNDER_APPEAL
