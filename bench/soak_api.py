"""python -m bench.soak_api [--examples N] [--only KEY] [--paths RE]: send anything to the API.

The story is told first, so that there are cases, assessments, reviews and licences in every state. Then
Schemathesis calls the whole site in process, as each of its people, with data that fit the description of the API
and data that do not; most values are those with which the story called the same parameter. Exit code 1 where an
answer has a status from 500 on, or anything that the description does not have.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.casework import start_django

_PLACES = 25
"""Versions up to this one are named as the expected one."""


def main() -> None:
    """Ask, count, say."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_api")
    parser.add_argument("--examples", type=int, default=20, help="per operation and person")
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time, which is printed")
    parser.add_argument("--only", help="only as this one of the cast")
    parser.add_argument("--paths", default="", help="only operations whose path this regular expression finds")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    start_django()
    logging.disable(logging.INFO)
    sys.exit(1 if _run(asked.examples, seed, asked.only, asked.paths) else 0)


def _run(examples: int, seed: int, only: str | None, paths: str) -> int:
    """How many kinds of failure there were."""
    from tests.web.api_fuzz import fuzz

    statuses: Counter[int] = Counter()
    failures: dict[str, str] = {}
    with _story() as (tokens, values):
        for who, token in tokens.items():
            if only not in {None, who}:
                continue
            found = fuzz(who=token, examples=examples, seed=seed, ids=values, paths=paths)
            statuses += found.statuses
            failures |= {f"{who}: {name}": text for name, text in found.failures.items()}
            print(f"{who}: {found.requests:,} requests, {len(found.failures)} failures", flush=True)
    for name, text in failures.items():
        print(f"{name}\n  {text}")
    by_status = ", ".join(f"{count:,} x {status}" for status, count in sorted(statuses.items()))
    print(f"{statuses.total():,} requests: {by_status}")
    return len(failures)


@contextmanager
def _story() -> Iterator[tuple[Mapping[str, str], Mapping[str, list[Any]]]]:
    """The told story: key of the cast -> token, and parameter -> values with which it was called."""
    from penholder.cli.story.doors import PythonDoor
    from penholder.cli.story.players import tokens
    from tests.stories.told import told

    values: dict[str, list[Any]] = defaultdict(list)

    class Noting(PythonDoor):
        def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
            for parameter, value in given.items():
                if value not in values[parameter]:
                    values[parameter].append(value)
            return super().act(who, name, given)

    with tempfile.TemporaryDirectory() as folder, told(Path(folder) / "home", door=Noting) as story:
        values["expected_version"] = list(range(1, _PLACES))
        yield tokens(story.players), values


if __name__ == "__main__":
    main()
