"""What moratoria match and exemptions let through: three-valued, over dated destinations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError
from penholder.restrictions import policy
from penholder.restrictions.policy import Step, blocks, exempt, members_of, reaches, read_scope, roles_of, valid_of
from penholder.restrictions.values import Exemption, LineFacts, Member, Moratorium, StepKind

DAY = date(2024, 9, 2)
LIMB = "uk-selc-2021/2c"
FORCES = "in: {end_user_class: [forces]}"
KNOWN = LineFacts(
    destination="XV",
    onward=(),
    ratings=("ML10a",),
    end_user_class="forces",
    licence_type="standard_permanent",
    roles=("weapon-delivery platform",),
    programmes=(),
)


def moratorium(*members: Member, scope: str = "", **changes: object) -> Moratorium:
    given_: dict[str, object] = {
        "id": "MO-1",
        "limb": LIMB,
        "valid": Interval(DAY, None),
        "members": members or (Member(destination="XV", valid=Interval(DAY, None)),),
        "scope": read_scope(scope),
    }
    return Moratorium(**given_ | changes)  # type: ignore[arg-type]


def exemption(scope: str, **changes: object) -> Exemption:
    given_ = {"id": "EX-1", "limb": LIMB, "valid": Interval(DAY, None), "scope": read_scope(scope)}
    return Exemption(**given_ | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "truth", "missing"),
    [
        (KNOWN, True, ()),
        (replace(KNOWN, destination="XN"), False, ()),
        (replace(KNOWN, destination="XN", onward=("XV",)), True, ()),
        (replace(KNOWN, destination="XN", onward=None), None, ("onward",)),
        (replace(KNOWN, onward=None), True, ()),
        (replace(KNOWN, end_user_class="commercial"), False, ()),
        (replace(KNOWN, end_user_class=None), None, ("end_user_class",)),
        (replace(KNOWN, destination="XN", end_user_class=None), False, ()),
        (LineFacts(), None, ("destination", "onward", "end_user_class")),
    ],
)
def test_a_line_matches_by_destination_or_onward_and_by_scope(
    facts: LineFacts, truth: bool | None, missing: tuple[str, ...]
) -> None:
    found = reaches(facts, moratorium(scope=FORCES), on=DAY)
    assert (found.truth, found.missing) == (truth, missing)


def test_an_unknown_blocks_as_a_match_does_and_only_what_is_known_lets_through() -> None:
    unknown = replace(KNOWN, end_user_class=None)
    rule, through = moratorium(scope=FORCES), exemption("under: {ratings: [ML10]}")
    (block,) = blocks(unknown, moratoria=[rule], exemptions=[], on=DAY)
    assert (block.truth, block.missing, block.exemptions) == (None, ("end_user_class",), ())
    (block,) = blocks(unknown, moratoria=[rule], exemptions=[through], on=DAY)
    assert block.exemptions == ("EX-1",)
    (block,) = blocks(replace(unknown, ratings=None), moratoria=[rule], exemptions=[through], on=DAY)
    assert block.exemptions == ()


def test_an_exemption_counts_from_its_day_until_its_end_and_for_its_limb_alone() -> None:
    scope = "in: {destination: [XV]}"
    ended = exemption(scope, valid=Interval(DAY, DAY + timedelta(days=2)))
    assert [bool(exempt(KNOWN, [ended], limb=LIMB, on=DAY + timedelta(days=n))) for n in (-1, 0, 1, 2)] == [
        False,
        True,
        True,
        False,
    ]
    assert exempt(KNOWN, [exemption(scope, limb="uk-selc-2021/2a")], limb=LIMB, on=DAY) == ()


def test_a_destination_counts_on_the_days_on_which_it_belongs_to_the_set() -> None:
    steps = [
        Step(StepKind.SET, DAY),
        Step(StepKind.ADD, DAY, "XV"),
        Step(StepKind.ADD, DAY + timedelta(days=10), "XN"),
        Step(StepKind.REMOVE, DAY + timedelta(days=20), "XV"),
        Step(StepKind.ADD, DAY + timedelta(days=30), "XT"),
        Step(StepKind.REMOVE, DAY + timedelta(days=30), "XT"),
    ]
    members = members_of(steps)
    assert [(m.destination, m.valid) for m in members] == [
        ("XN", Interval(DAY + timedelta(days=10), None)),
        ("XV", Interval(DAY, DAY + timedelta(days=20))),
    ]
    rule = moratorium(*members)
    assert [rule.destinations_on(DAY + timedelta(days=n)) for n in (-1, 0, 10, 20, 30)] == [
        (),
        ("XV",),
        ("XN", "XV"),
        ("XN",),
        ("XN",),
    ]


def test_a_moratorium_without_destinations_on_a_day_matches_nothing() -> None:
    rule = moratorium(Member(destination="XV", valid=Interval(DAY, DAY + timedelta(days=1))))
    assert reaches(LineFacts(), rule, on=DAY + timedelta(days=1)).truth is False


@pytest.mark.parametrize(
    ("steps", "until", "valid"),
    [
        ([Step(StepKind.PROPOSE, DAY)], None, None),
        ([Step(StepKind.SET, DAY)], None, Interval(DAY, None)),
        ([Step(StepKind.SET, DAY)], DAY + timedelta(days=5), Interval(DAY, DAY + timedelta(days=5))),
        (
            [Step(StepKind.SET, DAY), Step(StepKind.LIFT, DAY + timedelta(days=2))],
            DAY + timedelta(days=5),
            Interval(DAY, DAY + timedelta(days=2)),
        ),
        ([Step(StepKind.SET, DAY), Step(StepKind.LIFT, DAY)], None, None),
        ([Step(StepKind.PROPOSE, DAY), Step(StepKind.END, DAY)], None, None),
    ],
)
def test_a_restriction_is_in_force_from_its_first_day_until_its_end(
    steps: list[Step], until: date | None, valid: Interval | None
) -> None:
    assert valid_of(steps, until=until) == valid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in: {end_user_class: [army]}", "'army' is not a word of end_user_class"),
        ("in: {colour: [red]}", "'colour' is not a fact; allowed: destination"),
        ("{in: {destination: [XV]}, source: a remark}", "`source` is not allowed; scopes are published"),
        ("XV", "must be a mapping"),
        ("in: {roles: [unknown]}", "'unknown' is not a word of roles"),
    ],
)
def test_a_scope_that_cannot_be_computed_or_holds_free_text_is_refused(text: str, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_scope(text)
    assert said in refused.value.message


def test_roles_come_from_the_hints_and_are_not_known_where_one_rating_has_none() -> None:
    assert roles_of(("ML4", "ML5")) == ("targeting", "weapon")
    assert roles_of(("ML4", "ML16")) is None
    assert roles_of(("PL9009",)) is None  # its role hangs on who uses it
    assert roles_of(None) is None


PLACES = ("XN", "XT", "XV")
facts_of_lines = st.builds(
    LineFacts,
    destination=st.sampled_from([None, *PLACES]),
    onward=st.none() | st.lists(st.sampled_from(PLACES), unique=True, max_size=2).map(tuple),
    ratings=st.none() | st.sampled_from([("ML10a",), ("ML4",), ("6A003",)]),
    end_user_class=st.sampled_from([None, "forces", "commercial"]),
    licence_type=st.none(),
    roles=st.none(),
    programmes=st.none() | st.sampled_from([(), ("pool-1",)]),
)
scopes = st.sampled_from(
    ["", FORCES, f"not: {{{FORCES}}}", "under: {ratings: [ML10]}", "in: {programmes: [pool-1]}",
     f"all: [{{{FORCES}}}, {{not: {{in: {{destination: [XT]}}}}}}]"]
)  # fmt: skip


def completions(facts: LineFacts) -> list[LineFacts]:
    """Every way in which what is not known could turn out."""
    found = [facts]
    for name, values in (
        ("destination", PLACES),
        ("onward", ((), ("XN",), ("XT",), ("XV",), ("XT", "XV"))),
        ("ratings", (("ML10a",), ("ML4",))),
        ("end_user_class", ("forces", "commercial")),
        ("programmes", ((), ("pool-1",))),
    ):
        if getattr(facts, name) is None:
            found = [replace(f, **{name: v}) for f in found for v in values]  # type: ignore[arg-type]
    return found


@given(facts=facts_of_lines, rule=scopes, through=scopes, on=st.integers(-2, 30))
def test_what_passes_would_pass_however_the_unknown_turns_out(
    facts: LineFacts, rule: str, through: str, on: int
) -> None:
    day = DAY + timedelta(days=on)
    members = (
        Member(destination="XV", valid=Interval(DAY, None)),
        Member(destination="XT", valid=Interval(DAY + timedelta(days=10), DAY + timedelta(days=20))),
    )
    moratoria, exemptions = [moratorium(*members, scope=rule)], [exemption(through)]

    def passes(one: LineFacts) -> bool:
        return all(b.exemptions for b in blocks(one, moratoria=moratoria, exemptions=exemptions, on=day))

    if passes(facts):
        assert all(passes(one) for one in completions(facts))


@given(steps=st.lists(st.tuples(st.booleans(), st.sampled_from(PLACES), st.integers(0, 9)), max_size=12))
def test_no_day_finds_a_destination_twice_and_every_interval_has_a_day(
    steps: list[tuple[bool, str, int]],
) -> None:
    made, day = [], DAY
    for adds, place, days in steps:
        day += timedelta(days=days)
        made.append(Step(StepKind.ADD if adds else StepKind.REMOVE, day, place))
    members = members_of(made)
    for n in range(120):
        on = DAY + timedelta(days=n)
        covering = [m.destination for m in members if m.valid.covers(on)]
        assert len(covering) == len(set(covering))
        last = {p: s.kind for p in PLACES for s in made if s.destination == p and s.on <= on}
        assert set(covering) == {p for p, kind in last.items() if kind is StepKind.ADD}


def test_the_facts_that_scopes_ask_for_are_the_fields_of_a_line() -> None:
    assert tuple(policy.scope_facts()) == LineFacts.__slots__
