"""python -m bench.soak [--kills N] [--seed S]: kill imports at random moments; the old data must stand.

Each round starts an import into a folder that already holds a release, kills it (SIGKILL), and then demands: the
catalogue reads; every file that it names is there and has its bytes; the folder holds the old release, or both,
whole; nothing hidden is named. At the end the same import runs undisturbed, and once more, which changes nothing.
Exit code 1 at the first broken promise.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.data import OUT
from bench.imports import licences
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.kernel.canonical import sha256_of_file

_OLD, _NEW = 20_000, 200_000
_FOLDER = OUT / "soak"


def main() -> None:
    """Kill, check, repeat."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _run(_OLD, _FOLDER)
    whole = _seconds_of_a_whole_import()
    survived = [_killed_at(rng.uniform(0, 1.05 * whole)) for _ in range(asked.kills)]
    print(
        f"{asked.kills} imports killed within {whole:.1f} s: {survived.count(False)} left the old release alone, "
    )
    print(f"{survived.count(True)} had already finished; the data were whole every time")
    _run(_NEW, _FOLDER)
    again = _run(_NEW, _FOLDER)
    if not again["already_loaded"] or _check(_FOLDER) != {_OLD, _NEW}:
        raise SystemExit(f"the same import twice: {again}")


def _command(lines: int, folder: Path) -> list[str]:
    options = ["--into", str(folder), "--released", "2024-12-31", "--series", f"of-{lines}", "--json"]
    return [sys.executable, "-m", "penholder.cli.main", "import", "uk-licences", str(licences(lines)), *options]


def _run(lines: int, folder: Path) -> dict[str, object]:
    done = subprocess.run(_command(lines, folder), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"an undisturbed import failed: {done.stderr}")
    document: dict[str, object] = json.loads(done.stdout)
    return document


def _seconds_of_a_whole_import() -> float:
    scratch = OUT / "soak-once"
    shutil.rmtree(scratch, ignore_errors=True)
    started = time.perf_counter()
    _run(_NEW, scratch)
    shutil.rmtree(scratch)
    return time.perf_counter() - started


def _killed_at(seconds: float) -> bool:
    """Kill an import after so many seconds; True if the new release is there all the same."""
    folder = OUT / "soak-round"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_FOLDER, folder)
    process = subprocess.Popen(_command(_NEW, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    held = _check(folder)
    if held not in ({_OLD}, {_OLD, _NEW}):
        raise SystemExit(f"killed after {seconds:.3f} s: the folder holds releases of {sorted(held)} lines")
    return _NEW in held


def _check(folder: Path) -> set[int]:
    """Sizes of the releases that the catalogue names, after comparing every file with its hash."""
    catalogue = read_catalogue(folder)
    sizes = set()
    for release in catalogue.releases:
        for name, sha256 in release.data_sets.items():
            path = folder / "releases" / release.id / f"{name}.parquet"
            if sha256_of_file(path) != sha256:
                raise SystemExit(f"{path} is not what the catalogue says")
        sizes.add(sum(f.loaded for f in release.files))
    if read_rows(catalogue, "lines", columns=["licence"]).num_rows != sum(sizes):
        raise SystemExit(f"{folder}: rows are missing")
    return sizes


if __name__ == "__main__":
    main()
