"""The port that both engines fill, and how to open one of them by name."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from penholder.analysis.engines.names import ENGINES
from penholder.analysis.schemas import Schema
from penholder.kernel.errors import InputError

_MODULES = {
    # Imported when opened: DuckDB and Ibis cost half a second, Spark starts a Java process.
    "local": ("penholder.analysis.engines.local", "LocalEngine"),
    "spark": ("penholder.analysis.engines.spark", "SparkEngine"),
}


class Engine(Protocol):
    """Reads Parquet files of a declared data set as an Ibis table, and runs Ibis expressions.

    The tables have the columns of the schema, in its order; words are strings, money is decimal(18, 2).
    """

    name: str

    def table(self, paths: Sequence[Path], schema: Schema) -> Any:
        """The rows of all files as one `ibis.Table`; without files an empty one."""
        ...

    def named(self, expression: Any) -> Any:
        """The same rows as an `ibis.Table` that is quick to build upon: for what several questions share."""
        ...

    def arrow(self, expression: Any) -> pa.Table:
        """Run an `ibis.Table` expression."""
        ...

    def close(self) -> None:
        """Give back what the engine holds."""
        ...


@contextmanager
def open_engine(name: str = "local", *, master: str | None = None) -> Iterator[Engine]:
    """An engine by name, closed at the end. `master` is the address of a Spark cluster (spark only).

    Raises: InputError for an unknown name or a master without Spark; MissingExtraError where Spark or Java is not
    installed.
    """
    if name not in _MODULES:
        raise InputError(f"there is no engine {name!r}", hint=f"allowed: {', '.join(ENGINES)}")
    if master is not None and name != "spark":
        raise InputError(f"--master was given with the engine {name!r}", hint="add --engine spark")
    module, kind = _MODULES[name]
    make = getattr(importlib.import_module(module), kind)
    engine: Engine = make(master=master) if name == "spark" else make()
    try:
        yield engine
    finally:
        engine.close()
