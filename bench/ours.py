"""The stocktake kernel over the benchmark's Parquet files: read, count, three arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from bench.data import LAST_DAY, NOT_STATED, STATES
from penholder.analysis.stocktake.kernel import Incidents, Lines, count_sets

Array = npt.NDArray[Any]
_COLUMNS = {"destination": np.int16, "rating": np.int16, "decided_on": np.int32, "expires_on": np.int32}


def count(folder: Path) -> list[Array]:
    """Attributed, unattributed and means-not-stated incidents per line, in file order."""
    lines = _read_lines(folder / "lines.parquet")
    masks = _column(pq.ParquetFile(folder / "masks.parquet").read(), "mask")
    counts = count_sets(lines, _read_incidents(folder), groups=STATES, reach_masks=masks)
    return list(counts)


def _read_lines(path: Path) -> Lines:
    with pq.ParquetFile(path) as file:
        size = file.metadata.num_rows
        into = {name: np.empty(size, kind) for name, kind in _COLUMNS.items()}
        first = 0
        for group in range(file.num_row_groups):  # piece by piece: the whole table would be in memory twice
            table = file.read_row_group(group, columns=list(_COLUMNS))
            for name, array in into.items():
                array[first : first + table.num_rows] = _column(table, name)
            first += table.num_rows
    until = np.minimum(into["expires_on"], LAST_DAY, out=into["expires_on"])
    return Lines(into["destination"], into["decided_on"], until, into["rating"])


def _column(table: pa.Table, name: str) -> Array:
    column = table.column(name)
    chunk = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    array: Array = (chunk.view(pa.int32()) if pa.types.is_date32(chunk.type) else chunk).to_numpy(
        zero_copy_only=False
    )
    return array


def _read_incidents(folder: Path) -> list[Incidents]:
    table = pq.ParquetFile(folder / "incidents.parquet").read()
    state, means, start, end = (_column(table, n) for n in ("state", "means", "starts_on", "ends_on"))
    attributed, stated = _column(table, "attributed"), means != NOT_STATED
    bits = np.int64(1) << means.astype(np.int64)
    chosen = [np.flatnonzero(attributed & stated), np.flatnonzero(~attributed & stated), np.flatnonzero(~stated)]
    masked = [Incidents(state.take(r), start.take(r), end.take(r), bits.take(r)) for r in chosen[:2]]
    silent = Incidents(*(a.take(chosen[2]) for a in (state, start, end)))
    return [*masked, silent]
