"""Every public event has its view: what is shown of each of its fields, and why something is not."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pytest

from tests.casework import start_django

start_django()

from penholder.actions.events import EVENTS, Event  # noqa: E402 - after Django is set up
from penholder.actions.values import FieldClass, Visibility  # noqa: E402
from penholder.publication.disclosure import disclosure  # noqa: E402
from penholder.publication.sentences import sentence  # noqa: E402
from penholder.publication.web.words import thing_words  # noqa: E402
from penholder.site.capabilities import capabilities  # noqa: E402


def shown() -> dict[str, type[Event]]:
    """The public events of the published logs. Those of the debate stand in the site's own log alone."""
    names = [*capabilities("authority", "concerns"), "publication", "custody", "actions"]
    for name in names:
        for room in ("events", "decision_events"):
            if find_spec(f"penholder.{name}.{room}"):
                import_module(f"penholder.{name}.{room}")
    return {
        name: event
        for name, event in EVENTS.items()
        if event.visibility is Visibility.PUBLIC and name.partition(".")[0] in names
    }


def test_every_public_event_has_a_view_and_no_view_is_of_nothing() -> None:
    assert sorted(disclosure().events) == sorted(shown())


@pytest.mark.parametrize("name", sorted(disclosure().events))
def test_each_field_of_a_public_event_has_one_class_of_disclosure(name: str) -> None:
    event, policy = shown()[name], disclosure().events[name]
    assert sorted(policy.fields()) == sorted(event.field_classes)
    public = {n for n, kind in event.field_classes.items() if kind is FieldClass.PUBLIC}
    assert set(policy.withheld) == set(event.field_classes) - public


@pytest.mark.parametrize("name", sorted(disclosure().events))
def test_each_view_has_a_sentence_of_fields_that_it_shows_and_a_kind_with_a_name(name: str) -> None:
    policy = disclosure().events[name]
    fields = {n: ["2"] if n in {"lines"} else "2024-09-02" for n in (*policy.public, *policy.after)}
    assert "not shown yet" not in sentence(policy.says, fields)
    assert thing_words(policy.kind) != policy.kind


def test_the_views_of_concerns_show_nothing_of_one_concern() -> None:
    of_concerns = {n: p for n, p in disclosure().events.items() if p.kind == "concern"}
    assert len(of_concerns) == 13
    assert [n for n, p in of_concerns.items() if p.public or p.after or "{" in p.says] == []
