"""The four commands as a reader meets them: names of the JSON, words, errors, exit codes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from penholder.analysis.releases.catalogue import catalogue_json, read_catalogue
from penholder.cli.main import penholder
from penholder.kernel.errors import EXIT_CANNOT, PenholderError, ProfileError
from tests.contract.stocktake_world import add_lines, folder_of

DAY = "2020-06-30"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(penholder, list(arguments), catch_exceptions=True)


def asked(command: str, folder: Path, *more: str) -> dict[str, Any]:
    day = () if command == "touches" else ("--on", DAY)
    result = run(command, str(folder), "--profile", "northern-campaign", *day, *more, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


@pytest.mark.parametrize("scope", ["in-force", "granted"])
def test_stocktake_has_the_fixed_names_and_adds_up(sample_folder: Path, scope: str) -> None:
    found = asked("stocktake", sample_folder, "--scope", scope)

    assert set(found["use"]) == {"could", "excluded", "unknown"}
    assert sum(found["use"].values()) == found["lines"] > 100
    assert set(found["basis"]) == {"finding", "hint"}
    assert sum(found["basis"].values()) == found["use"]["could"]
    assert set(found["route"]) == {"direct", "onward"}
    assert sum(found["route"].values()) == found["use"]["could"]
    assert sum(found["unknown_because"].values()) == found["use"]["unknown"]
    assert sum(found["excluded_because"].values()) == found["use"]["excluded"]
    assert 0 < found["assumed_validity"] <= found["lines"]
    assert set(found["incidents"]) == {"attributed", "unattributed", "means_not_stated"}
    assert found["citation"]["on"] == DAY
    assert found["citation"]["attribution"] == [
        "Invented data from `penholder sample`: no state, party or event in it exists"
    ]


def test_every_line_is_one_row_with_its_reason(sample_folder: Path, tmp_path: Path) -> None:
    figures = asked("stocktake", sample_folder, "-o", str(tmp_path / "lines.csv"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "lines.csv").read_text(encoding="utf-8-sig"))))

    assert len(rows) == figures["lines"] == len({r["line"] for r in rows})
    for use, count in figures["use"].items():
        assert sum(r["use"] == use for r in rows) == count
    assert all(bool(r["because"]) == (r["use"] != "could") for r in rows)
    assert all(bool(r["path"]) == (r["use"] == "could") for r in rows)
    assert {r["route"] for r in rows if r["use"] == "could"} == {"direct", "onward"}
    wanted = {
        "line", "licence", "decided_on", "rating", "destination", "onward", "value", "currency", "use", "operator",
        "means", "end_user", "because", "basis", "route", "path", "grade", "flags", "status", "attributed",
        "unattributed", "means_not_stated", "source", "source_line",
    }  # fmt: skip
    assert wanted <= set(rows[0])


def test_without_incidents_their_counts_are_not_known(sample_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder_of(folder, [{}], None)
    profile = str(sample_folder / "profiles" / "northern-campaign.yaml")

    result = run("stocktake", str(folder), "--profile", profile, "--on", DAY, "--json")

    assert json.loads(result.stdout)["incidents"] == {
        "attributed": None, "unattributed": None, "means_not_stated": None
    }  # fmt: skip
    assert "no incidents are loaded: how many were reported is not known" in result.stderr


def test_without_a_day_it_is_as_of_today_and_says_so(sample_folder: Path) -> None:
    result = run("stocktake", str(sample_folder), "--profile", "northern-campaign", "--json")

    assert "--on was not given: as of today" in result.stderr
    assert json.loads(result.stdout)["on"] >= "2026-01-01"


def test_known_before_the_first_release_is_refused_with_its_day(sample_folder: Path) -> None:
    result = run("stocktake", str(sample_folder), "--profile", "northern-campaign", "--known", "2020-01-01")

    assert isinstance(result.exception, PenholderError)
    assert "no release of lines was out by 2020-01-01" in str(result.exception)
    assert result.exception.exit_code == EXIT_CANNOT


def test_what_was_not_out_by_then_is_not_counted_and_named(tmp_path: Path, sample_folder: Path) -> None:
    catalogue = folder_of(tmp_path, [{}], [{}], edges=True)
    early, *others = catalogue.releases
    fresh = (replace(early, released="2019-01-01"), *others)
    (tmp_path / "penholder.json").write_text(catalogue_json(fresh), encoding="utf-8")
    profile = str(sample_folder / "profiles" / "northern-campaign.yaml")

    result = run("stocktake", str(tmp_path), "--profile", profile, "--on", DAY, "--known", "2020-01-01", "--json")

    found = json.loads(result.stdout)
    assert (found["lines"], found["known"], found["incidents"]["attributed"]) == (1, "2020-01-01", None)
    assert "no release of incidents was out by 2020-01-01" in result.stderr
    assert "no release of edges was out by 2020-01-01" in result.stderr


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "0002-12-31", "1899-12-31", "2200-01-01"])
@pytest.mark.parametrize("option", ["--on", "--known"])
def test_a_day_beyond_the_calendar_is_refused_in_words(sample_folder: Path, option: str, day: str) -> None:
    for command in (["stocktake"], ["questions"], ["why", "1:1"]):
        result = run(command[0], str(sample_folder), *command[1:], "--profile", "northern-campaign", option, day)

        assert result.exit_code == EXIT_CANNOT
        assert f"{day} cannot be asked about; give a day from 1900-01-01 to 2199-12-31" in result.output


def test_a_release_without_final_destinations_says_what_that_could_change(
    tmp_path: Path, sample_folder: Path
) -> None:
    users, ratings = ("not_stated", "commercial", "government"), ("ML10", "ML6", "ML22", "5A002", "PL5001")
    cells = [
        {"destination": d, "rating": r, "end_user": u, "onward_end_user": f, "end_user_state": s}
        for d in ("XA", "XV") for r in ratings for u in users for f in users[:2] for s in (None, "XW")
    ]  # fmt: skip
    catalogue = folder_of(tmp_path / "all", [{}], [{}])
    add_lines(tmp_path / "all", "second", cells, lacks=("onward",))
    release = read_catalogue(tmp_path / "all").lacking("onward")[0].id
    folder_of(tmp_path / "open", [c | {"onward_open": True} for c in cells])
    profile = str(sample_folder / "profiles" / "northern-campaign.yaml")
    said = f"final destinations are not in the release {release}: routes by incorporation or re-export are"

    whole, opened = (
        json.loads(run("stocktake", str(tmp_path / f), "--profile", profile, "--on", DAY, "--json").stdout)
        for f in ("all", "open")
    )

    changing = whole["use"]["excluded"] - opened["use"]["excluded"]
    assert 0 < changing < whole["use"]["excluded"]
    assert f"{said} not known; {changing} excluded lines could change" in whole["notices"]
    assert (whole["onward_known"], opened["onward_known"]) == (False, True)
    for command in (
        ["touches", "--incident", "i1"],
        ["questions", "--on", DAY],
        ["why", "second/1:1", "--on", DAY],
    ):
        name, *more = command
        found = json.loads(run(name, str(tmp_path / "all"), *more, "--profile", profile, "--json").stdout)
        assert found["onward_known"] is False
        assert any(n.startswith(said) for n in found["notices"])
    assert catalogue.lacking("onward") == ()


def test_incidents_without_rows_are_not_said_to_be_out_later(tmp_path: Path, sample_folder: Path) -> None:
    folder_of(tmp_path, [{}], [])
    profile = str(sample_folder / "profiles" / "northern-campaign.yaml")

    result = run("stocktake", str(tmp_path), "--profile", profile, "--on", DAY)

    assert "the incidents that are loaded have no rows: how many were reported is not known" in result.stderr
    assert "None" not in result.stderr


def test_a_profile_that_does_not_exist_names_those_that_do(sample_folder: Path) -> None:
    result = run("stocktake", str(sample_folder), "--profile", "northern-campain", "--on", DAY)

    assert isinstance(result.exception, ProfileError)
    assert "has: coastal-blockade, northern-campaign; did you mean 'northern-campaign'?" in str(result.exception)


def test_master_without_spark_is_refused(sample_folder: Path) -> None:
    result = run("stocktake", str(sample_folder), "--profile", "northern-campaign", "--master", "local[2]")

    assert "--master was given with the engine 'local'" in str(result.exception)


def test_the_page_is_written_and_names_the_question(sample_folder: Path, tmp_path: Path) -> None:
    asked("stocktake", sample_folder, "-o", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")

    assert "Which licence lines in force on 30 June 2020 could have been used in these operations" in page
    assert "Ardenia" in page
    assert "Licensed; delivery and use not shown in these data" in page


def test_touches_and_why_speak_of_the_same_lines(sample_folder: Path) -> None:
    touched = asked("touches", sample_folder, "--where", "date=2016..2017")
    line = next(r for r in touched["rows"] if r["use"] == "could")

    found = asked("why", sample_folder, line["line"], "--scope", "granted")

    assert touched["incidents"] == sum(touched["incidents_by_kind"].values()) > 0
    assert sum(touched["use"].values()) == touched["lines"] > 0
    assert len(touched["rows"]) == touched["use"]["could"] + touched["use"]["unknown"]
    assert found["published"]["rating"] == line["rating"]
    assert (found["line"], found["published"]["source_line"]) == (line["line"], line["source_line"])
    assert all(step["citation"] and step["grade"] for step in found["path"]["steps"])
    assert {c["ask"] for c in found["changes"]} <= {"profile", "tracing", "exporter", "licensing authority"}


def test_touches_needs_one_way_to_choose(sample_folder: Path) -> None:
    base = ("touches", str(sample_folder), "--profile", "northern-campaign")

    assert run(*base).exit_code == EXIT_CANNOT
    assert run(*base, "--incident", "1", "--where", "place=XC").exit_code == EXIT_CANNOT


def test_questions_cover_every_unknown_line_once_by_cause(sample_folder: Path, tmp_path: Path) -> None:
    found = asked("questions", sample_folder, "-o", str(tmp_path / "questions.md"))
    figures = asked("stocktake", sample_folder)
    text = (tmp_path / "questions.md").read_text(encoding="utf-8")

    by_cause: dict[str, int] = {}
    for question in found["questions"]:
        by_cause[question["cause"]] = by_cause.get(question["cause"], 0) + question["lines"]
        assert len(question["line_ids"]) == min(question["lines"], 20)
        assert question["further_lines"] == question["lines"] - len(question["line_ids"])
        assert question["question"].endswith("?")
    assert {k: n for k, n in by_cause.items() if k in figures["unknown_because"]} == figures["unknown_because"]
    assert by_cause["end_user_taken_from_military_rating"] == figures["end_user_not_stated"]
    assert [q["number"] for q in found["questions"]] == list(range(1, len(found["questions"]) + 1))
    assert text.startswith("# Questions: Air campaign over Corvale\n\n")
    assert "\n1. " in text


def test_the_local_stocktake_needs_no_data_base_and_no_data_frame(sample_folder: Path) -> None:
    code = (
        "import sys\n"
        "from penholder.cli.main import penholder\n"
        f"penholder(['stocktake', {str(sample_folder)!r}, '--profile', 'northern-campaign', '--on', {DAY!r},"
        " '--json'], standalone_mode=False)\n"
        "heavy = [m for m in ('ibis', 'duckdb', 'pandas.core', 'pyspark', 'pycountry') if m in sys.modules]\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_lines_decided_in_the_future_are_in_no_scope(tmp_path: Path, sample_folder: Path) -> None:
    folder_of(tmp_path / "data", [{"decided_on": date(2020, 7, 1)}])
    profile = str(sample_folder / "profiles" / "northern-campaign.yaml")

    result = run("stocktake", str(tmp_path / "data"), "--profile", profile, "--on", DAY, "--json")

    assert json.loads(result.stdout)["lines"] == 0
    assert "no line is in scope on 2020-06-30" in result.stderr
