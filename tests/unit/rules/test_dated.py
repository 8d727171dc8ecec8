"""Values with validity and knowledge: which holds, which clash, which days are bare."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from penholder.kernel.dates import Interval
from penholder.rules.dated import Dated, gaps, overlaps

A, B, C, D = date(2010, 1, 1), date(2014, 3, 25), date(2021, 12, 8), date(2025, 1, 1)


def test_one_that_begins_where_the_other_ends_and_one_that_was_learned_later_do_not_clash() -> None:
    assert overlaps([Dated("old", Interval(A, B)), Dated("new", Interval(B, None))]) == []
    first, corrected = (Dated(n, Interval(A, None), known_from=k) for n, k in (("first", A), ("corrected", C)))
    assert overlaps([corrected, first]) == []


def test_overlap_is_two_claims_with_the_same_knowledge() -> None:
    first, second = Dated("a", Interval(A, C)), Dated("b", Interval(B, D))
    assert overlaps([first, second, Dated("c", Interval(D, None))]) == [(first, second)]


def test_gaps() -> None:
    assert gaps([Interval(C, None), Interval(A, B)]) == [Interval(B, C)]
    assert gaps([Interval(A, C), Interval(A, B), Interval(C, None)]) == []
    assert gaps([Interval(A, D), Interval(A, B), Interval(C, D)]) == []
    assert gaps([]) == []


days = st.integers(0, 40).map(lambda n: A + timedelta(n))
spans = st.tuples(days, st.integers(1, 9)).map(lambda t: Interval(t[0], t[0] + timedelta(t[1])))


@given(st.lists(spans, min_size=1, max_size=6))
def test_a_day_between_first_and_last_is_covered_or_in_a_gap(given_spans: list[Interval]) -> None:
    bare = gaps(given_spans)
    start = min(s.start for s in given_spans if s.start)
    end = max(s.end for s in given_spans if s.end)
    for offset in range((end - start).days):
        day = start + timedelta(offset)
        assert any(s.covers(day) for s in given_spans) is not any(g.covers(day) for g in bare)
