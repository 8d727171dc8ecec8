"""Tests of the story: each gets an installation of its own, as those of `db`."""

from tests.db.conftest import casework, settings_of_test  # noqa: F401 - fixtures
