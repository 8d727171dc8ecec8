"""`diff`: what changed between two sides, as a result that cites itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from penholder.analysis.releases.diff.classes import CLASSES, DIFFERENCES, PAIRED, Comparison, compare
from penholder.analysis.releases.diff.listing import differences
from penholder.analysis.releases.diff.sides import Side, open_side
from penholder.analysis.report.result import Citation, Result
from penholder.kernel.canonical import sha256_of

LISTED = 50
_TOLD = 3
MEANING = {
    "restated": "value, count, outcome or other content changed",
    "precision_changed": "same date, known more or less finely",
    "redated": "another date",
    "renamed": "another name for the destination",
    "rekeyed": "another licence key only",
    "added": "only in B",
    "removed": "only in A",
    "unchanged": "the same in everything that is compared",
}


def diff(a: str, b: str) -> tuple[Result, bool]:
    """Compare two sides (see `sides.open_side`). Gives the answer, and whether there is any difference.

    Raises: InputError, NotKnownError or SourceError where a side cannot be read.
    """
    found = compare(open_side(a), open_side(b))
    return result_of(found), not found.is_equal


def result_of(found: Comparison) -> Result:
    """A comparison as a result; its table lists every difference, its document the first LISTED of each class."""
    counts, also = found.counts(), found.also()
    total = sum(n for name, n in counts.items() if name != "unchanged")
    first = differences(found, each=LISTED)
    document: dict[str, Any] = {
        **counts,
        "differences": total,
        "also": also,
        "fields": {name: n for name, mask in found.fields.items() if (n := int(mask.sum()))},
        "a": _side(found.a),
        "b": _side(found.b),
        "not_compared": list(found.not_compared),
        "listed": first.to_pylist(),
        "notes": list(_notes(found, total)),
    }

    def table() -> pa.Table:
        return differences(found)

    return Result(
        title=f"{found.a.name} and {found.b.name}: {total:,} differences",
        document=document,
        table=table,
        citation=Citation(
            predicate=f"Lines of A ({found.a.name}) against lines of B ({found.b.name}), each pair in one class.",
            data=sha256_of([found.a.sha256, found.b.sha256]),
            attribution=tuple(sorted({*found.a.attribution, *found.b.attribution})),
        ),
        words=tuple(_words(found, counts, also, first)),
        notices=tuple(document["notes"]),
    )


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name, "lines": side.lines.num_rows, "quarantined": side.quarantined, "sha256": side.sha256,
        "licence_key": side.licence_key,
    }  # fmt: skip


def _notes(found: Comparison, total: int) -> Iterator[str]:
    if found.not_compared:
        yield f"not compared, because only one side states them: {', '.join(found.not_compared)}"
    if not found.same_keys:
        yield f"licence keys are of different kinds ({found.a.licence_key}, {found.b.licence_key}): not compared"
    for side in (found.a, found.b):
        if side.quarantined:
            yield f"{side.name}: {side.quarantined:,} rows could not be loaded and are not compared"
    if any(found.counts()[name] > LISTED for name in DIFFERENCES):
        yield f"--json lists {LISTED} of each class; all {total:,} differences: -o FILE, or --csv, --tsv, --nl"


def _words(found: Comparison, counts: dict[str, int], also: dict[str, int], first: pa.Table) -> Iterator[str]:
    yield f"A  {found.a.name}  {found.a.lines.num_rows:,} lines"
    yield f"B  {found.b.name}  {found.b.lines.num_rows:,} lines"
    yield ""
    for name in CLASSES:
        beside = f"  (and {also[name]:,} more counted above)" if name in PAIRED and also[name] else ""
        yield f"{name.replace('_', ' '):18}{counts[name]:>12,}  {MEANING[name]}{beside}"
    if first.num_rows:
        yield ""
    told: Counter[str] = Counter()
    for row in first.to_pylist():
        told[row["class"]] += 1
        if told[row["class"]] > _TOLD:
            continue
        line = row["b_line"] if row["a_line"] is None else row["a_line"]
        change = " -> ".join(text for text in (row["old"], row["new"]) if text)
        yield f"{row['class'].replace('_', ' ')}: line {line}: {change}"
