"""Decisions of the register, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import ConflictError, InvalidError
from penholder.register import events, policy
from penholder.register.published import life_of, number_of, state_after
from penholder.register.values import (
    Completeness,
    ConditionTiming,
    DrawOrigin,
    LineState,
    LineStatus,
    LineTerms,
    Power,
)

TERMS = LineTerms(
    description="radar parts",
    destination="XB",
    value=Decimal(10),
    currency="GBP",
    quantity_limit=Decimal(5),
    unit="item",
)
ISSUED = LineState(status=LineStatus.ISSUED, since=date(2024, 6, 1), quantity_limit=Decimal(5))
D = Decimal


@pytest.mark.parametrize(
    ("status", "until", "found"),
    [
        ("issued", None, "issued"),
        ("issued", date(2024, 11, 23), "issued"),
        ("issued", date(2024, 11, 22), "expired"),
        ("suspended", date(2024, 11, 22), "expired_while_suspended"),
        ("revoked", date(2024, 11, 22), "revoked"),
        ("draft", date(2024, 11, 22), "draft"),
    ],
)
def test_the_end_counts_from_its_day(status: str, until: date | None, found: str) -> None:
    assert policy.status_on(LineStatus(status), valid_until=until, on=date(2024, 11, 22)) == found


def test_what_left_before_a_condition_was_met_is_what_left_after_it_was_put() -> None:
    put, first, second = date(2024, 8, 1), date(2024, 8, 19), date(2024, 9, 2)
    left = [(2, second, D(1)), (1, first, D(4)), (1, put, D(9))]

    def found(**changes: Any) -> tuple[policy.Left, ...]:
        what: dict[str, Any] = {"timing": ConditionTiming.BEFORE, "lines": (), "put_on": put, "done_on": None}
        return policy.left_before_met(left, **what | changes)

    assert found() == ((1, first, D(4)), (2, second, D(1)))
    assert found(lines=(2, 3)) == ((2, second, D(1)),)
    assert found(put_on=second) == ()  # on the day itself it is not known which was first
    assert found(timing=ConditionTiming.AFTER) == ()
    assert found(timing=ConditionTiming.NOT_STATED) == ()  # what a grant attaches: its text alone says when
    assert found(done_on=date(2024, 8, 10)) == ()


def test_a_suspension_is_overdue_after_the_day_of_review() -> None:
    state = replace(ISSUED, status=LineStatus.SUSPENDED, review_by=date(2024, 12, 1))
    assert [policy.is_overdue(state, on=date(2024, 12, d)) for d in (1, 2)] == [False, True]
    assert not policy.is_overdue(replace(state, status=LineStatus.ISSUED), on=date(2025, 1, 1))


@pytest.mark.parametrize(
    ("quantity", "value", "limits", "said"),
    [
        (D("5.001"), D(0), {}, "quantity 5.001 is more than is left: 5"),
        (D(1), D("9.01"), {"value_limit": D(9)}, "value 9.01 is more than is left: 9"),
        (D(10**14), D(0), {"quantity_limit": None, "used_quantity": D(1)}, "is more than is left"),
    ],
)
def test_more_than_is_left_is_refused(
    quantity: Decimal, value: Decimal, limits: dict[str, object], said: str
) -> None:
    state = replace(ISSUED, **limits)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match=said):
        policy.check_draw(state, status_then=LineStatus.ISSUED, quantity=quantity, value=value, line="line 1")


def test_all_that_is_left_can_be_drawn() -> None:
    policy.check_draw(ISSUED, status_then=LineStatus.ISSUED, quantity=D(5), value=D(0), line="line 1")
    assert policy.is_full(replace(ISSUED, used_quantity=D(5)))
    assert not policy.is_full(replace(ISSUED, used_quantity=D("4.999")))
    assert not policy.is_full(replace(ISSUED, quantity_limit=None, used_quantity=D(10**9)))


@pytest.mark.parametrize(
    ("quantity", "value", "limits", "fields"),
    [
        (D(0), D(1), {}, ["quantity"]),
        (D(1), D(0), {"value_limit": D(9)}, ["value"]),
        (D(0), D(0), {"quantity_limit": None}, ["quantity"]),
    ],
)
def test_a_draw_says_how_much_in_the_measure_of_the_limit(
    quantity: Decimal, value: Decimal, limits: dict[str, object], fields: list[str]
) -> None:
    state = replace(ISSUED, **limits)  # type: ignore[arg-type]
    with pytest.raises(InvalidError) as refused:
        policy.check_draw(state, status_then=LineStatus.ISSUED, quantity=quantity, value=value, line="line 1")
    assert list(refused.value.fields) == fields


def test_limits_of_nought_and_values_without_currency_are_refused() -> None:
    wrong = replace(TERMS, description=" ", currency="", unit="", quantity_limit=D(0), end_user="forcs")
    with pytest.raises(InvalidError) as refused:
        policy.check_terms(wrong, where="terms")
    assert refused.value.fields == {
        "terms.description": "is needed",
        "terms.currency": "is needed where a value is given",
        "terms.unit": "is needed where a quantity is given",
        "terms.quantity_limit": "a limit of 0 allows nothing; leave it out where there is none",
        "terms.end_user": "is no class of end users; did you mean 'forces'?",
    }


def entered() -> events.LicenceEntered:
    return events.LicenceEntered(
        licence="L-1", reference="R", licence_type="standard_permanent", exporter="", decided_on=date(2024, 6, 1),
        valid_from=date(2024, 6, 1), valid_until=None, lines=(TERMS, TERMS),
    )  # fmt: skip


def test_events_amount_to_states() -> None:
    day = date(2024, 6, 1)
    issued = events.LicenceIssued(
        licence="L-1", lines=(1, 2), licence_type="standard_permanent", effective_on=day, valid_from=day,
        valid_until=None, reference="R",
    )  # fmt: skip
    suspended = events.LinesSuspended(
        licence="L-1", lines=(2,), effective_on=date(2024, 7, 1), power=Power.STATUTE, review_by=date(2024, 8, 1),
        before=LineStatus.ISSUED, after=LineStatus.SUSPENDED, terms="t", reasons="r",
    )  # fmt: skip
    drawn = events.LineDrawn(
        licence="L-1", line=1, source="s", message="m", quantity=D(2), value=D("1.50"), happened_on=day,
        origin=DrawOrigin.CUSTOMS, completeness=Completeness.COMPLETE,
    )  # fmt: skip
    found = policy.fold([entered(), issued, suspended, drawn])
    assert found["L-1", 1] == LineState(
        status=LineStatus.ISSUED,
        since=day,
        version=2,
        quantity_limit=D(5),
        used_quantity=D(2),
        used_value=D("1.50"),
    )
    assert found["L-1", 2] == LineState(
        status=LineStatus.SUSPENDED, since=date(2024, 7, 1), version=3, quantity_limit=D(5),
        suspended_on=date(2024, 7, 1), review_by=date(2024, 8, 1), power="statute",
    )  # fmt: skip


def test_a_history_that_the_table_does_not_allow_is_refused() -> None:
    expired = events.LinesExpired(
        licence="L-1",
        lines=(1,),
        effective_on=date(2024, 7, 1),
        before=(LineStatus.DRAFT,),
        after=(LineStatus.EXPIRED,),
    )
    with pytest.raises(ConflictError, match="line 1 of L-1 is draft; expire is not allowed"):
        policy.fold([entered(), expired])
    with pytest.raises(ConflictError, match="there is no line 1 of L-1"):
        policy.fold([expired])


@pytest.mark.parametrize(
    ("row", "until", "statuses", "since"),
    [
        ({}, None, ["issued"], date(2020, 1, 1)),
        ({}, date(2022, 1, 1), ["issued", "expired"], date(2022, 1, 1)),
        (
            {"suspension": "dated", "suspended_on": date(2021, 1, 1)},
            None,
            ["issued", "suspended"],
            date(2021, 1, 1),
        ),
        ({"suspension": "undated"}, None, ["issued", "suspended"], None),
        (
            {"suspension": "dated", "suspended_on": date(2021, 1, 1)},
            date(2022, 1, 1),
            ["issued", "suspended", "expired_while_suspended"],
            date(2022, 1, 1),
        ),
        (
            {"suspension": "undated", "reinstated_on": date(2021, 5, 1)},
            None,
            ["issued", "suspended", "issued"],
            date(2021, 5, 1),
        ),
        (
            {"revocation": "dated", "revoked_on": date(2021, 2, 1)},
            date(2022, 1, 1),
            ["issued", "revoked"],
            date(2021, 2, 1),
        ),
        ({"outcome": "revoked"}, None, ["issued", "revoked"], None),
    ],
)
def test_a_published_row_tells_a_life(
    row: dict[str, object], until: date | None, statuses: list[str], since: date | None
) -> None:
    steps = tuple(life_of(row, decided_on=date(2020, 1, 1), valid_until=until, loaded_on=date(2024, 11, 22)))
    state = state_after(steps, quantity=D(0))
    assert [s.status for s in steps] == statuses
    assert (state.since, state.version, state.quantity_limit) == (since, len(statuses), None)


def test_the_number_of_a_line_is_its_position() -> None:
    assert number_of("GBSIEL/2024/0000001/P:12") == 12


WIDER = {
    "rating": ("ML10", "ML10;ML4"),
    "description": ("radar parts", "bombs"),
    "destination": ("XB", "XC"),
    "onward": ("", "XD"),
    "end_user": ("police", "forces"),
    "end_user_state": ("XB", ""),
    "programmes": ("none", "north"),
    "value": (D(10), D("10.01")),
    "value_limit": (D(10), None),
    "quantity_limit": (D(5), D("5.001")),
}


@pytest.mark.parametrize("name", WIDER)
def test_what_allows_more_or_something_else_is_wider(name: str) -> None:
    before, after = (replace(TERMS, **{name: value}) for value in WIDER[name])  # type: ignore[arg-type]
    assert policy.widens(before, after) == (name,)


def test_what_allows_less_is_not_wider() -> None:
    before = replace(TERMS, rating="ML10;ML4", onward="XD; XE", value_limit=D(9))
    narrower: dict[str, object] = {
        "rating": "ML4",
        "onward": "XE",
        "value": D(9),
        "value_limit": D("8.5"),
        "quantity_limit": D(4),
    }
    for name, value in narrower.items():
        assert policy.widens(before, replace(before, **{name: value})) == ()  # type: ignore[arg-type]
    assert policy.widens(before, replace(before, rating="ML4; ML10")) == ()
    assert policy.widens(TERMS, replace(TERMS, value_limit=D(3))) == ()  # a limit where there was none


def test_another_measure_is_another_amount() -> None:
    assert policy.widens(TERMS, replace(TERMS, unit="tonne")) == ("quantity_limit",)
    assert policy.widens(TERMS, replace(TERMS, currency="KWD", value_limit=D(1))) == ("value",)
    assert policy.widens(TERMS, replace(TERMS, unit="tonne", quantity_limit=None)) == ("quantity_limit",)


LISTS = st.lists(st.sampled_from(["A", "B", "C"]), max_size=3).map(";".join)
AMOUNTS = st.none() | st.integers(0, 3).map(Decimal)
ANY_TERMS = st.builds(
    LineTerms,
    rating=LISTS,
    description=st.sampled_from(["parts", "bombs"]),
    destination=st.sampled_from(["XB", "XC"]),
    onward=LISTS,
    end_user=st.sampled_from(["not_stated", "police"]),
    end_user_state=st.sampled_from(["", "XB"]),
    programmes=LISTS,
    value=AMOUNTS,
    currency=st.sampled_from(["", "GBP", "KWD"]),
    quantity_limit=AMOUNTS,
    unit=st.sampled_from(["", "item", "tonne"]),
    value_limit=AMOUNTS,
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "rating": LISTS,
        "onward": LISTS,
        "destination": st.sampled_from(["XB", "XC"]),
        "value": AMOUNTS,
        "currency": st.sampled_from(["", "GBP", "KWD"]),
        "quantity_limit": AMOUNTS,
        "unit": st.sampled_from(["", "item", "tonne"]),
        "value_limit": AMOUNTS,
    },
)


@given(ANY_TERMS)
def test_the_same_terms_are_not_wider(terms: LineTerms) -> None:
    assert policy.widens(terms, terms) == ()


@given(ANY_TERMS, CHANGES, CHANGES)
def test_narrowing_step_by_step_never_ends_wider(
    first: LineTerms, one: dict[str, object], two: dict[str, object]
) -> None:
    """Else whoever may only narrow alone would widen in two steps."""
    second = replace(first, **one)  # type: ignore[arg-type]
    third = replace(second, **two)  # type: ignore[arg-type]
    if not policy.widens(first, second) and not policy.widens(second, third):
        assert policy.widens(first, third) == ()


@given(ANY_TERMS, CHANGES)
def test_what_is_no_wider_either_way_allows_the_same(first: LineTerms, change: dict[str, object]) -> None:
    second = replace(first, **change)  # type: ignore[arg-type]
    if policy.widens(first, second) or policy.widens(second, first):
        return
    for name in ("rating", "onward", "programmes"):
        assert set(getattr(first, name).split(";")) == set(getattr(second, name).split(";"))
    for name in ("description", "destination", "end_user", "end_user_state", "value", "value_limit"):
        assert getattr(first, name) == getattr(second, name)
    assert first.quantity_limit == second.quantity_limit
    assert first.quantity_limit is None or first.unit == second.unit
