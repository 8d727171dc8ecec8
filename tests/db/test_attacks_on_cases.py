"""Attacks on casework that once worked: a way round a moratorium, a status that exporters were not to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.errors import ConflictError, InvalidError, SeparationError
from penholder.actions.values import SYSTEM, Actor
from penholder.assessment.models import Assessment, Version
from penholder.assessment.values import Finding
from penholder.casework import actions
from penholder.casework.decided import decisions_of
from penholder.casework.parts import Leg, Party
from penholder.casework.queries import case_facts
from penholder.casework.values import CaseStatus, Incorporated, Outcome, PartyRole, RouteAct
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.register import actions as register
from penholder.register.models import Licence
from penholder.restrictions import actions as restrictions
from penholder.restrictions.actions.gates import GivenGate
from penholder.restrictions.errors import MoratoriumError
from penholder.restrictions.queries import refuse_if_blocked
from penholder.restrictions.values import LineFacts
from tests import assessment_ground
from tests import decision_ground as ground
from tests.case_ground import EXPORTER, START, goods, line, undertaking
from tests.casework import SettingsOfTest
from tests.decision_ground import OTHER_MANAGER, Decision
from tests.register_ground import NO_CASE, terms

pytestmark = pytest.mark.usefixtures("cases")


def test_goods_that_a_consignee_gets_at_a_place_do_not_slip_past_its_moratorium() -> None:
    story = Decision()
    end_user = Party(
        role=PartyRole.END_USER, name="Norland Aircraft Yard", place="XN", end_user_class="commercial",
        undertaking=undertaking(),
    )  # fmt: skip
    depot = Party(role=PartyRole.CONSIGNEE, name="Depot of the yard", place="XV")
    story.export(actions.set_goods, goods=(line(incorporated=Incorporated.NO), goods()[1]))
    story.export(actions.set_parties, parties=(end_user, depot))
    story.export(actions.set_route, route=(Leg(place="XN", act=RouteAct.DELIVER, party="Depot of the yard"),))
    ground.stop("XV")
    for found in case_facts(story.id):
        with pytest.raises(MoratoriumError, match="onward is XV"):
            refuse_if_blocked(found, on=START, act="grant")


def test_what_refuses_an_exporter_does_not_tell_how_far_the_case_is_inside() -> None:
    story = Decision().advised()
    said = set()
    for step in (None, story.propose, story.sign):
        if step is not None:
            step()
        with pytest.raises(ConflictError) as refused:
            perform(
                actions.lodge_appeal, EXPORTER, case=story.id, arguments="The squadron was moved to rescue at sea."
            )
        said.add((refused.value.message, refused.value.hint))
        assert decisions_of(viewer=EXPORTER, case=story.id).status is CaseStatus.UNDER_REVIEW
    assert said == {(f"{story.id} is under_review: appeal is not possible now", "look at it again")}


# story: A second case is refused on a limb and appealed to someone not involved.
def test_an_appeal_is_not_decided_on_an_assessment_of_the_decider_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Decision().refused()
    story.tell()
    story.appeal()
    fresh = ground.officer("fresh", "decider")
    story.do(actions.assign_appeal, OTHER_MANAGER, person=fresh.id)
    monkeypatch.setattr(assessment_ground, "SIGNER", Actor(fresh.id, fresh.kind, frozenset({"countersigner"})))
    version = ground.assessed()
    again = {"outcome": Outcome.REFUSE, "reasons": "The order is of another unit.", "stale_reasons": "It is new."}
    with pytest.raises(SeparationError, match="took part in nothing"):
        story.do(actions.decide_appeal, fresh, assessments=(version,), **again)
    other = ground.officer("other-fresh", "decider")
    story.do(actions.assign_appeal, OTHER_MANAGER, person=other.id)
    story.do(actions.decide_appeal, other, assessments=(version,), **again)
    assert story.seen().status is CaseStatus.REFUSED_ON_APPEAL


def test_a_moratorium_holds_from_midnight_of_the_authority_s_place_and_not_some_hours_later(
    settings_of_test: SettingsOfTest,
) -> None:
    settings_of_test.set("PENHOLDER_CALENDAR", {"zone": "Asia/Tokyo"})
    tomorrow = START + timedelta(days=1)
    line_there = LineFacts(destination="XV", onward=(), licence_type="standard_permanent")
    ground.stop("XV", since=tomorrow)
    ground.Clock.moment = datetime(2024, 4, 8, 14, 59, tzinfo=UTC)
    assert refuse_if_blocked(line_there, on=START, act="grant") == ()
    ground.Clock.moment = datetime(2024, 4, 8, 15, 0, tzinfo=UTC)
    with pytest.raises(MoratoriumError):
        refuse_if_blocked(line_there, on=START, act="grant")


def test_a_question_about_an_assessment_is_asked_of_whoever_decides_on_its_next_version() -> None:
    first = ground.assessed()
    draft = assessment_ground.Draft.__new__(assessment_ground.Draft)
    draft.id, draft.versions = Version.objects.get(public_id=first).assessment.public_id, [first]
    draft.state = Assessment.objects.get(public_id=draft.id).version
    draft.save()
    second = draft.submit().accept()
    gate = GivenGate(id=f"GT-{'0' * 26}", target=first, question="Was it looked at?", since=START, level="second")
    perform(restrictions.import_gates, SYSTEM, made_on=START, gates=(gate,))
    story = Decision().advised()
    taken = story.takes(
        story.foreign, Finding.NO_CLEAR_RISK, despite_assessment="The coast guard flies unarmed aircraft."
    )
    story.propose(Outcome.GRANT, taken, assessments=(second,))
    story.sign()
    with pytest.raises(InvalidError) as refused:
        story.decide(stale_reasons="The ship sails on Friday.")
    assert set(refused.value.fields) == {"gate_reasons"}


def test_whoever_contributed_to_a_proposal_does_not_decide_it() -> None:
    story = Decision().advised()
    story.propose(contributors=(OTHER_MANAGER.id,))
    story.sign()
    with pytest.raises(SeparationError, match="a case is decided by somebody who contributed nothing to it"):
        story.decide(by=OTHER_MANAGER)
    story.decide()


def test_a_licence_names_the_case_that_granted_it_and_nobody_else_can_name_one() -> None:
    story = Decision().advised()
    story.propose()
    story.sign()
    story.decide()
    (row,) = Licence.objects.all()
    assert (row.case, row.without_case) == (story.id, "")
    (issued,) = Entry.objects.filter(event="register.LicenceIssued")
    assert LedgerEntry.from_bytes(issued.body.encode()).data["case"] == story.id
    given: dict[str, Any] = {"licence_type": "standard_permanent", "decided_on": START, "valid_from": START}
    for origin in ({}, NO_CASE):
        with pytest.raises(InvalidError) as refused:
            perform(
                register.enter_licence,
                OTHER_MANAGER,
                reference="R/1",
                case=story.id,
                lines=(terms(),),
                **given | origin,
            )
        assert "case" in refused.value.fields
    assert Licence.objects.count() == 1
