"""Words on a terminal of any width: nothing is lost, nothing stands beyond the edge, no word is cut."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.stocktake.layout import command, items, sentence, terminal_width
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import stocktake
from tests.contract.stocktake_world import ON, folder_of, profile_of

_words = st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=6).map(" ".join)


@given(_words, st.lists(st.lists(_words, max_size=5), max_size=3), st.integers(40, 200))
def test_items_fit_and_none_is_lost(head: str, groups: list[list[str]], width: int) -> None:
    lines = items(f"{head}  ", groups, width=width)
    assert max(len(line) for line in lines) <= max(width, len(head))
    said = " ".join([head, *(i for g in groups for i in g)])
    assert "".join(lines).replace(" ", "").replace("·", "") == said.replace(" ", "")


def test_items_break_between_items_and_hang_under_the_first() -> None:
    assert items("unknown  7   ", [["GBP 1 m"], ["first cause 3", "second 2", "third 2"]], width=42) == [
        "unknown  7   GBP 1 m   first cause 3 ·",
        "             second 2 · third 2",
    ]


def test_the_number_of_a_long_item_does_not_stand_alone() -> None:
    assert items("", [["end user not stated (not on a list) 590"]], width=36) == [
        "end user not stated (not on a", "list) 590",
    ]  # fmt: skip


def test_a_command_is_broken_so_that_a_shell_still_takes_it() -> None:
    words = ["why", "'a b'", "1:1", "--profile p", "--on 2020-06-30"]
    lines = command("Next: penholder", words, width=40)
    assert lines == [
        "Next: penholder why 'a b' 1:1 \\",
        "                --profile p \\",
        "                --on 2020-06-30",
    ]
    assert max(len(line) for line in lines) <= 40


def test_a_sentence_hangs() -> None:
    assert sentence("one two three four", width=9) == ["one two", "  three", "  four"]


def test_the_width_is_that_of_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert terminal_width() == 72
    monkeypatch.setenv("COLUMNS", "3")
    assert terminal_width() == 40


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_answer_fits_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines: list[dict[str, Any]] = [
        {"value": 900}, *[{"value": 20}] * 5, {"rating": "ML6"}, {"rating": "ML9"}, {"rating": "no such"},
        {"destination": "Outer shelf", "destination_kind": "non_country"}, {"pooled": True, "destination": "XV"},
        {"rating": "6A003"}, {"end_user": "government"}, {"destination": "XV"},
    ]  # fmt: skip
    folder = tmp_path / "with a space"
    answer = stocktake(folder_of(folder, lines), profile_of(complete=width == 100), on=ON)
    words = stocktake_result(answer, profile_name="my profile").words
    named = re.escape(os.fspath(folder))
    assert [w for w in words if len(re.sub(named, "", w)) > width] == []
    assert any(f"'{folder}'" in w for w in words)
    assert any("--profile 'my profile'" in w for w in words)
