"""One engine in one process, so that its memory can be told apart. For each line on standard input: one round.

    python -m bench.worker ours|direct|asof SIZE

writes {"seconds", "cpu_seconds", "peak_mb", "answer", "cpu_in_all"} per round. `answer` is a checksum that is
computed outside the timed part; `cpu_in_all` is what the process has used since it began.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.data import OUT, SIZES

Answer = dict[str, int]


def main(engine: str, size: str) -> None:
    """Answer rounds until standard input ends."""
    with _ENGINES[engine](SIZES[size].folder) as (run, answer):
        for _ in sys.stdin:
            started, cpu = time.perf_counter(), time.process_time()
            result = run()
            seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
            reply = {"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mb": _peak(), "answer": answer(result)}
            del result
            reply["cpu_in_all"] = time.process_time()
            print(json.dumps(reply), flush=True)


def _peak() -> int:
    """Megabytes that this process has had in memory at most; not what its parent had when it was forked."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM:")) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


Engine = tuple[Callable[[], Any], Callable[[Any], Answer]]


@contextmanager
def _ours(folder: Path) -> Iterator[Engine]:
    import numpy as np

    from bench.ours import count

    def answer(counts: Any) -> Answer:
        return checksum(np.arange(counts[0].size), *counts)

    yield lambda: count(folder), answer


@contextmanager
def _duckdb(statement: str) -> Iterator[Engine]:
    import duckdb

    from bench.sql import COLUMNS

    with duckdb.connect() as connection:
        connection.execute(f"SET threads = 2; SET temp_directory = '{OUT}/spill'")

        def answer(_: Any) -> Answer:
            columns = connection.execute("SELECT * FROM answer").fetchnumpy()
            return checksum(columns["line"], *(columns[c] for c in COLUMNS))

        yield lambda: connection.execute(statement), answer


def _direct(folder: Path) -> Any:
    from bench.sql import direct

    return _duckdb(direct(folder))


def _asof(folder: Path) -> Any:
    from bench.sql import asof

    return _duckdb(asof(folder))


_ENGINES: dict[str, Callable[[Path], Any]] = {"ours": _ours, "direct": _direct, "asof": _asof}


def checksum(line: Any, *counts: Any) -> Answer:
    """Sums, sums of squares and a number that changes if any count of any line does, whatever the row order."""
    import numpy as np

    some = np.flatnonzero(np.logical_or.reduce([np.asarray(c) != 0 for c in counts]))
    wide = [np.asarray(c)[some].astype(np.uint64) for c in counts]
    mixed = np.asarray(line)[some].astype(np.uint64)
    for column in wide:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    sums = {f"sum_{i}": int(c.sum()) for i, c in enumerate(wide)}
    squares = {f"squares_{i}": int((c * c).sum()) & ((1 << 61) - 1) for i, c in enumerate(wide)}
    return {"lines": int(mixed.size), **sums, **squares, "rows": int(mixed.sum())}


if __name__ == "__main__":
    main(*sys.argv[1:])
