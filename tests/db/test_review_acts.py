"""A change of circumstances from the trigger to the review: what it needs, refuses, and does by itself."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.models import Act, OutboxRow
from penholder.actions.outbox import drain
from penholder.actions.replay import run_replays
from penholder.actions.values import SYSTEM
from penholder.ledger.door import action_door, own_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.people.queries import inbox
from penholder.register import actions as register
from penholder.register.counting import count_bridge
from penholder.register.models import CustomsMessage, Line
from penholder.register.timeline import overdue as register_overdue
from penholder.restrictions import queries as restrictions
from penholder.restrictions.actions import import_gates
from penholder.restrictions.actions.gates import GivenGate
from penholder.restrictions.errors import MoratoriumError
from penholder.review import actions, queries, reactions
from penholder.review.models import Circumstance, Stocktake
from penholder.review.open_facts import facts_of
from penholder.review.values import EngineUse, Option, State, Trigger, Use
from penholder.vault.store import vault
from tests import register_ground as ground
from tests.casework import Casework
from tests.db.test_restrictions import (
    DESK,
    MANAGER,
    MINISTER,
    PENHOLDER,
    READER,
    SENIOR,
    announce,
    issue,
    officer,
    proposal,
)
from tests.register_ground import TODAY, draw, enter, exporter, issued, terms
from tests.settled import settled

LIMB = "uk-selc-2021/2c"
WHY = "Strikes on homes in Velmora are reported every day since 12 November."
PROFILE = """\
profile: velmora-campaign
title: Campaign of Velmora
concern: [serious_violation_ihl]
period: {from: 2024-10-01}
parties:
- id: velmora
  name: Forces of Velmora
  operated_by: [{state: XV, source: observers}]
operators_complete: {value: yes, source: observers}
territory: [{place: XT, source: observers}]
means:
- {means: air_strike, used: yes, from: 2024-10-01, source: observers}
other_means: {used: no, source: observers}
sources:
  observers: {title: Report of the observers, grade: B2, ref: OBS-1}
