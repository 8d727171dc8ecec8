"""Tests with a database: each gets an installation of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casework import Casework, SettingsOfTest, start_django

start_django()


@pytest.fixture
def casework(tmp_path: Path) -> Iterator[Casework]:
    """A fresh installation with empty tables."""
    made = Casework(tmp_path / "home").open()
    yield made
    made.close()


@pytest.fixture
def settings_of_test() -> Iterator[SettingsOfTest]:
    """Change settings for one test."""
    made = SettingsOfTest()
    yield made
    made.restore()
