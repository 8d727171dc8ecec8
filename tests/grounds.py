"""Which databases a test runs on: SQLite always, PostgreSQL where it is installed (always where CI=true)."""

from __future__ import annotations

import os

import pytest

from tests.postgresql import programs

BOTH = (
    pytest.param("sqlite"),
    pytest.param("postgresql", marks=(pytest.mark.slow, pytest.mark.postgresql)),
)
"""For `params=` of a fixture: the second one runs in `make check`."""


def require_postgresql() -> None:
    """Skip the test, with the reason, where there is no PostgreSQL; fail there in CI."""
    if programs() is None:
        reason = "no PostgreSQL (initdb) on this machine: tools/install_system_packages.sh installs it"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
