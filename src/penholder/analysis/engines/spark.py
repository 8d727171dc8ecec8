"""Spark through Ibis, and the door for functions over Arrow batches (`mapInArrow`). Extra: penholder[spark]."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from penholder.analysis.engines.tables import read_files, scratch
from penholder.analysis.schemas import Schema
from penholder.kernel.errors import InputError, MissingExtraError

LOCAL_MASTER = "local[2]"
_LOOPBACK = "127.0.0.1"
_CLUSTER = "spark://"
_PATIENCE = 5.0  # seconds
_LOGGING = Path(__file__).parent / "log4j2.properties"


class SparkEngine:
    """A Spark session: two threads of this machine, or a cluster. The session ends when the engine is closed.

    A session on this machine listens on the loopback address only and serves no pages. Workers run the same
    Python as this process.
    """

    name = "spark"

    def __init__(self, *, master: str | None = None) -> None:
        with ExitStack() as held:
            self._empty = held.enter_context(scratch())
            self.session = _session(master or LOCAL_MASTER)
            held.callback(self.session.stop)
            self._connection = ibis.pyspark.connect(self.session)
            self._held = held.pop_all()

    def table(self, paths: Sequence[Path], schema: Schema) -> Any:
        """See `Engine.table`."""
        return read_files(self._connection, paths, schema, empty=self._empty)

    def named(self, expression: Any) -> Any:
        """See `Engine.named`: beside a run on Spark, putting the question into words takes no time."""
        return expression

    def arrow(self, expression: Any) -> pa.Table:
        """See `Engine.arrow`."""
        return self._connection.to_pyarrow(expression)

    def map_batches(
        self,
        paths: Sequence[Path],
        columns: Sequence[str],
        function: Callable[[pa.RecordBatch], pa.RecordBatch],
        schema: pa.Schema,
    ) -> Any:
        """Run `function` over the rows of the files, a batch at a time, on the workers.

        Args:
            columns: what `function` gets, in this order; words come as plain strings.
            function: a picklable function of one batch; what it closes over is sent to each worker once a task.
            schema: of the batches that it gives back, without dictionary types.
        Returns: a Spark data frame of the results; the order of rows is not kept.
        """
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - only with the extra installed

        def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield function(batch)

        frame = self.session.read.parquet(*(str(p) for p in paths)).select(*columns)
        return frame.mapInArrow(run, from_arrow_schema(schema))

    def close(self) -> None:
        """Stop the session."""
        self._held.close()


def _session(master: str) -> Any:
    _check_reachable(master)
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional package
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional package
    except ImportError as error:
        raise MissingExtraError(
            "the engine spark needs the package pyspark, which is not installed",
            hint="pip install 'penholder[spark]', or leave --engine out",
        ) from error
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(master).appName("penholder")
    for key, value in _settings(master).items():
        builder = builder.config(key, value)
    try:
        with _silence():
            return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise MissingExtraError(
            f"Spark could not be started on {master}: {type(error).__name__}",
            hint="Spark needs a Java runtime (17 or newer) on the PATH or in JAVA_HOME, and a reachable --master",
        ) from error


def _check_reachable(master: str) -> None:
    """Refuse a cluster at which nobody listens at once; Spark itself would try for a minute."""
    addresses = master.removeprefix(_CLUSTER).split(",") if master.startswith(_CLUSTER) else []
    for address in addresses:
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=_PATIENCE):
                return
        except (OSError, ValueError):
            continue
    if addresses:
        raise InputError(
            f"nobody answers at --master {master}",
            hint="give spark://HOST:PORT of a running master, or leave --master out to use this machine",
        )


def _settings(master: str) -> dict[str, str]:
    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
    }
    if not master.startswith("local"):
        return settings
    os.environ["SPARK_LOCAL_IP"] = _LOOPBACK
    return settings | {
        "spark.driver.bindAddress": _LOOPBACK,
        "spark.driver.host": _LOOPBACK,
        "spark.sql.shuffle.partitions": "4",
    }


@contextmanager
def _silence() -> Iterator[None]:
    """Java writes remarks on standard error before its logging is set up. Keep them off while it starts."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
