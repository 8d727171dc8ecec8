"""Every kind of bad file gives a clear error or a quarantined row, and never changes the data that are there."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_release
from penholder.analysis.sources.load import load
from penholder.kernel.errors import PenholderError

HEADER = "licence_group,date,rating,count,value,country,refused\n"
ROW = "1,2014-01-02,ML10,1,3540,XA,0\n"
DAY = date(2020, 1, 1)


def good(folder: Path) -> Path:
    source = folder / "good.csv"
    source.write_text(HEADER + ROW)
    load(source, into=folder / "data", kind="uk-licences", released=DAY)
    return folder / "data"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (HEADER.encode(), "has a header and no rows"),
        (b"a,b\n1,2\n", "is no uk-licences file"),
        (b"\0\0\0\0", "is no uk-licences file|is no header"),
        (HEADER.replace("rating", "date").encode() + ROW.encode(), "no column 'rating'|two columns are called"),
        (HEADER.replace("count,", "value,").encode() + ROW.encode(), "two columns are called 'value'"),
        (gzip.compress((HEADER + ROW * 999).encode())[:-20], "cut short or damaged"),
        ((HEADER + ROW).encode("utf-16"), "begins like UTF-16"),
        (HEADER.encode() + ROW.replace("XA", "Ruritânia").encode("cp1252"), "try --encoding cp1252"),
        (HEADER.replace(",", ";").encode() + ROW.encode(), "is the delimiter another one"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (b'{"features": [', "is no uk-licences file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_nothing_changes(
    tmp_path: Path, content: bytes, said: str
) -> None:
    into = good(tmp_path)
    before = (into / "penholder.json").read_bytes()
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    with pytest.raises(PenholderError, match=said) as caught:
        load(bad, into=into, kind="uk-licences", released=DAY)
    assert caught.value.exit_code == 2
    assert (into / "penholder.json").read_bytes() == before
    assert sorted(p.name for p in into.iterdir()) == [".lock", "penholder.json", "releases"]


@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        ("2,2014-02-31,ML10,1,1,XA,0\n", "not_a_date", "date"),
        ("2,2014-01-02,ML10,1,-1,XA,0\n", "negative_value", "value"),
        ("2,2014-01-02,ML10,1,1e400,XA,0\n", "number_out_of_range", "value"),
        ("2,2014-01-02,ML10,1,much,XA,0\n", "not_a_number", "value"),
        ("2,2014-01-02,ML10,1.5,1,XA,0\n", "not_a_whole_number", "count"),
        (",2014-01-02,ML10,1,1,XA,0\n", "missing_required", "licence_group"),
        ("2,2014-01-02,ML10,1,1,,0\n", "missing_required", "country"),
        ("2,2014-01-02,ML10,1,1,XA,maybe\n", "unknown_code", "refused"),
        ("2,2014-01-02,ML10,1,1,XA\n", "wrong_field_count", None),
        ('2,2014-01-02,"ML10,1,1,XA,0\n', "unclosed_quote", None),
        ("2,2014-01-02,ML10,1,1,X\0A,0\n", "nul_byte", None),
        (ROW, "exact_repeat", None),
    ],
)
def test_a_row_that_cannot_be_used_is_quarantined_with_its_line_and_column(
    tmp_path: Path, row: str, reason: str, column: str | None
) -> None:
    source = tmp_path / "values.csv"
    source.write_text(HEADER + ROW + row)
    report = load(source, into=tmp_path / "data", kind="uk-licences", released=DAY)
    document = report.document()
    assert (document["read"], document["loaded"], document["reasons"]) == (2, 1, {reason: 1})
    catalogue = read_catalogue(tmp_path / "data")
    (release,) = catalogue.releases
    (found,) = read_release(catalogue, release, "quarantine").to_pylist()
    assert (found["source"], found["source_line"], found["column"]) == ("values.csv", 3, column)


def test_a_country_that_no_table_knows_is_kept_and_said(tmp_path: Path) -> None:
    source = tmp_path / "values.csv"
    source.write_text(HEADER + ROW + ROW.replace("XA", "Grand Fenwick"))
    report = load(source, into=tmp_path / "data", kind="uk-licences", released=DAY)
    assert report.document()["quarantined"] == 0
    assert report.document()["unrecognised_places"] == {"Grand Fenwick": 1}
    assert any("a place that no table knows is named 1 times" in n for n in report.notices)


def test_utf_16_loads_where_it_is_said(tmp_path: Path) -> None:
    source = tmp_path / "values.csv"
    source.write_bytes((HEADER + ROW).encode("utf-16"))
    report = load(source, into=tmp_path / "data", kind="uk-licences", released=DAY, encoding="utf-16")
    assert report.document()["loaded"] == 1


def test_a_folder_without_tables_names_the_folders_in_it(tmp_path: Path) -> None:
    (tmp_path / "in" / "2008-2015").mkdir(parents=True)
    with pytest.raises(PenholderError, match="it has folders: 2008-2015"):
        load(tmp_path / "in", into=tmp_path / "data", kind="uk-licences")
