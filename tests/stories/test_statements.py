"""Story, part 6: what was said in public beside what was held that day, and what was promised."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from penholder.actions.action import perform
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.replay import run_replays
from penholder.cli.main import main
from penholder.ledger.door import migration_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.statements import actions, queries
from penholder.statements.models import Outcome
from penholder.statements.values import Claim, PromiseState
from tests import assessment_ground as ground
from tests.assessment_ground import AUDITOR, DRAFTER, EXPORTER, MANAGER, accepted

WORDS = (
    "All licences are in line with the criteria. The risk from air strikes is kept under review. "
    "An update will follow when the review is complete."
)
CLAIMS = (
    Claim(words="in line with the criteria", about=("attitude", "conduct_of_hostilities/record")),
    Claim(words="the risk from air strikes is kept under review", about=("risk/air_strike", "risk/naval_fire")),
)


pytestmark = pytest.mark.usefixtures("evidence_of_a_strike", "tables_are_what_the_ledger_says")


def say(**changes: Any) -> str:
    given: dict[str, Any] = {
        "destination": "XV",
        "said_on": ground.Clock.moment.date(),
        "place": "Parliament, oral answers",
        "speaker_role": "Decider",
        "words": WORDS,
        "claims": CLAIMS,
    } | changes
    made: str = perform(actions.record_statement, MANAGER, **given).result.id
    return made


def promise(statement: str, due: date = date(2024, 4, 30)) -> str:
    words = "an update will follow when the review is complete"
    made: str = perform(actions.record_promise, MANAGER, statement=statement, words=words, due=due).result.id
    return made


# story: What was said in public is recorded with date and place,
# linked to the assessment that was current that day
def test_a_statement_is_linked_to_the_version_that_was_accepted_that_day() -> None:
    draft = accepted()
    ground.at(date(2024, 3, 25))
    found = queries.statement(viewer=AUDITOR, id=say())
    assert (found.said_on, found.place) == (date(2024, 3, 25), "Parliament, oral answers")
    assert (found.assessed, found.assessment, found.is_link_late) == (draft.versions[0], draft.id, False)
    assert found.age is not None
    assert found.age.days == 57


def test_where_none_was_accepted_that_day_the_core_says_so() -> None:
    ground.at(date(2024, 3, 25))
    receipt = perform(
        actions.record_statement, MANAGER, destination="XV", said_on=date(2024, 3, 25), place="Press release",
        speaker_role="Press office", words=WORDS,
    )  # fmt: skip
    assert receipt.result.said == ("no assessment of XV was accepted that day",)
    found = queries.statement(viewer=AUDITOR, id=receipt.result.id)
    assert (found.assessed, found.by_now, found.is_link_late) == ("", None, False)


def test_an_acceptance_that_is_recorded_late_is_shown_and_the_link_stays() -> None:
    draft = ground.Draft()
    version = draft.save()
    draft.submit()
    ground.at(date(2024, 3, 25))
    statement = say()
    draft.accept(on=date(2024, 3, 22))
    found = queries.statement(viewer=AUDITOR, id=statement)
    assert (found.assessed, found.is_link_late) == ("", True)
    assert found.by_now is not None
    assert found.by_now.id == version


# story: shown side by side (question 23: by claim)
def test_each_claim_stands_beside_what_the_assessment_said_that_day() -> None:
    accepted()
    found = queries.statement(viewer=AUDITOR, id=say())
    assert [(b.number, b.claim.words, [(h.part, h.limb, h.finding) for h in b.held]) for b in found.beside] == [
        (
            1,
            "in line with the criteria",
            [("attitude", "", "serious_concern"), ("conduct_of_hostilities/record", "", "serious_concern")],
        ),
        (
            2,
            "the risk from air strikes is kept under review",
            [("risk/air_strike", ground.LIMB, "clear_risk"), ("risk/naval_fire", "", "not_assessed")],
        ),
    ]


def test_who_may_not_see_assessments_sees_what_was_said_and_not_what_was_held() -> None:
    accepted()
    found = queries.statement(viewer=EXPORTER, id=say())
    assert (found.words, found.sees_assessment, found.age, found.by_now) == (WORDS, False, None, None)
    assert {(h.finding, h.grounds, h.gaps) for b in found.beside for h in b.held} == {(None, None, ())}


# story: a promise has a due date and goes overdue in public
def test_a_promise_goes_overdue_in_public_with_no_worker() -> None:
    made = promise(say(), due=date(2024, 4, 30))
    for day, late in ((date(2024, 4, 30), 0), (date(2024, 5, 1), 1), (date(2024, 5, 31), 31)):
        assert queries.promise(viewer=EXPORTER, id=made, on=day).days_overdue == late
    ground.at(date(2024, 5, 31))
    assert [p.id for p in queries.promises(viewer=EXPORTER, overdue=True).items] == [made]
    assert queries.statements(viewer=EXPORTER).items[0].overdue == 1
    entry = Entry.objects.get(event="statements.PromiseRecorded")
    assert LedgerEntry.from_bytes(entry.body.encode()).data["due"] == "2024-04-30"


def test_all_of_a_statement_is_public() -> None:
    say()
    entry = LedgerEntry.from_bytes(Entry.objects.get(event="statements.StatementRecorded").body.encode())
    assert entry.data["words"] == WORDS
    assert (entry.data["said_on"], entry.data["version"]) == ("2024-03-20", "")


def test_a_promise_is_kept_with_where_that_can_be_seen() -> None:
    made = promise(say())
    ground.at(date(2024, 5, 10))
    with pytest.raises(InvalidError):
        perform(
            actions.keep_promise, MANAGER, promise=made, kept_on=date(2024, 5, 8), source="n/a", expected_version=1
        )
    perform(
        actions.keep_promise, MANAGER, promise=made, kept_on=date(2024, 5, 8), source="Written statement 41",
        expected_version=1,
    )  # fmt: skip
    found = queries.promise(viewer=EXPORTER, id=made)
    assert (found.state, found.days_overdue, found.source) == (PromiseState.KEPT, 0, "Written statement 41")
    assert (found.ended_on, found.recorded_on) == (date(2024, 5, 8), date(2024, 5, 10))
    with pytest.raises(ConflictError):
        perform(
            actions.keep_promise, MANAGER, promise=made, kept_on=date(2024, 5, 9), source="Written statement 42",
            expected_version=2,
        )  # fmt: skip


def test_a_day_on_which_the_end_of_a_promise_was_recorded_is_that_of_the_entry() -> None:
    made = promise(say())
    ground.at(date(2024, 5, 10))
    given: dict[str, Any] = {"kept_on": date(2024, 4, 30), "source": "Written statement 41", "expected_version": 1}
    perform(actions.keep_promise, MANAGER, promise=made, **given)
    held = Outcome.objects.filter(promise__public_id=made)
    with migration_door(), transaction.atomic():
        held.update(recorded_on=date(2024, 4, 30))
    (found,) = run_replays()
    assert (found.where, found.what) == (f"promise {made}", "the ledger and the tables differ in recorded_on")
    with migration_door(), transaction.atomic():
        held.update(recorded_on=date(2024, 5, 10))


def test_a_promise_is_replaced_by_a_later_one_and_stays_to_be_seen() -> None:
    first = promise(say())
    ground.at(date(2024, 5, 20))
    second = promise(say(), due=date(2024, 7, 1))
    given: dict[str, Any] = {"reasons": "The review takes longer: three visits are left.", "expected_version": 1}
    with pytest.raises(InvalidError):
        perform(actions.replace_promise, MANAGER, promise=second, by=first, replaced_on=date(2024, 5, 20), **given)
    perform(actions.replace_promise, MANAGER, promise=first, by=second, replaced_on=date(2024, 5, 20), **given)
    found = queries.promise(viewer=EXPORTER, id=first)
    assert (found.state, found.due, found.replaced_by) == (PromiseState.REPLACED, date(2024, 4, 30), second)


def test_claims_and_promises_are_quotes_of_what_was_said() -> None:
    with pytest.raises(InvalidError) as refused:
        say(claims=(Claim(words="no risk at all", about=("attitude",)), Claim(words="air strikes", about=("xv",))))
    assert list(refused.value.fields) == ["claims.0.words", "claims.1.about"]
    with pytest.raises(InvalidError):
        perform(
            actions.record_promise,
            MANAGER,
            statement=say(),
            words="a full inquiry will follow",
            due=date(2024, 6, 1),
        )


def test_what_is_said_tomorrow_is_not_recorded_today() -> None:
    with pytest.raises(InvalidError):
        say(said_on=date(2024, 3, 21))
    assert queries.statements(viewer=DRAFTER).items == ()


# story: question 23: what was said on a day, and what the assessment current on it said, by claim
def test_one_command_puts_the_two_side_by_side_and_another_lists_what_is_overdue(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def command(*words: str) -> list[str]:
        monkeypatch.setattr("penholder.cli.statements.start", lambda **_: None)  # Django is set up
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code in {0, None}
        return capsys.readouterr().out.splitlines()

    draft = accepted()
    said = say()
    late = promise(said)
    assert command("statements", "beside", said) == [
        "2024-03-20, Parliament, oral answers, Decider, about XV",
        f"Accepted that day: version 1 ({draft.versions[0]}); its information was 52 days old",
        "1. “in line with the criteria”",
        "   attitude: serious_concern",
        "   conduct_of_hostilities/record: serious_concern",
        "2. “the risk from air strikes is kept under review”",
        f"   risk/air_strike ({ground.LIMB}): clear_risk",
        "   risk/naval_fire: not_assessed",
    ]
    assert command("statements", "overdue", "--on", "2024-04-30") == []
    (line,) = command("statements", "overdue", "--on", "2024-05-31")
    assert line == f"{late}  due 2024-04-30  31 days  an update will follow when the review is complete"
