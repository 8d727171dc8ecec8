"""What stands on a terminal: words or a drawn table, and nothing that could steer the terminal."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest
from click.testing import CliRunner
from rich.console import Console

from penholder import __version__
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.report.terminal import ROWS_DRAWN, draw, safe
from penholder.cli.main import penholder


def _drawn(result: Result, *, width: int = 80, colour: bool = False) -> str:
    stream = io.StringIO()
    draw(result, console=Console(file=stream, width=width, force_terminal=colour, no_color=not colour))
    return stream.getvalue()


def _result(rows: pa.Table, *words: str) -> Result:
    return Result("A title", {}, rows, Citation("p", "ab" * 32), words=words)


def test_words_are_printed_as_they_are_and_the_citation_follows() -> None:
    text = _drawn(_result(pa.table({"n": [1]}), "Lines in force  1,942", "[bold]not markup[/bold]"))
    assert text.splitlines() == [
        "Lines in force  1,942",
        "[bold]not markup[/bold]",
        f"Cite: data abababab…abab, Penholder {__version__}",
    ]


def test_a_table_is_drawn_with_numbers_to_the_right() -> None:
    text = _drawn(_result(pa.table({"place": ["Ardenia", None], "lines": [1942, 7]})))
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines[0] == "A title"
    assert " Ardenia    1942" in lines
    assert "               7" in lines


def test_a_long_table_says_how_much_of_it_is_drawn() -> None:
    text = _drawn(_result(pa.table({"n": list(range(ROWS_DRAWN + 1))})))
    assert "200 of 201 rows; all of them: -o FILE" in text


def test_no_rows_are_said_in_words() -> None:
    assert "No rows." in _drawn(_result(pa.table({"n": pa.array([], pa.int32())})))


def test_control_characters_in_the_data_do_not_reach_the_terminal() -> None:
    assert safe("a\x1b[31mb\x07\x9bc\r") == "a�[31mb��c�"
    assert "\x1b" not in _drawn(_result(pa.table({"n": ["\x1b]0;title\x07"]}), "\x1b[2J"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_of_a_shell_is_printed(shell: str) -> None:
    run = CliRunner().invoke(penholder, ["completion", shell])
    assert run.exit_code == 0
    assert "_PENHOLDER_COMPLETE" in run.stdout
    assert "penholder" in run.stdout


def test_an_unknown_shell_is_refused_with_the_known_ones() -> None:
    run = CliRunner().invoke(penholder, ["completion", "tcsh"])
    assert run.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in run.stderr
