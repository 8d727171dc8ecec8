"""Lines whose value outweighs all beside them. They are flagged; figures are shown with and without them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import numpy as np

from penholder.analysis.stocktake.cells import Array, words_of
from penholder.analysis.stocktake.money import decimal_of, money_of
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.vocabulary import Use

LEAST_VALUED_LINES = 20
"""A destination with fewer valued lines has no outliers: any line may be over half of it."""
SHARE_OF_ANSWER = 5
"""Over one fifth."""


class Of(StrEnum):
    """What a line is too large a part of."""

    ANSWER = "answer"
    DESTINATION = "destination"


@dataclass(frozen=True, slots=True)
class Outlier:
    """One flagged line. `position`: in the arrays of the answer. `percent`: of the value of what it outweighs.

    `destination`: code or published name of the stated one. `use`: the answer for this line.
    """

    position: int
    line: str
    licence: str
    value: Decimal
    currency: str
    destination: str
    percent: dict[Of, Decimal]
    use: Use


def outliers_of(answer: Stocktake) -> tuple[Outlier, ...]:
    """Lines over half of the value of a stated destination with at least 20 valued lines in scope, or over a fifth
    of the value of the lines that could have been used; those of the answer first, then the largest.

    Values are compared within one currency.
    """
    money = money_of(answer.columns("value", "currency"))
    places = words_of(answer.columns("destination").column(0).unify_dictionaries().combine_chunks())
    found: dict[int, list[tuple[Of, Decimal]]] = {}
    for number in range(len(money.currencies)):
        valued = money.stated & (money.currency == number)
        for row, share in _over_half(money.hundredths, places.codes, valued):
            found.setdefault(row, []).append((Of.DESTINATION, share))
        for row, share in _over_a_fifth(money.hundredths, valued & (answer.use == Use.COULD)):
            found.setdefault(row, []).append((Of.ANSWER, share))
    if not found:
        return ()
    rows = sorted(found, key=lambda r: (Of.ANSWER not in dict(found[r]), -int(money.hundredths[r]), r))
    names = answer.reader.take(("line", "licence"), answer.rows[np.sort(np.array(rows))]).to_pylist()
    by_row = dict(zip(sorted(rows), names, strict=True))
    return tuple(
        Outlier(
            position=r,
            line=by_row[r]["line"],
            licence=by_row[r]["licence"],
            value=decimal_of(int(money.hundredths[r])),
            currency=money.currencies[int(money.currency[r])],
            destination=places.values[places.codes[r]] or "",
            percent=dict(found[r]),
            use=Use(int(answer.use[r])),
        )
        for r in rows
    )


def _over_half(values: Array, places: Array, valued: Array) -> list[tuple[int, Decimal]]:
    """The line over half of its destination: it can only be the largest one there."""
    rows = np.flatnonzero(valued)
    order = rows[np.lexsort((values[rows], places[rows]))]
    if not len(order):
        return []
    starts = np.flatnonzero(np.r_[True, np.diff(places[order]) != 0])
    sizes = np.diff(np.r_[starts, len(order)])
    totals = np.add.reduceat(values[order], starts)
    largest = order[starts + sizes - 1]
    over = (sizes >= LEAST_VALUED_LINES) & (values[largest] > totals - values[largest])
    return [(int(r), _percent(int(values[r]), int(t))) for r, t in zip(largest[over], totals[over], strict=True)]


def _over_a_fifth(values: Array, valued: Array) -> list[tuple[int, Decimal]]:
    total = int(values[valued].sum())
    if total <= 0:
        return []
    rows = np.flatnonzero(valued & (values > total // SHARE_OF_ANSWER))
    return [(int(r), _percent(int(values[r]), total)) for r in rows if int(values[r]) * SHARE_OF_ANSWER > total]


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP)
