"""Tests of the story: each gets an installation of its own, as those of `db`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.casework import Casework, SettingsOfTest
from tests.db.conftest import cases, casework, evidence_of_a_strike, settings_of_test, staff  # noqa: F401 - fixtures


@pytest.fixture
def tables_are_what_the_ledger_says(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:  # noqa: F811
    """After the test: nothing differs from the log, and no reaction failed."""
    yield
    from penholder.actions.models import OutboxRow
    from penholder.actions.replay import run_replays

    assert [d for d in run_replays() if d.is_wrong] == []
    assert list(OutboxRow.objects.exclude(failure="").values_list("reaction", "failure")) == []
