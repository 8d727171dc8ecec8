"""python -m bench.soak_powercut [--states N] [--acts N] [--seed S]: the power goes at any moment; nothing is lost.

Real acts run once, in a child, and their SQL is kept as SQLite ran it, values included. The same statements run
again on a recording disk (bench.powercut_disk) with WAL and synchronous=FULL; WAL in exclusive mode, because a VFS
in Python has no shared memory. Then the disk is cut at random moments, and each state that it may be in is opened
by plain SQLite and compared with the true history: 0 acknowledged entries lost, torn or forked. The control, the
same with synchronous=OFF, must fail, or the test could not see damage. The store of keys is another file, with
its own soak: no act here makes a key. Exit code 1 where a promise is broken, or the control is not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import apsw

from bench.books import BrokenPromiseError, History
from bench.powercut_disk import NAME, STEPS, Platter, RecordingDisk, Step

_DATABASE = "casework.sqlite3"
_PEOPLE = 30
_DOOR = "penholder_door"


@dataclass(slots=True)
class Verdict:
    """Of how many states: fine, with an acknowledged act lost, damaged otherwise."""

    states: int = 0
    fine: int = 0
    lost: int = 0
    damaged: int = 0
    first: str = ""

    def line(self, name: str) -> str:
        """For the terminal."""
        said = f"{name}: {self.states} states, {self.fine} as promised, {self.lost} lost, {self.damaged} damaged"
        return said + (f" (first: {self.first})" if self.first else "")


def main() -> None:
    """Record, replay, cut, compare; then the control."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_powercut")
    parser.add_argument("--states", type=int, default=1_200)
    parser.add_argument("--acts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="penholder-powercut-"))
    acts = _recorded(folder, asked.acts)
    print(f"{asked.acts} acts, {sum(map(len, acts))} statements", flush=True)
    full = _cut(folder, acts, "FULL", states=asked.states, rng=random.Random(seed))
    print(full.line("synchronous=FULL"), flush=True)
    control = _cut(folder, acts, "OFF", states=max(60, asked.states // 10), rng=random.Random(seed))
    print(control.line("control, synchronous=OFF"), flush=True)
    if full.fine != full.states or control.fine == control.states:
        raise SystemExit(1)
    shutil.rmtree(folder)


def _recorded(folder: Path, number: int) -> list[list[str]]:
    """Statements of each act, as they ran; leaves the database as it was before them in `before`."""
    child = os.fork()
    if child == 0:
        try:
            _record(folder, number)
            os._exit(0)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("the acts could not be recorded")
    found: list[list[str]] = json.loads((folder / "acts.json").read_text())
    return found


def _record(folder: Path, number: int) -> None:
    from bench.acts import installation

    made = installation()
    from django.db import connection

    from bench import renaming

    people = renaming.enter_people(_PEOPLE)
    for person in people:
        renaming.with_ledger(person, "Officer")  # makes the keys, and the first pages of every table
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(made.database, folder / "before")
    acts: list[list[str]] = []
    said: list[str] = []
    connection.connection.set_trace_callback(said.append)
    for n in range(number):
        said.clear()
        renaming.with_ledger(people[n % _PEOPLE], f"Officer {n}")
        # A statement that fires triggers is said once more for each of them: one of a row of equals is enough.
        acts.append([s for s, _ in groupby(said) if not s.startswith(("SELECT", "PRAGMA"))])
    (folder / "acts.json").write_text(json.dumps(acts))


def _replay(folder: Path, acts: list[list[str]], synchronous: str) -> tuple[Path, bytes]:
    """Run the statements on the recording disk. Gives the database as it is after all of them, and before."""
    before = (folder / "before").read_bytes()
    place = folder / f"replay-{synchronous}"
    place.mkdir()
    (place / _DATABASE).write_bytes(before)
    STEPS.clear()
    disk = RecordingDisk()
    database = apsw.Connection(str(place / _DATABASE), vfs=NAME)
    database.create_scalar_function(_DOOR, _open_door, 1)
    for setting in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON"):
        list(database.execute(f"PRAGMA {setting}"))
    for number, statements in enumerate(acts):
        for statement in statements:
            list(database.execute(statement))
        STEPS.append(Step("said", "", number))
    after = folder / f"after-{synchronous}"
    with closing(apsw.Connection(str(after))) as copy, copy.backup("main", database, "main") as backup:
        backup.step()
    steps = list(STEPS)  # closing the database checkpoints it: that is not part of the history
    database.close()
    STEPS[:] = steps
    del disk
    return after, before


def _open_door(*_own: object) -> int:
    return 1


def _cut(folder: Path, acts: list[list[str]], synchronous: str, *, states: int, rng: random.Random) -> Verdict:
    after, before = _replay(folder, acts, synchronous)
    truth = History()
    truth.check(after)
    begun = _size(folder / "before")
    moments = sorted(rng.randrange(len(STEPS)) for _ in range(states))
    platter, verdict, said, done = Platter({_DATABASE: bytearray(before)}), Verdict(), 0, 0
    for moment in moments:
        for step in STEPS[done:moment]:
            platter.do(step)
            said += step.kind == "said"
        done = moment
        state = folder / "state"
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        for name, data in platter.after_a_cut(rng):
            (state / name).write_bytes(data)
        _judge(state, truth, verdict, promised=begun + said)
    return verdict


def _judge(place: Path, truth: History, verdict: Verdict, *, promised: int) -> None:
    verdict.states += 1
    try:
        size = _found(place / _DATABASE, truth)
    except (BrokenPromiseError, sqlite3.Error) as error:
        verdict.damaged += 1
        verdict.first = verdict.first or f"{type(error).__name__}: {error}"
        return
    if size < promised:
        verdict.lost += 1
        verdict.first = verdict.first or f"{promised} acknowledged, {size} found"
    else:
        verdict.fine += 1


def _found(database: Path, truth: History) -> int:
    """Size of the log in this state. Raises: BrokenPromiseError, sqlite3.Error: it is not a part of the truth."""
    with closing(sqlite3.connect(database)) as bare:
        checked = bare.execute("PRAGMA integrity_check").fetchall()
    if checked != [("ok",)]:
        raise BrokenPromiseError(f"the file is damaged: {str(checked[0][0])[:80]}")
    history = History()
    size = history.check(database)
    if history.roots[size] != truth.roots[size]:
        raise BrokenPromiseError(f"forked: another root at size {size}")
    return size


def _size(database: Path) -> int:
    with closing(sqlite3.connect(database)) as bare:
        return int(bare.execute("SELECT max(size) FROM ledger_head").fetchone()[0])


if __name__ == "__main__":
    main()
