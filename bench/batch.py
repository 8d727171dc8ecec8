"""Counting incidents for every line, from Parquet to arrays: the kernel against SQL, in interleaved rounds."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from bench.data import Size, written

KEPT = Path(__file__).parent / "kept"


@dataclass(frozen=True, slots=True)
class Measured:
    """Rounds of one engine at one size."""

    engine: str
    size: str
    seconds: list[float]
    cpu_seconds: list[float]
    peak_mb: int
    answer: dict[str, int]
    others_busy: float = 0.0
    """Share of the machine that other processes used meanwhile: above a few percent, times are too long."""
    kept_from: str = ""

    @property
    def typical(self) -> float:
        """Median seconds."""
        return median(self.seconds)


def measure(size: Size, *, engines: Sequence[str], rounds: int) -> dict[str, Measured]:
    """Run the engines in turn, `rounds` times after one round to warm up. Raises if their answers differ."""
    written(size)
    with ExitStack() as stack:
        workers = {e: stack.enter_context(_worker(e, size)) for e in engines}
        replies: dict[str, list[dict[str, Any]]] = {e: [] for e in engines}
        busy, started = busy_seconds(), time.perf_counter()
        for _ in range(rounds + 1):
            for engine, worker in workers.items():
                replies[engine].append(_round(worker))
        elapsed = time.perf_counter() - started
        others = busy_seconds() - busy - sum(r[-1]["cpu_in_all"] for r in replies.values())
    share = max(0.0, others / (elapsed * (os.cpu_count() or 1)))
    measured = {e: _measured(e, size, r, share) for e, r in replies.items()}
    check_equal(list(measured.values()))
    return measured


def growth(small: Size, large: Size, *, rounds: int) -> float:
    """Ours: median time at `large` / median time at `small`, in interleaved rounds."""
    seconds: dict[str, list[float]] = {small.name: [], large.name: []}
    with ExitStack() as stack:
        workers = {s.name: stack.enter_context(_worker("ours", s)) for s in (small, large)}
        for _ in range(rounds + 1):
            for name, worker in workers.items():
                seconds[name].append(_round(worker)["seconds"])
    return median(seconds[large.name][1:]) / median(seconds[small.name][1:])


def busy_seconds() -> float:
    """Processor seconds that all processes have used since the machine began; 0 where it does not say."""
    facts = Path("/proc/stat")
    if not facts.exists():
        return 0.0
    user, nice, system = (int(n) for n in facts.read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _measured(engine: str, size: Size, replies: list[dict[str, Any]], others: float) -> Measured:
    # The peak is that of the first round: later ones have the memory of the checksum on top.
    timed = replies[1:] or replies
    return Measured(
        engine, size.name, [r["seconds"] for r in timed], [r["cpu_seconds"] for r in timed],
        replies[0]["peak_mb"], replies[0]["answer"], round(others, 3),
    )  # fmt: skip


def check_equal(measured: Sequence[Measured]) -> None:
    """Raises SystemExit if two engines do not give the same answer."""
    for other in measured[1:]:
        if other.answer != measured[0].answer:
            raise SystemExit(f"answers differ: {measured[0]} and {other}")


@contextmanager
def _worker(engine: str, size: Size) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.worker", engine, size.name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _round(worker: subprocess.Popen[str]) -> dict[str, Any]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write("\n")
    worker.stdin.flush()
    reply = worker.stdout.readline()
    if not reply:
        raise SystemExit(f"a worker stopped: {worker.args!r}")
    parsed: dict[str, Any] = json.loads(reply)
    return parsed


def direct_once(size: Size, *, again: bool) -> Measured:
    """The direct SQL at a size where it takes minutes: measured once and kept, with the machine's name."""
    path = KEPT / f"direct-{size.name}.json"
    if path.exists() and not again:
        record = json.loads(path.read_text())
        if record["machine"] == machine():
            return Measured(**record["measured"], kept_from=f"{record['measured_on']} on {record['machine']}")
    (fresh,) = measure(size, engines=["direct"], rounds=0).values()
    kept = {k: v for k, v in asdict(fresh).items() if k != "kept_from"}
    record = {
        "machine": machine(),
        "measured_on": datetime.now(UTC).date().isoformat(),
        "duckdb": version("duckdb"),
        "measured": kept,
    }
    KEPT.mkdir(exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n")
    return fresh


def machine() -> str:
    """Processor, cores and memory, so that a kept time is only compared with times of the same kind of machine."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {max(1, len(names))} cores"
