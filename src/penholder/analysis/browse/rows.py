"""Lines and licences as rows, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from penholder.analysis.browse.held import Held
from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.stocktake.cells import Array
from penholder.kernel.errors import InputError

PAGE = 50
COLUMNS = (
    "line", "licence", "decided_on", "decided_precision", "outcome", "rating", "description", "destination",
    "destination_name", "onward", "value", "currency", "end_user", "criteria", "source", "source_line",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows. `following`: the cursor of the next page, or None."""

    rows: tuple[Any, ...]
    total: int
    following: str | None


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """A licence, by those of its lines that were asked for. Several values of a cell are listed, each once."""

    series: str
    licence: str
    decided_on: date
    precision: str
    outcomes: tuple[str, ...]
    ratings: tuple[str, ...]
    destinations: tuple[str, ...]
    onward: tuple[str, ...]
    lines: int
    value: dict[str, Decimal]
    lines_without_value: int


def lines_page(held: Held, rows: Array, *, after: str = "", oldest: bool = False) -> Page:
    """Lines, newest decision first, or oldest. `rows`: as `ask.choose` gives them. Raises: InputError (cursor)."""
    start = read_cursor(held.data, after, most=len(rows))
    rows = rows if oldest else rows[::-1]
    shown = rows[start : start + PAGE]
    made = held.take(shown, COLUMNS)
    for row, number in zip(made, shown.tolist(), strict=True):
        row["series"] = held.releases[int(held.series_of[number])].series
    return Page(tuple(made), len(rows), cursor(held.data, start + PAGE, total=len(rows)))


def licences_page(held: Held, rows: Array, *, after: str = "", oldest: bool = False) -> Page:
    """Licences of some lines, newest decision first, or oldest."""
    of, first = np.unique(held.licence[rows], return_index=True)
    numbers = of[np.argsort(first, kind="stable")]
    numbers = numbers if oldest else numbers[::-1]
    start = read_cursor(held.data, after, most=len(numbers))
    shown = numbers[start : start + PAGE]
    mine = rows[np.isin(held.licence[rows], shown)]
    made = licence_rows(held, mine, numbers=shown.tolist())
    return Page(made, len(numbers), cursor(held.data, start + PAGE, total=len(numbers)))


def licence_rows(held: Held, rows: Array, *, numbers: Sequence[int]) -> tuple[LicenceRow, ...]:
    """The licences of these numbers, by these lines of theirs."""
    columns = (
        "decided_on",
        "decided_precision",
        "outcome",
        "rating",
        "destination",
        "onward",
        "value",
        "currency",
    )
    lines: dict[int, list[dict[str, Any]]] = {number: [] for number in numbers}
    for number, row in zip(held.licence[rows].tolist(), held.take(rows, columns), strict=True):
        lines[number].append(row)
    return tuple(_licence_row(held.licences[number], of) for number, of in lines.items() if of)


def _licence_row(pair: tuple[str, str], lines: list[dict[str, Any]]) -> LicenceRow:
    value: dict[str, Decimal] = {}
    for line in lines:
        if line["value"] is not None:
            currency = line["currency"] or ""
            value[currency] = value.get(currency, Decimal(0)) + line["value"]
    return LicenceRow(
        *pair,
        decided_on=lines[0]["decided_on"],
        precision=lines[0]["decided_precision"],
        outcomes=_each(lines, "outcome"),
        ratings=_each(lines, "rating"),
        destinations=_each(lines, "destination"),
        onward=_each(lines, "onward"),
        lines=len(lines),
        value=value,
        lines_without_value=sum(line["value"] is None for line in lines),
    )


def _each(lines: list[dict[str, Any]], column: str) -> tuple[str, ...]:
    listed = column in {"rating", "onward"}
    cells = [line[column] for line in lines if line[column] is not None]
    return tuple(dict.fromkeys(v for c in cells for v in (c.split(LIST_SEPARATOR) if listed else [c])))


def cursor(mark: str, start: int, *, total: int) -> str | None:
    """The cursor of a page that begins at row `start`; None: there is none."""
    return f"{mark[:8]}-{start}" if start < total else None


def read_cursor(mark: str, text: str, *, most: int) -> int:
    """The first row of a page. Raises: InputError: it is a cursor of other data, or none."""
    if not text:
        return 0
    found, _, number = text.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10 and len(found) == 8):
        raise InputError("`after` cannot be read", hint="take it from the link to the next page, or leave it out")
    if found != mark[:8] or int(number) >= max(most, 1):
        raise InputError("`after` belongs to another question or to other data", hint="leave it out")
    return int(number)
