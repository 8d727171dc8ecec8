"""The lines that could have been used, grouped by path, for the report."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from penholder.analysis.report.data import LineRow, PathGroup
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.judge import Judge, split
from penholder.analysis.stocktake.money import only
from penholder.analysis.stocktake.paths import title_of
from penholder.analysis.stocktake.report_places import Names
from penholder.analysis.stocktake.table import rows_of
from penholder.analysis.stocktake.use import YES_NOT_STATED
from penholder.analysis.tracing.closure import Path
from penholder.analysis.tracing.graph import HINT_TABLE, Edge

ROWS_OF_A_PATH = 300
"""Lines of one path that go to the page; the page may show fewer. Figures are of all lines."""
OTHERS_NAMED = 3
"""So many final destinations that operate no party are named beside those that do; more are counted."""
_COLUMNS = (
    "line", "licence", "decided_on", "decided_precision", "rating", "description", "destination", "onward",
    "value", "currency", "route", "basis", "flags", "status", "attributed", "unattributed", "means_not_stated",
)  # fmt: skip


def path_groups(figures: Figures, names: Names) -> tuple[PathGroup, ...]:
    """One group per path, strongest first; its lines by value, largest first."""
    paths, answer = figures.paths, figures.answer
    order = np.lexsort((-figures.money.hundredths, paths.of_line))
    order = order[paths.of_line[order] >= 0]
    starts = np.searchsorted(paths.of_line[order], np.arange(len(paths.paths) + 1))
    shown = [order[a : min(b, a + ROWS_OF_A_PATH)] for a, b in pairwise(starts.tolist())]
    wanted = np.unique(np.concatenate(shown)) if shown else np.zeros(0, np.int64)
    mask = np.zeros(answer.lines, bool)
    mask[wanted] = True
    part = Figures(answer.keep(mask))
    rows = rows_of(part.answer, part.paths).select(_COLUMNS).to_pylist() if len(wanted) else []
    groups = []
    for i, path in enumerate(paths.paths):
        value, currency = only(figures.path_values[i])
        found = [rows[int(np.searchsorted(wanted, p))] for p in shown[i].tolist()]
        lines = tuple(_line(row, names, answer.judge) for row in found)
        groups.append(
            PathGroup(
                title_of(path), path.basis, str(path.grade), int(starts[i + 1] - starts[i]), value, currency,
                lines, _sources(path),
            )
        )  # fmt: skip
    return tuple(groups)


def _sources(path: Path) -> tuple[str, ...]:
    """What each step rests on, in words for somebody who does not know the table of hints."""
    return tuple(dict.fromkeys(_source(step) for step in path.steps))


def _source(step: Edge) -> str:
    if step.source == HINT_TABLE:
        return f"row {step.source_line} of Penholder's table of hints, a general idea of such goods and no finding"
    return f"{step.from_id} > {step.to_id}: {step.basis}, {step.citation}, grade {step.grade}"


def _onward(row: dict[str, Any], names: Names, judge: Judge) -> str:
    """The final destinations that operate a party, and how many others: some lines name a hundred."""
    places, segment = split(row["onward"]), judge.segment(row["decided_on"])
    at = [p for p in places if max(judge.place(p, segment=segment).operator, default=0) >= YES_NOT_STATED]
    rest = [p for p in places if p not in at]
    if len(rest) <= OTHERS_NAMED:
        return ", ".join(names.of(p) for p in (*at, *rest))
    return ", ".join(names.of(p) for p in at) + f"{' and ' if at else ''}{len(rest)} others"


def _line(row: dict[str, Any], names: Names, judge: Judge) -> LineRow:
    flags = tuple((row["flags"] or "").split(";")) if row["flags"] else ()
    status = () if row["status"] == "in_force" else (row["status"].replace("_", " "),)
    return LineRow(
        line=row["line"], licence=row["licence"], decided_on=row["decided_on"], rating=row["rating"] or "",
        description=row["description"] or "", destination=names.of(row["destination"]),
        onward=_onward(row, names, judge), value=row["value"], currency=row["currency"] or "",
        route=row["route"] or "", basis=row["basis"] or "", decided_precision=row["decided_precision"],
        flags=(*(f.replace("assumed", "assumed validity") for f in flags), *status),
        attributed=row["attributed"], unattributed=row["unattributed"], means_not_stated=row["means_not_stated"],
    )  # fmt: skip
