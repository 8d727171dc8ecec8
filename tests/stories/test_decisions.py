"""Story, part 2: propose, countersign, decide, tell, appeal."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.models import Act
from penholder.actions.values import SYSTEM, Visibility
from penholder.assessment import queries as assessment_queries
from penholder.assessment.values import Finding
from penholder.casework import actions, decided
from penholder.casework.before_decision import for_decision
from penholder.casework.decision_parts import Consolidated
from penholder.casework.dissents import counts
from penholder.casework.errors import HeldError, IncompleteError, InconsistentError
from penholder.casework.figures import refusals_by_limb, told_holders
from penholder.casework.models import Notice, Part
from penholder.casework.notices.pdf import pdf_of
from penholder.casework.pairs import similar_pairs
from penholder.casework.parts import EndUse, Leg, Rating
from penholder.casework.queries import participants
from penholder.casework.rule_set import rule_set_on, version_of
from penholder.casework.timeline import timeline
from penholder.casework.values import (
    CaseStatus,
    LateAnswer,
    MatchVerdict,
    NoticeKind,
    Outcome,
    Recommendation,
    RouteAct,
    Signature,
)
from penholder.cli.decisions import command
from penholder.kernel.home import VARIABLE
from penholder.ledger.door import migration_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.register import actions as register
from penholder.register.queries import licence as licence_view
from penholder.register.values import LineStatus, Power
from penholder.restrictions import actions as restrictions
from penholder.restrictions.actions.gates import GivenGate
from penholder.restrictions.errors import MoratoriumError
from tests import decision_ground as ground
from tests.case_ground import (
    ASSESSOR,
    AUDITOR,
    DECIDER,
    DENIALS,
    EXPORTER,
    LIMB,
    MANAGER,
    RECEPTION,
    START,
    STRANGER,
    TEAMS,
    Desks,
    finding,
    load_list,
    person,
    route,
)
from tests.casework import Casework
from tests.decision_ground import AGAINST, DIVERSION, OTHER_MANAGER, SECOND_SIGNER, SIGNER, UNTIL, Decision
from tests.settled import settled

OTHERWISE = "let who advised do so again, or write why it holds all the same"
CLEAR, NOT_CLEAR = Finding.CLEAR_RISK, Finding.NO_CLEAR_RISK


pytestmark = pytest.mark.usefixtures("cases", "tables_are_what_the_ledger_says")


@settled
def disputed(story: Decision | None = None) -> Decision:
    """Foreign affairs finds a clear risk on 2c, defence none; the officer follows defence."""
    made = (story or Decision()).advised(CLEAR, NOT_CLEAR)
    made.propose(Outcome.GRANT, made.takes(made.defence, NOT_CLEAR, why="Defence saw the yard in March."))
    made.sign()
    return made


# --- Propose


# story: two departments advise per criterion limb: one finds a clear risk on 2c, one does not
def test_where_departments_differ_the_officer_says_whose_advice_is_followed_and_both_stay() -> None:
    story = Decision().advised(CLEAR, NOT_CLEAR)
    with pytest.raises(InvalidError) as refused:
        story.propose(Outcome.GRANT, story.takes(story.defence, NOT_CLEAR))
    assert refused.value.fields == {
        "findings.0.why": "departments differ here: write whose advice you follow, and why"
    }
    story.propose(Outcome.GRANT, story.takes(story.defence, NOT_CLEAR, why="Defence saw the yard in March."))
    seen = for_decision(viewer=DECIDER, case=story.id)
    limb = next(x for x in seen.limbs if x.rule.id == LIMB)
    assert [(v.department, v.found.finding, v.is_followed, v.is_lead) for v in limb.voices] == [
        ("foreign_affairs", CLEAR, False, True),
        ("defence", NOT_CLEAR, True, False),
    ]
    assert limb.differs


def test_a_finding_is_taken_over_as_it_stands_and_none_is_left_out() -> None:
    story = Decision().advised(NOT_CLEAR, NOT_CLEAR, finding(NOT_CLEAR, DIVERSION))
    with pytest.raises(InvalidError) as refused:
        story.propose(Outcome.GRANT, story.takes(story.foreign, Finding.NOT_ENGAGED))
    assert refused.value.fields["findings.0.finding"] == (
        f"{story.foreign} finds no_clear_risk: a finding is taken over as it stands"
    )
    assert refused.value.fields["findings"] == (
        f"departments found something under {DIVERSION}: take it over, too"
    )
    with pytest.raises(InvalidError) as refused:
        story.propose(Outcome.GRANT, story.takes("AD-nobody", NOT_CLEAR))
    assert "findings.0.follows" in refused.value.fields


def test_nothing_is_proposed_while_a_question_is_open_or_a_department_is_waited_for() -> None:
    story = Decision()
    story.circulate()
    with pytest.raises(ConflictError, match="propose is not allowed"):
        story.do(
            actions.propose_outcome, MANAGER, outcome=Outcome.GRANT, summary="It is small.", valid_until=UNTIL
        )
    story.foreign = story.advise("foreign_affairs")
    story.defence = story.advise("defence")
    story.do(actions.ask_exporter, MANAGER, text="Which squadron?", due_on=date(2024, 5, 2))
    with pytest.raises(IncompleteError) as refused:
        story.propose()
    assert refused.value.fields == {"questions": "a question to the exporter is open"}


BY_HARBOUR = (Leg(place="XM", act=RouteAct.RE_EXPORT), *route())
WHY = "Foreign affairs looked at the same harbour for the same firm in March."


# story: what changed since an advice is advised on again, or it is said why the advice holds
def test_an_advice_older_than_a_change_of_the_route_is_followed_only_with_reasons() -> None:
    story = Decision().advised().changed(actions.set_route, route=BY_HARBOUR)
    version = story.version
    for empty in ("", "n/a", "No comment."):
        with pytest.raises(InvalidError) as refused:
            story.propose(Outcome.GRANT, story.takes(story.foreign, NOT_CLEAR, despite_change=empty))
        assert refused.value.fields == {
            "findings.0.despite_change": f"route changed since foreign affairs and defence advised: {OTHERWISE}"
        }
    assert story.version == version
    proposal = story.propose(Outcome.GRANT, story.takes(story.foreign, NOT_CLEAR, despite_change=WHY))
    limb = next(x for x in for_decision(viewer=DECIDER, case=story.id).limbs if x.rule.id == LIMB)
    assert limb.taken is not None
    assert limb.taken.despite_change == WHY
    assert [(v.department, v.changed) for v in limb.voices] == [
        ("foreign_affairs", ("route",)),
        ("defence", ("route",)),
    ]
    entry = timeline(viewer=MANAGER, case=story.id)[-1]
    assert (entry.event, entry.fields["proposal_id"]) == ("casework.OutcomeProposed", proposal)
    assert [f["despite_change"] for f in entry.fields["proposal"]["findings"]] == [WHY]
    assert all(h.event != entry.event for h in timeline(viewer=EXPORTER, case=story.id))


def test_what_any_department_found_before_a_change_counts_by_reasons_alone_followed_or_not() -> None:
    story = Decision().advised().changed(actions.set_route, route=BY_HARBOUR)
    again = story._advise("foreign_affairs", finding(NOT_CLEAR))
    for follows in ((again, story.defence), (again,)):
        with pytest.raises(InvalidError) as refused:
            story.propose(Outcome.GRANT, Consolidated(rule=LIMB, finding=NOT_CLEAR, follows=follows))
        assert refused.value.fields == {
            "findings.0.despite_change": f"route changed since defence advised: {OTHERWISE}"
        }
    story._advise("defence", finding(NOT_CLEAR))
    story.propose(Outcome.GRANT, story.takes(again, NOT_CLEAR))


def test_a_department_that_found_nothing_before_a_change_advises_again_or_is_waived() -> None:
    story = Decision()
    story.circulate()
    story.foreign = story._advise("foreign_affairs", finding(NOT_CLEAR))
    story.advise("defence", findings=(), recommendation=Recommendation.NO_VIEW)
    with pytest.raises(ConflictError, match="defence is not waited for; waited for: nobody"):
        story.do(actions.waive_advice, MANAGER, department="defence", reasons=WHY)
    for more in (BY_HARBOUR, BY_HARBOUR[:1] + BY_HARBOUR):
        story.changed(actions.set_route, route=more)
        story.foreign = story._advise("foreign_affairs", finding(NOT_CLEAR))
        with pytest.raises(IncompleteError) as refused:
            story.propose()
        assert refused.value.fields == {
            "advice.defence": (
                "route changed since defence advised and found nothing: "
                "let it advise again, or waive it with reasons"
            )
        }
        assert story.seen().inside.older == ("defence",)
        story.do(actions.waive_advice, MANAGER, department="defence", reasons=WHY)
        assert (story.seen().status, story.seen().inside.older) == (CaseStatus.FINAL_REVIEW, ())
    story.propose()


def test_another_rating_and_another_end_use_are_changes_too_and_new_words_are_not() -> None:
    story = Decision().advised()
    told = story.seen().application.end_use
    story.changed(actions.state_end_use, **_answers(replace(told, harm_of_disclosure="Our customer would leave.")))
    _rate(story, "ML10", summary="The same goods in other words.")
    assert {v.changed for limb in for_decision(viewer=DECIDER, case=story.id).limbs for v in limb.voices} == {()}
    story.changed(actions.state_end_use, **_answers(replace(told, intended="Training of crews.")))
    _rate(story, "ML9", differs="They are for ships.")
    with pytest.raises(InvalidError) as refused:
        story.propose()
    assert refused.value.fields["findings.0.despite_change"].startswith(
        "ratings and end use changed since foreign affairs and defence advised: "
    )


def _rate(story: Decision, *codes: str, summary: str = "Pumps", differs: str = "") -> None:
    rating = Rating(line=1, ratings=codes, summary=summary, differs=differs)
    story.do(actions.rate_goods, ASSESSOR, ratings=(rating,))


def _answers(end_use: EndUse) -> dict[str, Any]:
    return {f.name: getattr(end_use, f.name) for f in fields(end_use)}


# story: after the proposal the application stays as it was advised on
@pytest.mark.parametrize("stands", ["countersign", "for_decision", "under_appeal"])
def test_after_the_proposal_nothing_on_which_advice_stands_is_changed(stands: str) -> None:
    story = Decision().advised(CLEAR, CLEAR)
    story.propose(Outcome.REFUSE)
    if stands != "countersign":
        story.sign()
    if stands == "under_appeal":
        story.decide(Outcome.REFUSE)
        story.tell()
        story.appeal()
    assert story.seen().status == stands
    with pytest.raises(ConflictError, match="exporter is asked only while"):
        story.do(actions.ask_exporter, MANAGER, text="By which way do they go?")
    with pytest.raises(ConflictError, match="only while a question to you is open"):
        story.export(actions.set_route, route=BY_HARBOUR)
    with pytest.raises(ConflictError, match="goods are rated only while"):
        _rate(story, "ML9")


@pytest.mark.parametrize("whose", ["proposal", "appeal"])
def test_an_appeal_too_says_why_an_advice_older_than_a_change_holds_and_keeps_it(whose: str) -> None:
    story = Decision().advised(CLEAR, CLEAR).changed(actions.set_route, route=BY_HARBOUR)
    held = {"why": "It names the squadron.", "despite_change": WHY}
    story.propose(Outcome.REFUSE, story.takes(story.foreign, CLEAR, **held))
    story.sign()
    story.decide(Outcome.REFUSE)
    story.tell()
    story.appeal()
    third = ground.officer("third", "licensing_manager")
    story.do(actions.assign_appeal, OTHER_MANAGER, person=third.id)
    given = {"outcome": Outcome.REFUSE, "reasons": "The order names the same squadron.", "refusal_limbs": (LIMB,)}
    with pytest.raises(InvalidError) as refused:
        story.do(actions.decide_appeal, third, **given, findings=(story.takes(story.foreign, CLEAR),))
    assert refused.value.fields["findings.0.despite_change"].startswith("route changed since foreign affairs and")
    own = story.takes(story.foreign, CLEAR, why="It names the squadron.", despite_change="The order is the same.")
    findings = {"proposal": (), "appeal": (own,)}[whose]
    story.do(actions.decide_appeal, third, **given, findings=findings)
    assert story.seen().status is CaseStatus.REFUSED_ON_APPEAL
    kept = [d.decision for d in decided.decisions_of(viewer=third, case=story.id).decisions]
    assert [[f.despite_change for f in d.taken] for d in kept if d] == [
        [WHY],
        [own.despite_change if findings else WHY],
    ]


def test_every_part_that_changed_is_named_and_what_is_as_it_was_needs_no_reasons() -> None:
    story = Decision().advised()
    before = story.seen().application
    yard, force, consignee = before.parties
    story.changed(actions.set_parties, parties=(yard, replace(force, state="XN"), consignee))
    story.changed(actions.set_route, route=(Leg(place="XN", act=RouteAct.INCORPORATE), before.route[1]))
    with pytest.raises(InvalidError) as refused:
        story.propose()
    assert refused.value.fields["findings.0.despite_change"].startswith(
        "parties and route changed since foreign affairs and defence advised: "
    )
    story.changed(actions.set_parties, parties=before.parties)
    story.changed(actions.set_route, route=before.route)
    story.propose()


def test_nothing_is_proposed_while_a_possible_match_is_not_judged() -> None:
    story = Decision().advised()
    ground.later(days=1)
    load_list(DENIALS + "D9,Norland Aircraft Yards,,XN,organisation\n", as_of=START)
    with pytest.raises(IncompleteError) as refused:
        story.propose()
    assert set(refused.value.fields) == {"screening"}
    story.do(actions.screen_parties, MANAGER)
    with pytest.raises(IncompleteError) as refused:
        story.propose()
    assert refused.value.fields == {"matches": "1 possible match with a list is not judged by a person"}


def test_nothing_goes_on_while_work_on_the_destination_stands_still() -> None:
    story = Decision().advised()
    held = perform(
        restrictions.place_hold,
        MANAGER,
        destination="XV",
        reasons="Strikes since March are being looked into.",
        review_by=date(2024, 6, 1),
    ).result
    with pytest.raises(HeldError):
        story.propose()
    perform(
        restrictions.lift_hold,
        MANAGER,
        hold=held.id,
        reasons="The review is done.",
        expected_version=1,
    )
    story.propose()


def test_a_refusal_rests_on_a_limb_that_carries_it_and_a_grant_has_an_end() -> None:
    story = Decision().advised()
    with pytest.raises(InvalidError) as refused:
        story.propose(Outcome.REFUSE)
    assert refused.value.fields == {
        "refusal_limbs": f"{LIMB} cannot carry a refusal: it is no_clear_risk",
    }
    with pytest.raises(InvalidError) as refused:
        story.propose(Outcome.REFUSE, refusal_limbs=())
    assert refused.value.fields == {"refusal_limbs": "is needed: a refusal rests on at least one limb"}
    with pytest.raises(InvalidError) as refused:
        story.propose(Outcome.GRANT, valid_until=None)
    assert set(refused.value.fields) == {"valid_until"}


def test_every_assessment_that_stands_for_a_place_of_the_goods_is_cited() -> None:
    version = ground.assessed("XV")
    story = Decision().advised()
    with pytest.raises(InvalidError) as refused:
        story.propose()
    assert refused.value.fields["assessments"].startswith(f"{version} stands today for XV")
    with pytest.raises(InvalidError) as refused:
        story.propose(assessments=(version,))
    assert refused.value.fields == {
        "findings.0.despite_assessment": (
            f"{version} finds a clear risk for a use that the goods have, or may have: write why “no clear risk” "
            "holds all the same"
        )
    }
    story.propose(
        Outcome.GRANT,
        story.takes(story.foreign, NOT_CLEAR, despite_assessment="The coast guard flies unarmed aircraft."),
        assessments=(version,),
    )


# --- Countersign


# story: a countersigner who wrote none of it signs
@pytest.mark.parametrize("who", ["rated", "advised", "proposed", "contributed"])
def test_whoever_wrote_any_of_it_cannot_countersign(who: str) -> None:
    story = Decision().advised()
    writer = person("writer", "countersigner")
    assert story.desks is not None
    story.propose(contributors=(writer.id,))
    persons = {
        "rated": person("assessor", "technical_assessor", "countersigner"),
        "advised": story.desks["defence"],
        "proposed": person("manager", "licensing_manager", "countersigner"),
        "contributed": writer,
    }
    both = persons[who]
    signer = type(both)(both.id, both.kind, both.roles | {"countersigner"})
    with pytest.raises(SeparationError):
        story.sign(by=signer)
    story.sign(by=SIGNER)
    with pytest.raises(SeparationError):
        story.sign(by=signer)
    story.sign(by=SECOND_SIGNER)
    assert story.seen().status is CaseStatus.FOR_DECISION


def test_a_rejected_proposal_goes_back_and_stays_on_record() -> None:
    story = Decision().advised()
    first = story.propose()
    with pytest.raises(InvalidError):
        story.sign(Signature.REJECT, reasons="n/a")
    story.sign(Signature.REJECT, reasons="Diversion was looked at by nobody.")
    assert story.seen().status is CaseStatus.FINAL_REVIEW
    second = story.propose()
    story.sign()
    found = decided.decisions_of(viewer=MANAGER, case=story.id).proposals
    assert [(p.id, p.proposal.number, [s.signed.signature for s in p.signatures]) for p in found] == [
        (first, 1, [Signature.REJECT]),
        (second, 2, [Signature.ACCEPT, Signature.ACCEPT]),
    ]


# story: a second countersigner signs where a mandatory limb is not known
@pytest.mark.parametrize("found", [Finding.INSUFFICIENT_INFORMATION, NOT_CLEAR])
def test_a_grant_needs_two_countersigners_who_are_two_people_where_a_mandatory_limb_is_not_known(
    found: Finding,
) -> None:
    story = Decision().advised(found, found)  # of the other limbs that must refuse nobody found anything
    story.propose()
    assert story.last.result.said == ("two people countersign it",)
    made = decided.decisions_of(viewer=MANAGER, case=story.id).proposals[0].proposal
    assert (made.signatures, made.second_because) == (2, ("not_known",))
    story.sign(by=SIGNER)
    assert story.seen().status is CaseStatus.COUNTERSIGN
    with pytest.raises(SeparationError, match="another person's"):
        story.sign(by=SIGNER)
    story.sign(by=SECOND_SIGNER)
    assert story.seen().status is CaseStatus.FOR_DECISION


# --- Decide


# story: the decider sees both advices, gaps and age
def test_the_decider_sees_both_advices_gaps_and_age() -> None:
    version = ground.assessed("XV")
    story = Decision().advised(CLEAR, Finding.INSUFFICIENT_INFORMATION)
    story.propose(
        Outcome.GRANT,
        story.takes(
            story.defence,
            Finding.INSUFFICIENT_INFORMATION,
            why="Nobody can say which squadron.",
            despite_assessment="Which squadron would fly them is not known.",
        ),
        assessments=(version,),
    )
    seen = for_decision(viewer=DECIDER, case=story.id)
    assert [(a.department, a.speaks_for, a.is_lead) for a in seen.advice] == [
        ("foreign_affairs", Outcome.REFUSE, True),
        ("defence", Outcome.GRANT, False),
    ]
    limb = next(x for x in seen.limbs if x.rule.id == LIMB)
    assert limb.gaps == ("Which squadron would fly them is not known.",)
    assert [(c.version, c.cutoff, c.days, c.limit) for c in seen.cited] == [(version, date(2024, 1, 28), 71, 14)]
    assert len(seen.cited[0].later) == 0
    assert LIMB not in [x.rule.id for x in seen.unanswered]
    assert DIVERSION in [x.rule.id for x in seen.unanswered]
    assert seen.values == (("GBP", "57,000.00"),)


# story: and grants against advice, which needs reasons
def test_a_grant_against_the_advice_of_the_lead_adviser_needs_reasons_that_stand_with_it() -> None:
    story = disputed()
    with pytest.raises(InvalidError) as refused:
        story.decide()
    assert refused.value.fields == {
        "against_reasons": (
            "is needed: it goes against the advice of foreign_affairs; write why it is decided so now all the same"
        )
    }
    with pytest.raises(InvalidError):
        story.decide(against_reasons="No comment.")
    decision = story.decide(against_reasons=AGAINST)
    assert story.seen().status is CaseStatus.GRANTED
    rows = decided.decisions(viewer=AUDITOR, against_lead=True).items
    assert [(r.id, r.decision and r.decision.against_reasons) for r in rows] == [(decision, AGAINST)]
    assert decided.decisions(viewer=AUDITOR, against_lead=False).items == ()
    assert decided.decisions(viewer=EXPORTER).items == ()


# story: The engine refuses a grant that contradicts an accepted mandatory finding without an exemption.
def test_the_engine_refuses_a_grant_against_a_mandatory_finding_without_an_exemption() -> None:
    story = Decision().advised(CLEAR, CLEAR, finding(NOT_CLEAR, DIVERSION))
    taken = (
        story.takes(story.foreign, CLEAR),
        story.takes(story.defence, NOT_CLEAR, DIVERSION),
    )
    with pytest.raises(InconsistentError) as refused:
        story.propose(Outcome.GRANT, *taken)
    assert refused.value.context["limbs"] == [LIMB]
    story.propose(Outcome.REFUSE, *taken)
    story.sign()
    with pytest.raises(InconsistentError, match="contradicts the finding clear risk"):
        story.decide(Outcome.GRANT, valid_until=UNTIL, against_reasons=AGAINST)
    said = for_decision(viewer=DECIDER, case=story.id).option(Outcome.GRANT)
    assert said.consistency.said == (
        f"A grant would contradict the finding clear risk on {LIMB}; it needs an exemption or a new finding."
    )
    assert not said.consistency.is_consistent
    assert story.seen().status is CaseStatus.FOR_DECISION


def test_an_exemption_whose_scope_is_known_to_match_every_line_lets_it_through_and_is_named() -> None:
    story = Decision().advised(CLEAR, CLEAR)
    taken = story.takes(story.foreign, CLEAR)
    elsewhere = ground.exempt(scope="in: {onward: [XQ]}")
    one_line = ground.exempt(scope="in: {ratings: [ML10]}")
    for exemption in (elsewhere, one_line):
        with pytest.raises(InvalidError, match="cannot be taken"):
            story.propose(Outcome.GRANT, taken, exemptions=(exemption,))
    matching = ground.exempt()
    with pytest.raises(InconsistentError) as refused:
        story.propose(Outcome.GRANT, taken)
    assert refused.value.hint == f"cite {', '.join(sorted((one_line, matching)))}"
    with pytest.raises(InconsistentError):
        story.propose(Outcome.GRANT, taken, exemptions=(one_line,))
    story.propose(Outcome.GRANT, taken, exemptions=(matching,))
    story.sign()
    story.decide(against_reasons=AGAINST)
    entry = Entry.objects.get(event="casework.CaseGranted")
    assert LedgerEntry.from_bytes(entry.body.encode()).data["exemptions"] == sorted((one_line, matching))


# story: a later grant that matches is refused by the core
def test_a_grant_that_a_moratorium_matches_is_refused() -> None:
    story = Decision().advised()
    story.propose()
    story.sign()
    ground.stop("XV")
    with pytest.raises(MoratoriumError):
        story.decide()
    assert for_decision(viewer=DECIDER, case=story.id).option(Outcome.GRANT).stopped_by


def test_whoever_proposed_advised_or_signed_cannot_decide() -> None:
    story = Decision().advised()
    story.propose()
    story.sign()
    both = type(SIGNER)(SIGNER.id, SIGNER.kind, SIGNER.roles | {"decider"})
    for actor in (MANAGER, both):
        with pytest.raises(SeparationError):
            story.decide(by=actor)
    story.decide(by=OTHER_MANAGER)
    found = participants(story.id)
    assert set(found.countersigned) == {SIGNER.id, SECOND_SIGNER.id}
    assert set(found.decided) == {OTHER_MANAGER.id}
    assert MANAGER.id in found.wrote
    assert ASSESSOR.id in found.wrote


# story: Staleness in days stands on every decision that cites it.
def test_a_decision_on_old_information_needs_reasons_and_says_how_old_it_was_and_what_came_later() -> None:
    version = ground.assessed("XV")
    story = Decision().advised()
    story.propose(
        Outcome.GRANT,
        story.takes(story.foreign, NOT_CLEAR, despite_assessment="The coast guard flies unarmed aircraft."),
        assessments=(version,),
    )
    story.sign()
    with pytest.raises(InvalidError) as refused:
        story.decide()
    assert refused.value.fields["stale_reasons"].startswith(
        f"is needed: its information is older than the limit: {version} (71 days, limit 14)"
    )
    why = "The update is due in May and the ship sails on Friday."
    decision = story.decide(stale_reasons=why)
    found = decided.information(viewer=AUDITOR, decision=decision)
    assert [(c.version, c.days, c.is_over) for c in found.cited] == [(version, 71, True)]
    assert (found.stale_reasons, set(found.by)) == (why, {DECIDER.id})
    assert found.cutoffs == (("foreign_affairs", LIMB, START), ("defence", LIMB, START))
    entry = Entry.objects.get(event="casework.CaseGranted")
    assert LedgerEntry.from_bytes(entry.body.encode()).data["information_days"] == 71


# story: The next decision on the target must record reasons while the concern is open
@pytest.mark.parametrize("about", ["case", "advice", "assessment", "destination"])
def test_a_decision_while_a_question_about_it_is_open_needs_reasons(about: str) -> None:
    version = ground.assessed("XV")
    story = Decision().advised()
    story.propose(
        Outcome.GRANT,
        story.takes(story.foreign, NOT_CLEAR, despite_assessment="The coast guard flies unarmed aircraft."),
        assessments=(version,),
    )
    story.sign()
    target = {"case": story.id, "advice": story.foreign, "assessment": version, "destination": "XV"}[about]
    gate = GivenGate(id=f"GT-{'0' * 26}", target=target, question="Was it looked at?", since=START, level="second")
    perform(restrictions.import_gates, SYSTEM, made_on=START, gates=(gate,))
    seen = for_decision(viewer=DECIDER, case=story.id)
    assert [(g.id, g.question, g.level) for g in seen.gates] == [(gate.id, "Was it looked at?", "second")]
    with pytest.raises(InvalidError) as refused:
        story.decide(stale_reasons="The ship sails on Friday.")
    assert set(refused.value.fields) == {"gate_reasons"}
    decision = story.decide(
        stale_reasons="The ship sails on Friday.", gate_reasons="The parts keep a rescue aircraft in the air."
    )
    rows = decided.decisions(viewer=AUDITOR, open_question=True).items
    assert [(r.id, r.decision and r.decision.gates) for r in rows] == [(decision, (gate.id,))]
    assert decided.decisions(viewer=AUDITOR, open_question=False).items == ()


# story: an officer records a dissent
def test_a_dissent_is_named_by_the_assessments_on_which_rests_what_it_is_about() -> None:
    version = ground.assessed("XV")
    story = Decision().advised()
    given = {"case": story.id, "text": "The wing was lent to the air force in March."}
    from_case = perform(actions.record_dissent, RECEPTION, **given).result.dissent
    from_advice = perform(actions.record_dissent, RECEPTION, target=story.foreign, **given).result.dissent
    assert assessment_queries.version(viewer=AUDITOR, id=version).dissents == ()  # nothing cites it yet
    proposal = story.propose(
        Outcome.GRANT,
        story.takes(story.foreign, NOT_CLEAR, despite_assessment="The coast guard flies unarmed aircraft."),
        assessments=(version,),
    )
    assert assessment_queries.version(viewer=AUDITOR, id=version).dissents == (from_case,)
    later = perform(actions.record_dissent, ASSESSOR, target=proposal, **given).result.dissent
    seen = assessment_queries.version(viewer=AUDITOR, id=version)
    assert seen.dissents == (from_case, later)
    assert from_advice not in seen.dissents  # that advice does not rest on it
    found = assessment_queries.participants(version).all
    assert not found & {RECEPTION.id, ASSESSOR.id}  # a dissent is no part in what it is about
    assert counts() == {story.id: 3, story.foreign: 1, proposal: 1}


def test_who_decides_sends_a_proposal_back_with_reasons() -> None:
    story = Decision().advised()
    proposal = story.propose()
    story.sign()
    story.do(actions.return_proposal, DECIDER, reasons="Ask defence about diversion first.")
    assert story.seen().status is CaseStatus.FINAL_REVIEW
    found = decided.decisions_of(viewer=DECIDER, case=story.id).proposals
    assert [(p.id, p.returned) for p in found] == [(proposal, "Ask defence about diversion first.")]


def test_what_a_proposal_rests_on_is_looked_at_again_on_the_day_of_the_decision() -> None:
    story = Decision().advised()
    story.propose()
    story.sign()
    ground.assessed("XV")
    with pytest.raises(ConflictError, match="holds no longer"):
        story.decide()


# --- The licence, and the rules by which it was decided


def test_a_grant_becomes_a_licence_with_its_terms_and_the_version_of_the_rules_stands_in_the_entry() -> None:
    story = Decision().advised()
    story.propose(provisos="A report on each delivery within a month.")
    story.sign()
    decision = story.decide()
    found = decided.decisions_of(viewer=MANAGER, case=story.id)
    held = licence_view(viewer=MANAGER, id=found.licence)
    assert decided.case_of(found.licence) == story.id
    assert [(n.status, n.terms and (n.terms.rating, n.terms.destination, n.terms.onward)) for n in held.lines] == [
        (LineStatus.ISSUED, ("ML10", "XN", "XV")),
        (LineStatus.ISSUED, ("ML14", "XN", "XV")),
    ]
    assert held.reference == f"SIEL/2024/{decision[3:15].upper()}/P"
    assert (held.valid_from, held.valid_until, held.exporter) == (START, UNTIL, "O-orrin")
    assert [c.text for c in held.conditions] == ["A report on each delivery within a month."]
    entry = LedgerEntry.from_bytes(Entry.objects.get(event="casework.CaseGranted").body.encode())
    assert entry.rules == version_of(rule_set_on(START))
    assert entry.rules.startswith("uk-selc-2021@")
    assert entry.visibility == Visibility.PUBLIC
    assert entry.data == {
        "case": story.id,
        "decision_id": decision,
        "rule_set": entry.rules,
        "findings": [[LIMB, "no_clear_risk"]],
        "exemptions": [],
        "decided_on": "2024-04-08",
        "valid_until": "2026-04-08",
        "on_appeal": False,
        "is_against_lead": False,
        "information_days": None,
    }


def test_whoever_decided_a_grant_does_not_widen_revoke_or_reinstate_the_licence_that_the_system_made_of_it() -> (
    None
):
    """The system issues it: but because they decided. So do two deputies of theirs."""
    story = Decision().granted()
    licence = decided.decisions_of(viewer=MANAGER, case=story.id).licence
    held = licence_view(viewer=MANAGER, id=licence)
    assert held.lines[0].terms is not None
    given: dict[str, Any] = {
        "licence": licence,
        "line": 1,
        "reasons": "The order was enlarged in April.",
        "effective_on": START,
        "expected_version": held.version,
    }
    wider = replace(held.lines[0].terms, quantity_limit=Decimal(5_000))
    both = person("decider", "decider", "licensing_manager")
    deputy = replace(person("deputy", "licensing_manager"), stands_in_for=frozenset({DECIDER.id}))
    for part in (both, deputy):
        with pytest.raises(
            SeparationError, match=r"enter_licence on L-.*what the system does because of somebody"
        ):
            perform(register.amend_line, part, terms=wider, **given)
        with pytest.raises(SeparationError, match=r"register\.enter_licence"):
            perform(
                register.revoke_lines,
                part,
                licence=licence,
                lines=(1,),
                limb=LIMB,
                reasons="The test sets were seen at the air base.",
                effective_on=START,
                expected_version=held.version,
            )
    issue = Act.objects.get(act="register.issue_licence", about=licence)
    assert (issue.actor, issue.stood_in_for) == (SYSTEM.id, DECIDER.id)
    narrower = replace(held.lines[0].terms, quantity_limit=Decimal(1))
    version = perform(register.amend_line, both, terms=narrower, **given).result.version
    perform(register.amend_line, OTHER_MANAGER, terms=wider, **given | {"expected_version": version})


# --- Notices


# story: Notices (grant, refusal, suspension, revocation) as tagged PDF (typst) and HTML cannot be issued without
# reasons.
@pytest.mark.parametrize("words", ["", "  ", "n/a", "As discussed.", "see file"])
def test_no_notice_is_issued_without_reasons(words: str) -> None:
    story = Decision().refused()
    with pytest.raises(InvalidError) as refused:
        story.tell(reasons=words)
    assert set(refused.value.fields) == {"reasons"}
    assert decided.notices(viewer=MANAGER, subject=story.id) == ()


# story: Notices (grant, refusal, suspension, revocation) as tagged PDF (typst)
def test_the_notice_of_a_refusal_cites_its_limbs_and_is_a_tagged_pdf_for_the_holder() -> None:
    story = Decision().refused()
    made = story.tell()
    view, stream = decided.open_notice(viewer=EXPORTER, id=made)
    with stream:
        document = stream.read()
    assert document.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in document
    assert b"/MarkInfo" in document
    assert b"pdfuaid:part" in document
    assert b"/FontFile" in document
    assert pdf_of(view.notice) == document
    assert [(r.id, r.caution) for r in view.notice.rules] == [(LIMB, "")]
    assert view.notice.appeal_by == START + timedelta(days=28)
    for stranger in (STRANGER, person("nobody")):
        with pytest.raises(AbsentError):
            decided.notice(viewer=stranger, id=made)
    with pytest.raises(ConflictError, match="issued already"):
        story.tell()
    sealed = LedgerEntry.from_bytes(Entry.objects.get(event="casework.CaseNoticeIssued").body.encode())
    assert set(sealed.data) == {"case", "notice_id", "kind", "decided_on", "issued_on"}
    assert hashlib.sha256(document).hexdigest() != view.digest


def test_a_rule_whose_text_is_not_verified_says_so_in_the_notice() -> None:
    story = Decision().advised(NOT_CLEAR, NOT_CLEAR, finding(NOT_CLEAR, DIVERSION))
    story.propose(
        Outcome.GRANT, story.takes(story.foreign, NOT_CLEAR), story.takes(story.defence, NOT_CLEAR, DIVERSION)
    )
    story.sign()
    story.decide()
    notice = decided.notice(viewer=EXPORTER, id=story.tell(reasons="The risk was looked at.")).notice
    assert {r.id: r.caution for r in notice.rules} == {
        LIMB: "",
        DIVERSION: "text not verified against the official source",
    }


# story: Notices (grant, refusal, suspension, revocation): of what is done to a licence
def test_the_holder_is_told_of_a_suspension_and_a_revocation_at_once_with_terms_and_reasons() -> None:
    story = Decision().granted()
    licence = decided.decisions_of(viewer=MANAGER, case=story.id).licence
    version = licence_view(viewer=MANAGER, id=licence).version
    perform(
        register.suspend_lines,
        MANAGER,
        licence=licence,
        lines=(1,),
        power=Power.STATUTE,
        terms="Article 32: nothing may leave until it is lifted.",
        reasons="Strikes by patrol aircraft were reported in April.",
        review_by=date(2024, 7, 1),
        effective_on=START,
        expected_version=version,
    )
    perform(
        register.revoke_lines,
        OTHER_MANAGER,
        licence=licence,
        lines=(2,),
        limb=LIMB,
        reasons="The test sets were seen at the air base.",
        effective_on=START,
        expected_version=version + 1,
    )
    rows = decided.notices(viewer=EXPORTER, subject=licence)
    assert [(r.kind, r.lines) for r in rows] == [(NoticeKind.SUSPENSION, (1,)), (NoticeKind.REVOCATION, (2,))]
    suspension, revocation = (decided.notice(viewer=EXPORTER, id=r.id).notice for r in rows)
    assert suspension.terms == "Article 32: nothing may leave until it is lifted."
    assert suspension.reasons == "Strikes by patrol aircraft were reported in April."
    assert [r.id for r in revocation.rules] == [LIMB]
    told = told_holders(viewer=MANAGER)
    assert [(t.licence, t.lines, t.kind, t.seconds, t.days) for t in told] == [
        (licence, (1,), NoticeKind.SUSPENSION, 0, 0),
        (licence, (2,), NoticeKind.REVOCATION, 0, 0),
    ]
    assert decided.notices(viewer=STRANGER, subject=licence) == ()


def test_a_notice_of_suspension_needs_its_terms() -> None:
    story = Decision().granted()
    licence = decided.decisions_of(viewer=MANAGER, case=story.id).licence
    with pytest.raises(InvalidError) as refused:
        perform(
            actions.issue_licence_notice,
            SYSTEM,
            licence=licence,
            kind=NoticeKind.SUSPENSION,
            lines=(1,),
            cause="x",
            decided_on=START,
            reasons="Strikes were reported.",
        )
    assert set(refused.value.fields) == {"terms"}


# --- Appeal


# story: A second case is refused on a limb and appealed to someone not involved.
def test_a_refused_case_is_appealed_to_somebody_who_took_part_in_nothing() -> None:
    story = Decision().refused()
    story.tell()
    ground.later(days=28)
    appeal = story.appeal()
    assert story.seen().status is CaseStatus.UNDER_APPEAL
    fresh = ground.officer("fresh", "decider")
    for nobody in (MANAGER, DECIDER, SIGNER, RECEPTION):  # they have no account here
        with pytest.raises(InvalidError, match="cannot decide appeals"):
            story.do(actions.assign_appeal, OTHER_MANAGER, person=nobody.id)
    with pytest.raises(ConflictError, match="given to nobody"):
        story.do(actions.decide_appeal, fresh, outcome=Outcome.REFUSE, reasons="The order is of another unit.")
    story.do(actions.assign_appeal, OTHER_MANAGER, person=fresh.id)
    with pytest.raises(RefusedError, match="another person's"):
        story.do(actions.decide_appeal, DECIDER, outcome=Outcome.REFUSE, reasons="The order is of another unit.")
    with pytest.raises(InvalidError):
        story.do(actions.decide_appeal, fresh, outcome=Outcome.REFUSE, reasons="tbc")
    story.do(actions.decide_appeal, fresh, outcome=Outcome.REFUSE, reasons="The order is of another unit.")
    assert story.seen().status is CaseStatus.REFUSED_ON_APPEAL
    found = decided.decisions_of(viewer=EXPORTER, case=story.id)
    assert [(a.id, a.decision != "", a.person) for a in found.appeals] == [(appeal, True, "")]
    notice = decided.notice(viewer=EXPORTER, id=story.tell(reasons="The order was issued to another unit.")).notice
    assert notice.is_on_appeal
    assert notice.appeal_by is None


# story: A second case is refused on a limb and appealed to someone not involved.
def test_somebody_who_took_part_is_refused_even_with_the_role() -> None:
    story = Decision()
    story.circulate()
    assert story.desks is not None
    story.foreign = story._advise("foreign_affairs", finding(CLEAR))
    both = ground.officer("both", "licensing_manager")
    story.do(actions.ask_exporter, both, text="Which squadron?", due_on=date(2024, 5, 2))
    question = story.seen().questions[-1].id
    story.last = perform(
        actions.answer_question, EXPORTER, case=story.id, question=question, text="The second one."
    )
    story.defence = story._advise("defence", finding(CLEAR))
    story.propose(Outcome.REFUSE)
    story.sign()
    story.decide(Outcome.REFUSE)
    story.tell()
    story.appeal()
    with pytest.raises(SeparationError, match="took part in nothing"):
        story.do(actions.assign_appeal, OTHER_MANAGER, person=both.id)


def test_an_appeal_that_comes_too_late_is_taken_or_declined_with_reasons_and_never_silently() -> None:
    story = Decision().refused()
    story.tell()
    ground.later(days=29)
    appeal = story.appeal()
    assert story.last.result.case == story.id
    assert story.seen().status is CaseStatus.REFUSED
    with pytest.raises(ConflictError, match="waits already"):
        story.appeal()
    with pytest.raises(InvalidError):
        story.do(actions.answer_late_appeal, OTHER_MANAGER, answer=LateAnswer.TAKE, reasons="ok")
    story.do(
        actions.answer_late_appeal, OTHER_MANAGER, answer=LateAnswer.DECLINE, reasons="It brings nothing new."
    )
    assert story.seen().status is CaseStatus.REFUSED
    second = story.appeal()
    story.do(
        actions.answer_late_appeal, OTHER_MANAGER, answer=LateAnswer.TAKE, reasons="The post was on strike in May."
    )
    assert story.seen().status is CaseStatus.UNDER_APPEAL
    found = decided.decisions_of(viewer=EXPORTER, case=story.id).appeals
    assert [(a.id, a.appeal.is_late, a.appeal.days, a.answer) for a in found] == [
        (appeal, True, 29, LateAnswer.DECLINE),
        (second, True, 29, LateAnswer.TAKE),
    ]


def test_a_case_granted_on_appeal_after_new_advice_becomes_a_licence_like_any_grant() -> None:
    story = Decision().refused()
    story.tell()
    story.appeal()
    fresh = ground.officer("fresh", "decider")
    story.do(actions.assign_appeal, OTHER_MANAGER, person=fresh.id)
    grant = {
        "outcome": Outcome.GRANT,
        "reasons": "The order shows that the squadron was moved.",
        "unknown_reasons": ground.UNKNOWN,
        "valid_until": UNTIL,
    }
    with pytest.raises(InconsistentError):
        story.do(actions.decide_appeal, fresh, **grant)
    story.foreign = story._advise("foreign_affairs", finding(NOT_CLEAR))
    story.do(
        actions.decide_appeal,
        fresh,
        findings=(story.takes(story.foreign, NOT_CLEAR, why="The order was not before defence."),),
        **grant,
    )
    assert story.seen().status is CaseStatus.GRANTED_ON_APPEAL
    found = decided.decisions_of(viewer=MANAGER, case=story.id)
    assert licence_view(viewer=MANAGER, id=found.licence).lines[0].status is LineStatus.ISSUED
    entry = LedgerEntry.from_bytes(Entry.objects.get(event="casework.CaseGranted").body.encode())
    assert entry.data["on_appeal"] is True


def test_only_the_applicant_appeals_and_with_something_to_say() -> None:
    story = Decision().refused()
    story.tell()
    with pytest.raises((RefusedError, AbsentError)):
        story.appeal(by=STRANGER)
    with pytest.raises(InvalidError):
        story.appeal(arguments="n/a")


# --- Figures


# story: question 19 of regime.md section 10
def test_refusals_are_counted_by_limb() -> None:
    story = Decision().refused()
    found = refusals_by_limb(viewer=AUDITOR, criterion="2")
    decision = decided.decisions_of(viewer=MANAGER, case=story.id).decisions[0].id
    assert [(c.rule, c.refusals) for c in found.by_limb] == [(LIMB, 1)]
    assert (found.refusals, found.decisions, found.imported_unknown) == (1, (decision,), 0)
    assert refusals_by_limb(viewer=AUDITOR, criterion="7").refusals == 0
    assert refusals_by_limb(viewer=EXPORTER).refusals == 0


def test_a_match_that_nobody_could_decide_needs_a_second_signature() -> None:
    story = Decision()
    story.accept().rate()
    story.screen()
    match = story.seen().inside.screening.matches[0].id
    story.judge(match, MatchVerdict.CANNOT_SAY)
    story.desks = Desks()
    story.do(actions.circulate_case, MANAGER, departments=tuple(TEAMS), due_on=date(2024, 5, 2))
    story.foreign = story._advise("foreign_affairs", finding(NOT_CLEAR))
    story.defence = story._advise("defence", finding(NOT_CLEAR))
    story.propose()
    found = decided.decisions_of(viewer=MANAGER, case=story.id).proposals[0].proposal
    assert (found.signatures, found.second_because) == (2, ("not_known", "match"))


# story: question 24 of regime.md section 10
def test_similar_cases_that_ended_differently_are_listed_with_the_reasons_on_file(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = Decision().granted()
    refused = Decision()
    refused.desks = granted.desks
    refused.refused()
    pair = similar_pairs(viewer=AUDITOR)
    assert [(p.month, p.ratings, p.end_user_class, p.cases, p.outcomes) for p in pair] == [
        ("2024-04", ("ML10", "ML14"), "forces", (granted.id, refused.id), (Outcome.GRANT, Outcome.REFUSE))
    ]
    assert similar_pairs(viewer=EXPORTER) == ()
    monkeypatch.setenv(VARIABLE, str(casework.home))

    def told(*words: str) -> list[str]:
        return CliRunner().invoke(command, list(words), catch_exceptions=False).output.splitlines()

    said = told("similar")
    assert said == [
        "2024-04  ML10, ML14  forces",
        f"    Pump parts ({granted.id}): grant. The need is shown and the risk was looked at limb by limb.",
        f"    Pump parts ({refused.id}): refuse. The need is shown and the risk was looked at limb by limb.",
        "1 pair",
    ]
    said = (
        CliRunner().invoke(command, ["refusals", "--criterion", "2"], catch_exceptions=False).output.splitlines()
    )
    assert said == [
        f"     1  {LIMB}  Serious violation of international humanitarian law",
        "     0  limb unknown: lines of published refusals under criterion 2",
        "1 refusal; one can rest on several limbs",
    ]
    (decision,) = decided.decisions_of(viewer=MANAGER, case=refused.id).decisions
    assert told("list")[0] == (
        f"{decision.id}  2024-04-08  refused under Serious violation of international humanitarian law ({LIMB})  "
        f"Pump parts ({refused.id})"
    )
    assert told("told") == ["0 suspensions and revocations; holder not told: 0"]


def test_the_database_itself_refuses_a_decision_or_a_notice_without_reasons() -> None:
    story = Decision().granted()
    row = Part.objects.get(kind="decision")
    for changes in ({"reasons": ""}, {"gates": ["GA-1"], "gate_reasons": ""}):
        with pytest.raises(IntegrityError), migration_door(), transaction.atomic():
            Part.objects.filter(pk=row.pk).update(content=row.content | changes)
    story.tell()
    held = Notice.objects.get(subject=story.id)
    with pytest.raises(IntegrityError), migration_door(), transaction.atomic():
        Notice.objects.filter(pk=held.pk).update(content=held.content | {"reasons": ""})
    with pytest.raises(IntegrityError), migration_door(), transaction.atomic():
        Notice.objects.filter(pk=held.pk).update(kind="suspension", content=held.content | {"terms": ""})
