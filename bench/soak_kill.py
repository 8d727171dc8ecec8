"""python -m bench.soak_kill [--kills N] [--seed S]: writers and publishers are killed; what was promised holds.

Each round starts two writers and two publishers (two at once: one history), waits until every one of them has done
something, and kills all four with SIGKILL at a random moment. Then, from the bare files: every acknowledged act is
there, no gap, no torn entry, no change without its entry, every root is that of its entries, the published folder
verifies and is a part of our history. Exit code 1 at the first broken promise.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from bench.books import BrokenPromiseError, History
from penholder.ledger.verify import verify_folder

_PATIENCE = 120.0
_PEOPLE = 20


def main() -> None:
    """Kill, check, repeat."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_kill")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="penholder-kill-"))
    try:
        _soak(folder, kills=asked.kills, rng=random.Random(seed))
    except BrokenPromiseError as error:
        raise SystemExit(f"BROKEN after seed {seed}: {error}; the files are in {folder}") from error
    shutil.rmtree(folder)


def _soak(folder: Path, *, kills: int, rng: random.Random) -> None:
    home = folder / "home"
    make_home(home)
    people = _in_a_child(_enter_people)
    assert people == 0, "the people could not be entered"
    history, started = History(), time.perf_counter()
    killed = acknowledged = rounds = 0
    published = 0
    while killed < kills:
        rounds += 1
        logs = _round(folder, rng)
        killed += len(logs)
        acts = [tuple(line.split()) for log in logs[:2] for line in _whole_lines(log)]
        size = history.check(home / "casework.sqlite3", [(int(number), run) for number, run in acts])
        acknowledged += len(acts)
        published = _check_published(folder / "published", history, at_least=published)
        for log in logs:
            log.unlink()
        if rounds % 10 == 0:
            _check_pages(home / "casework.sqlite3")
            print(
                f"{killed} kills, {size} entries, {acknowledged} acknowledged, {published} published", flush=True
            )
    _check_pages(home / "casework.sqlite3")
    print(
        f"{killed} kills in {rounds} rounds, {time.perf_counter() - started:.0f} s: "
        f"{history.frontier.size} entries, {acknowledged} acknowledged and none lost, no gap, none torn, "
        f"no change without its entry; {published} published by two publishers: one history, "
        "verified after each round"
    )


def make_home(home: Path) -> None:
    """A new installation by `penholder init`; Django is set up on it."""
    made = [sys.executable, "-m", "penholder.cli.main", "init", "--home", str(home)]
    made += ["--origin", "ledger.ardenia.invalid/log", "--authority", "Licensing authority of Ardenia"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    os.environ |= {"PENHOLDER_HOME": str(home), "DJANGO_SETTINGS_MODULE": "penholder.site.settings.test"}
    import django

    django.setup()  # here, so that the children need not: they are forked, and open their own connections


def _in_a_child(work: Callable[[], None]) -> int:
    return os.waitpid(_fork(work), 0)[1]


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException as error:
        sys.stderr.write(f"a child failed: {type(error).__name__}: {error}\n")
        os._exit(1)


def _enter_people() -> None:
    from bench import renaming

    renaming.enter_people(_PEOPLE)


def _round(folder: Path, rng: random.Random) -> list[Path]:
    """Start four, let each make progress, kill all. Gives what they wrote down as acknowledged."""
    logs = [folder / f"child-{n}" for n in range(4)]
    for log in logs:
        log.touch()
    seeds = [rng.randrange(2**32) for _ in logs]
    children = [
        _fork(partial(_write if n < 2 else _publish, folder, log, random.Random(seeds[n])))
        for n, log in enumerate(logs)
    ]
    deadline = time.monotonic() + _PATIENCE
    try:
        while not all(_whole_lines(log) for log in logs):
            if time.monotonic() > deadline:
                raise BrokenPromiseError("a child made no progress")
            if any(os.waitpid(child, os.WNOHANG)[0] for child in children):
                raise BrokenPromiseError("a child ended by itself")
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.25))
    finally:
        for child in rng.sample(children, len(children)):
            os.kill(child, signal.SIGKILL)
            time.sleep(rng.choice((0, 0, rng.uniform(0, 0.01))))
        for child in children:
            os.waitpid(child, 0)
    return logs


def _write(_folder: Path, log: Path, rng: random.Random) -> None:
    from bench import renaming

    renaming.allow()
    with log.open("ab", buffering=0) as acknowledged:
        while True:
            receipt = renaming.with_ledger(f"P-{rng.randrange(_PEOPLE):06}", f"Officer {rng.randrange(10**6)}")
            acknowledged.write(f"{receipt.entries[0]} {receipt.run}\n".encode())


def _publish(folder: Path, log: Path, rng: random.Random) -> None:
    from penholder.custody.publish import publish

    with log.open("ab", buffering=0) as acknowledged:
        while True:
            done = publish(folder / "published")
            acknowledged.write(f"{done.head.size} {done.head.root.hex()}\n".encode())
            time.sleep(rng.uniform(0, 0.02))


def _whole_lines(log: Path) -> list[str]:
    return [line for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]


def _check_published(folder: Path, history: History, *, at_least: int) -> int:
    report = verify_folder(folder)
    if report.checkpoint is None or not report.is_intact:
        raise BrokenPromiseError(f"the published folder does not verify: {report.problems[0]}")
    head = report.checkpoint
    if head.size < at_least or history.roots.get(head.size) != head.root:
        raise BrokenPromiseError(f"the published head of size {head.size} is not of our history")
    return head.size


def _check_pages(database: Path) -> None:
    with closing(sqlite3.connect(database)) as bare:
        found = bare.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        raise BrokenPromiseError(f"the database file is damaged: {found[0][0]}")


if __name__ == "__main__":
    main()
