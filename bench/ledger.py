"""What the ledger costs: per act, per proof, per second, and in bulk.

Overhead per act. With the ledger: the smallest real act (one UPDATE of one row) through `perform`: parameters are
validated, permission is asked for twice (the second time inside the transaction), an event with one public and one
private field is recorded, and the entry, its two sealed fields, its row of the index, its place, its nodes of the
tree and the new head are written and committed. Without it: the same UPDATE in one durable transaction under the
same lock and guard, and nothing of all that (`bench.renaming.without_ledger`). CPU time of the process, in turns,
medians of a round of 300 acts; where others use the machine too, the round counts in which the bare change was
quickest. Two numbers are given: (a) the whole difference, and (b) the ledger itself (`recording.write` and
`store.place`: entry, digests, keys, sealing, rows, tree), measured in turns of their own. What (a) has besides is
the larger commit, parameters, permission and the receipt. Both are given with the database on the disk, and on a
file system in memory, where the CPU time of the file system is left out of both sides.
`python -m bench.ledger parts 600` prints what the steps cost.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.figure import Figure

_ROOT = Path(__file__).resolve().parents[1]
_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory is what is wanted


def figures(*, acts: int = 1_500, seconds: float = 8.0, entries: int = 1_000_000) -> Iterator[Figure]:
    """All of them; each in a process of its own."""
    for place, target in ((_MEMORY, 200.0), (Path(tempfile.gettempdir()), None)):
        if place.is_dir():
            yield from _overhead(acts, place, target)
    yield from _throughput(seconds)
    yield from _bulk(100_000 if entries >= 1_000_000 else 2_000)
    yield from _proofs(entries)


def _overhead(acts: int, place: Path, target: float | None) -> Iterator[Figure]:
    where = "in memory" if place == _MEMORY else "on the disk"
    said = _child("overhead", str(acts), folder=place)
    with_it, without, own = said[:3]
    note = f"{with_it:.0f} with, {without:.0f} without; medians"
    yield Figure(
        f"ledger: CPU per act over the bare change, {where}",
        with_it - without,
        "us",
        target,
        at_least=False,
        note=note,
    )
    yield Figure(f"ledger: of which the ledger itself, {where}", own, "us", note="recording and placing")


def _throughput(seconds: float) -> Iterator[Figure]:
    for workers in (1, 4):
        done = _child("throughput", str(workers), str(seconds))
        yield Figure(
            f"ledger: durable acts on PostgreSQL, {workers} workers",
            done[0],
            "/s",
            400 if workers == 4 else None,
            note=f"bare changes {done[1]:.0f}/s; fsync off: {done[2]:.0f}/s; CPU busy {done[3]:.0%}",
        )


def _proofs(entries: int) -> Iterator[Figure]:
    ours, theirs, made = _child("proofs", str(entries))
    yield Figure(
        f"ledger: inclusion proof at {entries:,}", ours, "ms", 2, at_least=False, note=f"made in {made:.0f} s"
    )
    yield Figure(
        "ledger: inclusion proof, pymerkle / ours", theirs / ours, "x", 20, note=f"pymerkle {theirs:.1f} ms"
    )


def _bulk(lines: int) -> Iterator[Figure]:
    for database in ("sqlite", "postgresql"):
        (seconds,) = _child("bulk", str(lines), database)
        yield Figure(f"register: {lines:,} lines as one act, {database}", seconds, "s", 20, at_least=False)


def _child(what: str, *given: str, folder: Path | None = None) -> list[float]:
    environment = os.environ | ({"TMPDIR": str(folder)} if folder else {})
    command = [sys.executable, "-m", "bench.ledger", what, *given]
    done = subprocess.run(command, env=environment, cwd=_ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return [float(word) for word in done.stdout.split()[-4:] if word]


def _print(*numbers: float) -> None:
    print(*numbers)


def overhead(acts: int) -> None:
    """Prints: microseconds with, without, and of the ledger alone."""
    from bench.acts import installation

    installation()
    from bench import renaming
    from penholder.actions import recording
    from penholder.ledger import store

    people = renaming.enter_people(50)
    spent: list[float] = []

    def turn(number: int) -> tuple[float, float, float]:
        person = people[number % 50]
        spent.clear()
        with_it = _cpu(lambda: renaming.with_ledger(person, f"Officer {number}"))
        return with_it, _cpu(lambda: renaming.without_ledger(person, f"Clerk {number}")), sum(spent)

    for number in range(50):
        turn(number)
    with_it, without, _ = _quietest(turn, acts)
    recording.write = _timed(recording.write, spent)
    store.place = _timed(store.place, spent)
    _, _, own = _quietest(turn, acts)
    _print(with_it, without, own)


def _quietest(turn: Callable[[int], tuple[float, ...]], acts: int) -> list[float]:
    """Medians in microseconds, of the round of 300 acts in which the bare change was quickest."""
    rounds = [[turn(number) for number in range(start, start + 300)] for start in range(0, max(acts, 1), 300)]
    medians = [[1e6 * statistics.median(side) for side in zip(*found, strict=True)] for found in rounds]
    return min(medians, key=lambda sides: sides[1])


def _timed(step: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        started = time.process_time()
        try:
            return step(*given, **named)
        finally:
            spent.append(time.process_time() - started)

    return timed


def parts(acts: int) -> None:
    """Prints what the steps of one act cost: microseconds of CPU, medians, without the steps inside them.

    Each step is charged what its clock takes (about a microsecond), so their sum is more than the whole.
    """
    from bench.acts import installation

    installation()
    from bench import ledger_parts, renaming

    people = renaming.enter_people(50)
    with ledger_parts.Steps() as steps:
        for number in range(acts + 50):
            steps.turn("with", lambda: renaming.with_ledger(people[number % 50], f"Officer {number}"))  # noqa: B023
            steps.turn("without", lambda: renaming.without_ledger(people[number % 50], "Clerk"))  # noqa: B023
    for name, with_it, without in steps.medians(skip=50):
        sys.stdout.write(f"{name:52} {with_it:7.1f} {without:7.1f} {with_it - without:7.1f}\n")


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def throughput(workers: int, seconds: float) -> None:
    """Prints: acts a second, bare changes a second, acts a second without fsync, share of the CPU that is busy."""
    from bench.acts import installation
    from tests import postgresql
    from tests.casework import use_cluster

    found = []
    busy = 0.0
    for durable, bare in ((True, False), (True, True), (False, False)):
        made = postgresql.Cluster(durable=durable)
        use_cluster(made)
        casework = installation(database="postgresql")
        from bench import renaming

        renaming.enter_people(50 * workers)
        from django.db import connections

        connections.close_all()
        before, started = os.times(), time.perf_counter()
        found.append(_run_workers(workers, seconds, bare=bare))
        if durable and not bare:
            busy = _busy(before, started)
        connections.close_all()
        casework.close()
        made.stop()
    use_cluster(None)
    _print(*found, busy)


def _busy(before: os.times_result, started: float) -> float:
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used / (time.perf_counter() - started) / (os.cpu_count() or 1)


def _run_workers(workers: int, seconds: float, *, bare: bool) -> float:
    ends = [os.pipe() for _ in range(workers)]
    children = []
    for own, (_, out) in enumerate(ends):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.write(out, str(_work(own, seconds, bare=bare)).encode())
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    for child in children:
        if os.waitpid(child, 0)[1]:
            raise SystemExit("a worker failed")
    return sum(int(os.read(read, 100)) for read, _ in ends) / seconds


def _work(own: int, seconds: float, *, bare: bool) -> int:
    from bench import renaming

    act = renaming.without_ledger if bare else renaming.with_ledger
    people = [f"P-{50 * own + n:06}" for n in range(50)]
    for person in people:  # keys are made, connections are open
        act(person, "Officer")
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        act(people[done % 50], f"Officer {done}")
        done += 1
    return done


def bulk(lines: int, database: str) -> None:
    """Prints: seconds of one act that takes a release of so many lines into the register."""
    from bench.acts import installation
    from penholder.analysis.releases.catalogue import read_catalogue
    from penholder.analysis.sample.write import write_sample

    folder = Path(tempfile.mkdtemp(prefix="penholder-bulk-")) / "data"
    write_sample(folder, lines=lines, incidents=10, seed=1)
    made = installation(database=database)
    from bench import contest
    from tests import register_ground as ground

    contest.prepare()
    ground.at(date(2030, 1, 1))  # later than every day in the sample
    release = read_catalogue(folder).holding("lines")[0]
    started = time.perf_counter()
    loaded = ground.load_release(folder, release.id).result
    seconds = time.perf_counter() - started
    made.close()
    if loaded.rows + loaded.refused != lines:
        raise SystemExit(f"of {lines} lines {loaded.rows} were taken and {loaded.refused} refused")
    _print(seconds)


def proofs(entries: int) -> None:
    """Prints: milliseconds of our proof, of pymerkle's, seconds in which our log was made."""
    import random

    import pymerkle

    from bench.acts import installation

    installation()
    from bench import many_entries
    from penholder.ledger.merkle import leaf_hash, verify_inclusion

    started = time.perf_counter()
    root = many_entries.append(entries)
    made = time.perf_counter() - started
    tree = pymerkle.SqliteTree(str(Path(tempfile.mkdtemp()) / "tree"), algorithm="sha256")
    tree.append_entries([many_entries.body(number) for number in range(entries)])
    tree.prove_inclusion(1)  # its first one fills its caches
    if tree.get_root() != root:
        raise SystemExit("pymerkle has another root")
    ours, theirs = list[float](), list[float]()
    rng = random.Random(1)
    for _ in range(100):
        place = rng.randrange(entries)
        begun = time.perf_counter()
        proof = many_entries.proof(place, entries)
        between = time.perf_counter()
        verify_inclusion(leaf_hash(many_entries.body(place)), index=place, size=entries, proof=proof, root=root)
        ours.append(between - begun)
        begun = time.perf_counter()
        tree.prove_inclusion(place + 1)
        theirs.append(time.perf_counter() - begun)
    _print(1e3 * statistics.median(ours), 1e3 * statistics.median(theirs), made)


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    {
        "overhead": lambda: overhead(int(numbers[0])),
        "parts": lambda: parts(int(numbers[0])),
        "throughput": lambda: throughput(int(numbers[0]), float(numbers[1])),
        "bulk": lambda: bulk(int(numbers[0]), numbers[1]),
        "proofs": lambda: proofs(int(numbers[0])),
    }[name]()
