"""Scopes as sentences: no code of a fact or a class is left in them."""

from __future__ import annotations

import pytest

from penholder.regime.regimes import rule_words
from penholder.restrictions.policy import read_scope
from penholder.restrictions.web.scopes import scope_words


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("", "every line"),
        ("{under: {ratings: [ML10]}}", "rating ML10"),
        ("{in: {end_user_class: [commercial]}}", "end user civilian or commercial"),
        (
            "{all: [{in: {destination: [FR, XN]}}, {under: {ratings: [ML10, ML4]}}]}",
            "destination France (FR) or XN, and rating ML10 or ML4",
        ),
        (
            "{any: [{in: {onward: [XV]}}, {all: [{known: end_user_class}, {not: {in: {roles: [aircraft]}}}]}]}",
            "going on to XV, or (end user is known, and not goods for aircraft)",
        ),
    ],
)
def test_a_scope_is_a_sentence(scope: str, said: str) -> None:
    assert scope_words(read_scope(scope)) == said


def test_a_rule_is_called_by_its_title_and_its_id() -> None:
    assert rule_words("uk-selc-2021/2c") == "Serious violation of international humanitarian law (uk-selc-2021/2c)"
    assert rule_words("our-own/4") == "our-own/4"
