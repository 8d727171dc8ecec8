"""Boxes build the condition that is written otherwise: joined by "and", values quoted."""

from __future__ import annotations

import pytest

from penholder.regime.hints import written_code
from penholder.restrictions.policy import read_scope
from penholder.restrictions.web.scope_form import condition_of
from penholder.restrictions.web.scopes import scope_words
from penholder.rules.expr import AllOf, In, Under

WHERE, WHAT = In("destination", ("XN", "NO")), Under("ratings", ("ML10", "6A002"))


@pytest.mark.parametrize(
    ("chosen", "text", "means"),
    [
        ({}, "", AllOf(())),
        ({"places": (), "ratings": []}, "", AllOf(())),
        ({"places": ["XN", "NO"]}, 'in: {destination: ["XN", "NO"]}', WHERE),
        (
            {"ratings": ("ML10", "6A002"), "places": ("XN", "NO")},
            'all: [{in: {destination: ["XN", "NO"]}}, {under: {ratings: ["ML10", "6A002"]}}]',
            AllOf((WHERE, WHAT)),
        ),
        (
            {"end_users": ["forces"], "licence_types": ["standard_temporary"]},
            'all: [{in: {end_user_class: ["forces"]}}, {in: {licence_type: ["standard_temporary"]}}]',
            AllOf((In("end_user_class", ("forces",)), In("licence_type", ("standard_temporary",)))),
        ),
    ],
)
def test_boxes_make_the_condition(chosen: dict[str, list[str]], text: str, means: object) -> None:
    assert condition_of(chosen) == text
    assert read_scope(text) == means


def test_what_boxes_make_is_said_in_words() -> None:
    made = condition_of({"places": ["XN"], "ratings": ["ML10"], "end_users": ["forces"]})
    assert scope_words(read_scope(made)) == (
        "destination XN, and rating ML10, and end user armed forces, or a government user said to be military"
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [("ml 10.A", "ML10a"), ("6a003B", "6A003b"), ("ML10", "ML10"), ("ML99", None), ("pumps", None)],
)
def test_a_code_is_written_as_its_list_writes_it(typed: str, code: str | None) -> None:
    assert written_code(typed) == code
