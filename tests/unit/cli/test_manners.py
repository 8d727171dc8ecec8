"""How commands behave: exit codes, data on standard output, talk on standard error, errors without traceback."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from penholder.cli.main import COMMANDS, main

ASKED = ["--profile", "northern-campaign", "--on", "2020-06-30"]


@dataclass(frozen=True)
class Ran:
    """What one command gave."""

    code: int
    out: str
    err: str


class Penholder:
    """Runs the command line in this process, in a pipe (neither stream is a terminal)."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.capfd = capfd

    def __call__(self, *words: str | Path) -> Ran:
        self.capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(w) for w in words])
        shown = self.capfd.readouterr()
        return Ran(int(left.value.code or 0), shown.out, shown.err)


@pytest.fixture
def penholder(capfd: pytest.CaptureFixture[str]) -> Penholder:
    return Penholder(capfd)


@pytest.fixture
def trial(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of the sample that a test may change."""
    return Path(shutil.copytree(sample_folder, tmp_path / "trial"))


def test_an_answer_is_0_and_only_data_are_on_standard_output(penholder: Penholder, sample_folder: Path) -> None:
    ran = penholder("stocktake", sample_folder, *ASKED, "--json")
    document = json.loads(ran.out)
    assert ran.code == 0
    assert sum(document["use"].values()) == document["lines"] > 0
    assert ran.err.startswith("note: ")


def test_in_a_pipe_the_answer_is_tab_separated(penholder: Penholder, sample_folder: Path) -> None:
    ran = penholder("stats", sample_folder, "--by", "outcome")
    head, *rows = ran.out.splitlines()
    assert (ran.code, head.split("\t")[0], len(rows)) == (0, "outcome", 2)


def test_a_file_leaves_standard_output_empty(penholder: Penholder, sample_folder: Path, tmp_path: Path) -> None:
    ran = penholder("stocktake", sample_folder, *ASKED, "-o", tmp_path / "lines.csv")
    assert (ran.code, ran.out) == (0, "")
    assert f"wrote {tmp_path / 'lines.csv'}" in ran.err


def test_a_check_that_finds_something_is_1(penholder: Penholder, trial: Path) -> None:
    same = penholder("diff", trial, trial, "--json")
    profile = trial / "profiles" / "northern-campaign.yaml"
    profile.write_text(profile.read_text().replace("place: XC", "place: XZ"))
    checked = penholder("profile", "check", profile, "--data", trial)
    assert (same.code, checked.code) == (0, 1)
    assert json.loads(same.out)["unchanged"] == 2_000


def test_damaged_data_are_3(penholder: Penholder, trial: Path) -> None:
    stored = next((trial / "releases").glob("*/lines.parquet"))
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 0xFF
    stored.write_bytes(content)
    ran = penholder("stocktake", trial, *ASKED, "--json")
    assert (ran.code, ran.out) == (3, "")
    assert "lines.parquet" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stocktake", "{tmp}/none", *ASKED], ["none", "penholder import", "penholder sample"]),
        (["stocktake", "{tmp}/file.txt", *ASKED], ["file.txt is a file, not a folder"]),
        (["info", "{tmp}"], ["is not a data folder: it has no penholder.json"]),
        (["stocktake", "{sample}", *ASKED[:3], "2020-02-31"], ["2020-02-31", "YYYY-MM-DD"]),
        (["stocktake", "{sample}", *ASKED[:3], "30.6.2020"], ["30.6.2020", "YYYY-MM-DD"]),
        (["stocktake", "{sample}", *ASKED, "--known", "2001-01-01"], ["2001-01-01", "2026-01-15"]),
        (["stocktake", "{sample}", "--profile", "northern-campain"], ["did you mean 'northern-campaign'"]),
        (["stocktake", "{sample}"], ["--profile"]),
        (["stocktake", "{sample}", *ASKED, "--json", "--csv"], ["--json and --csv were given"]),
        (["stocktake", "{sample}", *ASKED, "-o", "{tmp}/x.docx"], [".docx", ".parquet", ".html"]),
        (["stocktake", "{sample}", *ASKED, "-o", "{tmp}/no/x.csv"], ["does not exist"]),
        (["stocktake", "{sample}", *ASKED, "--master", "local[2]"], ["--engine spark"]),
        (["stats", "{sample}", "--where", "destination=Ardena"], ["no such place", "Ardenia"]),
        (["stats", "{sample}", "--by", "yeer"], ["yeer", "year"]),
        (["rows", "{sample}", "--where", "rating"], ["rating"]),
        (["why", "{sample}", "99999:1", *ASKED], ["99999:1", "LICENCE:POSITION"]),
        (["touches", "{sample}", "--incident", "NONE", "--profile", "northern-campaign"], ["no incident 'NONE'"]),
        (["import", "uk-licenses", "{tmp}/file.txt", "--into", "{tmp}/new"], ["did you mean 'uk-licences'"]),
        (["import", "uk-licences", "{tmp}/none.csv", "--into", "{tmp}/new"], ["none.csv", "no such file"]),
        (["import", "uk-licences", "{tmp}/file.txt", "--into", "{tmp}/new"], ["file.txt", "licence_id"]),
        (["regime", "show", "uk-selc-2022"], ["did you mean 'uk-selc-2021'"]),
        (["profile", "check", "{tmp}/none.yaml"], ["none.yaml", "no such file"]),
        (["sample", "{sample}"], ["exists and is not an empty folder"]),
        (["demo", "--no-serve", "--into", "{tmp}"], ["was not made by the demonstration"]),
        (["stocktak"], ["No such command 'stocktak'", "stocktake"]),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_2_and_says_what_is_allowed(
    penholder: Penholder, sample_folder: Path, tmp_path: Path, words: list[str], said: list[str]
) -> None:
    (tmp_path / "file.txt").write_text("not a table\n")
    ran = penholder(*(w.format(tmp=tmp_path, sample=sample_folder) for w in words))
    assert (ran.code, ran.out) == (2, "")
    assert [part for part in said if part not in ran.err] == []
    assert "Traceback" not in ran.err
    assert not (tmp_path / "new").exists()


def test_a_typing_error_in_a_profile_is_shown_with_file_and_line(penholder: Penholder, trial: Path) -> None:
    profile = trial / "profiles" / "northern-campaign.yaml"
    lines = profile.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("territory:"))
    lines[at] = "teritory:"
    profile.write_text("\n".join(lines))
    for ran in (penholder("stocktake", trial, *ASKED), penholder("profile", "check", profile)):
        assert (ran.code, ran.out) == (2, "")
        assert f"northern-campaign.yaml:{at + 1}: key 'teritory' is not allowed" in ran.err
        assert "did you mean 'territory'" in ran.err


def test_nothing_is_written_where_the_answer_fails(
    penholder: Penholder, sample_folder: Path, tmp_path: Path
) -> None:
    ran = penholder(
        "stocktake", sample_folder, *ASKED[:3], "2020-06-30", "--known", "2001-01-01", "-o", tmp_path / "x.csv"
    )
    assert ran.code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["serve"], ["demo", "--into", "{tmp}"]])
def test_a_port_that_is_in_use_is_said_before_anything_is_made(
    penholder: Penholder, tmp_path: Path, command: list[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = [word.format(tmp=tmp_path / "demo") for word in command]
        ran = penholder(*words, "--port", str(port))
    assert (ran.code, ran.out, list(tmp_path.iterdir())) == (2, "", [])
    assert f"127.0.0.1:{port} cannot be listened on: something else listens there already" in ran.err
    assert "--port" in ran.err


def test_the_demonstration_removes_nothing_that_it_has_not_made(penholder: Penholder, trial: Path) -> None:
    refused = penholder("demo", "--no-serve", "--into", trial, "--report", trial / "r.html")
    assert (refused.code, (trial / "penholder.json").is_file()) == (2, True)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_on_standard_output(penholder: Penholder, name: str) -> None:
    ran = penholder(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: penholder {name}")


def test_a_reader_that_goes_away_is_no_error(sample_folder: Path) -> None:
    command = [sys.executable, "-m", "penholder.cli.main", "rows", str(sample_folder), "--limit", "2000", "--csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(timeout=60) == 0
