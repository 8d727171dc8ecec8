"""The whole command on the real file, from the start of the process to its end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pyarrow.compute as pc

from bench.data import OUT
from bench.figure import Figure
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows

_PENHOLDER = (sys.executable, "-m", "penholder.cli.main")
# Who operates what is put in from the data, so that no real state is named here: the two commonest destinations.
_PROFILE = """\
profile: cold
title: Timing
concern: [serious_violation_ihl]
period: {{from: 2015-03-01}}
parties:
  - id: first
    name: Forces of the two commonest destinations
    operated_by: [{{state: "{0}", source: s}}, {{state: "{1}", source: s}}]
    counted_by: [{{series: air-raids, source: s}}]
operators_complete: {{value: yes, source: s}}
territory: [{{place: "{2}", source: s}}]
means:
  - {{means: air_strike, used: yes, source: s}}
  - {{means: naval_fire, used: no, source: s}}
other_means: {{used: unknown, source: s}}
sources: {{s: {{title: Made for timing, grade: B2, ref: none, date: 2015-12-31}}}}
"""


def figures(*, rounds: int) -> Iterator[Figure]:
    """Seconds of `penholder stocktake` on the real decisions, or nothing where the real data are absent."""
    real = _real_data()
    if real is None:
        print("cold command: skipped, no real data (set PENHOLDER_REAL_DATA)")
        return
    folder = _folder(real)
    profile = _profile(folder)
    for scope in ("granted", "in-force"):
        options = ["--profile", str(profile), "--on", "2015-12-31", "--scope", scope, "--json"]
        timed = [_timed([*_PENHOLDER, "stocktake", str(folder), *options]) for _ in range(rounds + 1)][1:]
        seconds, used = [s for s, _ in timed], [u for _, u in timed]
        yield Figure(
            f"real file, cold command, {scope}", median(seconds), "s", target=2, at_least=False,
            note=f"{min(seconds):.2f}-{max(seconds):.2f}, cpu {median(used):.2f}",
        )  # fmt: skip


def _real_data() -> Path | None:
    named = os.environ.get("PENHOLDER_REAL_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    return folder if folder.is_dir() else None


def _folder(real: Path) -> Path:
    folder = OUT / "real"
    if not folder.exists():
        fresh = OUT / "real-new"
        shutil.rmtree(fresh, ignore_errors=True)
        licences = ["uk-licences", str(real / "uk-licences" / "2008-2015"), "--released", "2015-06-30"]
        raids = ["generic-incidents", str(real / "air-raids" / "air-raids-2015.csv"), "--released", "2016-01-01"]
        for source in (licences, [*raids, "--mapping", "yemen-air-raids"]):
            _timed([*_PENHOLDER, "import", *source, "--into", str(fresh)])
        fresh.rename(folder)
    return folder


def _profile(folder: Path) -> Path:
    catalogue = read_catalogue(folder)
    lines = read_rows(catalogue, "lines", columns=["destination", "destination_kind"])
    countries = lines.filter(pc.equal(lines.column("destination_kind").cast("string"), "country"))
    counts = pc.value_counts(countries.column("destination").cast("string")).to_pylist()
    common = [c["values"] for c in sorted(counts, key=lambda c: -c["counts"])[:2]]
    place = read_rows(catalogue, "incidents", columns=["place"]).column("place").cast("string")[0].as_py()
    path = folder / "profiles" / "cold.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(_PROFILE.format(*common, place))
    return path


def timing_folder() -> Path | None:
    """The real decisions as a data folder; None: no real data."""
    real = _real_data()
    return None if real is None else _folder(real)


def timing_profile(folder: Path) -> Path:
    """The profile `cold`, made for timing."""
    return _profile(folder)


def _timed(command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of a command from start to end."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - started, os.times()
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used
