"""python -m bench.soak_api [--examples N] [--seed S] [--database D]: send anything to every address of the API.

Schemathesis calls the whole site in process, as people of six roles, with data that fit the
description of the API and data that do not. Exit code 1 where an answer has a status from 500 on, or anything that
the description does not have.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections import Counter

from tests.casework import start_django

ROLES = (
    "licensing_manager",
    "reception,customs_liaison",
    "exporter/O-one",
    "administrator",
    "auditor",
    "compliance_officer",
)


def main() -> None:
    """Ask, count, say."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_api")
    parser.add_argument("--examples", type=int, default=60, help="per operation and role")
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    start_django()
    logging.disable(logging.INFO)
    sys.exit(1 if _run(asked.examples, seed, asked.database) else 0)


def _run(examples: int, seed: int, database: str) -> int:
    """How many kinds of failure there were."""
    from tests.web.api_fuzz import fuzz
    from tests.web.real_site import RealSite

    statuses: Counter[int] = Counter()
    failures: dict[str, str] = {}
    with RealSite.open(database):
        for role in ROLES:
            found = fuzz(who=f"P-1/{role}", examples=examples, seed=seed, ids=RealSite.ids())
            statuses += found.statuses
            failures |= {f"{role}: {name}": text for name, text in found.failures.items()}
            print(f"{role}: {found.requests:,} requests, {len(found.failures)} failures", flush=True)
    for name, text in failures.items():
        print(f"{name}\n  {text}")
    by_status = ", ".join(f"{count:,} x {status}" for status, count in sorted(statuses.items()))
    print(f"{statuses.total():,} requests: {by_status}")
    return len(failures)


if __name__ == "__main__":
    main()
