"""Pages are rendered by the templates and settings of the site."""

from __future__ import annotations

import pytest

from tests.casework import start_django

start_django()


@pytest.fixture(scope="session")
def look() -> str:
    """The page with every macro on it."""
    from tests.web.look import look_page

    return look_page()
