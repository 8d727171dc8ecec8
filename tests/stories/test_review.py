"""Story, part 5: circumstances change, and licences in force are looked at again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.errors import ConflictError, InvalidError
from penholder.ledger.models import Entry
from penholder.register import actions as register
from penholder.register.counting import count_bridge
from penholder.register.models import CustomsMessage
from penholder.register.timeline import overdue
from penholder.restrictions import actions as restriction_actions
from penholder.restrictions import queries as restrictions
from penholder.restrictions.errors import MoratoriumError
from penholder.review import actions, queries
from penholder.review.values import Option, State
from tests import register_ground as ground
from tests.db.test_restrictions import DESK, MANAGER, MINISTER, PENHOLDER, announce, issue, proposal
from tests.db.test_review_acts import LIMB, SUSPENSION, do, installation, optioned, proposed, statuses, world
from tests.register_ground import TODAY, draw, enter, terms

__all__ = ["installation"]  # the fixture of these tests


def decided(made: dict[str, str], **changes: Any) -> tuple[str, str]:
    """The change, and the exemption for body armour; five minutes after the options were put."""
    exemption = proposal(scope="under: {ratings: [ML13]}")
    announce(exemption)
    change = optioned(made)
    ground.later(minutes=5)
    moratorium = {
        "moratorium_destinations": ("XV",),
        "moratorium_limb": LIMB,
        "moratorium_basis": "Undertaking to the court of 20 November.",
    }
    do(
        actions.decide_change,
        MINISTER,
        change,
        8,
        **SUSPENSION | moratorium | {"exemptions": (exemption,)} | changes,
    )
    return change, exemption


# story: A trigger is proposed and accepted; pending cases of the destination are held;
def test_a_trigger_is_proposed_and_accepted_and_pending_cases_are_held() -> None:
    change = proposed()
    do(actions.accept_trigger, MANAGER, change, 1, reasons="The reports are credible.")
    do(
        actions.hold_pending,
        MANAGER,
        change,
        2,
        reasons="Until lines are looked at.",
        review_by=TODAY + timedelta(days=14),
    )
    (hold,) = restrictions.held("XV", TODAY)
    assert hold.cause == change


# story: the stocktake of Main job runs on the register as of the date (both scopes); lines are classified by a
# story: person with reasons; options with consequences;
def test_the_stocktake_runs_in_both_scopes_and_a_person_classifies_with_reasons_and_options_say_what_they_do() -> (
    None
):
    change = optioned(world())
    view = queries.change(viewer=MINISTER, id=change)
    counts = view.stocktakes[-1].counts
    assert [counts[scope]["use"]["could"] for scope in ("in-force", "granted")] == [2, 2]
    assert all(x.reasons for x in queries.lines(viewer=MINISTER, change=change).items if x.person)
    assert view.options is not None
    assert [(c.lines, dict(c.values)) for c in view.options.consequences][1] == (3, {"GBP": Decimal("100900.00")})


# story: the decision suspends some lines (power, terms, reasons, review-by), leaves some by an exemption
# story: ("specific measure": announced when and where, scope as a predicate, the limb that would otherwise require
# story: refusal, review-by; …), and sets a moratorium on a dated set of destinations
def test_the_decision_suspends_some_leaves_some_by_an_exemption_and_sets_a_moratorium() -> None:
    made = world()
    change, exemption = decided(made)
    assert statuses() == {
        "1.1": "suspended", "1.2": "issued", "2.1": "suspended", "3.1": "issued", "4.1": "issued",
    }  # fmt: skip
    view = queries.change(viewer=MINISTER, id=change)
    assert view.state is State.EXECUTED
    assert view.decision is not None
    assert view.decision.left == {f"{made['both']}:2": (exemption,)}
    seen = restrictions.restriction(viewer=MINISTER, id=exemption)
    where = [(s.on, s.where) for s in seen.steps if s.where]
    assert (seen.limb, seen.scope_words, where) == (
        LIMB,
        "ratings is under ML13",
        [(TODAY, "Written statement 114 to the parliament of Ardenia")],
    )
    assert restrictions.restriction(viewer=MINISTER, id=view.moratorium).destinations == ("XV",)


# story: a later grant that matches is refused by the core
def test_a_later_grant_that_matches_the_moratorium_is_refused_by_the_core() -> None:
    change, _ = decided(world())
    moratorium = queries.change(viewer=MINISTER, id=change).moratorium
    with pytest.raises(MoratoriumError, match=moratorium):
        issue(enter("GBSIEL/2024/0000009/P", terms(destination="XV")))
    with pytest.raises(MoratoriumError, match="would have to be known"):
        issue(_of_unknown_use())
    found = restrictions.matching(viewer=MINISTER, moratorium=moratorium)
    assert [m for m in found.found if m.is_breach] == []


def _of_unknown_use() -> str:
    """A draft whose end user is not stated, where a moratorium asks for it."""
    perform(
        restriction_actions.set_moratorium,
        MINISTER,
        destinations=("XT",),
        limb=LIMB,
        legal_basis="Undertaking to the court of 20 November.",
        reasons="Goods of Tarsis go on.",
        valid_from=TODAY,
        review_by=TODAY + timedelta(days=90),
        scope="in: {end_user_class: [forces]}",
    )
    return enter("GBSIEL/2024/0000011/P", terms(destination="XT", end_user="not_stated"))


# story: what it lets through is recomputed each day
def test_what_an_exemption_lets_through_is_recomputed_each_day() -> None:
    made = world()
    _, exemption = decided(made)
    ground.later(days=1)
    draw(made["both"], "m-1", "40", line=2, value=Decimal("20000.00"))
    ground.later(days=1)
    ground.suspend(made["both"], 2, by=MANAGER, version=3)
    ground.later(days=1)
    days = queries.exemption_days(viewer=MINISTER, exemption=exemption)
    assert [(len(d.lines), dict(d.used)) for d in days] == [
        (1, {}),
        (1, {"GBP": Decimal("20000.00")}),
        (0, {}),
        (0, {}),
    ]


# story: Customs acknowledges all but one; the overdue one shows.
def test_customs_acknowledges_all_but_one_and_the_overdue_one_shows() -> None:
    made = world()
    change, _ = decided(made)
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
    today = ground.now().date()
    late = [e for e in queries.change(viewer=MINISTER, id=change).enforcement if e.is_overdue(today)]
    assert [e.licence for e in late] == [made["onward"]]
    shown = [(o.licence, o.days) for o in overdue(viewer=MANAGER) if (o.kind, o.what) == ("customs", "suspend")]
    assert shown == [(made["onward"], 2)]


# story: The count bridge between two days sums to zero remainder.
def test_the_count_bridge_between_two_days_sums_to_zero_remainder() -> None:
    made = world()
    decided(made)
    first = TODAY
    ground.later(days=30)
    ground.surrender(made["onward"], 1, by=ground.exporter("owner", "O-1"), version=3)
    ground.suspend(made["civil"], 1, by=MANAGER)
    ground.later(days=70)
    found = count_bridge(viewer=MANAGER, first=first, last=TODAY + timedelta(days=100))
    assert (found.lines.first, found.lines.last, found.lines.remainder) == (2, 2, 0)
    assert {m.value: n for m, n in found.lines.by_mover().items()} == {"suspended": (1, 0), "surrendered": (0, 1)}
    assert found.licences.remainder == 0


# story: (machine) anything else refused
@pytest.mark.parametrize("move", ["hold", "stocktake", "classify", "assess", "options", "decide", "review"])
def test_a_step_out_of_order_is_refused(move: str) -> None:
    change = proposed()
    acts: dict[str, tuple[Any, Any, dict[str, Any]]] = {
        "hold": (actions.hold_pending, MANAGER, {"reasons": "Now.", "review_by": TODAY + timedelta(days=9)}),
        "stocktake": (actions.run_stocktake, PENHOLDER, {"on": TODAY, "profile": "x: y"}),
        "classify": (actions.classify_lines, PENHOLDER, {"lines": ("L-1:1",), "use": "yes", "reasons": "Seen."}),
        "assess": (actions.assess_change, MANAGER, {"words": "All is said."}),
        "options": (actions.set_options, MANAGER, {"recommended": "suspend_all", "advice": "All of it."}),
        "decide": (actions.decide_change, MINISTER, SUSPENSION),
        "review": (actions.review_change, MINISTER, {"reasons": "It stays."}),
    }
    act, by, given = acts[move]
    with pytest.raises(ConflictError, match=f"is proposed; {move} is not allowed"):
        do(act, by, change, 1, **given)
    assert Entry.objects.filter(about=change).count() == 1


# story: (against advice needs reasons)
def test_a_decision_against_advice_needs_reasons() -> None:
    change = optioned(world())
    keep = {"option": Option.KEEP, "reasons": "Allies asked.", "review_by": TODAY + timedelta(days=30)}
    with pytest.raises(InvalidError) as refused:
        do(actions.decide_change, MINISTER, change, 8, **keep)
    assert list(refused.value.fields) == ["against_reasons"]
