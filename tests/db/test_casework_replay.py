"""Casework against its events: changes behind the back are found; of two at once one wins; the past is kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.replay import run_replays
from penholder.casework import actions, queries
from penholder.casework.names import possible_matches
from penholder.casework.policy.screening import Entry
from penholder.casework.values import CaseStatus
from penholder.ledger.door import action_door
from tests import case_ground as ground
from tests.case_ground import EXPORTER, MANAGER, RECEPTION, START, Story, finding
from tests.casework import Casework, SettingsOfTest


@pytest.fixture(autouse=True)
def installation(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.case_ground.now")
    ground.at(START)
    return iter([None])


def differences() -> list[str]:
    return [f"{d.where}: {d.what}" for d in run_replays() if d.is_wrong]


BEHIND = {
    "UPDATE casework_case SET status = 'granted'": "its status",
    "UPDATE casework_case SET exporter = 'O-other'": "its exporter",
    "UPDATE casework_case SET places = ';XT;'": "what stands in its row",
    "UPDATE casework_case SET submitted_at = NULL": "that it was submitted",
    "UPDATE casework_case SET version = version + 1": "its version",
    "UPDATE casework_part SET status = 'granted' WHERE kind = 'submission'": "its parts",
    "UPDATE casework_part SET on_day = '2020-01-01' WHERE kind = 'advice'": "its parts",
    "DELETE FROM casework_part WHERE kind = 'dissent'": "its parts",
    "UPDATE casework_part SET content = '{\"text\": \"\"}' WHERE kind = 'acceptance'": "its parts",
    "UPDATE casework_listentry SET place = 'XT'": "data_sha256",
    "UPDATE casework_partylist SET loaded = 1": "loaded",
}


def test_a_change_behind_the_back_is_found() -> None:
    story = Story().circulate()
    story.advise("defence", finding())
    perform(actions.accept_case, RECEPTION, case=Story("Other").submit().id, expected_version=7, remark="Whole.")
    perform(actions.record_dissent, RECEPTION, case=story.id, text="I would not grant it.")
    assert differences() == []
    for statement, found in BEHIND.items():
        with action_door(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert found in " ".join(differences()), statement
            transaction.set_rollback(True)
    assert differences() == []


def test_of_two_at_once_one_wins_and_the_other_is_told() -> None:
    story = Story().submit()
    version, gate = story.version, Barrier(2)

    def take_in(_number: int) -> str:
        gate.wait()
        try:
            perform(actions.accept_case, RECEPTION, case=story.id, expected_version=version)
        except ConflictError:
            return "told"
        finally:
            connections.close_all()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take_in, range(2))) == ["told", "won"]
    assert story.seen().status is CaseStatus.UNDER_REVIEW
    assert differences() == []


def test_a_case_is_seen_as_our_books_held_it() -> None:
    story = Story().circulate()
    story.advise("defence", finding())
    ground.later(hours=1)
    then = ground.now()
    ground.later(hours=1)
    story.advise("defence", finding(), summary="With the reports of March, as before.")
    advised = {d.id: len(d.versions) for d in story.seen(known=then).inside.departments}
    assert (advised["defence"], len(story.seen().inside.departments[1].versions)) == (1, 2)
    with pytest.raises(AbsentError):
        story.seen(known=ground.now().replace(year=2023))


def test_a_list_of_cases_has_pages_and_few_statements() -> None:
    for number in range(5):
        Story(f"Case {number}").submit()
    first = queries.cases(viewer=MANAGER, limit=3)
    then = queries.cases(viewer=MANAGER, limit=3, cursor=first.next_cursor)
    assert [c.title for c in (*first.items, *then.items)] == [f"Case {n}" for n in (4, 3, 2, 1, 0)]
    with CaptureQueriesContext(connection) as few:
        queries.cases(viewer=MANAGER, limit=1)
    with CaptureQueriesContext(connection) as many:
        queries.cases(viewer=MANAGER, limit=5)
    assert len(many) == len(few)


def test_screening_finds_by_both_measures_what_a_person_should_see() -> None:
    entries = [
        Entry("LS-1", "L", "1", ("Tarn Air Works",), "XV"),
        Entry("LS-1", "L", "2", ("Tarn Air Works of the Northern Coast",), ""),
        Entry("LS-1", "L", "3", ("Quite Another Firm", "T. A. W."), ""),
    ]
    found = possible_matches(ground.parties()[2:], entries)
    assert [(m.entry, m.score) for m in found] == [("1", 100), ("2", 90)]


def test_a_withdrawn_draft_stays_the_exporters_alone() -> None:
    story = Story()
    story.export(actions.withdraw_application, reasons="The order was cancelled.")
    with pytest.raises(AbsentError):
        story.seen(MANAGER)
    assert story.seen(EXPORTER).status is CaseStatus.WITHDRAWN
    assert queries.cases(viewer=MANAGER).items == ()


def test_days_are_those_of_the_calendar_that_is_configured(settings_of_test: SettingsOfTest) -> None:
    given = {"zone": "Europe/London", "holidays": "GB-ENG", "closed": "2024-05-07"}
    settings_of_test.set("PENHOLDER_CALENDAR", given)
    story = Story().submit()
    ground.at(date(2024, 5, 8), 20)
    clock = story.seen().clock
    assert (clock.counted, clock.holidays) == (21, "GB-ENG")  # 6 May is a bank holiday, 7 May is closed
    settings_of_test.set("PENHOLDER_CALENDAR", {})
    assert (story.seen().clock.counted, story.seen().clock.holidays) == (23, "")
