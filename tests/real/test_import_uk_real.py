"""The published UK lists, loaded and counted again with plain csv code."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.sources.load import load
from penholder.analysis.sources.report import LoadReport

pytestmark = [pytest.mark.real, pytest.mark.slow]
FOLDER = Path("uk-licences") / "2008-2015"


@pytest.fixture(scope="module")
def source(real_data: Path) -> Path:
    return real_data / FOLDER


@pytest.fixture(scope="module")
def into(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uk") / "data"


@pytest.fixture(scope="module")
def report(source: Path, into: Path) -> LoadReport:
    return load(source, into=into, kind="uk-licences", released=date(2015, 6, 30))


@pytest.fixture(scope="module")
def lines(report: LoadReport, into: Path) -> list[dict[str, Any]]:
    assert not report.already_loaded
    columns = [
        "line",
        "licence",
        "decided_on",
        "outcome",
        "destination",
        "onward",
        "value",
        "criteria",
        "source_line",
    ]
    found: list[dict[str, Any]] = read_rows(read_catalogue(into), "lines", columns=columns).to_pylist()
    return found


def plain(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_row_of_every_file_is_accounted_for(report: LoadReport, source: Path) -> None:
    document = report.document()
    assert (document["read"], document["loaded"], document["quarantined"]) == (96_311, 96_311, 0)
    counts = {f["name"]: (f["read"], f["loaded"], f["reasons"]) for f in document["files"]}
    assert counts == {
        "values.csv": (96_311, 96_311, {}),
        "destinations.csv": (52_243, 52_243, {}),
        "refusal-criteria.csv": (1_943, 1_391, {"exact_repeat": 552}),
        "footnotes_licence.csv": (4_560, 4_560, {}),
        "footnotes_region.csv": (133, 0, {"not_used": 133}),
        "ratings.csv": (250, 0, {"not_used": 250}),
        "sources.csv": (10_595, 0, {"not_used": 10_595}),
    }
    assert {n: c[0] for n, c in counts.items()} == {p.name: len(plain(p)) for p in source.glob("*.csv")}


def test_value_by_year_and_lines_by_outcome_equal_a_plain_recount(
    lines: list[dict[str, Any]], source: Path
) -> None:
    ours, theirs = defaultdict[int, Decimal](Decimal), defaultdict[int, Decimal](Decimal)
    for line in lines:
        ours[line["decided_on"].year] += line["value"] or 0
    values = plain(source / "values.csv")
    for row in values:
        theirs[int(row["date"][:4])] += Decimal(row["value"] or 0)
    assert ours == theirs
    assert len(ours) == 8
    words = {"0": "issued", "1": "refused"}
    assert Counter(line["outcome"] for line in lines) == Counter(words[r["refused"]] for r in values)


@pytest.mark.parametrize(
    ("code", "name"), [("SA", "Saudi Arabia"), ("AE", "United Arab Emirates"), ("TR", "Turkey")]
)
def test_direct_and_onward_licence_groups_equal_a_plain_recount(
    lines: list[dict[str, Any]], source: Path, code: str, name: str
) -> None:
    direct = {line["licence"] for line in lines if line["destination"] == code}
    onward = {line["licence"] for line in lines if code in (line["onward"] or "").split(";")}
    assert direct == {r["licence_group"] for r in plain(source / "values.csv") if r["country"] == name}
    assert onward == {r["licence_group"] for r in plain(source / "destinations.csv") if r["destination"] == name}
    assert len(direct) > 500
    assert len(onward) > 100


def test_each_line_stands_where_the_file_has_it(lines: list[dict[str, Any]], source: Path) -> None:
    number: Counter[str] = Counter()
    for at, (line, row) in enumerate(zip(lines, plain(source / "values.csv"), strict=True), 2):
        number[row["licence_group"]] += 1
        assert line["line"] == f"{row['licence_group']}:{number[row['licence_group']]}"
        assert line["source_line"] == at
        assert line["value"] == (Decimal(row["value"]) if row["value"] else None)


def test_criteria_are_the_distinct_ones_of_the_licence(lines: list[dict[str, Any]], source: Path) -> None:
    theirs = defaultdict[str, set[str]](set)
    for row in plain(source / "refusal-criteria.csv"):
        theirs[row["licence_group"]].add(row["criteria"])
    ours = {line["licence"]: set(line["criteria"].split(";")) for line in lines if line["criteria"]}
    assert ours == dict(theirs)


def test_the_same_folder_again_changes_nothing(report: LoadReport, source: Path, into: Path) -> None:
    again = load(source, into=into, kind="uk-licences", released=date(2015, 6, 30))
    assert again.already_loaded
    assert again.release == report.release


def test_a_packed_release_with_month_dates_keeps_their_precision(real_data: Path, tmp_path: Path) -> None:
    (path,) = (real_data / "uk-licences" / "releases").glob("values_2012-10*.csv.gz")
    document = load(path, into=tmp_path / "data", kind="uk-licences", released=date(2012, 10, 14)).document()
    with gzip.open(path, "rt", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (document["read"], document["loaded"]) == (len(rows), len(rows))
    found = read_rows(read_catalogue(tmp_path / "data"), "lines", columns=["decided_precision"])
    ours = Counter(found.column("decided_precision").to_pylist())
    assert ours == Counter({4: "year", 7: "month", 10: "day"}[len(r["date"])] for r in rows)


def test_notes_of_a_later_release_load_alone(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "uk-licences" / "end-use-notes" / "footnotes-licence.csv"
    document = load(path, into=tmp_path / "data", kind="uk-notes").document()
    assert (document["read"], document["loaded"], document["rows"]) == (14_092, 14_092, {"notes": 14_092})
