"""python -m bench.soak_concurrency [--small] [--only sqlite|postgresql]: many at once, on both databases.

100 x 2 opposite acts on one line: one wins, one entry. 50 threads x 200 licences, each drawing 60 %: exactly one
success each. 10,000 mixed operations by 8 processes, against a checker of histories: no update lost, nothing
overdrawn. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

from bench.acts import installation


def main() -> None:
    """Each contest on a fresh installation."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_concurrency")
    parser.add_argument("--small", action="store_true", help="a tenth of everything")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    part = 10 if asked.small else 1
    for database in (asked.only,) if asked.only else ("sqlite", "postgresql"):
        _contests(database, part, seed)


def _contests(database: str, part: int, seed: int) -> None:
    made = installation(database=database)
    from bench import contest

    def fresh(name: str, one: Callable[[], object]) -> None:
        nonlocal made
        contest.prepare()
        started = time.perf_counter()
        found = one()
        print(f"{database}: {name}: {dict(found)} in {time.perf_counter() - started:.0f} s", flush=True)  # type: ignore[call-overload]
        made.close()
        made = installation(database=database)

    pairs, threads, number, operations = 100 // part, 50 // min(part, 5), 200 // part, 10_000 // part
    fresh(f"{pairs} x 2 opposite acts", lambda: contest.opposite_acts(pairs))
    fresh(f"{threads} threads x {number} licences", lambda: contest.draws(threads=threads, number=number))
    fresh(
        f"{operations} operations by 8 processes",
        lambda: contest.mixed(
            operations=operations, clients=8, number=operations // 25, home=made.home, seed=seed
        ),
    )
    made.close()


if __name__ == "__main__":
    main()
