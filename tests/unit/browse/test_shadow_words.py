"""Words of the shadow register: changes, short values, edges of the data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penholder.analysis.browse.words import short_words
from penholder.publication.shadow.words import grade_words, told


def test_a_change_is_told_in_words() -> None:
    cell = (
        "decided_on=2011-09; licence_type=standard_permanent; rating=ML10;ML22; "
        "value=1504190.00; destination_name=not stated"
    )
    assert told(cell) == (
        ("Decided", "September 2011"),
        ("Type", "Standard individual export licence, permanent"),
        ("Rating", "ML10, ML22"),
        ("Value", "1,504,190.00"),
        ("Destination", "not stated"),
    )
    assert told("decided_on=2011-09-27") == (("Decided", "27 September 2011"),)
    assert told(None) == ()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (12_345, "12,345"),
        ({"GBP": Decimal(999_999)}, "GBP 999,999"),
        ({"GBP": Decimal(5_980_518_797)}, "GBP 6.0 bn"),
        ({"GBP": Decimal(38_100_000)}, "GBP 38.1 m"),
        ({"EUR": Decimal(2), "GBP": Decimal(5_000_000)}, "EUR 2 and GBP 5,000,000"),
    ],
)
def test_a_value_beside_a_bar_is_short(amount: int | dict[str, Decimal], words: str) -> None:
    assert short_words(amount) == words


def test_a_grade_is_told_in_words() -> None:
    assert grade_words("B2") == "B2: usually reliable, probably true"
    assert grade_words("F6") == "F6: reliability cannot be judged, truth cannot be judged"
    assert grade_words("finding") == "finding"
