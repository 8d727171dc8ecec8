"""Opening an engine: what is refused, and what is not loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from penholder.analysis.engines import open_engine
from penholder.kernel.errors import InputError, MissingExtraError


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="there is no engine 'abacus'"), open_engine("abacus"):
        pass


def test_a_master_needs_spark() -> None:
    refused = pytest.raises(InputError, match="--master was given with the engine 'local'")
    with refused, open_engine("local", master="local[4]"):
        pass


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyspark", "pyspark.errors", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match="needs the package pyspark") as caught, open_engine("spark"):
        pass
    assert "pip install 'penholder[spark]'" in caught.value.hint


@pytest.mark.parametrize("master", ["spark://127.0.0.1:1", "spark://127.0.0.1", "spark://127.0.0.1:1,127.0.0.1:2"])
def test_a_cluster_at_which_nobody_listens_is_refused_at_once(master: str) -> None:
    with pytest.raises(InputError, match="nobody answers at --master"), open_engine("spark", master=master):
        pass


@pytest.mark.spark
def test_without_java_the_error_says_so(sample_folder: Path) -> None:
    command = [sys.executable, "-m", "penholder.cli.main", "stats", str(sample_folder), "--engine", "spark"]
    environment = {"PATH": "/nowhere", "JAVA_HOME": "/nowhere"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("penholder: Spark could not be started on local[2]")
    assert "Java runtime" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_question_here_loads_neither_pandas_nor_spark(sample_folder: Path) -> None:
    """Pandas takes longer to load than the question takes to answer."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from penholder.analysis.releases.catalogue import read_catalogue\n"
        "from penholder.analysis.statistics.answer import stats\n"
        f"stats(read_catalogue(Path({str(sample_folder)!r})), by=('year', 'military'), measure='value')\n"
        "print([name for name in ('pandas', 'pyspark', 'polars') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
