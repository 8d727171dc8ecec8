"""What declares too little, or contradicts itself, does not import."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from penholder.actions.events import EVENTS, Event
from penholder.actions.registry import ACTIONS, register_action
from penholder.actions.values import FieldClass, Visibility


class Permit(StrEnum):
    DO = "tests.do"


class ThingDone(
    Event,
    visibility=Visibility.PUBLIC,
    about="thing",
    public=("thing",),
    commercial=("price",),
    official=("reason",),
    restricted=("source",),
    personal={"phone": "holder"},
):
    thing: str
    price: str
    reason: str
    source: str
    phone: str


def declared(name: str, fields: dict[str, type], **given: Any) -> type:
    return type(name, (Event,), {"__annotations__": fields, "__module__": __name__}, **given)


PUBLIC = {"visibility": Visibility.PUBLIC}
REFUSED_EVENTS: dict[str, tuple[dict[str, type], dict[str, Any], str]] = {
    "no visibility": ({"a": str}, {"public": ("a",)}, "does not say its visibility"),
    "a field without class": ({"a": str, "b": str}, {**PUBLIC, "public": ("a",)}, "b have no class"),
    "a field in two classes": (
        {"a": str},
        {**PUBLIC, "public": ("a",), "official": ("a",)},
        "stand in two classes",
    ),
    "personal and official": (
        {"a": str, "p": str},
        {**PUBLIC, "public": ("p",), "official": ("a",), "personal": {"a": "p"}},
        "stand in two classes",
    ),
    "a class without field": ({"a": str}, {**PUBLIC, "public": ("a", "b")}, "are in a class, but are no fields"),
    "about nothing": ({"a": str}, {**PUBLIC, "public": ("a",), "about": "b"}, "named by `about`"),
    "a public event about what is not public": (
        {"a": str},
        {**PUBLIC, "official": ("a",), "about": "a"},
        "is public, and so is its subject; a is official",
    ),
    "an official event about a person": (
        {"a": str},
        {"visibility": Visibility.OFFICIAL, "personal": {"a": "a"}, "about": "a"},
        "its subject a is personal; make the event sealed",
    ),
    "public fields of an official event": (
        {"a": str},
        {"visibility": Visibility.OFFICIAL, "public": ("a",)},
        "cannot have public fields",
    ),
    "public fields of a sealed event": (
        {"a": str},
        {"visibility": Visibility.SEALED, "public": ("a",)},
        "cannot have public fields",
    ),
}


@pytest.mark.parametrize("case", REFUSED_EVENTS)
def test_an_event_that_leaves_something_open_is_no_class(case: str) -> None:
    fields, given, said = REFUSED_EVENTS[case]
    before = dict(EVENTS)
    with pytest.raises(TypeError, match=said):
        declared("Refused", fields, **given)
    assert before == EVENTS


def test_two_events_cannot_have_one_name() -> None:
    with pytest.raises(TypeError, match="two events named"):
        declared("ThingDone", {"a": str}, **PUBLIC, public=("a",))


def test_a_float_has_no_place_in_an_event() -> None:
    weighed = declared("Weighed", {"weight": float}, **PUBLIC, public=("weight",))
    with pytest.raises(TypeError, match="weight is a float"):
        weighed(weight=1.5).values()


def test_each_field_has_its_class() -> None:
    assert dict(ThingDone.field_classes) == {
        "thing": FieldClass.PUBLIC,
        "price": FieldClass.COMMERCIAL,
        "reason": FieldClass.OFFICIAL,
        "source": FieldClass.RESTRICTED,
        "phone": FieldClass.PERSONAL,
    }
    assert (ThingDone.about_field, ThingDone.personal_subjects) == ("thing", {"phone": "holder"})


def done(run: object, *, thing: str) -> None:
    """Do it."""


def undocumented(run: object, *, thing: str) -> None:
    pass


def positional(run: object, thing: str) -> None:
    """Do it."""


def without_run(*, thing: str) -> None:
    """Do it."""


def untyped(run: object, *, thing) -> None:  # type: ignore[no-untyped-def]
    """Do it."""


REFUSED_ACTIONS: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
    "a permission that is text": (done, {"permission": "tests.do"}, "declare a permission"),
    "no events": (done, {"events": ()}, "declare its events"),
    "something else as event": (done, {"events": (str,)}, "declare its events"),
    "no docstring": (undocumented, {}, "declare a docstring"),
    "a positional parameter": (positional, {}, "keyword-only"),
    "no run": (without_run, {}, "first parameter is `run`"),
    "an untyped parameter": (untyped, {}, "thing have no type"),
}


@pytest.mark.parametrize("case", REFUSED_ACTIONS)
def test_an_action_that_leaves_something_open_is_not_entered(case: str) -> None:
    function, given, said = REFUSED_ACTIONS[case]
    before = dict(ACTIONS)
    with pytest.raises(TypeError, match=said):
        register_action(function, **({"permission": Permit.DO, "events": (ThingDone,)} | given))
    assert before == ACTIONS


@pytest.mark.parametrize("missing", ["permission", "events"])
def test_an_action_must_say_permission_and_events(missing: str) -> None:
    given: dict[str, Any] = {"permission": Permit.DO, "events": (ThingDone,)}
    del given[missing]
    with pytest.raises(TypeError, match=missing):
        register_action(done, **given)
