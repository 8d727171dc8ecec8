"""python -m bench.soak_diskfull [--rounds N]: no space left; errors are clean, nothing is partial, it goes on.

The installation lies on a small file system in memory (needs root; without root, in a process that may not write
files above a size). Acts go on until one is refused for want of space, then some more; publishing is tried too.
Each refusal must be a StorageError (or PublicationError, or the key store's own error), and the books must hold
exactly what was acknowledged. Then space returns, and acts and publishing must go on in the same process.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.books import BrokenPromiseError, History

_SIZE = 14 << 20
_REFUSALS = 20


def main() -> None:
    """Fill, refuse, free, go on; some times."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_diskfull")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with _small_disk() as (folder, is_mounted):
        try:
            _soak(folder, rounds=asked.rounds, is_mounted=is_mounted)
        except BrokenPromiseError as error:
            raise SystemExit(f"BROKEN: {error}") from error


@contextmanager
def _small_disk() -> Iterator[tuple[Path, bool]]:
    """A folder with little space, and whether it is a file system of its own."""
    folder = Path(tempfile.mkdtemp(prefix="penholder-full-"))
    mounted = os.geteuid() == 0
    if mounted:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(folder)],
            check=False,
            stderr=subprocess.DEVNULL,
        )
        mounted = done.returncode == 0
    try:
        yield folder, mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _soak(folder: Path, *, rounds: int, is_mounted: bool) -> None:
    from bench.soak_kill import make_home

    home = folder / "home"
    make_home(home)
    from bench import renaming

    people = renaming.enter_people(10)
    for person in people:
        renaming.with_ledger(person, "Officer")
    history, acknowledged, refused = History(), 0, Counter[str]()
    for number in range(rounds):
        with _no_space(folder, is_mounted=is_mounted):
            acknowledged += _until_full(people, refused)
            size = history.check(home / "casework.sqlite3")
            _publish(folder, refused)
        more = _after(people, folder)
        acknowledged += more
        size = history.check(home / "casework.sqlite3")
        print(f"round {number + 1}: {size} entries, {acknowledged} acknowledged, refused so far: {dict(refused)}")
    begun = size - acknowledged
    own = begun - len(people)
    if own not in {0, 1, 2}:  # the first entries of the ledger
        raise BrokenPromiseError(f"{size} entries, but {acknowledged} were acknowledged")
    how = "a full file system" if is_mounted else "a limit on the size of files"
    print(f"{sum(refused.values())} refusals by {how}: all clean, nothing partial, and it went on each time")


@contextmanager
def _no_space(folder: Path, *, is_mounted: bool) -> Iterator[None]:
    """Take the space away, and give it back."""
    ballast = folder / "ballast"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if is_mounted:
        free = os.statvfs(folder)
        with ballast.open("wb") as file:
            file.write(bytes(max(0, free.f_bavail * free.f_frsize - (2 << 20))))
    else:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        largest = max(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + (1 << 18), before[1]))
    try:
        yield
    finally:
        ballast.unlink(missing_ok=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _until_full(people: list[str], refused: Counter[str]) -> int:
    """Acts until some were refused. Gives how many were acknowledged."""
    from bench import renaming
    from penholder.kernel.errors import StorageError

    done = tries = 0
    wanted = refused["storage"] + _REFUSALS
    while refused["storage"] < wanted:
        tries += 1
        try:
            renaming.with_ledger(people[tries % len(people)], f"Officer {tries} " + "x" * 90)
            done += 1
        except StorageError as error:
            refused[error.code] += 1
        if tries > 50_000:
            raise BrokenPromiseError("the space does not end")
    return done


def _publish(folder: Path, refused: Counter[str]) -> None:
    from penholder.custody.publish import publish
    from penholder.kernel.errors import PenholderError

    try:
        publish(folder / "published")
    except PenholderError as error:
        refused[error.code] += 1


def _after(people: list[str], folder: Path) -> int:
    """Space has returned: acts and publishing go on. Gives how many acts were done."""
    from bench import renaming
    from penholder.custody.publish import publish
    from penholder.ledger.verify import verify_folder

    for person in people:
        renaming.with_ledger(person, "Officer again")
    publish(folder / "published")
    if not verify_folder(folder / "published").is_intact:
        raise BrokenPromiseError("the published folder does not verify")
    return len(people)


if __name__ == "__main__":
    main()
