"""`info --quarantine`: the rows of the sources that were read and not loaded, each with its place and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.releases.read import read_release
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.schemas import QUARANTINE
from penholder.analysis.statistics.overview import used_releases

_NAMES = ("file", "line", "column", "reason", "detail")
"""The columns of the data set, by their names in the answer."""
_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string()),
        *(
            pa.field(name, pa.int64() if name == "line" else pa.string())
            for name, _ in zip(_NAMES, QUARANTINE.columns, strict=True)
        ),
        pa.field("in_use", pa.bool_()),
    ]
)


def refused(catalogue: Catalogue, *, known: date | None = None) -> Result:
    """The quarantined rows of all releases that were out by a day: first those of the releases in use, then those
    of replaced ones; within a release by file and line.

    Returns: rows of release, file, line, column, reason, detail, in_use.
    Raises: IntegrityError where stored rows were changed.
    """
    used = used_releases(catalogue, known=known)
    out = [r for r in catalogue.holding(QUARANTINE.name) if known is None or r.released_on <= known]
    out.sort(key=lambda r: r.id not in used)
    table = pa.concat_tables([_SCHEMA.empty_table(), *(_rows(catalogue, r, in_use=r.id in used) for r in out)])
    reasons = Counter(table["reason"].to_pylist())
    notes = list(_notes(reasons, table, replaced=sum(r.id not in used for r in out)))
    predicate = f"Rows that were read and not loaded{f', as known on {known}' if known else ''}."
    return Result(
        title=f"Quarantined rows of {catalogue.folder}",
        document={
            "folder": str(catalogue.folder),
            "count": table.num_rows,
            "reasons": dict(sorted(reasons.items())),
            "rows": table.to_pylist(),
            "notes": notes,
        },
        table=table,
        citation=Citation(
            predicate=predicate,
            data=catalogue.data_hash(known=known),
            known=known.isoformat() if known else "",
            attribution=catalogue.attributions(known=known),
        ),
        notices=tuple(notes),
    )


def _rows(catalogue: Catalogue, release: Release, *, in_use: bool) -> pa.Table:
    held = read_release(catalogue, release, QUARANTINE.name)
    count = held.num_rows
    first, last = pa.repeat(pa.scalar(release.id), count), pa.repeat(pa.scalar(in_use), count)
    columns = [held[c.name].cast(_SCHEMA.field(n).type) for n, c in zip(_NAMES, QUARANTINE.columns, strict=True)]
    table = pa.Table.from_arrays([first, *columns, last], schema=_SCHEMA)
    return table.sort_by([("file", "ascending"), ("line", "ascending")])


def _notes(reasons: Counter[str], table: pa.Table, *, replaced: int) -> Iterator[str]:
    named = ", ".join(f"{reason} {count:,}" for reason, count in sorted(reasons.items()))
    yield f"{table.num_rows:,} rows were not loaded{f': {named}' if named else ''}"
    if replaced:
        which = "release that is" if replaced == 1 else "releases that are"
        yield f"rows of {replaced:,} {which} not in use stand last (in_use is false)"
