"""What a version must say so that it holds together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from penholder.actions.errors import ConflictError, InvalidError
from penholder.assessment import policy
from penholder.assessment.values import (
    Area,
    Aspect,
    Cell,
    Concern,
    Conflict,
    Content,
    Finding,
    Kind,
    RiskView,
    UseRisk,
    UseView,
)

TODAY = date(2024, 4, 8)
LIMBS = ("uk-selc-2021/2c",)
BASE = Content(kind=Kind.UPDATE, cutoff=date(2024, 3, 31), conflict=Conflict.ACTIVE)
CELL = Cell(area=Area.DETAINEES, aspect=Aspect.RECORD, finding=Concern.SOME_CONCERN, grounds="Reports of March.")
GAP = ("Which unit.",)
RISK = UseRisk(
    use_class="detention",
    limb=LIMBS[0],
    finding=Finding.CLEAR_RISK,
    risk=RiskView.CLEAR,
    use=UseView.MIGHT,
    grounds="The record on detainees.",
)


def wrong(content: Content) -> list[str]:
    """Names of the parts that are refused."""
    try:
        policy.check_content(content, limbs=LIMBS, today=TODAY)
    except InvalidError as error:
        return [name.removeprefix("content.") for name in error.fields]
    return []


@pytest.mark.parametrize(
    ("finding", "risk", "use", "more", "refused"),
    [
        ("clear_risk", "clear", "might", {}, []),
        ("clear_risk", "clear", "cannot_say", {}, []),
        ("clear_risk", "not_clear", "would", {}, ["finding"]),
        ("clear_risk", "cannot_say", "likely", {}, ["finding"]),
        ("clear_risk", "clear", "would_not", {}, ["finding"]),
        ("no_clear_risk", "not_clear", "might", {}, []),
        ("no_clear_risk", "clear", "would_not", {}, []),
        ("no_clear_risk", "clear", "might", {}, ["finding"]),
        ("no_clear_risk", "cannot_say", "cannot_say", {}, ["finding"]),
        ("no_clear_risk", "not_clear", "might", {"gaps": GAP}, ["despite_gaps"]),
        ("no_clear_risk", "not_clear", "might", {"gaps": GAP, "despite_gaps": "n/a"}, ["despite_gaps"]),
        (
            "no_clear_risk", "not_clear", "might",
            {"gaps": GAP, "despite_gaps": "No unit of theirs holds prisons."}, [],
        ),
        ("insufficient_information", "cannot_say", "cannot_say", {}, ["gaps"]),
        ("insufficient_information", "cannot_say", "might", {"gaps": GAP}, []),
        ("not_engaged", "not_clear", "would_not", {}, []),
    ],
)  # fmt: skip
def test_a_finding_fits_the_two_views_and_a_gap_is_said_and_answered(
    finding: str, risk: str, use: str, more: dict[str, object], refused: list[str]
) -> None:
    given = replace(RISK, finding=Finding(finding), risk=RiskView(risk), use=UseView(use), **more)  # type: ignore[arg-type]
    assert wrong(replace(BASE, risks=(given,))) == [f"risks.0.{name}" for name in refused]


def test_a_use_class_is_a_means_and_a_limb_is_in_force() -> None:
    assert wrong(replace(BASE, risks=(replace(RISK, use_class="XV"),))) == ["risks.0.use_class"]
    assert wrong(replace(BASE, risks=(replace(RISK, limb="uk-selc-1997/2c"),))) == ["risks.0.limb"]
    assert wrong(replace(BASE, risks=(RISK, RISK))) == ["risks.1.use_class"]


def test_a_cell_with_a_finding_has_grounds_and_what_is_insufficient_names_a_gap() -> None:
    assert wrong(replace(BASE, cells=(replace(CELL, grounds=" tbc "),))) == ["cells.0.grounds"]
    assert wrong(replace(BASE, cells=(replace(CELL, finding=Concern.INSUFFICIENT_INFORMATION),))) == [
        "cells.0.gaps"
    ]
    assert wrong(replace(BASE, cells=(CELL, CELL))) == ["cells.1.aspect"]
    assert wrong(replace(BASE, attitude=Concern.NO_CONCERN)) == ["attitude_grounds"]
    assert wrong(replace(BASE, cells=(Cell(area=Area.DETAINEES, aspect=Aspect.RECORD),))) == []


def test_the_cutoff_is_not_after_the_day_of_the_save() -> None:
    assert wrong(replace(BASE, cutoff=TODAY)) == []
    assert wrong(replace(BASE, cutoff=date(2024, 4, 9))) == ["cutoff"]


def test_what_leaves_the_drafter_is_whole() -> None:
    cells = tuple(replace(CELL, area=a, aspect=s) for a in Area for s in Aspect)
    whole = replace(
        BASE, cells=cells, attitude=Concern.SOME_CONCERN, attitude_grounds="All in all.", risks=(RISK,)
    )
    policy.check_whole(whole)
    for less in (
        replace(whole, cells=cells[1:]),
        replace(whole, risks=()),
        replace(whole, attitude=BASE.attitude),
    ):
        with pytest.raises(ConflictError, match="the draft is not whole"):
            policy.check_whole(less)


def test_risk_by_use_is_the_gravest_under_any_limb() -> None:
    other = replace(RISK, limb="uk-selc-2021/2a", finding=Finding.INSUFFICIENT_INFORMATION)
    assert policy.risk_by_use((other, RISK)) == {"detention": Finding.CLEAR_RISK}
    assert policy.risk_by_use((other,)) == {"detention": Finding.INSUFFICIENT_INFORMATION}
