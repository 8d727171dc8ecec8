"""What may be shown of an entry: closed by default, dated, and small numbers kept."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.concerns.policy.small import SMALLEST, small_cells, small_total
from penholder.kernel.errors import RuleError
from penholder.publication.disclosure import disclosure, read_disclosure
from penholder.publication.policy import UnknownEventError, counted_view, public_view
from penholder.publication.values import Withheld
from penholder.rules.records import parse_record

AT = date(2024, 9, 2)
SENT = {"licence": "L-1", "lines": [1], "message": "M-1", "kind": "suspend", "effective_on": "2024-09-02"}
SMALL = """
policies:
- {id: a, valid_from: 2024-01-01, smallest_cell: 5}
- {id: b, valid_from: 2025-01-01, smallest_cell: 10}
reasons: {commercial: would harm}
reviews: {commercial: 10}
events:
  x.Y: {kind: licence, says: "It", public: [one], withheld: {two: commercial}}
"""


def test_a_field_that_the_policy_does_not_name_is_not_shown_although_the_log_has_it() -> None:
    fields = {"licence": "L-1", "lines": [1], "name_of_somebody": "must not be shown"}
    view = public_view("register.LinesSuspended", fields, at=AT, on=AT, policy=disclosure())
    assert view.fields == {"licence": "L-1", "lines": [1]}


def test_an_event_that_the_policy_does_not_know_is_refused() -> None:
    with pytest.raises(UnknownEventError, match=r"nothing on the public event register\.LineSplit"):
        public_view("register.LineSplit", {}, at=AT, on=AT, policy=disclosure())


def test_a_field_whose_time_has_not_come_is_withheld_until_then() -> None:
    due = AT + timedelta(days=28)
    before, after = (
        public_view("register.CustomsMessageSent", SENT, at=AT, on=day, policy=disclosure())
        for day in (due - timedelta(days=1), due)
    )
    assert (before.fields, "kind" in after.fields) == ({"licence": "L-1"}, True)
    assert Withheld("kind", "ongoing_case", due) in before.withheld
    assert [w.name for w in after.withheld] == ["actor"]


def test_what_is_sealed_says_why_and_when_that_is_looked_at_again() -> None:
    view = public_view("register.LinesRevoked", {}, at=AT, on=AT, policy=disclosure())
    assert Withheld("reasons", "commercial", AT + timedelta(days=1825)) in view.withheld
    assert Withheld("actor", "personal_data", None) in view.withheld


def test_of_a_concern_nothing_is_shown_and_everything_public_can_be_counted() -> None:
    fields = {"concern": "CN-1", "level": 1, "dispositions": {"1": "upheld"}, "measures": [], "repeated": 0}
    view = public_view("concerns.AnswerIssued", fields, at=AT, on=AT, policy=disclosure())
    assert view.fields == {}
    assert counted_view("concerns.AnswerIssued", fields, policy=disclosure()) == fields


def test_the_version_in_force_on_a_day_is_the_newest_that_began() -> None:
    policy = read_disclosure(parse_record(SMALL, name="small", error=RuleError))
    days = (date(2023, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    assert [policy.version(d).id for d in days] == ["a", "a", "b"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("public: [one]", "public: [one, two]", "a field stands in one class"),
        ("{two: commercial}", "{two: embarrassing}", "'embarrassing' is no reason"),
        ("reviews: {commercial: 10}", "reviews: {personal: 10}", "every reason needs its review"),
        ("kind: licence, ", "", "key 'kind' is missing"),
        ("2025-01-01", "2023-01-01", "the oldest first"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(RuleError, match=said):
        read_disclosure(parse_record(SMALL.replace(old, new), name="small", error=RuleError))


counts = st.lists(st.integers(0, 12), min_size=1, max_size=6)


@given(counts)
def test_no_small_count_is_shown_and_nought_always_is(given_: list[int]) -> None:
    shown = small_cells(given_, smallest=5, total_is_shown=True)
    assert all(c is None or c == 0 or c >= 5 for c in shown)
    assert all(s == 0 for c, s in zip(given_, shown, strict=True) if c == 0)


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4))
def test_no_hidden_count_follows_from_the_total_and_the_others(given_: list[int]) -> None:
    shown = small_cells(given_, smallest=5, total_is_shown=True)
    total = small_total(sum(given_), shown, smallest=5)
    hidden = [n for n, c in enumerate(shown) if c is None]
    if total is None or not hidden:
        return
    rest = total - sum(c for c in shown if c is not None)
    possible = [p for p in product(range(1, 40), repeat=len(hidden)) if sum(p) == rest] if rest < 40 else [(), ()]
    assert len(possible) > 1, "the total gives a hidden count away"


def test_one_hidden_count_takes_the_next_smallest_with_it() -> None:
    assert small_cells([20, 3, 7, 0], smallest=5, total_is_shown=True) == (20, None, None, 0)
    assert small_cells([20, 3, 7, 0], smallest=5, total_is_shown=False) == (20, None, 7, 0)


def test_the_site_of_concerns_holds_to_the_newest_version_of_the_rule_on_small_numbers() -> None:
    assert disclosure().versions[-1].smallest_cell == SMALLEST
