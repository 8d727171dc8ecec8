"""Pairs of lines and their classes, on small releases about invented states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.releases.diff import CLASSES, DIFFERENCES, Comparison, Side, compare
from penholder.analysis.releases.diff.answer import result_of
from penholder.analysis.releases.diff.listing import differences
from tests.unit.statistics.invented_lines import lines_table

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

Row = dict[str, Any]


def side(rows: Sequence[Row], name: str = "side", key: str = "permit") -> Side:
    return Side(name, lines_table(rows), "0" * 64, key)


def compared(a: Sequence[Row], b: Sequence[Row]) -> Comparison:
    return compare(side(a, "A"), side(b, "B"))


def only(found: Comparison) -> dict[str, int]:
    """The classes that occur."""
    return {name: n for name, n in found.counts().items() if n}


ONE: Row = {"licence": "1", "rating": "ML10", "value": Decimal("3540.00"), "decided_on": date(2008, 1, 2)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "unchanged"),
        ({"value": Decimal("3541.00")}, "restated"),
        ({"value": None, "currency": None}, "restated"),
        ({"count": 2}, "restated"),
        ({"outcome": "refused"}, "restated"),
        ({"destination": "XN"}, "restated"),
        ({"rating": "ML9"}, "restated"),
        ({"decided_on": date(2008, 1, 1), "decided_precision": "month"}, "precision_changed"),
        ({"decided_on": date(2008, 1, 1), "decided_precision": "year"}, "precision_changed"),
        ({"decided_on": date(2008, 1, 3)}, "redated"),
        ({"decided_on": date(2008, 2, 1), "decided_precision": "month"}, "redated"),
        ({"destination_name": "Republic of Ardenia"}, "renamed"),
        ({"destination": "Ardenja", "destination_kind": "unrecognised"}, "renamed"),
        ({"licence": "2"}, "rekeyed"),
        ({"source": "other.csv", "source_line": 99, "notes": "n:1"}, "unchanged"),
    ],
)
def test_one_change_gives_one_class(change: Row, expected: str) -> None:
    # A second line keeps every column stated on both sides.
    other: Row = {"licence": "9", "destination": "XT", "count": 3}
    assert only(compared([ONE, other], [ONE | change, other])) == Counter([expected, "unchanged"])


def test_the_strongest_difference_counts_and_the_others_are_told() -> None:
    month = {"decided_on": date(2008, 1, 1), "decided_precision": "month", "destination_name": "Old Ardenia"}
    found = compared([ONE], [ONE | month | {"value": Decimal(1)}])
    assert only(found) == {"restated": 1}
    assert found.also() == {"restated": 0, "precision_changed": 1, "redated": 0, "renamed": 1, "rekeyed": 0}


def test_a_repeated_row_is_paired_as_often_as_both_sides_have_it() -> None:
    assert only(compared([ONE] * 3, [ONE] * 2)) == {"removed": 1, "unchanged": 2}
    assert only(compared([ONE] * 2, [ONE] * 5)) == {"added": 3, "unchanged": 2}


def test_renumbered_licences_are_rekeyed_although_their_old_numbers_now_name_others() -> None:
    before: list[Row] = [{"licence": str(n), "value": Decimal(n)} for n in range(2, 40)]
    after = [row | {"licence": str(int(row["licence"]) - 1)} for row in before]
    assert only(compared(before, after)) == {"rekeyed": 38}


def test_a_restated_line_of_a_renumbered_licence_is_found_through_its_other_lines() -> None:
    before: list[Row] = [{"licence": "7", "rating": "ML1"}, {"licence": "7", "rating": "ML2", "value": Decimal(5)}]
    after: list[Row] = [{"licence": "3", "rating": "ML1"}, {"licence": "3", "rating": "ML2", "value": Decimal(6)}]
    found = compared(before, after)
    assert only(found) == {"restated": 1, "rekeyed": 1}
    assert found.also()["rekeyed"] == 1


def test_a_line_is_never_paired_with_the_licence_that_took_over_its_number() -> None:
    # Licence 1 is gone; licence 2 was renumbered to 1. The old 1 was removed, not restated.
    before = [{"licence": "1", "value": Decimal(10)}, {"licence": "2", "value": Decimal(20)}]
    after = [{"licence": "1", "value": Decimal(20)}]
    assert only(compared(before, after)) == {"rekeyed": 1, "removed": 1}


def test_keys_of_different_kinds_are_not_compared() -> None:
    found = compare(side([ONE]), side([ONE | {"licence": "777"}], key="cohort"))
    assert only(found) == {"unchanged": 1}
    assert "licence keys are of different kinds" in result_of(found).notices[0]


def test_a_column_that_only_one_side_states_is_not_compared_and_it_says_so() -> None:
    found = compared([ONE], [ONE | {"end_user": "forces", "criteria": "2"}])
    assert only(found) == {"unchanged": 1}
    assert found.not_compared == ("criteria", "end_user")
    assert "criteria, end_user" in result_of(found).notices[0]


def test_an_empty_side_gives_only_added_rows() -> None:
    assert only(compared([], [ONE, ONE])) == {"added": 2}
    assert only(compared([ONE], [])) == {"removed": 1}
    assert compared([], []).is_equal


def test_the_list_tells_old_new_and_both_places() -> None:
    gone: Row = {"licence": "5", "destination": "XT", "value": Decimal("7.50")}
    found = compared([gone, ONE], [ONE | {"value": Decimal("3540.01")}])
    rows = differences(found).to_pylist()
    assert [row["class"] for row in rows] == ["restated", "removed"]
    assert (rows[0]["changed"], rows[0]["old"], rows[0]["new"]) == ("value", "value=3540.00", "value=3540.01")
    assert (rows[0]["a_line"], rows[0]["a_source_line"], rows[0]["b_source_line"]) == ("1:1", 3, 2)
    assert rows[1]["old"].startswith("licence=5; decided_on=2014-03-01; rating=ML10; destination_name=Tarsis;")
    assert rows[1]["b_line"] is None


def test_the_document_has_the_classes_at_its_top() -> None:
    document = result_of(compared([ONE], [ONE | {"value": Decimal(1)}])).document
    assert list(document)[: len(CLASSES)] == list(CLASSES)
    assert document["restated"] == document["differences"] == 1
    assert document["fields"] == {"value": 1}


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "licence": st.sampled_from("123"),
            "rating": st.sampled_from(["ML1", "ML2"]),
            "value": st.sampled_from([None, Decimal(1), Decimal(2)]),
            "destination": st.sampled_from(["XA", "XN"]),
            "decided_on": st.sampled_from([date(2012, 1, 1), date(2012, 1, 9), date(2012, 2, 1)]),
            "decided_precision": st.sampled_from(["day", "month"]),
        }
    ),
    max_size=8,
)


@given(ROWS, ROWS)
def test_every_row_is_counted_exactly_once(a: list[Row], b: list[Row]) -> None:
    found = compared(a, b)
    counts = found.counts()
    paired = len(found.pairs.a)
    assert sum(counts[name] for name in CLASSES) == paired + counts["added"] + counts["removed"]
    assert sorted([*found.pairs.a.tolist(), *found.pairs.removed.tolist()]) == list(range(len(a)))
    assert sorted([*found.pairs.b.tolist(), *found.pairs.added.tolist()]) == list(range(len(b)))
    assert differences(found).num_rows == sum(counts[name] for name in DIFFERENCES)


@given(ROWS, st.randoms(use_true_random=False))
def test_order_does_not_matter_where_nothing_changed(rows: list[Row], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert compared(rows, shuffled).is_equal


@given(ROWS, ROWS)
def test_the_same_inputs_always_give_the_same_list(a: list[Row], b: list[Row]) -> None:
    assert differences(compared(a, b)).equals(differences(compared(a, b)))
