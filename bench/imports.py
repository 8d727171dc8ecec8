"""Import of generated licence decisions: rows per second after start, and how peak memory grows."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pycountry

from bench.data import OUT, SEED
from bench.figure import Figure

_RATINGS = [
    *(f"ML{n}" for n in range(1, 23)),
    *(f"ML{n}{sub}" for n in (4, 6, 9, 10, 11) for sub in "abc"),
    *(f"{category}{group}{number:03}" for category in range(1, 10) for group in "ABCDE" for number in (1, 3, 5)),
]


# A small process in between: a child's peak counts from what its parent had in memory when it was forked.
_WATCH = """
import resource, subprocess, sys, time
started = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def figures(*, lines: int) -> Iterator[Figure]:
    """Time and memory of importing `lines` and a tenth of them."""
    started, _ = _imported(10)
    few_seconds, few_mb = _imported(lines // 10)
    many_seconds, many_mb = _imported(lines)
    note = f"{many_seconds:.1f} s, of which {started:.1f} s is start"
    rate, binding = lines / (many_seconds - started), lines >= 2_000_000
    target = 200_000 if binding else None
    yield Figure(f"import: rows per second, {lines:,} lines", rate, "/s", target=target, note=note)
    memory = f"{many_mb} MB against {few_mb} MB; {few_seconds:.1f} s for a tenth"
    yield Figure(
        f"import: peak memory, {lines:,} / {lines // 10:,} lines", many_mb / few_mb, "x",
        target=1.25 if binding else None, at_least=False, note=memory,
    )  # fmt: skip


def _imported(lines: int) -> tuple[float, int]:
    """Seconds and peak megabytes of one import into an empty folder."""
    source, folder = licences(lines), OUT / "imported"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "penholder.cli.main", "import", "uk-licences", str(source)]
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, *command, "--into", str(folder), "--released", "2024-12-31", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the import of {source} failed; run: {' '.join(command)} --into FOLDER")
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) // 1024


def licences(lines: int) -> Path:
    """A folder as the publisher gives it, with values.csv of so many lines. Written once."""
    folder = OUT / f"licences-{lines}"
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "values.csv").open("w", encoding="utf-8", newline="") as out:
            out.write("licence_group,date,rating,count,value,country,refused\n")
            out.writelines(_rows(lines))
        (folder / "done").touch()
    return folder / "values.csv"


def _rows(lines: int) -> Iterator[str]:
    rng = np.random.default_rng(SEED)
    countries = [f'"{c.name}"' if "," in c.name else c.name for c in pycountry.countries]
    licence = 0
    while lines:
        n = min(lines, 1 << 16)
        licences_now = licence + np.cumsum(rng.random(n) < 0.7)  # 70% of the lines begin a licence
        licence = int(licences_now[-1])
        days = (np.datetime64("2008-01-01") + rng.integers(0, 6_000, n)).astype(str)
        columns = [
            licences_now.tolist(), days.tolist(), rng.choice(_RATINGS, n).tolist(), rng.integers(1, 9, n).tolist(),
            rng.integers(0, 10**7, n).tolist(), rng.choice(countries, n).tolist(),
            (rng.random(n) < 0.015).astype(int).tolist(),
        ]  # fmt: skip
        yield from (",".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))
        lines -= n
