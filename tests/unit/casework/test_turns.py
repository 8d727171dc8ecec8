"""What would change the answer, line by line: each fact by itself, judged again by the rules that refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.assessment.values import Finding
from penholder.casework.policy import decision
from penholder.casework.policy.advice import limbs_of
from penholder.casework.policy.proposal import SUPPORTS_REFUSAL, wrong_with_outcome
from penholder.casework.policy.turns import Bearing, Line, Standing, flips, stops, turns
from penholder.casework.values import Outcome
from penholder.regime.regimes import regime
from penholder.restrictions.values import Block, Hold

DAY = date(2024, 4, 8)
LIMB, WEIGHED = "uk-selc-2021/2c", "uk-selc-2021/7"
ALL = limbs_of(regime("uk-selc-2021"), on=DAY)
FIRST = next(r for r, rule in ALL.items() if rule.consequence == decision.MANDATORY and r != LIMB)
RULES = {r: ALL[r] for r in (FIRST, LIMB, WEIGHED)}
CLEAR, NOT_CLEAR = Finding.CLEAR_RISK, Finding.NO_CLEAR_RISK
HOLD = Hold(id="HO-1", destination="XV", since=DAY, review_by=date(2024, 6, 1), cause="")


def block(
    name: str = "MO-1",
    *,
    truth: bool | None = True,
    missing: tuple[str, ...] = (),
    exemptions: tuple[str, ...] = (),
) -> Block:
    return Block(moratorium=name, limb=LIMB, truth=truth, because=(), missing=missing, exemptions=exemptions)


def grant(*lines: Line, **more: object) -> Standing:
    given_ = {"outcome": Outcome.GRANT, "rules": RULES, "findings": {}, "lines": lines or (Line(number=1),)} | more
    return Standing(**given_)  # type: ignore[arg-type]


def said(standing: Standing) -> list[tuple[str, tuple[str, ...], tuple[int, ...], str, str, bool, int]]:
    return [(t.bearing, t.ids, t.lines, t.now, t.otherwise, t.is_possible, t.left) for t in turns(standing)]


FINDS = "a department finds a clear risk"
LIFTED = f"it is lifted, or an exemption from {LIMB} that matches is in force"
TABLE = {
    "nothing is found: a clear risk under a mandatory limb would refuse, one under another would not": (
        grant(Line(number=1), Line(number=2)),
        [("finding", (FIRST, LIMB), (1, 2), "not answered", FINDS, True, 1)],
    ),
    "an advice that is not followed is named before what nobody found": (
        grant(
            findings={LIMB: NOT_CLEAR, FIRST: Finding.INSUFFICIENT_INFORMATION},
            others={LIMB: (("Foreign affairs", CLEAR), ("Development", Finding.NOT_ENGAGED))},
        ),
        [
            ("finding", (FIRST,), (1,), "insufficient information", FINDS, True, 1),
            (
                "advice", (LIMB,), (1,), "no clear risk",
                "the advice of Foreign affairs is followed: clear risk", True, 1,
            ),
        ],
    ),
    "a clear risk refuses: an exemption, or another finding, would let it through": (
        grant(findings={LIMB: CLEAR, FIRST: NOT_CLEAR}),
        [
            ("exemption", (LIMB,), (1,), "none covers the line", "one that matches is in force", False, 0),
            ("finding", (LIMB,), (1,), "clear risk", "a department finds no clear risk", False, 0),
        ],
    ),
    "what lets one line through is an exemption that can end; the other stays refused": (
        grant(
            Line(number=1, exempted={LIMB: ("EX-1",)}),
            Line(number=2, exempted={LIMB: ()}),
            findings={LIMB: CLEAR, FIRST: NOT_CLEAR},
        ),
        [
            ("exemption", ("EX-1",), (1,), "lets the line through", "it ends", True, 1),
            ("finding", (FIRST,), (1,), "no clear risk", FINDS, True, 1),
            ("exemption", (LIMB,), (2,), "none covers the line", "one that matches is in force", False, 0),
            ("finding", (LIMB,), (2,), "clear risk", "a department finds no clear risk", False, 0),
        ],
    ),
    "of two that let it through neither turns the answer by its end": (
        grant(Line(number=1, exempted={LIMB: ("EX-1", "EX-2")}), findings={LIMB: CLEAR, FIRST: NOT_CLEAR}),
        [("finding", (FIRST,), (1,), "no clear risk", FINDS, True, 1)],
    ),
    "a moratorium refuses, and so it does where it may match; one that an exemption opens does not": (
        grant(
            Line(number=1, blocks=(block(),)),
            Line(number=2, blocks=(block(truth=None, missing=("end_user_class",)),)),
            Line(number=3, blocks=(block(exemptions=("EX-1",)),)),
            findings={LIMB: NOT_CLEAR, FIRST: NOT_CLEAR},
        ),
        [
            ("moratorium", ("MO-1",), (1,), "matches", LIFTED, False, 0),
            (
                "moratorium", ("MO-1",), (2,), "may match: end_user_class not known",
                f"what is missing is stated, and it does not match; or {LIFTED}", False, 0,
            ),
            ("exemption", ("EX-1",), (3,), "lets the line through", "it ends", True, 1),
            ("finding", (FIRST, LIMB), (3,), "no clear risk", FINDS, True, 1),
        ],
    ),
    "two things refuse: each is named, with the other left": (
        grant(Line(number=1, blocks=(block(),)), holds=(HOLD,), findings={LIMB: NOT_CLEAR}),
        [
            ("hold", ("HO-1",), (1,), "stands still since 2024-04-08", "it is lifted", False, 1),
            ("moratorium", ("MO-1",), (1,), "matches", LIFTED, False, 1),
        ],
    ),
    "a refusal falls with the limb on which it rests": (
        replace(
            grant(findings={LIMB: CLEAR}, refusal_limbs=(LIMB,), others={LIMB: (("Defence", NOT_CLEAR),)}),
            outcome=Outcome.REFUSE,
        ),
        [("advice", (LIMB,), (1,), "clear risk", "the advice of Defence is followed: no clear risk", True, 1)],
    ),
    "a refusal that nothing carries": (
        replace(grant(findings={LIMB: NOT_CLEAR}), outcome=Outcome.REFUSE),
        [
            ("finding", (FIRST, WEIGHED), (1,), "not answered", FINDS, False, 0),
            ("finding", (LIMB,), (1,), "no clear risk", FINDS, False, 0),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_would_change_the_answer(name: str) -> None:
    standing, expected = TABLE[name]
    assert said(standing) == expected


FINDINGS = st.dictionaries(st.sampled_from(sorted(RULES)), st.sampled_from(Finding))
IDS = st.lists(st.sampled_from(["EX-1", "EX-2"]), unique=True).map(tuple)
BLOCKS = st.lists(
    st.builds(block, st.sampled_from(["MO-1", "MO-2"]), truth=st.sampled_from([True, None]), exemptions=IDS),
    max_size=2,
    unique_by=lambda b: b.moratorium,
).map(tuple)
LINES = st.builds(
    Line, number=st.just(1), exempted=st.dictionaries(st.sampled_from([FIRST, LIMB]), IDS), blocks=BLOCKS
)
STANDINGS = st.builds(
    Standing,
    outcome=st.sampled_from(Outcome),
    rules=st.just(RULES),
    findings=FINDINGS,
    others=st.dictionaries(
        st.sampled_from(sorted(RULES)),
        st.lists(st.tuples(st.just("Defence"), st.sampled_from(Finding)), max_size=2).map(tuple),
    ),
    refusal_limbs=st.lists(st.sampled_from(sorted(RULES)), unique=True, max_size=2).map(tuple),
    holds=st.sampled_from([(), (HOLD,)]),
    lines=LINES.map(lambda line: (line,)),
)


@given(standing=STANDINGS)
def test_it_is_possible_exactly_where_the_acts_would_not_refuse_it(standing: Standing) -> None:
    (line,) = standing.lines
    free = not standing.holds
    if standing.outcome is Outcome.GRANT:
        found = decision.consistent(Outcome.GRANT, standing.findings, RULES, line.exempted)
        free = free and found.is_consistent and all(b.exemptions for b in line.blocks)
    elif standing.refusal_limbs:
        wrong = wrong_with_outcome(
            Outcome.REFUSE,
            findings=standing.findings,
            refusal_limbs=standing.refusal_limbs,
            valid_until=None,
            today=DAY,
        )
        free = free and not wrong
    else:
        free = free and any(f in SUPPORTS_REFUSAL for f in standing.findings.values())
    assert (not stops(standing, line)) is free


@given(standing=STANDINGS)
def test_each_thing_that_refuses_can_be_turned_and_what_is_said_of_a_turn_is_so(standing: Standing) -> None:
    (line,) = standing.lines
    before = stops(standing, line)
    found = turns(standing)
    assert {t.is_possible for t in found} <= {not before}
    assert all(t.left > 0 for t in found) if not before else all(t.left < len(before) for t in found)
    judged = {
        (f.bearing, f.id, f.otherwise): len(stops(other, changed)) for f, other, changed in flips(standing, line)
    }
    assert all(judged[t.bearing, i, t.otherwise] == t.left for t in found for i in t.ids)
    turned = {i for t in found for i in t.ids}
    assert {s.id for s in before if s.id} <= turned
    if len(before) == 1:
        assert any(t.left == 0 for t in found)


@given(standing=STANDINGS)
def test_what_bears_on_a_grant_alone_bears_on_no_refusal(standing: Standing) -> None:
    kinds = {t.bearing for t in turns(replace(standing, outcome=Outcome.REFUSE))}
    assert not kinds & {Bearing.EXEMPTION, Bearing.MORATORIUM}
