"""What is missing of an application, what changed of it, what names resemble, what advice must say."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import ConflictError, InvalidError
from penholder.assessment.values import Finding, RiskView, UseView
from penholder.casework.machine import machine, read_departments, read_machine
from penholder.casework.parts import Application, EndUse, GoodsLine, Leg, LimbFinding, Party, TemporaryExport
from penholder.casework.policy.advice import check_advice, limbs_of
from penholder.casework.policy.complete import HANDLED, check_type, missing
from penholder.casework.policy.difference import difference
from penholder.casework.policy.facts import direct_destination, end_user_class, onward_places, places_of
from penholder.casework.policy.screening import place_match, resemblance, score_of, words_of
from penholder.casework.reading import read_list
from penholder.casework.values import (
    CaseMove,
    CaseStatus,
    Incorporated,
    PartyRole,
    PlaceMatch,
    Recommendation,
    RouteAct,
)
from penholder.kernel.errors import RuleError
from penholder.regime.licence_types import licence_types
from penholder.regime.regimes import regime
from penholder.rules.records import parse_record

DAY = date(2024, 4, 8)
LIMB = "uk-selc-2021/2c"
APPROVE = Recommendation.APPROVE


def line(**changes: object) -> GoodsLine:
    given = GoodsLine(
        description="Pumps",
        quantity=Decimal(1),
        unit="item",
        value=Decimal(1),
        currency="GBP",
        incorporated=Incorporated.NO,
        programmes=(),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


USER = Party(
    role=PartyRole.END_USER,
    name="Navy of Velmora",
    place="XV",
    end_user_class="forces",
    no_undertaking_because="The consulate attests it instead.",
)
BUILDER = replace(USER, name="Yard", place="XN", end_user_class="commercial")
LAST = Party(role=PartyRole.ULTIMATE_END_USER, name="Navy of Velmora", place="XV", end_user_class="forces")
FORWARDER = Party(role=PartyRole.CONSIGNEE, name="Forwarder", place="XN")
LEG = Leg(place="XV", act=RouteAct.DELIVER)
ANSWERS = EndUse(
    intended="Patrols of the coast.",
    military=True,
    told_of_wmd=False,
    suspects_wmd=False,
    security_approvals=(),
    harm_of_disclosure="",
)
DIRECT = Application(
    licence_type="standard_permanent",
    title="Pumps",
    goods=(line(),),
    parties=(USER,),
    route=(LEG,),
    end_use=ANSWERS,
    declared=True,
)
BUILT_IN = replace(
    DIRECT,
    goods=(line(incorporated=Incorporated.YES), line()),
    parties=(BUILDER, LAST, FORWARDER),
    route=(Leg(place="XN", act=RouteAct.INCORPORATE), Leg(place="XV", act=RouteAct.DELIVER)),
)


def fields(application: Application) -> list[str]:
    return [m.field for m in missing(application)]


def test_whole_applications_lack_nothing() -> None:
    assert (missing(DIRECT), missing(BUILT_IN)) == ((), ())


def test_an_empty_application_lacks_an_answer_in_every_part() -> None:
    assert fields(Application(licence_type="standard_permanent", title="Pumps")) == [
        "goods", "parties.end_user", "route", "end_use.intended", "end_use.military", "end_use.told_of_wmd",
        "end_use.suspects_wmd", "end_use.security_approvals", "end_use.harm_of_disclosure", "declaration",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"goods": (line(incorporated=Incorporated.NOT_KNOWN),)}, ["goods.1.incorporated"]),
        ({"goods": (line(), line(programmes=None))}, ["goods.2.programmes"]),
        ({"parties": (replace(USER, no_undertaking_because=""),)}, ["parties.end_user.undertaking"]),
        ({"parties": (replace(USER, no_undertaking_because="n/a"),)}, ["parties.end_user.undertaking"]),
        ({"parties": (replace(USER, end_user_class="not_stated"),)}, ["parties.end_user.end_user_class"]),
        ({"parties": (USER, replace(USER, name="Army"))}, ["parties.end_user"]),
        ({"route": (Leg(place="XV", act=RouteAct.INCORPORATE),)}, ["parties.consignee", "route.1.act"]),
        (
            {"route": (Leg(place="XV", act=RouteAct.DELIVER, party="Nobody"),)},
            ["parties.consignee", "route.1.party"],
        ),
        ({"end_use": replace(ANSWERS, intended=" . ")}, ["end_use.intended"]),
        ({"end_use": replace(ANSWERS, military=None)}, ["end_use.military"]),
        ({"end_use": replace(ANSWERS, security_approvals=None)}, ["end_use.security_approvals"]),
        ({"end_use": replace(ANSWERS, harm_of_disclosure=None)}, ["end_use.harm_of_disclosure"]),
        ({"declared": False}, ["declaration"]),
        ({"licence_type": "standard_temporary"}, ["end_use.temporary"]),
    ],
)
def test_each_answer_that_is_missing_is_named(changes: dict[str, object], lacks: list[str]) -> None:
    assert fields(replace(DIRECT, **changes)) == lacks  # type: ignore[arg-type]


def test_goods_that_are_built_in_need_an_ultimate_end_user_who_is_another_and_a_place_where() -> None:
    assert fields(replace(BUILT_IN, parties=(BUILDER, FORWARDER))) == ["parties.ultimate_end_user"]
    same = replace(LAST, name="YARD")
    assert fields(replace(BUILT_IN, parties=(BUILDER, same, FORWARDER))) == ["parties.ultimate_end_user"]
    two = (Leg(place="XN", act=RouteAct.DELIVER), Leg(place="XV", act=RouteAct.DELIVER))
    assert fields(replace(BUILT_IN, route=two)) == ["route"]


def test_a_temporary_export_needs_no_undertaking_but_its_own_answers() -> None:
    temporary = TemporaryExport(why="An exhibition.", control="Our own guards.", return_by=date(2024, 9, 1))
    users = (replace(USER, no_undertaking_because=""),)
    shown = replace(
        DIRECT,
        licence_type="standard_temporary",
        parties=users,
        end_use=replace(ANSWERS, temporary=temporary),
    )
    assert missing(shown) == ()


def test_every_type_that_is_not_handled_is_refused_by_its_name() -> None:
    others = [t for t in licence_types() if t not in HANDLED]
    assert len(others) > 5
    for name in others:
        with pytest.raises(InvalidError) as refused:
            check_type(name)
        assert refused.value.fields["licence_type"] == f"{licence_types()[name].title} is not yet handled"
    with pytest.raises(InvalidError, match="there is no licence type 'nothing'"):
        missing(replace(DIRECT, licence_type="nothing"))


def test_places_are_where_goods_are_built_in_and_where_they_end() -> None:
    assert (direct_destination(BUILT_IN), onward_places(BUILT_IN)) == ("XN", ("XV",))
    assert places_of(DIRECT) == ("XV",)
    assert places_of(replace(DIRECT, parties=(), route=())) == ()
    assert (end_user_class(BUILT_IN), end_user_class(DIRECT)) == ("forces", "forces")
    two = replace(BUILT_IN, parties=(*BUILT_IN.parties, replace(LAST, name="Police", end_user_class="police")))
    assert end_user_class(two) is None


def test_a_consignee_and_whoever_a_stage_names_are_reached_where_they_are_whatever_the_route_says() -> None:
    yard = replace(USER, name="Yard", place="XN", state="", end_user_class="commercial")
    depot = Party(role=PartyRole.CONSIGNEE, name="Depot", place="XV")
    by_depot = replace(
        DIRECT, parties=(yard, depot), route=(Leg(place="XN", act=RouteAct.DELIVER, party="Depot"),)
    )
    assert missing(by_depot) == ()
    assert places_of(by_depot) == ("XN", "XV")
    agent = Party(role=PartyRole.THIRD_PARTY, name="Agent", place="XT", state="XV")
    assert places_of(replace(DIRECT, parties=(yard, agent))) == ("XN", "XV")
    route = (Leg(place="XN", act=RouteAct.RE_EXPORT, party="Agent"), Leg(place="XN", act=RouteAct.DELIVER))
    assert places_of(replace(DIRECT, parties=(yard, agent), route=route)) == ("XN", "XT", "XV")


def test_an_ultimate_end_user_who_is_only_named_does_not_hide_the_end_user() -> None:
    museum = Party(role=PartyRole.ULTIMATE_END_USER, name="Museum", place="XN", end_user_class="commercial")
    named = replace(DIRECT, parties=(*DIRECT.parties, museum))
    assert end_user_class(named) is None
    built_in, bare = line(incorporated=Incorporated.YES), line()
    mixed = replace(named, goods=(built_in, bare))
    assert (end_user_class(mixed, built_in), end_user_class(mixed, bare)) == ("commercial", None)


def test_what_changed_is_named_answer_by_answer() -> None:
    after = replace(
        DIRECT, goods=(line(quantity=Decimal(3)), line()), end_use=replace(ANSWERS, military=None), declared=False
    )
    changes = difference(DIRECT, after)
    assert ("goods.1.quantity", "1", "3") in [(c.field, c.before, c.after) for c in changes]
    assert ("end_use.military", "yes", None) in [(c.field, c.before, c.after) for c in changes]
    parts = Counter(c.field.partition(".")[0] for c in changes)
    assert parts == {"goods": 9, "end_use": 1, "declared": 1}
    assert difference(DIRECT, DIRECT) == ()


# Names.


@pytest.mark.parametrize(
    ("name", "spelling", "score"),
    [
        ("Tarn Air Works Ltd", "TARN AIR WORKS", 100),
        ("Works Air Tarn", "Tarn Air Works Limited", 100),
        ("Tärn Air Works", "Tarn Air Works", 100),
        ("T\u0430rn \u0410ir W\u043erks", "Tarn Air Works", 100),
        ("Ta\u200brn A\u00adir Wor\u2060ks", "Tarn Air Works", 100),
        ("\uff34\uff21\uff32\uff2e Air Works", "Tarn Air Works", 100),
        ("Tarn Air Works", "Tarn Air Works of the North", 90),
        ("Tarn Air Works", "Northern Optics GmbH", 48),
    ],
)
def test_names_are_scored_without_case_accents_order_and_forms(name: str, spelling: str, score: int) -> None:
    assert resemblance(name, (spelling,)).score == score


def test_a_score_says_which_words_are_the_same_which_are_near_and_which_are_neither() -> None:
    found = resemblance("Tarn Avation Works Holding", ("Nothing", "Tarn Aviation Works"))
    assert (found.spelling, found.same, found.other) == ("Tarn Aviation Works", ("tarn", "works"), ("holding",))
    assert found.near == (("avation", "aviation", 93),)


def test_an_entry_of_a_list_with_a_control_character_is_kept_out_and_its_line_is_named() -> None:
    table = b"key,name\nK1,Tarn Air Works\nK2,Northern\x00Optics\n"
    found = read_list(io.BytesIO(table), as_of=date(2024, 4, 1))
    assert ([r.key for r in found.rows], found.refused) == (["K1"], ((3, "unreadable_sign"),))


def test_a_name_of_nothing_but_forms_keeps_them() -> None:
    assert words_of("The Company Ltd.") == ("the", "company", "ltd")
    assert score_of((), ("x",)) == 0


def test_a_place_that_is_not_stated_is_neither_the_same_nor_another() -> None:
    assert place_match("XV", "XV") is PlaceMatch.SAME
    assert place_match("XV", "XN") is PlaceMatch.OTHER
    assert place_match("XV", "") is PlaceMatch.NOT_STATED


names = st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


@given(names, names)
def test_a_score_is_the_same_both_ways_and_full_for_a_name_itself(one: str, other: str) -> None:
    mine, theirs = words_of(one), words_of(other)
    assert 0 <= score_of(mine, theirs) == score_of(theirs, mine) <= 100
    assert score_of(mine, mine) == 100
    found = resemblance(one, (other,))
    assert sorted([*found.same, *(n[0] for n in found.near), *found.other]) == sorted(mine)


# Advice.


def limb(**changes: object) -> LimbFinding:
    given = LimbFinding(
        rule=LIMB,
        finding=Finding.NO_CLEAR_RISK,
        risk=RiskView.NOT_CLEAR,
        use=UseView.MIGHT,
        grounds="Reports of January.",
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def wrong(
    *findings: LimbFinding, recommendation: Recommendation = Recommendation.APPROVE, **more: str
) -> set[str]:
    given = {"summary": "Maintenance only.", "provisos": ""} | more
    try:
        check_advice(
            recommendation=recommendation,
            findings=findings,
            limbs=limbs_of(regime("uk-selc-2021"), on=DAY),
            today=DAY,
            summary=given["summary"],
            provisos=given["provisos"],
        )
    except InvalidError as error:
        return set(error.fields)
    return set()


def test_advice_that_holds_together_is_taken() -> None:
    clear = limb(finding=Finding.CLEAR_RISK, risk=RiskView.CLEAR)
    assert wrong(limb()) == set()
    assert wrong(clear, recommendation=Recommendation.REFUSE) == set()
    assert wrong(recommendation=Recommendation.NO_VIEW) == set()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"finding": Finding.CLEAR_RISK}, "finding"),
        ({"finding": Finding.CLEAR_RISK, "risk": RiskView.CLEAR, "use": UseView.WOULD_NOT}, "finding"),
        ({"risk": RiskView.CLEAR}, "finding"),
        ({"risk": RiskView.CANNOT_SAY}, "finding"),
        ({"gaps": ("The unit.",)}, "gap_reasons"),
        ({"gaps": ("The unit.",), "gap_reasons": "tbc"}, "gap_reasons"),
        ({"finding": Finding.INSUFFICIENT_INFORMATION, "risk": RiskView.CANNOT_SAY}, "gaps"),
        ({"grounds": "n/a"}, "grounds"),
        ({"rule": "uk-selc-2021/9z"}, "rule"),
        ({"rule": "uk-selc-2021/0b"}, "rule"),
        ({"cutoff": date(2024, 4, 9)}, "cutoff"),
    ],
)
def test_a_finding_that_does_not_hold_together_is_refused_at_its_field(
    changes: dict[str, object], field: str
) -> None:
    assert wrong(limb(**changes)) == {f"findings.0.{field}"}


def test_a_recommendation_needs_what_it_rests_on() -> None:
    assert wrong(recommendation=Recommendation.APPROVE) == {"findings"}
    assert wrong(limb(), recommendation=Recommendation.REFUSE) == {"findings"}
    assert wrong(limb(), recommendation=Recommendation.PROVISO) == {"provisos"}
    assert wrong(limb(), limb()) == {"findings.1.rule"}
    assert wrong(limb(), summary="as discussed") == {"summary"}


# The machine.


def test_a_case_moves_only_as_the_table_says() -> None:
    after = machine().after(CaseMove.CIRCULATE, CaseStatus.UNDER_REVIEW, case="AP-1")
    assert after is CaseStatus.DEPARTMENTS_ADVISING
    with pytest.raises(ConflictError, match=r"AP-1 is granted; refuse is not allowed. Allowed: nothing"):
        machine().after(CaseMove.REFUSE, CaseStatus.GRANTED, case="AP-1")


def test_every_status_but_the_first_is_reached_and_pending_is_what_is_applied_for() -> None:
    reached = set(machine().moves.values())
    assert reached == set(CaseStatus) - {CaseStatus.DRAFT}
    assert machine().pending == {s for s in reached if machine().allowed_from(s)} - {CaseStatus.REFUSED}


def test_tables_that_are_wrong_say_where() -> None:
    twice = (
        "begins: draft\npending: [submitted]\nmoves:\n  - {move: submit, from: [draft, draft], to: submitted}\n"
    )
    with pytest.raises(RuleError):
        read_machine(parse_record(twice, name="machine.yaml", error=RuleError))
    desks = "departments:\n  - {id: a, title: A, team: T}\n  - {id: b, title: B, team: T}\n"
    with pytest.raises(RuleError, match="'b', or its team, is given twice"):
        read_departments(parse_record(desks, name="departments.yaml", error=RuleError))
