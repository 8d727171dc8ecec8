"""The outputs that the how-to shows are the real ones."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.statistics.answer import stats
from penholder.analysis.statistics.listing import Page, rows
from penholder.analysis.statistics.question import Scope

# Ibis calls a function of DuckDB that DuckDB is renaming.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "count-licences.md"


def shown(command: str) -> list[str]:
    """The lines that the how-to shows below a command, up to the end of the block."""
    lines = HOW_TO.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"$ {command}") + 1
    return lines[start : lines.index("```", start)]


@pytest.mark.parametrize(
    "command",
    [
        "penholder stats trial --by outcome --measure value",
        "penholder stats trial --by route --measure licences --where destination=Ardenia",
    ],
)
def test_figures_are_as_shown(sample_folder: Path, command: str) -> None:
    words = shlex.split(command)[3:]
    options = dict(zip(words[::2], words[1::2], strict=True))
    where = [options["--where"]] if "--where" in options else []
    answer = stats(read_catalogue(sample_folder), by=(options["--by"],), measure=options["--measure"], where=where)
    assert shown(command) == list(answer.words[: answer.words.index("")])


def test_rows_are_as_shown(sample_folder: Path) -> None:
    command = (
        "penholder rows trial --where destination=Ardenia --where rating=ML10 --from 2014-01-01 --to 2014-12-31"
    )
    scope = Scope(start=date(2014, 1, 1), end=date(2014, 12, 31))
    where = ["destination=Ardenia", "rating=ML10"]
    answer = rows(read_catalogue(sample_folder), where=where, scope=scope, page=Page())
    text = shown(command)
    at = text.index("...")
    body = answer.words[answer.words.index("") + 1 :]
    assert text[:at] == list(body[:at])
    assert text[at + 1 :] == [f"note: {note}" for note in answer.notices]
