"""Read licence lines a row group at a time, only the columns that are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.releases.read import read_rows
from penholder.analysis.schemas import LICENCE_LINES
from penholder.analysis.stocktake.cells import Array
from penholder.kernel.errors import NotKnownError

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Piece:
    """One row group of one file of one release. `first`: number of its first row among all lines in use."""

    release: Release
    path: Path
    group: int
    first: int
    rows: int
    metadata: Any


class LinesReader:
    """The lines in use of a data folder, in the order of series, file and row. Rows are numbered through."""

    def __init__(self, catalogue: Catalogue, *, known: date | None = None, threads: int | None = None) -> None:
        self.threads = threads or _cores()
        name = LICENCE_LINES.name
        self.releases = catalogue.current(name, known=known)
        self.pieces = _pieces([(r, catalogue.path_of(r, name)) for r in self.releases])
        self.rows = sum(p.rows for p in self.pieces)

    @property
    def series(self) -> tuple[str, ...]:
        """The series that hold lines, in the order of the rows."""
        return tuple(r.series for r in self.releases)

    def release_of(self, rows: Array) -> Array:
        """The position in `releases` of each of these rows (int32)."""
        first = [p.first for p in self.pieces]
        of_piece = np.array([self.releases.index(p.release) for p in self.pieces] or [0], np.int32)
        return of_piece.take(np.maximum(np.searchsorted(np.array(first), rows, side="right") - 1, 0))

    def each(self, columns: Sequence[str], work: Callable[[pa.RecordBatch], Outcome]) -> list[Outcome]:
        """Run `work` on every piece, on several threads; outcomes in the order of the pieces."""

        def task(piece: Piece) -> Outcome:
            return work(read_piece(piece, columns))

        if len(self.pieces) < 2 or self.threads == 1:
            return [task(p) for p in self.pieces]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(task, self.pieces))

    def take(self, columns: Sequence[str], rows: Array) -> pa.Table:
        """The rows with these numbers (ascending), with unified dictionaries."""
        schema = pa.schema([LICENCE_LINES.arrow.field(c) for c in columns])
        tables = []
        for piece in self.pieces:
            low, high = np.searchsorted(rows, [piece.first, piece.first + piece.rows])
            if high > low:
                batch = read_piece(piece, columns)
                wanted = rows[low:high] - piece.first
                picked = batch if len(wanted) == batch.num_rows else batch.take(pa.array(wanted))
                tables.append(pa.Table.from_batches([picked]).cast(schema))
        return pa.concat_tables(tables).unify_dictionaries() if tables else schema.empty_table()


def rows_known(
    catalogue: Catalogue, data_set: str, *, columns: Sequence[str] | None = None, known: date | None = None
) -> pa.Table:
    """As `releases.read.read_rows`, but an empty table where the folder has none that was out by `known`.

    For data beside the lines: what was not known then is not counted, and the answer says so.
    """
    try:
        return read_rows(catalogue, data_set, columns=columns, known=known)
    except NotKnownError:
        return read_rows(Catalogue(catalogue.folder, ()), data_set, columns=columns)


def read_piece(piece: Piece, columns: Sequence[str]) -> pa.RecordBatch:
    """The rows of one piece as one batch, columns in the given order."""
    # ParquetFile, not read_table: the latter imports pandas, which costs most of a second.
    with pq.ParquetFile(piece.path, metadata=piece.metadata) as file:
        table = file.read_row_group(piece.group, columns=list(columns), use_threads=False)
    batches = table.select(list(columns)).unify_dictionaries().combine_chunks().to_batches()
    return batches[0]


def _pieces(files: Sequence[tuple[Release, Path]]) -> list[Piece]:
    pieces: list[Piece] = []
    first = 0
    for release, path in files:
        metadata = pq.read_metadata(path)
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            if rows:
                pieces.append(Piece(release, path, group, first, rows, metadata))
                first += rows
    return pieces


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
