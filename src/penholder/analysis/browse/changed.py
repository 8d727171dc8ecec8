"""What changed between two releases, as pages: classes with their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.browse.rows import PAGE, Page, cursor, read_cursor
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.releases.diff.answer import MEANING, result_of
from penholder.analysis.releases.diff.classes import CLASSES, DIFFERENCES, compare
from penholder.analysis.releases.diff.sides import open_side
from penholder.analysis.report.result import Result
from penholder.kernel.errors import InputError


@dataclass(frozen=True, slots=True)
class Change:
    """One class of differences. `also`: further pairs that have it beside a stronger one."""

    name: str
    meaning: str
    count: int
    also: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A comparison. `rows`: an Arrow table, one row per difference."""

    classes: tuple[Change, ...]
    document: dict[str, Any]
    result: Result
    rows: Any


def newest_two(catalogue: Catalogue) -> tuple[str, str] | None:
    """The two newest releases of one series of lines; None: no series has two."""
    held = sorted(catalogue.holding("lines"), key=lambda r: (r.released, r.recorded_at), reverse=True)
    for newest in held:
        before = [r for r in held if r.series == newest.series and r is not newest]
        if before:
            return before[0].id, newest.id
    return None


def changed(a: str, b: str) -> Changed:
    """Compare two sides, as `penholder diff` names them. Raises: InputError, NotKnownError, SourceError."""
    result = result_of(compare(open_side(a), open_side(b)))
    document = result.document
    classes = tuple(Change(n, MEANING[n], document[n], document["also"].get(n, 0)) for n in CLASSES)
    return Changed(classes, document, result, result.rows())


def changed_rows(found: Changed, *, kind: str = "", after: str = "") -> Page:
    """The differences of one class, or all. Raises: InputError."""
    if kind and kind not in DIFFERENCES:
        raise InputError(f"there is no class {kind[:40]!r}", hint=f"allowed: {', '.join(DIFFERENCES)}")
    table = found.rows.filter(pc.equal(found.rows["class"], pa.scalar(kind))) if kind else found.rows
    mark = found.result.citation.data
    start = read_cursor(mark, after, most=table.num_rows)
    rows = table.slice(start, PAGE).to_pylist()
    return Page(tuple(rows), table.num_rows, cursor(mark, start + PAGE, total=table.num_rows))
