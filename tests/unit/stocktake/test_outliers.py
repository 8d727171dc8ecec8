"""Outliers and money: exact thresholds, exact sums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from penholder.analysis.schemas import MONEY
from penholder.analysis.stocktake.money import decimal_of, money_of, money_words, only, short
from penholder.analysis.stocktake.outliers import Of, outliers_of
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import stocktake
from tests.contract.stocktake_world import ON, folder_of, profile_of


def _found(folder: Path, values: Sequence[int | None], **cells: Any) -> list[tuple[str, dict[Of, Decimal]]]:
    rows = [cells | {"value": None if v is None else Decimal(v)} for v in values]
    return [(o.line, o.percent) for o in outliers_of(stocktake(folder_of(folder, rows), profile_of(), on=ON))]


def test_over_half_of_a_destination_with_twenty_valued_lines(tmp_path: Path) -> None:
    away = {"destination": "XV"}
    assert _found(tmp_path / "half", [19] + [1] * 19, **away) == []
    assert _found(tmp_path / "over", [20] + [1] * 19, **away) == [("1:1", {Of.DESTINATION: Decimal(51)})]
    assert _found(tmp_path / "few", [20] + [1] * 18 + [None], **away) == []


def test_over_a_fifth_of_the_answer(tmp_path: Path) -> None:
    assert _found(tmp_path / "fifth", [5, *[4] * 5]) == []
    assert _found(tmp_path / "over", [6, *[4] * 5]) == [("1:1", {Of.ANSWER: Decimal(23)})]
    assert _found(tmp_path / "excluded", [6, *[4] * 5], rating="ML6") == []


def test_values_are_compared_within_one_currency(tmp_path: Path) -> None:
    rows = [{"value": Decimal(90), "currency": "XTS"}] + [{"value": Decimal(10), "currency": "XXX"}] * 8
    answer = stocktake(folder_of(tmp_path, rows), profile_of(), on=ON)

    assert [(o.line, o.currency) for o in outliers_of(answer)] == [("1:1", "XTS")]


def test_figures_are_shown_with_and_without(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"value": Decimal("900.50")},
        *[{"value": Decimal(20)}] * 5,
        {"rating": "ML6", "value": Decimal(7)},
    ]
    answer = stocktake(folder_of(tmp_path, rows), profile_of(), on=ON)

    whole = stocktake_result(answer).document
    trimmed = stocktake_result(answer, with_outliers=False).document

    assert (whole["lines"], whole["value"]["could"]) == (7, Decimal("1000.50"))
    assert whole["without_outliers"]["value"] == {"could": 100, "excluded": 7, "unknown": 0}
    assert whole["outliers"][0] == {
        "line": "1:1", "licence": "1", "value": Decimal("900.50"), "currency": "XTS", "destination": "XA",
        "percent_of": {"answer": Decimal(90)},
    }  # fmt: skip
    assert (trimmed["lines"], trimmed["use"], trimmed["value"]["could"]) == (
        6, {"could": 5, "excluded": 1, "unknown": 0}, 100
    )  # fmt: skip


def _table(values: list[str | None], currencies: list[str | None]) -> pa.Table:
    money = pa.array([None if v is None else Decimal(v) for v in values], MONEY)
    return pa.table({"value": money, "currency": pa.array(currencies).dictionary_encode()})


def test_sums_are_exact_and_by_currency() -> None:
    money = money_of(_table(["0.10", "0.20", "9999999999999999.99", None], ["A", "A", "B", "A"]))

    assert money.totals(np.ones(4, bool)) == {"A": Decimal("0.30"), "B": Decimal("9999999999999999.99")}
    assert money.by(np.array([1, 0, 1, 0]), 2) == [
        {"A": Decimal("0.20")}, {"A": Decimal("0.10"), "B": Decimal("9999999999999999.99")}
    ]  # fmt: skip
    assert only({"A": Decimal(1)}) == (Decimal(1), "A")
    assert only({"A": Decimal(1), "B": Decimal(2)}) == (None, "")


@pytest.mark.parametrize(
    ("amount", "words"),
    [("999.4", "999"), ("1000", "1.0 k"), ("38149999", "38.1 m"), ("1250000000", "1.3 bn"), ("0", "0")],
)
def test_short_words(amount: str, words: str) -> None:
    assert short(Decimal(amount)) == words


def test_words_of_several_currencies() -> None:
    assert money_words({"XXX": Decimal(5), "XTS": Decimal(38_100_000)}) == "XTS 38.1 m + XXX 5"
    assert (decimal_of(1250), decimal_of(1200)) == (Decimal("12.50"), Decimal(12))
