"""python -m bench.soak_kill [--database D] [--rounds N] [--seed S]: what was promised holds, whoever is killed.

Each round starts two writers and two publishers (two at once: one history), waits until every one of them has done
something new, and kills all four with SIGKILL at a random moment. On PostgreSQL, in every third round, the server
itself is stopped in the middle (`pg_ctl stop -m immediate`) while the four are at work, and recovers.

Then, past Django: every acknowledged act is there, no gap, no torn entry, no change without its entry, every root
is that of its entries; every head that a publisher was told, and the published folder, are of our history. Exit
code 1 at the first broken promise.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.books import BrokenPromiseError, History
from bench.killed import Killed, OnPostgresql, OnSqlite, is_away
from penholder.ledger.verify import verify_folder

_PATIENCE = 120.0
_PEOPLE = 20


_SERVER_EVERY = 3
"""One round in so many stops the server, where there is one."""


@dataclass(slots=True)
class Tally:
    """What happened so far."""

    rounds: int = 0
    killed: int = 0
    crashed: int = 0
    acknowledged: int = 0
    published: int = 0
    """Size of the published head."""

    def words(self) -> str:
        """In one line."""
        return (
            f"{self.rounds} rounds: {self.killed} kills, {self.crashed} stops of the server, "
            f"{self.acknowledged} acknowledged, {self.published} published"
        )


def main() -> None:
    """Kill, check, repeat."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_kill")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=75, help="of four kills each")
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"{asked.database}, seed {seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="penholder-kill-"))
    target: Killed = OnSqlite(folder / "home") if asked.database == "sqlite" else OnPostgresql()
    try:
        _soak(folder, target, rounds=asked.rounds, rng=random.Random(seed))
    except BrokenPromiseError as error:
        raise SystemExit(f"BROKEN after seed {seed}: {error}; the files are in {folder}") from error
    finally:
        target.close()
    shutil.rmtree(folder)


def _soak(folder: Path, target: Killed, *, rounds: int, rng: random.Random) -> None:
    make_home(folder / "home", *target.options)
    people = _in_a_child(_enter_people)
    assert people == 0, "the people could not be entered"
    history, started, done = History(), time.perf_counter(), Tally()
    while done.rounds < rounds:
        done.rounds += 1
        crash = target.has_server and done.rounds % _SERVER_EVERY == 0
        logs = _round(folder, rng, after=done.published, crash=target.crash if crash else None)
        done.killed += len(logs)
        done.crashed += crash
        if crash:
            target.restart()
        _check(folder, target, history, logs, done)
        if done.rounds % 10 == 0:
            target.check_pages()
            print(f"{done.words()}, {history.frontier.size} entries", flush=True)
    target.check_pages()
    print(
        f"{done.words()}, {time.perf_counter() - started:.0f} s: {history.frontier.size} entries, none that was "
        "acknowledged is lost, no gap, none torn, no change without its entry; two publishers: one history, "
        "verified after each round"
    )


def _check(folder: Path, target: Killed, history: History, logs: list[Path], done: Tally) -> None:
    """Compare the books and the published folder with what was acknowledged in a round, and with all before it."""
    acts = [(int(number), run) for log in logs[:2] for number, run in _words(log)]
    target.check(history, acts, may_wait=True)
    placed = _in_a_child(_place)  # as the next act, or publisher, would
    assert placed == 0, "what waited could not be placed"
    target.check(history, acts, may_wait=False)
    for size, root in (pair for log in logs[2:] for pair in _words(log)):
        if history.roots.get(int(size), b"").hex() != root:
            raise BrokenPromiseError(f"the head of size {size} that was published is not of our history")
    published = _check_published(folder / "published", history, at_least=done.published)
    if not acts or published <= done.published:
        raise BrokenPromiseError("a round made no progress")
    done.acknowledged += len(acts)
    done.published = published
    for log in logs:
        log.unlink()


