"""What a claim quotes, and when a promise is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.statements import policy
from penholder.statements.values import PromiseState

DUE = date(2024, 4, 30)


@pytest.mark.parametrize(
    ("part", "words", "is_one"),
    [
        ("in line with the criteria", "All are in line, with the Criteria.", True),
        ("line", "All are in line.", True),
        ("lin", "All are in line.", False),
        ("no risk", "There is a risk; no.", False),
        ("...", "All are in line.", False),
    ],
)
def test_a_quote_is_whole_words_in_their_order(part: str, words: str, is_one: bool) -> None:
    assert policy.is_quote(part, words) is is_one


@given(st.integers(-400, 400), st.sampled_from(list(PromiseState)))
def test_a_promise_is_late_from_the_day_after_it_was_due_while_nothing_became_of_it(
    days: int, state: PromiseState
) -> None:
    late = policy.days_overdue(DUE, state, on=DUE + timedelta(days=days))
    assert late == (max(0, days) if state is PromiseState.OPEN else 0)


def test_claims_speak_of_the_attitude_of_cells_and_of_use_classes() -> None:
    known = policy.parts()
    assert len(known) == 1 + 9 + 8
    assert {"attitude", "detainees/record", "risk/air_strike"} <= set(known)
