"""DuckDB in this process, through Ibis."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from penholder.analysis.engines.tables import read_files, scratch
from penholder.analysis.schemas import Schema


class LocalEngine:
    """An in-memory DuckDB that reads the Parquet files in place. Loads no extension and opens no connection."""

    name = "local"

    def __init__(self) -> None:
        with ExitStack() as held:
            self._empty = held.enter_context(scratch())
            self._connection = ibis.duckdb.connect(
                autoinstall_known_extensions=False, autoload_known_extensions=False
            )
            held.callback(self._connection.disconnect)
            self._numbers = count(1)
            self._held = held.pop_all()

    def table(self, paths: Sequence[Path], schema: Schema) -> Any:
        """See `Engine.table`."""
        return read_files(self._connection, paths, schema, empty=self._empty)

    def named(self, expression: Any) -> Any:
        """See `Engine.named`: a view. Ibis needs longer to write the SQL of a deep tree than DuckDB to run it."""
        name = f"named_{next(self._numbers)}"
        self._connection.con.execute(f"CREATE TEMP VIEW {name} AS {self._connection.compile(expression)}")
        return ibis.table(expression.schema(), name=name)

    def arrow(self, expression: Any) -> pa.Table:
        """See `Engine.arrow`."""
        # Not `to_pyarrow`, which imports pandas and so takes longer than most questions.
        found = self._connection.con.sql(self._connection.compile(expression)).to_arrow_table()
        return found.cast(expression.schema().to_pyarrow())

    def close(self) -> None:
        """Close the database."""
        self._held.close()
