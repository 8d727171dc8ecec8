"""Tests with a database: each gets an installation of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from penholder.analysis.sample.write import write_sample
from tests.casework import Casework, SettingsOfTest, start_django
from tests.grounds import BOTH, require_postgresql

start_django()


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


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of 400 invented lines and 200 incidents. Read only."""
    folder = tmp_path_factory.mktemp("small") / "data"
    write_sample(folder, lines=400, incidents=200, seed=1)
    return folder
