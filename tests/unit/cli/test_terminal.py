"""What commands show on a terminal of 80 columns."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from penholder.cli.main import main


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")


def shown(*words: str | Path) -> list[str]:
    """The lines that a command shows, without colours and spaces at their ends."""
    out = _Terminal(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as left:
        main([str(w) for w in words])
    assert left.value.code == 0
    out.seek(0)
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", out.read()).splitlines()]


def test_the_sets_of_criteria_are_listed_in_blocks() -> None:
    lines = shown("regime", "list")
    assert lines[:4] == [
        "Sets of criteria that ship",
        "",
        "att  Arms Trade Treaty",
        "  in force from 2014-12-24, still in force; 17 rules, 14 verified",
    ]
    assert max(len(line) for line in lines) <= 80
    assert shown("regime", "list", "--on", "1990-01-01")[:2] == [
        "Sets of criteria in force on 1990-01-01",
        "No rows.",
    ]


def test_rows_show_the_columns_that_were_asked_for(sample_folder: Path) -> None:
    lines = shown("rows", sample_folder, "--limit", "2", "--columns", "line,rating,notes")
    assert [line.split() for line in lines if line and not line.startswith(("Licence", "Cite", " ─"))] == [
        ["line", "rating", "notes"],
        ["1:1", "5A002"],
        ["2:1", "ML5"],
    ]
    assert shown("rows", sample_folder, "--limit", "2")[2].split()[:3] == ["line", "decided", "outcome"]


@pytest.mark.parametrize(
    "command",
    [
        ["stats", "--by", "destination,outcome"],
        ["rows", "--limit", "9"],
        ["rows", "--limit", "9", "--columns", "all"],
        ["info"],
        ["stocktake", "--profile", "northern-campaign", "--on", "2020-06-30"],
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal(sample_folder: Path, command: list[str]) -> None:
    assert max(len(line) for line in shown(command[0], sample_folder, *command[1:])) <= 80


def test_the_check_of_a_profile_fits_the_terminal(sample_folder: Path) -> None:
    lines = shown("profile", "check", sample_folder / "profiles" / "northern-campaign.yaml")
    assert max(len(line) for line in lines if not line.startswith("Profile sha256: ")) <= 80
    at = lines.index("   unknown: partners: no name in incident reports and no series of reports is")
    assert lines[at + 1] == "     given"
