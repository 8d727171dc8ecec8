"""The two real releases of 2012: what was changed between them without notice."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pytest

from penholder.analysis.releases.diff import Comparison, compare
from penholder.analysis.releases.diff.answer import result_of
from penholder.analysis.releases.diff.sides import open_side

pytestmark = [pytest.mark.real, pytest.mark.slow]
JUNE, OCTOBER = "values_2012-06-14_36873a4.csv.gz", "values_2012-10-14_3c75930.csv.gz"


@pytest.fixture(scope="module")
def releases(real_data: Path) -> tuple[Path, Path]:
    folder = real_data / "uk-licences" / "releases"
    return folder / JUNE, folder / OCTOBER


@pytest.fixture(scope="module")
def found(releases: tuple[Path, Path]) -> Comparison:
    return compare(open_side(str(releases[0])), open_side(str(releases[1])))


def published(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_pair_is_counted_once(found: Comparison) -> None:
    assert found.counts() == {
        "restated": 1,
        "precision_changed": 49_046,
        "redated": 0,
        "renamed": 0,
        "rekeyed": 0,
        "added": 6_884,
        "removed": 0,
        "unchanged": 0,
    }
    assert found.also() == {
        "restated": 0, "precision_changed": 1, "redated": 0, "renamed": 9, "rekeyed": 1_037,
    }  # fmt: skip


def test_the_restated_row_is_found_with_both_values(found: Comparison) -> None:
    row = result_of(found).rows().slice(0, 1).to_pylist()[0]
    assert row == {
        "class": "restated",
        "also": "precision_changed",
        "changed": "decided_on;value",
        "old": "decided_on=2011-09-27; value=1504190.00",
        "new": "decided_on=2011-09; value=1528810.00",
        "a_line": "29630:1",
        "a_source": JUNE,
        "a_source_line": 44_860,
        "b_line": "29630:1",
        "b_source": OCTOBER,
        "b_source_line": 44_860,
    }


def test_the_renamed_rows_are_those_of_the_name_that_changed(found: Comparison) -> None:
    table = result_of(found).rows()
    renamed = table.filter(pc.fill_null(pc.match_substring(table["also"], "renamed"), False))
    assert renamed.num_rows == 9
    assert all("destination_name=Burkina;" in row["old"] for row in renamed.to_pylist())
    assert all("destination_name=Burkina Faso;" in row["new"] for row in renamed.to_pylist())


def test_the_added_rows_are_all_later(found: Comparison) -> None:
    added = found.b.lines.take(found.pairs.added)
    assert str(pc.min(added["decided_on"]).as_py()) == "2012-01-01"


def test_the_counts_agree_with_a_recount_by_plain_csv_code(found: Comparison, releases: tuple[Path, Path]) -> None:
    """Multisets of rows without the licence key, by month, with the one changed name mended."""
    before, after = (Counter(content(row) for row in published(path)) for path in releases)
    assert sum((before - after).values()) == 1  # the restated row
    assert sum((after - before).values()) == 1 + found.counts()["added"]


def content(row: dict[str, str]) -> tuple[str, ...]:
    name = row["country"].replace("Burkina Faso", "Burkina")
    return row["date"][:7], row["rating"], row["count"], row["value"], name, row["refused"]


def test_the_other_way_round_added_is_removed(found: Comparison) -> None:
    back = compare(found.b, found.a)
    assert back.counts() == found.counts() | {"added": 0, "removed": 6_884}


def test_a_release_does_not_differ_from_itself(found: Comparison) -> None:
    same = compare(found.a, found.a)
    assert same.is_equal
    assert same.counts()["unchanged"] == 49_047
