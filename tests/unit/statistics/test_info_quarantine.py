"""`info --quarantine` lists each row that was not loaded, with its place, in every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from tests.unit.sources.invented_lists import loaded, write
from tests.unit.statistics.test_stats_command import run

HEADER = "licence_group,date,rating,count,value,country,refused\n"
GOOD = "1,2014-01-02,ML10,1,3540,XA,0\n"
FIRST, SECOND = date(2015, 6, 30), date(2016, 6, 30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    into = tmp_path / "data"
    text = HEADER + GOOD + "2,2014-02-31,ML10,1,1,XA,0\n3,2014-01-02,ML10,1,much,XA,0\n4,2014-01-02\n"
    loaded(write(tmp_path / "a" / "old.csv", text), into, "uk-licences", released=FIRST)
    text = HEADER + GOOD + "2,2014-02-30,ML10,1,1,XA,0\n"
    loaded(write(tmp_path / "b" / "new.csv", text), into, "uk-licences", released=SECOND)
    return into


def test_the_release_in_use_comes_first_and_all_rows_have_their_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "info", folder, "--quarantine")
    found = list(csv.reader(io.StringIO(out), delimiter="\t"))
    assert code == 0
    assert found[0] == ["release", "file", "line", "column", "reason", "detail", "in_use"]
    assert [(row[0][:22], *row[1:]) for row in found[1:]] == [
        ("uk-licences-2016-06-30", "new.csv", "3", "date", "not_a_date", "2014-02-30", "true"),
        ("uk-licences-2015-06-30", "old.csv", "3", "date", "not_a_date", "2014-02-31", "false"),
        ("uk-licences-2015-06-30", "old.csv", "4", "value", "not_a_number", "much", "false"),
        ("uk-licences-2015-06-30", "old.csv", "5", "", "wrong_field_count", "2 fields, not 7", "false"),
    ]
    assert err == (
        "note: 4 rows were not loaded: not_a_date 2, not_a_number 1, wrong_field_count 1\n"
        "note: rows of 1 release that is not in use stand last (in_use is false)\n"
    )


def test_as_known_before_the_second_release(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "info", folder, "--quarantine", "--known", "2016-01-01", "--json")
    document = json.loads(out)
    assert document["count"] == 3
    assert document["reasons"] == {"not_a_date": 1, "not_a_number": 1, "wrong_field_count": 1}
    assert [row["in_use"] for row in document["rows"]] == [True, True, True]
    assert document["citation"]["predicate"] == "Rows that were read and not loaded, as known on 2016-01-01."


@pytest.mark.parametrize("suffix", ["csv", "tsv", "json", "nl", "xlsx", "html", "parquet"])
def test_every_format_is_written(
    folder: Path, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"rows.{suffix}"
    assert run(capsys, "info", folder, "--quarantine", "-o", path)[0] == 0
    assert path.stat().st_size > 0


def test_nothing_quarantined_gives_no_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loaded(write(tmp_path / "all.csv", HEADER + GOOD), tmp_path / "data", "uk-licences")
    code, out, err = run(capsys, "info", tmp_path / "data", "--quarantine")
    assert (code, out) == (0, "release\tfile\tline\tcolumn\treason\tdetail\tin_use\n")
    assert err == "note: 0 rows were not loaded\n"
