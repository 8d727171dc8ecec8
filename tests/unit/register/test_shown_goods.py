"""What the public log says of goods."""

from __future__ import annotations

from decimal import Decimal

from penholder.register.shown import shown_goods
from penholder.register.values import LineTerms, ShownGoods


def _terms(rating: str, destination: str = "XV", onward: str = "") -> LineTerms:
    return LineTerms(
        rating=rating, description="a description", destination=destination, onward=onward, value=Decimal(5)
    )


def test_lines_with_the_same_codes_stand_together() -> None:
    found = shown_goods({1: _terms("ML10; ML4"), 2: _terms("ML5", onward="XN"), 3: _terms("ML10;ML4")})
    assert found == (
        ShownGoods(lines=(1, 3), destination="XV", ratings=("ML10", "ML4")),
        ShownGoods(lines=(2,), destination="XV", onward=("XN",), ratings=("ML5",)),
    )


def test_a_description_and_a_value_are_never_shown() -> None:
    assert "description" not in str(shown_goods({1: _terms("ML10")}))


def test_what_does_not_fit_loses_its_ratings_and_keeps_its_places() -> None:
    many = {n: _terms(f"ML{n}", destination="XV" if n % 2 else "XN") for n in range(1, 1_001)}
    found = shown_goods(many)
    assert [(g.destination, len(g.lines), g.ratings) for g in found] == [("XV", 500, ()), ("XN", 500, ())]
