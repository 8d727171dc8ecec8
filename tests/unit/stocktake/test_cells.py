"""Columns become integer arrays exactly, nulls and slices included."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa

from penholder.analysis.schemas import MONEY, WORD
from penholder.analysis.stocktake.cells import NO_DAY, days_of, hundredths_of, truths_of, words_of


def test_words_keep_their_values_and_null_is_the_last() -> None:
    column = pa.array(["b", None, "a", "b"]).dictionary_encode().cast(WORD)

    words = words_of(column)

    assert [words.values[c] for c in words.codes] == ["b", None, "a", "b"]
    assert words.values[-1] is None


def test_words_of_plain_strings_and_of_a_column_of_nulls() -> None:
    assert [words_of(pa.array(["x", "x"])).values[c] for c in (0, 0)] == ["x", "x"]
    nulls = words_of(pa.nulls(3, WORD))
    assert (nulls.codes.tolist(), nulls.values) == ([0, 0, 0], (None,))


def test_words_of_a_slice() -> None:
    column = pa.array(["a", "b", None, "c"]).dictionary_encode().slice(1, 2)

    words = words_of(column)

    assert [words.values[c] for c in words.codes] == ["b", None]


def test_days_count_from_1970() -> None:
    column = pa.array([date(1970, 1, 2), None, date(2015, 3, 31)], pa.date32())

    assert days_of(column).tolist() == [1, NO_DAY, 16525]


def test_truths_of_true_false_null() -> None:
    assert truths_of(pa.array([True, False, None])).tolist() == [2, 0, 1]
    assert truths_of(pa.nulls(2, pa.bool_())).tolist() == [1, 1]


def test_hundredths_are_exact_for_eighteen_digits_and_for_slices() -> None:
    largest = Decimal("9999999999999999.99")
    column = pa.array([Decimal("1.25"), None, largest, Decimal("-0.01")], MONEY)

    assert [a.tolist() for a in hundredths_of(column)] == [
        [125, 0, 999_999_999_999_999_999, -1],
        [True, False, True, True],
    ]
    assert hundredths_of(column.slice(2, 1))[0].tolist() == [999_999_999_999_999_999]
    assert hundredths_of(pa.nulls(2, MONEY))[0].tolist() == [0, 0]