def make_home(home: Path, *options: str) -> None:
    """A new installation by `penholder init`; Django is set up on it. `options`: of the database."""
    made = [sys.executable, "-m", "penholder.cli.main", "init", "--home", str(home)]
    made += ["--origin", "ledger.ardenia.invalid/log", "--authority", "Licensing authority of Ardenia", *options]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    os.environ |= {"PENHOLDER_HOME": str(home), "DJANGO_SETTINGS_MODULE": "penholder.site.settings.test"}
    import django

    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of each connection that the server cuts
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


def _place() -> None:
    from penholder.ledger import store

    store.place_waiting()


def _round(folder: Path, rng: random.Random, *, after: int, crash: Callable[[], None] | None) -> list[Path]:
    """Start four, let each make progress, kill all. Gives what they wrote down as acknowledged.

    `after`: size of the head that was published before: each publisher gets beyond it. `crash`: stops the server
    before the four.
    """
    logs = [folder / f"child-{n}" for n in range(4)]
    for log in logs:
        log.touch()
    seeds = [rng.randrange(2**32) for _ in logs]
    alive = {
        _fork(partial(_write if n < 2 else _publish, folder, log, random.Random(seeds[n])))
        for n, log in enumerate(logs)
    }
    try:
        _await_progress(logs, alive, after=after)
        time.sleep(rng.uniform(0, 0.25))
        _all_run(alive)
        if crash is not None:
            crash()  # now they may end by themselves
            time.sleep(rng.uniform(0, 0.05))
            alive -= _ended(alive)
    finally:
        for child in rng.sample(sorted(alive), len(alive)):
            os.kill(child, signal.SIGKILL)
            time.sleep(rng.choice((0, 0, rng.uniform(0, 0.01))))
        for child in alive:
            os.waitpid(child, 0)
    return logs


def _all_run(alive: set[int]) -> None:
    """Raises: BrokenPromiseError: one has ended by itself."""
    ended = _ended(alive)
    alive -= ended
    if ended:
        raise BrokenPromiseError("a child ended by itself")


def _ended(alive: set[int]) -> set[int]:
    return {child for child in alive if os.waitpid(child, os.WNOHANG)[0]}


def _await_progress(logs: list[Path], alive: set[int], *, after: int) -> None:
    """Until each writer has been told of an act, and each publisher of a head that is larger than `after`.

    Raises: BrokenPromiseError: they do not get so far.
    """
    deadline = time.monotonic() + _PATIENCE
    while not _has_progressed(logs, after=after):
        if time.monotonic() > deadline:
            raise BrokenPromiseError("a child made no progress")
        _all_run(alive)
        time.sleep(0.002)


def _has_progressed(logs: list[Path], *, after: int) -> bool:
    told = [_words(log) for log in logs]
    return all(told) and all(int(heads[-1][0]) > after for heads in told[2:])


def _write(_folder: Path, log: Path, rng: random.Random) -> None:
    from bench import renaming

    def act() -> str:
        receipt = renaming.with_ledger(f"P-{rng.randrange(_PEOPLE):06}", f"Officer {rng.randrange(10**6)}")
        return f"{receipt.entries[0]} {receipt.run}"

    renaming.allow()
    _until_killed(act, log)


def _publish(folder: Path, log: Path, rng: random.Random) -> None:
    from penholder.custody.publish import publish

    def once() -> str:
        time.sleep(rng.uniform(0, 0.02))
        done = publish(folder / "published")
        return f"{done.head.size} {done.head.root.hex()}"

    _until_killed(once, log)


def _until_killed(work: Callable[[], str], log: Path) -> None:
    """Again and again, or until the server is away. What it gives is written down: from then on it is promised."""
    with log.open("ab", buffering=0) as acknowledged:
        while True:
            try:
                said = work()
            except Exception as error:
                if is_away(error):
                    return
                raise
            acknowledged.write(f"{said}\n".encode())


def _words(log: Path) -> list[tuple[str, str]]:
    """What was written down: two words a line."""
    return [(first, second) for first, second in map(str.split, _whole_lines(log))]


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


if __name__ == "__main__":
    main()
