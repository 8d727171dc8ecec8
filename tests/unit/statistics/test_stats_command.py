"""`penholder stats`, `rows`, `info` and `diff` from the outside: exit codes, formats, messages."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from penholder.cli.main import main
from tests.unit.statistics.invented_lines import data_folder

# Ibis calls a function of DuckDB that DuckDB is renaming.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
ROWS = [
    {"licence": "1", "decided_on": date(2012, 1, 2), "value": Decimal("10.50")},
    {"licence": "2", "decided_on": date(2013, 1, 2), "value": Decimal("20.00"), "destination": "XN"},
    {"licence": "3", "decided_on": date(2013, 1, 2), "value": None, "outcome": "refused"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("command") / "data"
    data_folder(path, ROWS, released=date(2014, 1, 1))
    changed = [ROWS[0] | {"value": Decimal("11.50")}, *ROWS[1:]]
    data_folder(path, changed, released=date(2015, 1, 1))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return int(str(left.value.code or 0)), captured.out, captured.err


def test_stats_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "stats", folder, "--by", "year", "--measure", "value", "--json")
    document = json.loads(out)
    assert code == 0
    assert [(r["year"], r["value"]) for r in document["rows"]] == [(2012, 11.5), (2013, 20)]
    assert '"value": 20,' in out
    assert (document["total"], document["currency"], document["lines_without_value"]) == (31.5, "XTS", 1)
    assert document["citation"]["predicate"] == document["predicate"]
    assert err == "note: 1 of 3 lines state no value\n"


def test_known_uses_the_release_of_its_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "stats", folder, "--measure", "value", "--known", "2014-06-30", "--json")
    assert json.loads(out)["total"] == 30.5
    code, out, err = run(capsys, "stats", folder, "--known", "2013-12-31")
    assert (code, out) == (2, "")
    assert "no release of lines was out by 2013-12-31" in err


def test_in_a_pipe_the_rows_are_tab_separated(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "stats", folder, "--by", "destination", "--measure", "licences")
    assert out == "destination\tdestination_name\tvalue\nXA\tArdenia\t2\nXN\tNorland\t1\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "colour"], "there is no dimension 'colour'"),
        (["--by", "year,year"], "names a dimension twice"),
        (["--where", "destination=Ardenja"], "near ones: Ardenia"),
        (["--on", "2014-02-31"], "no such date"),
        (["--on", "2014-02-01", "--from", "2014-01-01"], "--on was given together"),
        (["--on", "9999-12-31"], "9999-12-31 cannot be asked about"),
        (["--on", "0001-01-01"], "0001-01-01 cannot be asked about"),
        (["--to", "0002-12-31"], "0002-12-31 cannot be asked about"),
        (["--known", "9999-12-31"], "9999-12-31 cannot be asked about"),
        (["--master", "spark://example.org"], "add --engine spark"),
        (["--measure", "weight"], "'weight' is not one of"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, out, err = run(capsys, "stats", folder, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_file_is_not_a_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "file"
    path.touch()
    for name in ("stats", "rows", "info"):
        code, _, err = run(capsys, name, path)
        assert code == 2
        assert "is a file, not a folder" in err


@pytest.mark.parametrize("name", ["stats", "rows", "info"])
def test_a_damaged_catalogue_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / "penholder.json").write_text("{}")
    code, out, err = run(capsys, name, tmp_path)
    assert (code, out) == (3, "")
    assert err.startswith(f"penholder: {tmp_path}/penholder.json is damaged: it does not say its format\n")


def test_a_catalogue_of_a_newer_penholder_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "penholder.json").write_text('{"format": 3, "releases": []}')
    code, _, err = run(capsys, "stats", tmp_path)
    assert code == 2
    assert "upgrade Penholder" in err


def test_rows_are_paged_and_say_how_many_there_are(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, "rows", folder, "--limit", 2, "--json")
    first = json.loads(out)
    assert [r["line"] for r in first["rows"]] == ["1:1", "2:1"]
    assert (first["count"], first["total"]) == (2, 3)
    assert "2 of 3 lines" in err
    _, out, _ = run(capsys, "rows", folder, "--limit", 2, "--cursor", first["next"], "--json")
    second = json.loads(out)
    assert [r["line"] for r in second["rows"]] == ["3:1"]
    assert second["next"] is None


def test_a_cursor_serves_its_own_question_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "rows", folder, "--limit", 1, "--json")
    cursor = json.loads(out)["next"]
    for arguments in (["--where", "year=2013"], ["--known", "2014-06-30"]):
        code, _, err = run(capsys, "rows", folder, "--cursor", cursor, *arguments)
        assert code == 2
        assert "belongs to another question" in err
    for broken in ("x", "bnVsbA", "W10", "not base 64 at all \u00e9"):
        code, _, err = run(capsys, "rows", folder, "--cursor", broken)
        assert code == 2
        assert "--cursor cannot be read" in err


def test_a_file_gets_all_rows_and_columns_can_be_chosen(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.csv"
    code, out, _ = run(capsys, "rows", folder, "--columns", "line,source,source_line", "-o", path)
    assert (code, out) == (0, "")
    assert list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))) == [
        ["line", "source", "source_line"], ["1:1", "lines.csv", "2"], ["2:1", "lines.csv", "3"],
        ["3:1", "lines.csv", "4"],
    ]  # fmt: skip
    code, _, err = run(capsys, "rows", folder, "--columns", "line,colour")
    assert code == 2
    assert "there is no column 'colour'" in err


def test_info_tells_what_is_in_use_and_what_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "info", folder, "--json")
    document = json.loads(out)
    assert code == 0
    assert document["rows"] == {"lines": 3, "places": 4}
    assert [(r["released"], r["in_use"]) for r in document["releases"]] == [
        ("2014-01-01", False), ("2015-01-01", True),
    ]  # fmt: skip
    assert [text.split(":")[0] for text in document["missing"]] == [
        "no incidents", "no notes", "no graph edges of its own",
    ]  # fmt: skip
    assert document["attribution"] == ["Invented"]
    assert document["citation"]["data"] == document["data"]


def test_info_names_what_a_release_in_use_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data_folder(tmp_path, ROWS, released=date(2014, 1, 1), lacks=("criteria",))
    held = data_folder(tmp_path, ROWS[:2], released=date(2015, 1, 1), lacks=("onward", "colours"))
    _, out, _ = run(capsys, "info", tmp_path, "--json")
    document = json.loads(out)
    name = held.releases[-1].id
    assert document["missing"][-2:] == [
        f"{name}: loaded without a table of final destinations: onward routes are not known, and counted nowhere",
        f"{name}: loaded without colours: what it says is not known",
    ]
    assert [r["lacks"] for r in document["releases"]] == [["criteria"], ["onward", "colours"]]
    code, out, err = run(capsys, "stats", tmp_path, "--by", "route", "--json")
    assert code == 0
    assert json.loads(out)["notes"] == [f"{err.splitlines()[0].removeprefix('note: ')}"]
    assert f"note: {name}: loaded without a table of final destinations" in err


def test_diff_ends_with_1_where_something_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "diff", f"{folder}@2014-06-30", f"{folder}@2015-06-30", "--json")
    document = json.loads(out)
    assert code == 1
    assert (document["restated"], document["unchanged"], document["differences"]) == (1, 2, 1)
    assert document["listed"][0]["old"] == "value=10.50"
    code, _, _ = run(capsys, "diff", f"{folder}@2015-06-30", folder)
    assert code == 0


def test_diff_by_release_id(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "info", folder, "--json")
    first, second = (r["id"] for r in json.loads(out)["releases"])
    code, out, _ = run(capsys, "diff", f"{folder}@{first}", f"{folder}@{second}")
    assert code == 1
    assert out.splitlines()[1].startswith("restated\t\tvalue\tvalue=10.50\tvalue=11.50\t1:1\t")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("@2013-01-01", "no release of lines was out by 2013-01-01"),
        ("@nonsense", "is neither a release of"),
        ("@2014-02-31", "no such date"),
        ("/nowhere", "there is nothing at"),
    ],
)
def test_a_side_that_cannot_be_read_ends_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    code, out, err = run(capsys, "diff", folder, f"{folder}{name}")
    assert (code, out) == (2, "")
    assert message in err
