"""Invented places have names on the pages: those that each home of the story gives them."""

from __future__ import annotations

import re

import pytest

from tests.publication_ground import visible
from tests.stories.conducted import looked_at, whole_story

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

_BARE = re.compile(r"(?<![(\w:/=])X[ANTV]\b(?!\))")
"""A code that stands neither behind its name nor in an address or a rule."""


def test_places_have_names_on_the_open_pages_of_the_story(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = whole_story(tmp_path_factory)
    concerns = visible(looked_at(made, "concerns", ["/raise"])["/raise"])
    assert "Assessment of Velmora (XV), version 3" in concerns
    assert _BARE.findall(concerns) == []
    addresses = ("/destinations", "/licences", "/statements", "/figures", "/measures")
    public = looked_at(made, "public", addresses)
    for address in addresses:
        assert "Velmora (XV)" in visible(public[address]), address
        assert _BARE.findall(visible(public[address])) == [], address