"""


@pytest.fixture(autouse=True)
def installation(staff: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.at(TODAY)
    for name, actor in (("DESK", DESK), ("MANAGER", MANAGER), ("SENIOR", SENIOR)):
        monkeypatch.setattr(ground, name, actor)


@settled
def world() -> dict[str, str]:
    """Parts and armour to the forces of Velmora, parts that go on to it by way of Norland, parts for others."""
    ground.at(date(2024, 6, 1))
    made = {
        "both": issued("GBSIEL/2024/0000001/P", terms(destination="XV"), terms(destination="XV", rating="ML13")),
        "onward": issued("GBSIEL/2024/0000002/P", terms(destination="XN", onward="XV", value=Decimal(900))),
        "third": issued("GBSIEL/2024/0000003/P", terms(destination="XT", end_user="commercial")),
        "civil": issued("GBSIEL/2024/0000004/P", terms(destination="XV", end_user="commercial")),
    }
    ground.at(TODAY)
    return made


def do(act: Any, by: Any, change: str, version: int, **given: Any) -> Any:
    return perform(act, by, change=change, expected_version=version, **given).result


def proposed(**changes: Any) -> str:
    given: dict[str, Any] = {
        "trigger": Trigger.NEW_CONFLICT,
        "destinations": ("XV",),
        "happened_on": date(2024, 11, 12),
        "words": WHY,
    }
    change: str = perform(actions.propose_trigger, PENHOLDER, **given | changes).result.id
    return change


@settled
def stocktaken() -> str:
    change = proposed()
    do(actions.accept_trigger, MANAGER, change, 1, reasons=WHY)
    do(actions.hold_pending, MANAGER, change, 2, reasons=WHY, review_by=TODAY + timedelta(days=14))
    do(actions.run_stocktake, PENHOLDER, change, 3, on=TODAY, profile=PROFILE)
    return change


@settled
def optioned(
    made: dict[str, str], recommended: Option = Option.SUSPEND_POSSIBLE, *, more: tuple[str, ...] = ()
) -> str:
    change = stocktaken()
    lines = (f"{made['both']}:1", f"{made['onward']}:1", *(f"{licence}:1" for licence in more))
    do(
        actions.classify_lines,
        PENHOLDER,
        change,
        4,
        lines=lines,
        use=Use.YES,
        reasons="Parts for strike aircraft.",
    )
    armour = (f"{made['both']}:2",)
    do(
        actions.classify_lines,
        PENHOLDER,
        change,
        5,
        lines=armour,
        use=Use.UNKNOWN,
        reasons="Who wears it is open.",
    )
    do(actions.assess_change, MANAGER, change, 6, words="Two lines could be used; of one it is not known.")
    do(actions.set_options, MANAGER, change, 7, recommended=recommended, advice="The risk is clear on 2c.")
    return change


SUSPENSION: dict[str, Any] = {
    "option": Option.SUSPEND_POSSIBLE,
    "reasons": "There is a clear risk that these goods might be used in strikes.",
    "power": "statute",
    "terms": "Article 32: nothing may leave under these lines until the review is complete.",
    "review_by": TODAY + timedelta(days=90),
}


def statuses() -> dict[str, str]:
    rows = Line.objects.order_by("licence__reference", "number")
    return {f"{r.licence.reference[-3]}.{r.number}": r.status for r in rows.select_related("licence")}


def data_of(event: str) -> dict[str, Any]:
    return dict(LedgerEntry.from_bytes(Entry.objects.get(event=event).body.encode()).data)


def test_a_trigger_is_answered_by_somebody_else_within_days_and_shows_when_it_is_not() -> None:
    change = proposed(destinations=("XV", "XN"))
    assert queries.change(viewer=MANAGER, id=change).answer_by == TODAY + timedelta(days=5)
    assert [t.text for t in inbox(viewer=MANAGER).items if t.subject == change] == [
        "Accept or decline the trigger of a change of circumstances, with reasons"
    ]
    ground.later(days=6)
    (late,) = queries.overdue_triggers()
    assert (late.id, late.overdue, queries.change(viewer=MANAGER, id=change).overdue) == (change, True, True)
    with pytest.raises(RefusedError):
        do(actions.accept_trigger, PENHOLDER, change, 1, reasons=WHY)
    with pytest.raises(InvalidError):
        do(actions.decline_trigger, MANAGER, change, 1, reasons="n/a")
    do(actions.decline_trigger, MANAGER, change, 1, reasons="The reports are of 2019 and were assessed then.")
    assert queries.overdue_triggers() == ()
    with pytest.raises(ConflictError, match=r"is declined; accept is not allowed\. Allowed: nothing"):
        do(actions.accept_trigger, MANAGER, change, 2, reasons=WHY)


def test_whoever_proposed_a_trigger_does_not_answer_it_and_exporters_propose_none() -> None:
    by_manager = perform(
        actions.propose_trigger, MANAGER, trigger=Trigger.COUP, destinations=("XV",), happened_on=TODAY, words=WHY
    ).result.id
    with pytest.raises(SeparationError):
        do(actions.accept_trigger, MANAGER, by_manager, 1, reasons=WHY)
    do(actions.accept_trigger, SENIOR, by_manager, 1, reasons=WHY)
    with pytest.raises(RefusedError):
        perform(
            actions.propose_trigger,
            READER,
            trigger=Trigger.COUP,
            destinations=("XV",),
            happened_on=TODAY,
            words=WHY,
        )


def test_a_hold_on_pending_cases_is_placed_by_the_system() -> None:
    change = proposed(destinations=("XV", "XN"))
    do(actions.accept_trigger, MANAGER, change, 1, reasons=WHY)
    do(actions.hold_pending, MANAGER, change, 2, reasons=WHY, review_by=TODAY + timedelta(days=14))
    for place in ("XN", "XV"):
        (hold,) = restrictions.held(place, TODAY)
        assert (hold.cause, hold.review_by) == (change, TODAY + timedelta(days=14))
    assert [r.destinations for r in queries.change(viewer=MANAGER, id=change).restrictions] in (
        [("XN",), ("XV",)],
        [("XV",), ("XN",)],
    )


def test_the_stocktake_runs_on_the_register_in_both_scopes_and_its_rows_are_kept() -> None:
    world()
    change = stocktaken()
    data = data_of("review.StocktakeRun")
    assert {n: data[n] for n in ("on", "known", "could", "unknown", "excluded", "granted_could")} == {
        "on": "2024-11-22",
        "known": None,
        "could": 2,
        "unknown": 1,
        "excluded": 2,
        "granted_could": 2,
    }
    run = Stocktake.objects.get()
    with vault().files.open(run.rows_address, subject=run.public_id) as plain:
        rows = list(csv.DictReader(io.StringIO(plain.read().decode())))
    assert len(rows) == 10
    assert [r["scope"] for r in rows].count("granted") == 5
    found = queries.lines(viewer=MANAGER, change=change).items
    assert [(x.reference[-3], x.number, x.engine.value, x.because, x.reaches) for x in found] == [
        ("1", 1, "could", "", True),
        ("1", 2, "unknown", "hint_not_exhaustive", True),
        ("2", 1, "could", "", True),
        ("4", 1, "excluded", "stated_civil_end_user", True),
    ]
    assert found[0].path == "ML10 > military aircraft > air strikes"


def test_a_person_may_say_other_than_the_engine_and_both_are_shown() -> None:
    made = world()
    change = stocktaken()
    name = f"{made['both']}:2"
    with pytest.raises(InvalidError) as refused:
        do(actions.classify_lines, PENHOLDER, change, 4, lines=(name,), use=Use.NO, reasons="-")
    assert list(refused.value.fields) == ["reasons"]
    with pytest.raises(InvalidError, match="the stocktake has no line"):
        do(actions.classify_lines, PENHOLDER, change, 4, lines=(f"{made['third']}:1",), use=Use.NO, reasons=WHY)
    do(actions.classify_lines, PENHOLDER, change, 4, lines=(name,), use=Use.NO, reasons="Worn by aid workers.")
    (line,) = [x for x in queries.lines(viewer=MANAGER, change=change).items if x.name == name]
    assert (line.engine, line.person, line.differs, line.reasons) == (
        EngineUse.UNKNOWN,
        Use.NO,
        True,
        "Worn by aid workers.",
    )
    assert [x.name for x in queries.lines(viewer=MANAGER, change=change, differing=True).items] == [name]
    with pytest.raises(ConflictError, match="2 lines in force are not classified by a person"):
        do(actions.assess_change, MANAGER, change, 5, words="Done with it.")


def test_of_each_line_it_is_said_which_facts_would_change_the_answer() -> None:
    made = world()
    change = stocktaken()
    could, unknown, excluded = EngineUse.COULD, EngineUse.UNKNOWN, EngineUse.EXCLUDED
    direct = facts_of(viewer=MANAGER, change=change, name=f"{made['both']}:1")
    assert (direct.use, direct.is_as_run) == (could, True)
    assert [(f.fact, f.now, f.if_yes, f.if_no, f.ask) for f in direct.facts] == [
        ("XV operates forces of: Forces of Velmora", "yes", could, excluded, "profile"),
        ("the goods can reach: air strikes", "yes", could, unknown, "tracing"),
        ("Forces of Velmora used: air strikes", "yes", could, unknown, "profile"),
        ("the goods can reach any of the means that were used", "yes", could, excluded, "exporter"),
        ("the end user in the stated destination is its forces", "yes", could, excluded, "licensing authority"),
    ]
    onward = facts_of(viewer=MANAGER, change=change, name=f"{made['onward']}:1")
    assert [(f.fact, f.now, f.changes) for f in onward.facts if f.now == "unknown"] == [
        ("the final end user is forces", "unknown", True)
    ]
    for viewer in (exporter("owner"), MINISTER):
        with pytest.raises(AbsentError):
            facts_of(viewer=viewer, change=change, name="L-nothing:1")


def test_what_would_change_the_answer_is_said_as_the_books_stood_at_the_run() -> None:
    """What came later is in the next run: it does not make the answer of this one another."""
    made = world()
    change = stocktaken()
    before = facts_of(viewer=MANAGER, change=change, name=f"{made['both']}:1")
    ground.later(minutes=5)
    line = Line.objects.select_related("licence").get(licence__public_id=made["both"], number=1)
    perform(
        register.amend_line, officer("other", "licensing_manager"), licence=made["both"], line=1,
        terms=terms(destination="XV", end_user="commercial", quantity_limit=Decimal(9)), reasons=WHY,
        effective_on=TODAY, expected_version=line.licence.version,
    )  # fmt: skip
    ground.later(minutes=5)
    after = facts_of(viewer=MANAGER, change=change, name=f"{made['both']}:1")
    assert (after.facts, after.is_as_run) == (before.facts, True)


def test_every_option_stands_with_what_it_would_do() -> None:
    change = optioned(world())
    options = queries.change(viewer=MINISTER, id=change).options
    assert options is not None
    assert [(c.option, c.lines, c.licences, dict(c.values), c.of_them_unknown) for c in options.consequences] == [
        (Option.KEEP, 0, 0, {}, 0),
        (Option.SUSPEND_POSSIBLE, 3, 2, {"GBP": Decimal("100900.00")}, 1),
        (Option.SUSPEND_ALL, 4, 3, {"GBP": Decimal("150900.00")}, 1),
        (Option.REVOKE, 3, 2, {"GBP": Decimal("100900.00")}, 1),
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"power": None}, ["power"]),
        ({"terms": ""}, ["terms"]),
        ({"terms": "as above"}, ["terms"]),
        ({"reasons": "policy"}, ["reasons"]),
        ({"review_by": TODAY}, ["review_by"]),
        ({"option": Option.KEEP, "power": None, "terms": ""}, ["against_reasons"]),
        ({"option": Option.REVOKE, "against_reasons": WHY}, ["limb"]),
        ({"exemptions": ("EX-0",)}, ["exemptions"]),
        ({"moratorium_destinations": ("XV",)}, ["moratorium_limb"]),
        ({"moratorium_destinations": ("XV",), "moratorium_limb": LIMB}, ["moratorium_basis"]),
        ({"moratorium_scope": "in: {destination: [XV]}"}, ["moratorium_destinations"]),
    ],
)
def test_a_decision_that_does_not_say_what_it_needs_is_refused(changes: dict[str, Any], fields: list[str]) -> None:
    change = optioned(world())
    with pytest.raises(InvalidError) as refused:
        do(actions.decide_change, MINISTER, change, 8, **SUSPENSION | changes)
    assert list(refused.value.fields) == fields
    assert set(statuses().values()) == {"issued"}


@pytest.mark.parametrize("about", ["change", "XV", "licence"])
def test_while_a_question_about_it_is_open_a_decision_says_why_it_does_not_wait(about: str) -> None:
    made = world()
    change = optioned(made)
    target = {"change": change, "licence": made["both"]}.get(about, about)
    gate = GivenGate(id="C-1", target=target, question="Is it so?", since=TODAY, level="owner")
    perform(import_gates, SYSTEM, made_on=TODAY, gates=(gate,))
    with pytest.raises(InvalidError) as refused:
        do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    assert dict(refused.value.fields) == {"gate_reasons": "is needed: a question about it is open: C-1"}
    why = "Lives are at risk while the answer is awaited."
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION, gate_reasons=why)
    decision = queries.change(viewer=MINISTER, id=change).decision
    assert decision is not None
    assert (decision.gates, decision.gate_reasons) == (("C-1",), why)
    assert "gates" not in data_of("review.ChangeDecided")
    assert list(run_replays()) == []


def test_whoever_put_the_options_does_not_decide() -> None:
    change = optioned(world())
    both = officer("manager", "decider")
    with pytest.raises(SeparationError):
        do(actions.decide_change, both, change, 8, **SUSPENSION)
    with pytest.raises(RefusedError):
        do(actions.decide_change, SENIOR, change, 8, **SUSPENSION)


def test_a_decision_suspends_leaves_and_sets_a_moratorium_and_customs_are_told() -> None:
    made = world()
    exemption = proposal(scope="under: {ratings: [ML13]}")
    announce(exemption)
    change = optioned(made)
    ground.later(minutes=5)
    do(
        actions.decide_change,
        MINISTER,
        change,
        8,
        **SUSPENSION,
        exemptions=(exemption,),
        moratorium_destinations=("XV",),
        moratorium_limb=LIMB,
        moratorium_basis="Undertaking to the court of 20 November.",
    )
    assert statuses() == {
        "1.1": "suspended",
        "1.2": "issued",
        "2.1": "suspended",
        "3.1": "issued",
        "4.1": "issued",
    }
    view = queries.change(viewer=MINISTER, id=change)
    assert (view.state, view.skipped) == (State.EXECUTED, ())
    assert view.decision is not None
    assert view.decision.left == {f"{made['both']}:2": (exemption,)}
    data = data_of("review.ChangeDecided")
    assert (data["lines"], data["licences"], data["left"], data["is_against_advice"]) == (2, 2, 1, False)
    assert "stopped" not in data
    assert data_of("review.DecisionExecuted")["moratorium"] == view.moratorium
    later = enter("GBSIEL/2024/0000009/P", terms(destination="XV"))
    with pytest.raises(MoratoriumError, match=view.moratorium):
        issue(later)
    kinds = CustomsMessage.objects.filter(kind="suspend").values_list("licence__reference", flat=True)
    assert sorted(kinds) == ["GBSIEL/2024/0000001/P", "GBSIEL/2024/0000002/P"]


def test_what_is_decided_is_done_licence_by_licence_in_the_order_of_their_references() -> None:
    """Not of their ids, which chance makes: a second telling of the same is in the same order."""
    made = world()
    ground.at(date(2024, 6, 1))
    more = [issued(f"GBSIEL/2024/{n:07}/P", terms(destination="XV")) for n in (31, 7, 22, 15, 11, 29)]
    ground.at(TODAY)
    change = optioned(made, more=tuple(more))
    ground.later(minutes=5)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    wanted = [made["both"], made["onward"], *(more[n] for n in (1, 4, 3, 2, 5, 0))]
    done = Act.objects.filter(act="register.suspend_lines").order_by("entry_id").values_list("about", flat=True)
    assert list(done) == wanted
    view = queries.change(viewer=MINISTER, id=change)
    assert [e.licence for e in view.enforcement] == wanted
    assert view.decision is not None
    assert list(view.decision.stopped) == [  # in the order of the register
        f"{made['both']}:1",
        f"{made['both']}:2",
        *(f"{licence}:1" for licence in (made["onward"], *more)),
    ]


def test_whoever_decided_a_suspension_does_not_lift_it() -> None:
    made = world()
    change = optioned(made)
    ground.later(minutes=5)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    both = replace(MINISTER, roles=MINISTER.roles | {"licensing_manager"})
    line = Line.objects.select_related("licence").get(licence__public_id=made["onward"])
    given: dict[str, Any] = {
        "lines": (1,),
        "reasons": WHY,
        "effective_on": TODAY,
        "expected_version": line.licence.version,
    }
    with pytest.raises(SeparationError, match=r"did register\.suspend_lines on L-"):
        perform(register.reinstate_lines, both, licence=made["onward"], **given)
    perform(register.reinstate_lines, SENIOR, licence=made["onward"], **given)


def test_a_decision_against_advice_is_taken_with_reasons_and_says_so() -> None:
    change = optioned(world())
    keep = {"option": Option.KEEP, "reasons": WHY, "review_by": TODAY + timedelta(days=30)}
    do(actions.decide_change, MINISTER, change, 8, **keep, against_reasons="Allies asked for a month more.")
    assert data_of("review.ChangeDecided")["is_against_advice"] is True
    assert set(statuses().values()) == {"issued"}
    assert queries.change(viewer=MINISTER, id=change).state is State.EXECUTED


def test_revoking_is_done_under_a_limb() -> None:
    change = optioned(world(), recommended=Option.REVOKE)
    given = {"option": Option.REVOKE, "reasons": WHY, "review_by": TODAY + timedelta(days=30), "limb": LIMB}
    do(actions.decide_change, MINISTER, change, 8, **given)
    assert [n for n, s in statuses().items() if s == "revoked"] == ["1.1", "1.2", "2.1"]


def test_a_line_that_is_no_longer_issued_is_left_and_named() -> None:
    made = world()
    change = optioned(made)
    ground.suspend(made["both"], 1, by=MANAGER)
    ground.later(minutes=5)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    view = queries.change(viewer=MINISTER, id=change)
    assert view.skipped == (f"{made['both']}:1",)
    assert data_of("review.DecisionExecuted")["skipped"] == 1


def test_customs_acknowledge_all_but_one_and_the_overdue_one_shows() -> None:
    made = world()
    change = optioned(made)
    draw(made["onward"], "m-0", "10", value=Decimal("90.00"))  # on the day of the decision, before it
    ground.later(minutes=5)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    ground.later(hours=20)
    message = CustomsMessage.objects.get(kind="suspend", licence__public_id=made["both"])
    perform(
        register.acknowledge_customs_message,
        DESK,
        message=message.public_id,
        their_reference="CDS-1",
        acknowledged_at=ground.Clock.moment,
    )
    ground.later(days=3)
    first, second = queries.change(viewer=MINISTER, id=change).enforcement
    taken, waiting = (first, second) if first.licence == made["both"] else (second, first)
    assert taken.acknowledged_at is not None
    assert (taken.acknowledged_at - taken.told_at, taken.shipped) == (timedelta(hours=20), ())
    assert (waiting.acknowledged_at, waiting.is_overdue(ground.now().date())) == (None, True)
    assert waiting.shipped == ((TODAY, 1, Decimal("90.00"), Decimal(10)),)
    late = [o for o in register_overdue(viewer=MANAGER) if o.kind == "customs" and o.what == "suspend"]
    assert [o.licence for o in late] == [made["onward"]]


def test_what_an_exemption_lets_through_is_computed_for_each_day_since_it_was_announced() -> None:
    made = world()
    exemption = proposal(scope="under: {ratings: [ML13]}")
    announce(exemption)
    change = optioned(made)
    ground.later(days=2)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION | {"exemptions": (exemption,)})
    ground.later(days=2)
    draw(made["both"], "m-1", "40", line=2, value=Decimal("20000.00"))
    ground.later(days=2)
    days = queries.exemption_days(viewer=MINISTER, exemption=exemption)
    assert [d.on for d in days] == [TODAY + timedelta(days=n) for n in range(7)]
    assert [len(d.lines) for d in days] == [0, 0, 1, 1, 1, 1, 1]
    assert [dict(d.values) for d in days[1:3]] == [{}, {"GBP": Decimal("50000.00")}]
    assert [dict(d.used) for d in days[3:5]] == [{}, {"GBP": Decimal("20000.00")}]
    assert [d.unreported for d in days] == [0, 0, 1, 1, 0, 0, 0]
    with pytest.raises(AbsentError):
        queries.exemption_days(viewer=READER, exemption=exemption)


def test_the_count_of_suspensions_between_two_days_has_no_remainder() -> None:
    made = world()
    change = optioned(made)
    ground.later(minutes=5)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    ground.later(days=10)
    ground.reinstate(made["both"], 2, by=SENIOR, version=3)
    ground.later(days=20)
    owner = ground.exporter("owner", "O-1")
    ground.surrender(made["onward"], 1, by=owner, version=3)
    ground.later(days=600)
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=630)
    found = count_bridge(viewer=MANAGER, first=first, last=last)
    assert (found.lines.first, found.lines.last, found.lines.remainder) == (3, 0, 0)
    assert {m.value: n for m, n in found.lines.by_mover().items()} == {
        "expired": (0, 1),
        "surrendered": (0, 1),
        "reinstated": (0, 1),
    }
    assert (found.licences.first, found.licences.last, found.licences.remainder) == (2, 0, 0)
    only = count_bridge(viewer=MANAGER, first=first, last=last, destination="XN")
    assert (only.lines.first, only.lines.last) == (1, 0)


def test_a_review_closes_it_and_nothing_leads_round_the_order() -> None:
    change = optioned(world())
    with pytest.raises(ConflictError, match=r"is options; review is not allowed\. Allowed: options, decide"):
        do(actions.review_change, MINISTER, change, 8, reasons=WHY)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    do(actions.review_change, MINISTER, change, 10, reasons="The campaign goes on; it stays.")
    assert queries.change(viewer=MANAGER, id=change).state is State.REVIEWED
    with pytest.raises(RefusedError):
        perform(actions.record_execution, MINISTER, change=change, stopped=(), skipped=())
    with pytest.raises(ConflictError):
        perform(actions.record_execution, SYSTEM, change=change, stopped=(), skipped=())


def test_it_is_told_as_it_was_known() -> None:
    change = proposed()
    then = ground.now()
    ground.later(days=1)
    do(actions.accept_trigger, MANAGER, change, 1, reasons=WHY)
    ground.later(seconds=5)
    assert queries.change(viewer=MANAGER, id=change, known=then).state is State.PROPOSED
    assert queries.change(viewer=MANAGER, id=change).state is State.OPENED
    with pytest.raises(AbsentError):
        queries.change(viewer=READER, id=change)


def test_a_reaction_that_broke_off_is_done_once_when_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = world()
    change = optioned(made)
    ground.later(minutes=5)
    seen: list[str] = []

    def breaks(act: Any, actor: Any, **given: Any) -> Any:
        if act is register.suspend_lines:
            seen.append(given["licence"])
            if len(seen) == 2:
                raise OSError("the power failed")
        return perform(act, actor, **given)

    monkeypatch.setattr(reactions, "perform", breaks)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    assert sorted(statuses().values()).count("suspended") in {1, 2}
    assert Circumstance.objects.get().state == "decided"
    monkeypatch.setattr(reactions, "perform", perform)
    ground.later(minutes=5)
    with own_door(), transaction.atomic():
        OutboxRow.objects.filter(done_at=None).update(due_at=ground.now())
    assert drain() == 1
    assert Circumstance.objects.get().state == "executed"
    assert sorted(statuses().values()).count("suspended") == 3
    assert Entry.objects.filter(event="register.LinesSuspended").count() == 2


def test_the_tables_are_what_the_events_make_of_them() -> None:
    change = optioned(world())
    ground.later(minutes=5)
    do(actions.decide_change, MINISTER, change, 8, **SUSPENSION)
    assert list(run_replays()) == []
    with action_door(), transaction.atomic():
        Circumstance.objects.update(state="reviewed")
    assert [d.what for d in run_replays()] == ["the ledger and the tables differ in state"]
