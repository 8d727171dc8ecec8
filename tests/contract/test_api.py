"""The Python interface gives the figures of the command line, in every form, and says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import penholder
from penholder.analysis.api import Answer, DataFolder
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.schemas import INCIDENTS, LICENCE_LINES
from penholder.cli.main import main
from penholder.kernel.errors import FolderError, InputError, NotKnownError, PenholderError, ProfileError

pytestmark = pytest.mark.slow  # `make check`

ON = "2020-06-30"
PROFILE = "northern-campaign"


@pytest.fixture
def trial(sample_folder: Path) -> DataFolder:
    return penholder.open(sample_folder)


def of_command(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, Any]:
    """The JSON that a command prints."""
    with pytest.raises(SystemExit) as left:
        main([*(str(w) for w in words), "--json"])
    assert left.value.code == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def without_moment(document: dict[str, Any]) -> dict[str, Any]:
    """The document as JSON would hold it, without the moment of knowledge, which is now."""
    cited = {k: v for k, v in document["citation"].items() if k != "known"}
    plain = json.loads(json.dumps({k: v for k, v in document.items() if k != "citation"}, default=_plain))
    return {**plain, "citation": cited}


def _plain(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize("scope", ["in-force", "granted"])
def test_a_stocktake_is_that_of_the_command(
    trial: DataFolder, sample_folder: Path, capsys: pytest.CaptureFixture[str], scope: str
) -> None:
    printed = of_command(capsys, "stocktake", sample_folder, "--profile", PROFILE, "--on", ON, "--scope", scope)
    answer = trial.stocktake(PROFILE, on=ON, scope=scope)
    assert without_moment(answer.document) == without_moment(printed)
    assert len(answer) == printed["lines"]
    counted = answer.arrow.group_by("use").aggregate([([], "count_all")]).to_pylist()
    assert {row["use"]: row["count_all"] for row in counted} == printed["use"]


def test_statistics_are_those_of_the_command(
    trial: DataFolder, sample_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = of_command(capsys, "stats", sample_folder, "--by", "year,route", "--measure", "value")
    answer = trial.stats(by=["year", "route"], measure="value")
    assert without_moment(answer.document) == without_moment(printed)
    assert trial.stats(by="year").arrow == trial.stats(by=["year"]).arrow
    assert trial.stats(by="year, route", measure="value").document == answer.document


def test_one_line_is_explained_as_by_the_command(
    trial: DataFolder, sample_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = trial.stocktake(PROFILE, on=ON).arrow
    line = rows.filter(pa.compute.equal(rows["use"].cast(pa.string()), "could"))["line"][0].as_py()
    printed = of_command(capsys, "why", sample_folder, line, "--profile", PROFILE, "--on", ON)
    found = trial.why(line, PROFILE, on=ON)
    assert without_moment(found.document) == without_moment(printed)
    assert (found.document["line"], found.document["use"]) == (line, "could")


def test_touches_are_those_of_the_command(
    trial: DataFolder, sample_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["means=air_strike", "date=2020-01-01..2020-03-31"]
    printed = of_command(
        capsys, "touches", sample_folder, "--profile", PROFILE, *(w for x in where for w in ("--where", x))
    )
    assert without_moment(trial.touches(PROFILE, where=where).document) == without_moment(printed)


ANSWERS: dict[str, Callable[[DataFolder], Answer]] = {
    "lines": lambda trial: trial.lines(),
    "incidents": lambda trial: trial.incidents(),
    "stocktake": lambda trial: trial.stocktake(PROFILE, on=ON),
    "touches": lambda trial: trial.touches(PROFILE, where=["place=XC"]),
    "stats": lambda trial: trial.stats(by=["year", "outcome"], measure="value"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_pandas_polars_and_duckdb_hold_the_rows_of_arrow(trial: DataFolder, name: str) -> None:
    answer = ANSWERS[name](trial)
    rows = answer.arrow
    frame, polars, relation = answer.pandas(), answer.polars(), answer.duckdb()
    assert isinstance(frame, pd.DataFrame)
    assert isinstance(polars, pl.DataFrame)
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    assert len(answer) == rows.num_rows == len(frame) == polars.height == len(relation)
    assert rows.column_names == list(frame.columns) == polars.columns == relation.columns
    wanted = [tuple(row.values()) for row in rows.to_pylist()]
    assert relation.fetchall() == wanted
    assert polars.rows() == wanted
    back = pa.Table.from_pandas(frame, schema=rows.schema, preserve_index=False)
    assert [tuple(row.values()) for row in back.to_pylist()] == wanted


def test_lines_and_incidents_have_the_declared_columns(trial: DataFolder) -> None:
    assert trial.lines().arrow.schema == LICENCE_LINES.arrow
    assert trial.incidents().arrow.schema == INCIDENTS.arrow
    assert trial.lines(["line", "value"]).arrow.column_names == ["line", "value"]
    assert (len(trial.lines()), len(trial.incidents())) == (2_000, 1_200)


def test_the_day_of_knowledge_is_cited_where_it_was_given(sample_folder: Path) -> None:
    now, then = penholder.open(sample_folder), penholder.open(sample_folder, known="2026-01-15")
    for ask in (DataFolder.lines, DataFolder.incidents, DataFolder.stats):
        assert (ask(now).citation.known, ask(then).citation.known) == ("", "2026-01-15")


def test_dates_may_be_dates_or_texts(trial: DataFolder) -> None:
    one, other = trial.stocktake(PROFILE, on=date(2020, 6, 30)), trial.stocktake(PROFILE, on=ON)
    assert one.arrow == other.arrow
    assert trial.stocktake(PROFILE, on=datetime(2020, 6, 30, 12, tzinfo=UTC)).arrow == one.arrow


def test_an_earlier_day_of_knowledge_uses_the_earlier_release(sample_folder: Path) -> None:
    assert penholder.open(sample_folder, known="2026-01-15").stats().document["total"] == 2_000
    with pytest.raises(NotKnownError, match="2026-01-15"):
        penholder.open(sample_folder, known="2001-01-01").stats()


WRONG: dict[str, tuple[type[PenholderError], str, Callable[[DataFolder], Any]]] = {
    "date": (InputError, "2020-02-31", lambda t: t.stocktake(PROFILE, on="2020-02-31")),
    "day": (InputError, "9999-12-31", lambda t: t.stocktake(PROFILE, on=date.max)),
    "period": (InputError, "0001-01-01", lambda t: t.stats(start=date.min)),
    "no date": (InputError, "not a day: 20150331", lambda t: t.stocktake(PROFILE, on=20150331)),  # type: ignore[arg-type]
    "no date known": (InputError, "not a day: 2015", lambda t: penholder.open(t.catalogue.folder, known=2015)),  # type: ignore[arg-type]
    "scope": (InputError, "in-force, granted", lambda t: t.stocktake(PROFILE, on=ON, scope="all")),
    "profile": (ProfileError, PROFILE, lambda t: t.stocktake("northern-campain", on=ON)),
    "column": (InputError, "decided_on", lambda t: t.lines(["decided"])),
    "dimension": (InputError, "year", lambda t: t.stats(by=["yeer"])),
    "measure": (InputError, "licences", lambda t: t.stats(measure="weight")),
    "destination": (InputError, "Ardenia", lambda t: t.stats(where=["destination=Ardena"])),
    "line": (NotKnownError, "99999:1", lambda t: t.why("99999:1", PROFILE, on=ON)),
    "incident": (NotKnownError, "NONE", lambda t: t.touches(PROFILE, incident="NONE")),
    "both": (InputError, "either", lambda t: t.touches(PROFILE, incident="S1", where=["place=XC"])),
    "neither": (InputError, "either", lambda t: t.touches(PROFILE)),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_what_is_allowed(trial: DataFolder, name: str) -> None:
    kind, said, ask = WRONG[name]
    with pytest.raises(kind) as raised:
        ask(trial)
    assert said in str(raised.value)
    assert raised.value.hint


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"penholder\.json"):
        penholder.open(tmp_path)


def test_a_notebook_shows_escaped_rows_with_their_citation() -> None:
    table = pa.table({"a<b": ["<script>alert(1)</script>", None, "x & y"] * 5})
    cited = Citation("texts & <marks>", "ab" * 32, on="2020-06-30")
    shown = Answer(Result("Title <i>", {}, table, cited))._repr_html_()
    assert "<script>" not in shown
    assert "<caption>Title &lt;i&gt;</caption>" in shown
    assert "<th scope='col'>a&lt;b</th>" in shown
    assert shown.count("<tr>") == 11
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "10 of 15 rows. Cite: data abababab…abab, Penholder" in shown


def test_an_answer_reads_as_its_words(trial: DataFolder) -> None:
    shown = repr(trial.stocktake(PROFILE, on=ON))
    assert shown.startswith("Air campaign over Corvale · in force on 30 June 2020")
    assert "\nCite: data " in shown
    assert max(len(line) for line in shown.splitlines()) <= 100
    assert repr(trial.lines("line,value")).splitlines()[:2] == [
        "every licence line in use",
        "2,000 rows of line, value",
    ]
    unsafe = Answer(Result("a title", {}, pa.table({"n": [1]}), Citation("p", "ab" * 32), words=("a\x1b[31mb",)))
    assert "\x1b" not in repr(unsafe)


def test_a_data_folder_reads_as_what_it_holds(trial: DataFolder, sample_folder: Path) -> None:
    held = "2,000 lines, 1,200 incidents, 11 edges, 129 notes, 25 places"
    assert repr(trial) == f"Data folder {sample_folder}: {held}"
    early = penholder.open(sample_folder, known="2001-01-01")
    assert repr(early) == f"Data folder {sample_folder}, known 2001-01-01: nothing in use"


def test_the_package_has_no_other_public_names() -> None:
    assert sorted(penholder.__all__) == ["DataFolder", "__version__", "open"]
    with pytest.raises(AttributeError, match="penholder"):
        _ = penholder.nothing


def test_only_the_largest_rows_are_given_and_the_total_stays(sample_folder: Path) -> None:
    folder = penholder.open(sample_folder)
    every = folder.stats(by="destination")
    three = folder.stats(by="destination", top=3)
    counts = sorted((row["value"] for row in every.document["rows"]), reverse=True)
    assert [row["value"] for row in three.document["rows"]] == counts[:3]
    assert three.document["total"] == every.document["total"] == 2_000
