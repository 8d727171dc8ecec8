"""A figure: the number with its sentence, the same over time, and the lines behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from penholder.analysis.browse.ask import (
    OUTCOMES,
    Asked,
    Chosen,
    FigureKind,
    Measure,
    checked,
    choose,
    longest_validity,
)
from penholder.analysis.browse.held import Held
from penholder.analysis.browse.words import command_of, day_words, how_counted, sentence_of
from penholder.analysis.report.result import Result
from penholder.analysis.stocktake.cells import Array
from penholder.kernel.dates import add_months

Amount = int | dict[str, Decimal]
"""A count; or currency -> sum of the values that are stated."""
_MONTHS_SHOWN = 24
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart, and one row of its table. `parts`: outcome, or `suspended`, -> amount."""

    label: str
    start: date
    end: date
    parts: dict[str, Amount]
    total: Amount


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure. `lines`, `licences`: how many are behind it."""

    asked: Asked
    sentence: str
    amount: Amount
    suspended: Amount | None
    lines: int
    licences: int
    lines_without_value: int
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    how: tuple[str, ...]
    command: str
    chosen: Chosen


def figure(held: Held, asked: Asked) -> Figure:
    """Answer a question. Raises: InputError for what the data cannot mean."""
    asked = _with_day(held, checked(held, asked))
    found = choose(held, asked)
    amount = amount_of(held, found.rows, asked.measure)
    in_force = asked.kind is FigureKind.IN_FORCE
    suspended = amount_of(held, found.suspended, asked.measure) if in_force else None
    return Figure(
        asked=asked,
        sentence=sentence_of(held, asked, amount, suspended),
        amount=amount,
        suspended=suspended,
        lines=len(found.rows),
        licences=licences_of(held, found.rows),
        lines_without_value=int(np.count_nonzero(~held.money.stated[found.rows])),
        bars=tuple(_bars_in_force(held, asked) if in_force else _bars_decided(held, asked, found.rows)),
        notes=tuple(_notes(held, asked, found)),
        how=how_counted(asked),
        command=command_of(held, asked),
        chosen=found,
    )


def _with_day(held: Held, asked: Asked) -> Asked:
    return replace(asked, on=asked.on or held.last_day) if asked.kind is FigureKind.IN_FORCE else asked


def amount_of(held: Held, rows: Array, measure: Measure) -> Amount:
    """Count some lines, or sum their values."""
    if measure is Measure.LINES:
        return len(rows)
    if measure is Measure.LICENCES:
        return licences_of(held, rows)
    mask = np.zeros(held.table.num_rows, bool)
    mask[rows] = True
    return held.money.totals(mask)


def licences_of(held: Held, rows: Array) -> int:
    """How many licences some lines are of."""
    return len(np.unique(held.licence[rows]))


def _bars_decided(held: Held, asked: Asked, rows: Array) -> Iterator[Bar]:
    """A bar for each year, or each month of a short period."""
    if not len(rows):
        return
    days = held.decided[rows].astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64)
    first, last = int(months.min()), int(months.max())
    size = 1 if asked.start and asked.end and last - first < _MONTHS_SHOWN else 12
    if size == 12:
        months, first, last = months // 12 * 12, first // 12 * 12, last // 12 * 12
    outcomes = held.words("outcome")
    position = {value: n for n, value in enumerate(outcomes.values)}
    for month in range(first, last + 1, size):
        here = rows[months == month]
        start, end = _month(month), _month(month + size)
        parts = {
            o: amount_of(held, here[outcomes.codes[here] == position[o]], asked.measure)
            for o in OUTCOMES
            if o in position and (not asked.outcome or o == asked.outcome)
        }
        label = _year_label(held, start) if size == 12 else f"{start:%b} {start.year}"
        until = min(date.fromordinal(end.toordinal() - 1), max(held.last_day, start))
        yield Bar(label, start, until, parts, amount_of(held, here, asked.measure))


def _month(number: int) -> date:
    year, month = divmod(number, 12)
    return date(1970 + year, month + 1, 1)


def _year_label(held: Held, start: date) -> str:
    """A year of which whole months are not in the data says so: `2015 (to 31 March)`."""
    first, last = held.first_day, held.last_day
    parts = [f"from {first.day} {first:%B}"] if first.year == start.year and first.month > 1 else []
    parts += [f"to {last.day} {last:%B}"] if last.year == start.year and last.month < _DECEMBER else []
    return f"{start.year} ({' '.join(parts)})" if parts else str(start.year)


def _bars_in_force(held: Held, asked: Asked) -> Iterator[Bar]:
    """In force at the end of each year of the data, and on the day."""
    on = asked.on or held.last_day
    days = {date(year, 12, 31) for year in range(held.first_day.year, held.last_day.year + 1)}
    for day in sorted({d for d in days if d < held.last_day} | {on}):
        found = choose(held, replace(asked, on=day))
        parts = {"suspended": amount_of(held, found.suspended, asked.measure)}
        yield Bar(f"{day.day} {day:%b} {day.year}", day, day, parts, amount_of(held, found.rows, asked.measure))


def _notes(held: Held, asked: Asked, found: Chosen) -> Iterator[str]:
    """What is not known of the lines that were counted."""
    yield from _edges(held, asked)
    rows = found.rows
    without = int(np.count_nonzero(~held.money.stated[rows]))
    if without:
        yield f"{without:,} of {len(rows):,} lines state no value."
    users = held.words("end_user")
    unstated = np.array([v == "not_stated" or v is None for v in users.values])[users.codes[rows]]
    if unstated.any():
        yield f"Of {int(np.count_nonzero(unstated)):,} of {len(rows):,} lines no end user is stated."
    precision = held.words("decided_precision")
    coarse = int(np.count_nonzero(np.array([v != "day" for v in precision.values])[precision.codes[rows]]))
    if coarse:
        yield f"Of {coarse:,} lines only the month or the year is known; they count from its first day."
    if asked.kind is FigureKind.IN_FORCE:
        for number, words in (
            (found.assumed, "are in force by assumed validity: no end is stated"),
            (found.no_end_known, "state no end, and their licence type has no usual validity"),
            (found.status_unknown, "have a suspension or revocation without a day"),
        ):
            if number:
                yield f"{number:,} lines {words}."
    if any("onward" in r.lacks for r in held.releases):
        yield "These data were loaded without final destinations."


def _edges(held: Held, asked: Asked) -> Iterator[str]:
    """Where the data begin and end, if the figure reaches beyond."""
    in_force = asked.kind is FigureKind.IN_FORCE
    before = f"Decisions before {day_words(held.first_day)} are not in these data"
    if in_force:
        until = add_months(held.first_day, longest_validity(held))
        yield f"{before}: numbers of what was in force before {day_words(until)} are too low."
    elif asked.start and asked.start < held.first_day:
        yield f"{before}."
    end = asked.on if in_force else asked.end
    if end and end > held.last_day:
        yield f"Decisions after {day_words(held.last_day)} are not in these data."


def result_of(held: Held, found: Figure) -> Result:
    """The figure as a Result: its document cites itself, its table has every line behind it."""
    return Result(
        title=found.sentence,
        document=document_of(held, found),
        table=lambda: held.table.take(pa.array(found.chosen.rows)),
        citation=held.citation(found.sentence, on=found.asked.on),
    )


def document_of(held: Held, found: Figure) -> dict[str, Any]:
    """As JSON."""
    return {
        "sentence": found.sentence,
        "figure": found.asked.kind.value,
        "count": found.asked.measure.value,
        "amount": found.amount,
        "suspended": found.suspended,
        "licences": found.licences,
        "lines": found.lines,
        "lines_without_value": found.lines_without_value,
        "over_time": [
            {"label": b.label, "start": b.start, "end": b.end, "total": b.total, **b.parts} for b in found.bars
        ],
        "not_known": list(found.notes),
        "how_counted": list(found.how),
        "command": found.command,
    }
