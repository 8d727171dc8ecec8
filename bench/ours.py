"""The stocktake kernel over the benchmark's Parquet files: read, count, three arrays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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
_READERS = 2


def count(folder: Path) -> list[Array]:
    """Attributed, unattributed and means-not-stated incidents per line, in file order."""
    lines = _read_lines(folder / "lines.parquet")
    masks = _column(pq.ParquetFile(folder / "masks.parquet").read(), "mask")
    counts = count_sets(lines, _read_incidents(folder), groups=STATES, reach_masks=masks)
    return list(counts)


def _read_lines(path: Path) -> Lines:
    with pq.ParquetFile(path) as file:
        size, groups = file.metadata.num_rows, file.metadata.num_row_groups
        rows = [file.metadata.row_group(i).num_rows for i in range(groups)]
    into = {name: np.empty(size, kind) for name, kind in _COLUMNS.items()}
    first = np.concatenate([[0], np.cumsum(rows)])

    def read(start: int) -> None:
        with pq.ParquetFile(path) as file:
            for group in range(start, groups, _READERS):
                table = file.read_row_group(group, columns=list(_COLUMNS), use_threads=False)
                for name, array in into.items():
                    array[first[group] : first[group + 1]] = _column(table, name)

    with ThreadPoolExecutor(_READERS) as pool:
        list(pool.map(read, range(_READERS)))
    until = np.minimum(into["expires_on"], LAST_DAY, out=into["expires_on"])
    return Lines(into["destination"], into["decided_on"], until, into["rating"])


def _column(table: pa.Table, name: str) -> Array:
    column = table.column(name)
    array: Array = (column.cast(pa.int32()) if pa.types.is_date32(column.type) else column).to_numpy()
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
