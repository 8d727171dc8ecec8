"""The lines that could have been used, grouped by path, for the report."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from penholder.analysis.report.data import LineRow, PathGroup
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.money import only
from penholder.analysis.stocktake.paths import sources_of, title_of
from penholder.analysis.stocktake.report_places import Names
from penholder.analysis.stocktake.table import rows_of

ROWS_OF_A_PATH = 300
"""Lines of one path that go to the page; the page may show fewer. Figures are of all lines."""
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
        lines = tuple(_line(rows[int(np.searchsorted(wanted, p))], names) for p in shown[i].tolist())
        groups.append(
            PathGroup(
                title_of(path), path.basis, str(path.grade), int(starts[i + 1] - starts[i]), value, currency,
                lines, sources_of(path),
            )
        )  # fmt: skip
    return tuple(groups)


def _line(row: dict[str, Any], names: Names) -> LineRow:
    flags = tuple((row["flags"] or "").split(";")) if row["flags"] else ()
    status = () if row["status"] == "in_force" else (row["status"].replace("_", " "),)
    return LineRow(
        line=row["line"], licence=row["licence"], decided_on=row["decided_on"], rating=row["rating"] or "",
        description=row["description"] or "", destination=names.of(row["destination"]),
        onward=names.all_of(row["onward"]), value=row["value"], currency=row["currency"] or "",
        route=row["route"] or "", basis=row["basis"] or "", decided_precision=row["decided_precision"],
        flags=(*(f.replace("assumed", "assumed validity") for f in flags), *status),
        attributed=row["attributed"], unattributed=row["unattributed"], means_not_stated=row["means_not_stated"],
    )  # fmt: skip
