"""Both sides as small integers: equal cells have equal numbers, whichever side they are on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from penholder.analysis.schemas import LICENCE_LINES

Codes = npt.NDArray[np.int64]
PRECISIONS = ("day", "month", "year")
_MOST = 1 << 62
# Cells that say nothing. A column in which one side says nothing at all is not compared.
_SILENT = {
    "licence_type": "not_stated", "end_user": "not_stated", "onward_end_user": "not_stated", "suspension": "none",
    "revocation": "none", "pooled": False,
}  # fmt: skip
_APART = frozenset(
    ("line", "licence", "decided_on", "decided_precision", "destination", "destination_name", "destination_kind",
     "notes", "source", "source_line")
)  # fmt: skip
CONTENT = tuple(c.name for c in LICENCE_LINES.columns if c.name not in _APART)


@dataclass(frozen=True, slots=True)
class Coded:
    """The rows of A and then of B as numbers. `split`: how many rows A has; every array has the rows of both.

    `columns`: licence, destination, destination_name and the compared content. `year`, `month`: of the decision,
    month counted from year 0. `precision`: index in PRECISIONS. `is_country`: is the stated destination one?
    """

    split: int
    columns: dict[str, Codes]
    content: tuple[str, ...]
    not_compared: tuple[str, ...]
    day: Codes
    month: Codes
    year: Codes
    precision: Codes
    is_country: npt.NDArray[np.bool_]
    has_value: npt.NDArray[np.bool_]


def coded(a: pa.Table, b: pa.Table) -> Coded:
    """Code two tables of licence lines (schemas.LICENCE_LINES). Shape: n and m rows -> n + m numbers a column."""
    both = pa.concat_tables([a, b]).unify_dictionaries()
    split = a.num_rows
    columns = {name: _codes(both[name]) for name in ("licence", "destination", "destination_name")}
    compared, left_out = [], []
    for name in CONTENT:
        stated = [_is_stated(side[name], name) for side in (a, b)]
        if all(stated) or (any(stated) and not (a.num_rows and b.num_rows)):
            columns[name] = _codes(both[name])
            compared.append(name)
        elif any(stated):
            left_out.append(name)
    days = _combined(both["decided_on"]).cast(pa.int32()).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64)
    precisions, kinds = _words(both["decided_precision"]), _words(both["destination_kind"])
    return Coded(
        split=split,
        columns=columns,
        content=tuple(compared),
        not_compared=tuple(left_out),
        day=days.astype(np.int64),
        month=months,
        year=months // 12,
        precision=np.array([PRECISIONS.index(p) for p in precisions[1]], np.int64)[precisions[0]],
        is_country=np.array([kind == "country" for kind in kinds[1]])[kinds[0]],
        has_value=_combined(both["value"]).is_valid().to_numpy(zero_copy_only=False),
    )


def grouped(arrays: Iterable[Codes]) -> Codes:
    """One number per row that is equal exactly where all arrays are equal. Shape: k arrays of n -> n; k > 0."""
    key: Codes | None = None
    size = 1
    for array in arrays:
        least, most = (int(array.min()), int(array.max())) if len(array) else (0, 0)
        width = most - least + 1
        if key is None:
            key, size = array - least, width
            continue
        if size > _MOST // width:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            size = int(key.max()) + 1
        key = key * width + (array - least)
        size *= width
    if key is None:
        msg = "at least one array is needed"
        raise ValueError(msg)
    return key


def _combined(column: pa.ChunkedArray) -> Any:
    found = column.combine_chunks()
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found


def _codes(column: pa.ChunkedArray) -> Codes:
    """0 for null, else 1 + a number of the value."""
    array = _combined(column)
    words = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    return np.asarray(words.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False) + 1)


def _words(column: pa.ChunkedArray) -> tuple[Codes, Sequence[str]]:
    array = _combined(column)
    return array.indices.to_numpy(zero_copy_only=False).astype(np.int64), array.dictionary.to_pylist() or ["day"]


def _is_stated(column: pa.ChunkedArray, name: str) -> bool:
    if column.null_count == len(column):
        return False
    if name not in _SILENT:
        return True
    return any(v is not None and v != _SILENT[name] for v in column.unique().to_pylist())
