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
_COLUMNS = {"expires_on": np.int32, "decided_on": np.int32, "rating": np.int16, "destination": np.int16}


def count(folder: Path) -> list[Array]:
    """Attributed, unattributed and means-not-stated incidents per line, in file order."""
    with ThreadPoolExecutor(2) as pool:  # two columns at a time
        columns = [pool.submit(_read_column, folder / "lines.parquet", name) for name in _COLUMNS]
        incidents = pool.submit(_read_incidents, folder)
        until, first, reach, group = (c.result() for c in columns)
        sets = incidents.result()
    lines = Lines(group, first, np.minimum(until, LAST_DAY, out=until), reach)
    masks = _column(pq.ParquetFile(folder / "masks.parquet").read(), "mask")
    return list(count_sets(lines, sets, groups=STATES, reach_masks=masks))


def _read_column(path: Path, name: str) -> Array:
    """One column, piece by piece, so that nothing is in memory twice."""
    with pq.ParquetFile(path) as file:
        whole, at = np.empty(file.metadata.num_rows, _COLUMNS[name]), 0
        for group in range(file.num_row_groups):
            part = _column(file.read_row_group(group, columns=[name], use_threads=False), name)
            whole[at : at + part.size] = part
            at += part.size
    return whole


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
