"""Values of lines: exact sums, and short words for them. Sums are of whole hundredths; no floats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa

from penholder.analysis.stocktake.cells import Array, hundredths_of, words_of

_STEPS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))


@dataclass(frozen=True, slots=True)
class Money:
    """Values of n lines: whole hundredths (int64, 0 where not stated), stated or not, position of the currency."""

    hundredths: Array
    stated: Array
    currency: Array
    currencies: tuple[str, ...]

    def totals(self, where: Array) -> dict[str, Decimal]:
        """Currency -> sum of the stated values of the lines in the mask. Currencies without any are left out."""
        found = {}
        for number, name in enumerate(self.currencies):
            wanted = where & self.stated & (self.currency == number)
            if wanted.any():
                found[name] = decimal_of(int(self.hundredths[wanted].sum()))
        return found

    def by(self, codes: Array, count: int) -> list[dict[str, Decimal]]:
        """As `totals`, for the lines of each code 0 .. count - 1 (lines with code -1 count nowhere)."""
        sums: list[dict[str, Decimal]] = [{} for _ in range(count)]
        for number, name in enumerate(self.currencies):
            rows = np.flatnonzero(self.stated & (self.currency == number) & (codes >= 0))
            order = rows[np.argsort(codes[rows], kind="stable")]
            if not len(order):
                continue
            keys, starts = np.unique(codes[order], return_index=True)
            for key, total in zip(keys.tolist(), np.add.reduceat(self.hundredths[order], starts), strict=True):
                sums[key][name] = decimal_of(int(total))
        return sums


def money_of(table: pa.Table) -> Money:
    """The columns `value` and `currency` of a table. A value without a currency counts under an empty name."""
    values = [hundredths_of(chunk) for chunk in table.column("value").chunks]
    hundredths = np.concatenate([v for v, _ in values]) if values else np.zeros(0, np.int64)
    stated = np.concatenate([s for _, s in values]) if values else np.zeros(0, bool)
    words = words_of(table.column("currency").unify_dictionaries().combine_chunks())
    names = tuple(v or "" for v in words.values)
    return Money(hundredths, stated, words.codes, names)


def decimal_of(hundredths: int) -> Decimal:
    """A number of hundredths as Decimal: without digits after the point where it is whole."""
    whole, part = divmod(hundredths, 100)
    return Decimal(whole) if not part else Decimal(hundredths).scaleb(-2)


def only(totals: dict[str, Decimal]) -> tuple[Decimal | None, str]:
    """The sum and its currency where all values are in one currency; (None, "") otherwise."""
    if len(totals) != 1:
        return None, ""
    currency, amount = next(iter(totals.items()))
    return amount, currency


def money_words(totals: dict[str, Decimal]) -> str:
    """`GBP 38.1 m`; several currencies are joined by ` + `; empty for nothing stated."""
    return " + ".join(f"{currency} {short(amount)}".strip() for currency, amount in sorted(totals.items()))


def short(amount: Decimal) -> str:
    """`38.1 m`, `1.2 bn`, `940`."""
    for step, word in _STEPS:
        if abs(amount) >= step:
            return f"{(amount / step).quantize(Decimal('0.1'), ROUND_HALF_UP)} {word}"
    return f"{amount.quantize(Decimal(1), ROUND_HALF_UP)}"
