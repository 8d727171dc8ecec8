"""Who operates whom, and which means had been used by a day: yes, no or unknown."""

from __future__ import annotations

from datetime import date

import pytest

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.profile.read import parse_profile
from penholder.kernel.truth import Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
TEXT = """\
profile: p
title: Invented campaign
concern: [serious_violation_ihl]
period: {{from: 2015-03-26}}
parties:
  - {{id: a, name: Forces of Ardenia, operated_by: [{{state: XA, source: s}}]}}
  - id: b
    name: Partners
    operated_by: [{{state: XB, from: 2016-06-01, until: 2018-01-01, source: s}}]
operators_complete: {complete}
territory: [{{place: XC, source: s}}]
means: {means}
other_means: {other}
sources: {{s: {{title: Invented, grade: B2}}}}
"""
COMPLETE = "{value: yes, source: s}"
NO_OTHER = "{used: no, source: s}"
AIR = "{means: air_strike, used: yes, from: 2015-05-01, source: s}"


def profile(*means: str, complete: str = COMPLETE, other: str = "unknown") -> OperationProfile:
    return parse_profile(
        TEXT.format(complete=complete, means=f"[{', '.join(means or (AIR,))}]", other=other), name="p.yaml"
    )


@pytest.mark.parametrize(
    ("place", "on", "complete", "expected"),
    [
        ("XA", date(2015, 1, 1), COMPLETE, (YES, NO)),
        ("XB", date(2016, 5, 31), COMPLETE, (NO, NO)),
        ("XB", date(2016, 6, 1), COMPLETE, (NO, YES)),
        ("XB", date(2018, 1, 1), COMPLETE, (NO, NO)),
        ("XB", date(2018, 1, 1), "no", (UNKNOWN, UNKNOWN)),
        ("XZ", date(2017, 1, 1), "no", (UNKNOWN, UNKNOWN)),
        ("Continental Shelf", date(2017, 1, 1), COMPLETE, (UNKNOWN, UNKNOWN)),
    ],
)
def test_who_operates_the_forces(place: str, on: date, complete: str, expected: tuple[Truth, Truth]) -> None:
    found = profile(complete=complete).operates(place, on=on)
    assert found == (("a", expected[0]), ("b", expected[1]))


@pytest.mark.parametrize(
    ("means", "other", "by", "expected"),
    [
        ((AIR,), "unknown", date(2015, 5, 1), YES),
        ((AIR,), "unknown", date(2025, 1, 1), YES),
        ((AIR,), "unknown", date(2015, 4, 30), UNKNOWN),
        ((AIR,), NO_OTHER, date(2015, 4, 30), NO),
        (("{means: ground, used: no, source: s}",), "unknown", date(2020, 1, 1), UNKNOWN),
        (("{means: ground, used: no, source: s}",), NO_OTHER, date(2020, 1, 1), NO),
        (("{means: air_strike, used: no, source: s}",), "unknown", date(2020, 1, 1), NO),
        (("{means: air_strike, used: no, until: 2016-01-01, source: s}",), "unknown", date(2015, 12, 31), NO),
        (("{means: air_strike, used: no, until: 2016-01-01, source: s}",), "unknown", date(2016, 1, 1), UNKNOWN),
        (("{means: air_strike, used: no, until: 2016-01-01, source: s}",), NO_OTHER, date(2016, 1, 1), UNKNOWN),
        (("{means: air_strike, used: no, from: 2016-01-01, source: s}",), "unknown", date(2017, 1, 1), UNKNOWN),
        (("{means: air_strike, used: unknown, source: s}",), NO_OTHER, date(2017, 1, 1), UNKNOWN),
        (
            ("{means: air_strike, used: no, until: 2015-05-01, source: s}", AIR),
            "unknown", date(2015, 4, 30), NO,
        ),
        (
            ("{means: air_strike, used: no, until: 2015-05-01, source: s}", AIR),
            "unknown", date(2015, 5, 1), YES,
        ),
    ],
)  # fmt: skip
def test_whether_a_means_had_been_used(means: tuple[str, ...], other: str, by: date, expected: Truth) -> None:
    assert profile(*means, other=other).means_used("air_strike", party="a", by=by) is expected


def test_a_statement_about_a_party_goes_before_one_about_all() -> None:
    found = profile(AIR, "{means: air_strike, used: no, party: b, source: s}")
    used = [found.means_used("air_strike", party=p, by=date(2016, 1, 1)) for p in ("a", "b")]
    assert used == [YES, NO]
    assert found.means_groups() == (("a",), ("b",))


def test_parties_with_one_record_of_means_are_one_group() -> None:
    assert profile().means_groups() == (("a", "b"),)
    same = "{means: ground, used: no, party: a, source: s}", "{means: ground, used: no, party: b, source: s}"
    assert profile(AIR, *same).means_groups() == (("a", "b"),)


def test_states_on_a_day() -> None:
    assert profile().states(on=date(2017, 1, 1)) == ("XA", "XB")
    assert profile().states(on=date(2018, 1, 1)) == ("XA",)


def test_equal_content_has_one_hash_and_other_content_another() -> None:
    other_spelling = TEXT.format(complete="{source: s, value: true}", means=f"\n  - {AIR}", other="unknown")
    assert profile().sha256 == parse_profile(f"# comment\n{other_spelling}", name="other.yaml").sha256
    assert profile().sha256 != profile(other=NO_OTHER).sha256
