"""Entries and changed cells in words: limbs by title, statuses as on pages, and what was written as written."""

from __future__ import annotations

import pytest

from penholder.publication.sentences import sentence
from penholder.publication.web.changed import cell_words
from penholder.regime.regimes import rule_called

LIMB = "Serious violation of international humanitarian law (uk-selc-2021/2c)"


def test_a_sentence_names_limbs_by_title_and_id() -> None:
    fields = {"decided_on": "2024-09-02", "limbs": ["uk-selc-2021/2c", "none-2020/1"]}
    made = sentence("Refused on {decided_on}, on {limbs}", fields)
    assert made == f"Refused on 2 September 2024, on {LIMB} and none-2020/1"
    assert rule_called("uk-selc-2021/2c") == LIMB


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("", "row", "the row"),
        ("status", "issued", "in force"),
        ("since", "2024-09-02", "2 September 2024"),
        ("refused_on", "uk-selc-2021/2c", LIMB),
        ("words", "as_it;was", "as_it;was"),
        ("destinations", "XB;XC", "XB; XC"),
        ("number", None, ""),
    ],
)
def test_a_changed_cell_is_said_in_words(column: str, cell: str | None, said: str) -> None:
    assert cell_words({"column": column or None, "old": cell, "new": None}, "old") == said


def test_one_is_one_line_and_not_lines() -> None:
    says = "{lines} lines of {licences} licences, {left} lines left out"
    assert sentence(says, {"lines": 1, "licences": 21, "left": 1}) == "1 line of 21 licences, 1 line left out"
    assert (
        sentence(says, {"lines": 1001, "licences": 1, "left": 0}) == "1,001 lines of 1 licence, 0 lines left out"
    )
