"""python -m bench.soak_verify [--size N] [--flips N] [--seed S]: does `penholder verify` find every flipped bit?

Makes a published log (kept in bench/out), verifies it by the command (time, peak memory of all its processes
together, no Django), beside `sha256sum` of the same files, which is what any reader of them must spend at least.
Then flips one random bit in a random file, verifies again, and demands exit code 3 and the name of the file; and
puts the bit back. Exit code 1 at the first flip that is not found.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.data import OUT
from bench.figure import Figure
from bench.synthetic_log import LOG_KEY, write_log

_DONE = "done"


def main() -> None:
    """Verify, then flip and verify again."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_verify")
    parser.add_argument("--size", type=int, default=1_000_000, help="entries (default 1e6)")
    parser.add_argument("--flips", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    folder = _log(asked.size)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    for figure in _figures(folder, files, asked.size):
        print(figure.line(), flush=True)
    rng = random.Random(seed)
    for number in range(asked.flips):
        _flip_is_found(folder, _any_byte(files, rng), bit=rng.randrange(8), number=number + 1)
    print(f"{asked.flips} of {asked.flips} flipped bits found, each with its file, exit code 3")


def _log(size: int) -> Path:
    folder = OUT / f"log-{size}"
    done = OUT / f"log-{size}-{_DONE}"
    if not done.exists():
        started = time.perf_counter()
        write_log(folder, size)
        done.touch()
        print(f"made a log of {size:,} entries in {time.perf_counter() - started:.0f} s")
    return folder


def _figures(folder: Path, files: list[Path], size: int) -> Iterator[Figure]:
    bytes_ = sum(p.stat().st_size for p in files)
    _sha256sum(files)  # warms the cache for both
    baseline = min(_sha256sum(files) for _ in range(2))
    runs = [_verify(folder) for _ in range(3)]
    for run in runs:
        assert run.code == 0, run.said
        assert json.loads(run.said)["entries"] == size
    best = min(run.seconds for run in runs)
    note = f"{len(files):,} files, {bytes_ / 1e6:,.0f} MB, runs {', '.join(f'{r.seconds:.1f}' for r in runs)} s"
    yield Figure(f"verify {size:,} entries", best, "s", target=10 * size / 1e6, at_least=False, note=note)
    peak = max(run.peak_mb for run in runs)
    yield Figure("verify: peak memory, all processes", peak, "MB", target=200, at_least=False)
    yield Figure("verify / sha256sum of the same files", best / baseline, "x", note=f"sha256sum {baseline:.1f} s")


def _sha256sum(files: list[Path]) -> float:
    started = time.perf_counter()
    subprocess.run(["xargs", "-0", "sha256sum"], input=b"\0".join(str(p).encode() for p in files),
                   stdout=subprocess.DEVNULL, check=True)  # fmt: skip
    return time.perf_counter() - started


class _Run:
    def __init__(self, seconds: float, peak_mb: float, code: int, said: str) -> None:
        self.seconds = seconds
        self.peak_mb = peak_mb
        self.code = code
        self.said = said


def _verify(folder: Path) -> _Run:
    """The command in a process of its own; its memory is sampled every 20 ms, that of its children included."""
    code = (
        "import sys; from penholder.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: assert not [m for m in sys.modules if m.partition('.')[0] in ('django', 'numpy', 'pyarrow')]"
    )
    asked = ["verify", str(folder), "--key", LOG_KEY.verifier.text(), "--json"]
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, *asked], stdout=subprocess.PIPE, text=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _memory_mb(process.pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    assert process.stdout is not None
    return _Run(seconds, peak, process.returncode, process.stdout.read())


def _memory_mb(pid: int) -> float:
    """Resident memory of a process and its children; pages that they share count for each (the worst case)."""
    total = 0.0
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    total += pages * 4096 / 1e6
    return total + sum(_memory_mb(int(child)) for child in children)


def _any_byte(files: list[Path], rng: random.Random) -> tuple[Path, int]:
    """Every file as likely as any other, every byte of it too."""
    path = rng.choice(files)
    return path, rng.randrange(path.stat().st_size)


def _flip_is_found(folder: Path, place: tuple[Path, int], *, bit: int, number: int) -> None:
    path, offset = place
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[offset] ^= 1 << bit
    name = str(path.relative_to(folder))
    try:
        path.write_bytes(damaged)
        run = _verify(folder)
    finally:
        path.write_bytes(whole)
    problems = json.loads(run.said)["problems"]
    said = "; ".join(f"{p['file']} entry {p['entry']}: {p['message']}" for p in problems)
    print(f"{number:3}: {name} byte {offset} bit {bit}, {run.seconds:.1f} s: {said}", flush=True)
    if run.code != 3 or [p["file"] for p in problems] != [name]:
        raise SystemExit(f"not found as it should be: exit code {run.code}")


if __name__ == "__main__":
    main()
