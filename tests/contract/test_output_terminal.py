"""What stands on a terminal: words or a drawn table, and nothing that could steer the terminal."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from penholder import __version__
from penholder.analysis.report.folding import folded, safe
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.report.terminal import BLOCKS_DRAWN, ROWS_DRAWN, draw
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


WORDS = st.lists(st.text("abc:,·", min_size=1, max_size=12), min_size=1, max_size=30)


@given(WORDS, st.integers(0, 12), st.integers(30, 60))
def test_words_are_folded_between_words_and_none_is_lost(words: list[str], indent: int, width: int) -> None:
    line = " " * indent + " ".join(words)
    lines = folded(line, width)
    assert " ".join(lines).split() == words
    assert all(len(part) <= width for part in lines)
    assert all(part.startswith(" " * min(indent + 2, width // 2)) for part in lines[1:])


def test_notes_of_a_labelled_row_hang_below_their_beginning() -> None:
    row = "  unknown         1,942   GBP 6.5 m   hint not exhaustive 26 · pooled supply 1"
    assert folded(row, 60) == [
        "  unknown         1,942   GBP 6.5 m   hint not exhaustive 26",
        "                          · pooled supply 1",
    ]


def test_a_command_that_is_folded_can_be_copied() -> None:
    assert folded("Next: penholder why trial 1:1 --profile p.yaml --on 2020-06-30", 40) == [
        "Next: penholder why trial 1:1 \\",
        "  --profile p.yaml --on 2020-06-30",
    ]


def test_a_long_word_stands_whole() -> None:
    assert folded(f"note: a {'x' * 50} b", 20, hang=6) == ["note: a", "      " + "x" * 50, "      b"]


@pytest.mark.parametrize("width", [40, 80])
def test_nothing_that_is_drawn_is_wider_than_the_terminal(width: int) -> None:
    rows = pa.table({f"column_{k}": ["some words that are long"] for k in range(9)})
    for result in (_result(rows), _result(rows, "long words " * 30, "  label  12   " + "some notes " * 20)):
        lines = _drawn(result, width=width).splitlines()
        assert max(len(line) for line in lines) <= width


def test_no_word_of_a_drawn_table_is_broken() -> None:
    rows = pa.table({"a": ["unverified wording of it " * 3], "b": ["text_status"], "n": [7]})
    text = _drawn(_result(rows), width=40)
    assert text.count("unverified") == 3
    assert "text_status" in text


def test_rows_too_wide_for_the_terminal_are_drawn_as_blocks() -> None:
    rows = pa.table({f"column_{k}": ["longwords and more", None] for k in range(9)} | {"n": [1, 2]})
    lines = _drawn(_result(rows), width=60).splitlines()
    assert lines[1:3] == ["column_0  longwords and more", "column_1  longwords and more"]
    assert lines[10:13] == ["n         1", "", "n         2"]


def test_many_blocks_say_how_many_are_drawn() -> None:
    rows = pa.table({f"column_{k}": ["longwords"] * (BLOCKS_DRAWN + 1) for k in range(9)})
    text = _drawn(_result(rows), width=60)
    assert f"{BLOCKS_DRAWN} of {BLOCKS_DRAWN + 1} rows; all of them: -o FILE" in text
    assert text.count("column_0") == BLOCKS_DRAWN


def test_columns_sets_the_width_even_of_a_plain_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("TERM", "dumb")
    draw(_result(pa.table({"n": [1]}), "some words " * 9))
    assert capsys.readouterr().out.splitlines()[0] == "some words some words some"


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
