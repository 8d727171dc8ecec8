"""Many at once, on both databases, in small: `make soak` has the full size (bench/soak_concurrency.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casework import Casework, SettingsOfTest, start_django
from tests.grounds import require_postgresql

start_django()

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def casework(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Casework]:
    """A fresh installation for a contest."""
    from bench import contest

    if request.param == "postgresql":
        require_postgresql()
    settings = SettingsOfTest()
    for name in ("PENHOLDER_AUTHORITY", "PENHOLDER_CLOCK", "PENHOLDER_REACTIONS"):
        settings.set(name, None)  # remembers what it was
    made = Casework(tmp_path / "home", database=request.param).open()
    contest.prepare()
    yield made
    made.close()
    settings.restore()


def test_of_two_opposite_acts_one_wins_and_leaves_one_entry(casework: Casework) -> None:
    from bench import contest

    assert contest.opposite_acts(20).total() == 20


def test_of_many_draws_beyond_the_limit_one_succeeds(casework: Casework) -> None:
    from bench import contest

    assert contest.draws(threads=8, number=10) == {"done": 10, "conflict": 70}


def test_mixed_acts_of_several_processes_are_as_if_one_came_after_the_other(casework: Casework) -> None:
    from bench import contest

    found = contest.mixed(operations=400, clients=4, number=20, home=casework.home, seed=7)
    assert found.total() == 400
    # How many win depends on who comes first; with none the history would hold nothing to check.
    assert sum(n for outcome, n in found.items() if outcome.endswith("done")) > 40
