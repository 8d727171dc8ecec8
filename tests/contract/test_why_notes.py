"""`why` quotes the notes that a line's facts were derived from, and reads the same in a pipe and on a page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

PROFILE = ["--profile", "northern-campaign", "--on", "2020-06-30", "--scope", "granted"]


def penholder(*arguments: str) -> str:
    command = [sys.executable, "-m", "penholder.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def noted(sample_folder: Path) -> tuple[str, str]:
    """A line that has a note, and its note."""
    rows = penholder("rows", str(sample_folder), "--where", "end_user=forces", "--columns", "line,notes", "--nl")
    first = json.loads(rows.splitlines()[0])
    return first["line"], first["notes"]


def test_the_note_is_quoted_with_its_file_and_physical_line(sample_folder: Path, noted: tuple[str, str]) -> None:
    line, note = noted
    answer = json.loads(penholder("why", str(sample_folder), line, *PROFILE, "--json"))
    assert [n["note"] for n in answer["notes"]] == [note]
    quoted = answer["notes"][0]
    assert quoted["text"] in {
        "Licence granted for armed forces end use.",
        "Licence granted for end use by the Air Force.",
    }
    shown = penholder("why", str(sample_folder), line, *PROFILE)
    assert f"note: “{quoted['text']}” ({quoted['source']}, row {quoted['source_line']})" in shown


def test_a_pipe_and_a_page_give_the_reasons_too(
    sample_folder: Path, tmp_path: Path, noted: tuple[str, str]
) -> None:
    line, _ = noted
    page = tmp_path / "why.html"
    penholder("why", str(sample_folder), line, *PROFILE, "-o", str(page))
    piped = penholder("why", str(sample_folder), line, *PROFILE)
    for heading in ("Published", "Operator", "Means", "End user", "What would change the answer"):
        assert heading in piped
        assert heading in page.read_text()
