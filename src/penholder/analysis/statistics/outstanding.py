"""Single lines that are over half of a value: said beside the figure, which counts them all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LEAST_VALUED_LINES = 20
"""With fewer valued lines any one may be over half (the rule of the stocktake)."""
SHOWN = 3


def outstanding(rows: Sequence[dict[str, Any]], *, name_of: Callable[[str], str]) -> Iterator[str]:
    """Notes about lines over half of the value in all, or for a stated destination, within one currency.

    Args: rows: of `count.largest`: destination, currency, valued lines, their sum, the largest and its line.
    """
    for currency in sorted({r["currency"] for r in rows}, key=lambda c: c or ""):
        some = [r for r in rows if r["currency"] == currency]
        first = max(some, key=lambda r: (r["largest"], r["line"]))
        whole = {**first, "lines": sum(r["lines"] for r in some), "value": sum(r["value"] for r in some)}
        if _stands_out(whole):
            of = f"{_money(whole['value'])} {currency or ''}".rstrip()
            part = f"{_money(first['largest'])} of the {of} in all ({_percent(whole)}%)"
            yield f"one line ({first['line']}) is {part}"
    found = sorted((r for r in rows if _stands_out(r)), key=lambda r: (-r["largest"], r["line"]))
    if found:
        named = [f"{name_of(r['destination'])} ({_percent(r)}%, line {r['line']})" for r in found[:SHOWN]]
        more = f" and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
        yield f"one line is over half of the value for {', '.join(named)}{more}"


def _stands_out(row: dict[str, Any]) -> bool:
    return bool(row["lines"] >= LEAST_VALUED_LINES and 2 * row["largest"] > row["value"])


def _percent(row: dict[str, Any]) -> Decimal:
    return (Decimal(row["largest"]) * 100 / Decimal(row["value"])).quantize(Decimal(1), ROUND_HALF_UP)


def _money(value: Decimal) -> str:
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
