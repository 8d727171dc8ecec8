"""What both engines do the same way: one Ibis table from several Parquet files of a declared data set."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq

from penholder.analysis.schemas import Schema


def read_files(connection: Any, paths: Sequence[Path], schema: Schema, *, empty: Path) -> Any:
    """The files side by side, in the columns of `schema`. Without files: the empty file of that schema."""
    found = tuple(paths) or (empty_file(empty, schema),)
    tables = [connection.read_parquet(str(p)).select(schema.arrow.names) for p in found]
    return tables[0] if len(tables) == 1 else ibis.union(*tables, distinct=False)


def empty_file(folder: Path, schema: Schema) -> Path:
    """A Parquet file without rows. A file, because in-memory tables fail on null decimals on some engines."""
    path = folder / f"{schema.name}.parquet"
    if not path.exists():
        pq.write_table(schema.arrow.empty_table(), path)
    return path


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for empty files, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="penholder-engine-") as folder:
        yield Path(folder)
