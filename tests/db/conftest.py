"""Tests with a database: each gets an installation of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.sample.write import write_sample
from penholder.ledger.note import Verifier
from tests.casework import Casework, SettingsOfTest, start_django
from tests.grounds import BOTH, require_postgresql

start_django()

from tests import assessment_ground, case_ground, ledger_ground, register_ground  # noqa: E402 - needs Django


@pytest.fixture(params=BOTH)
def casework(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Casework]:
    """A fresh installation with empty tables: on SQLite, and once more on PostgreSQL in `make check`."""
    if request.param == "postgresql":
        require_postgresql()
    made = Casework(tmp_path / "home", database=request.param).open()
    yield made
    made.close()


@pytest.fixture
def settings_of_test() -> Iterator[SettingsOfTest]:
    """Change settings for one test."""
    made = SettingsOfTest()
    yield made
    made.restore()


@pytest.fixture
def staff(casework: Casework, settings_of_test: SettingsOfTest) -> Casework:
    """The real role table for people who have no account, a clock that the test moves, and reactions at once."""
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    return casework


@pytest.fixture
def cases(staff: Casework) -> None:
    """Where cases begin."""
    case_ground.at(case_ground.START)


@pytest.fixture
def evidence_of_a_strike(staff: Casework) -> None:
    """Where assessments begin: reports of January are there, and it is March."""
    assessment_ground.at(date(2024, 1, 26))
    assessment_ground.make_evidence()
    assessment_ground.at(date(2024, 3, 20))


@pytest.fixture
def register(staff: Casework, settings_of_test: SettingsOfTest) -> None:
    """Where tests of the register begin: officials may do everything there."""
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RegisterAuthority")
    register_ground.at(register_ground.TODAY)


@pytest.fixture
def first(casework: Casework, settings_of_test: SettingsOfTest) -> Verifier:
    """The key of a ledger that was founded."""
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.ledger_ground.EveryoneMay")
    return ledger_ground.found(casework)


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of 400 invented lines and 200 incidents. Read only."""
    folder = tmp_path_factory.mktemp("small") / "data"
    write_sample(folder, lines=400, incidents=200, seed=1)
    return folder
