"""What an action did. Each event says who may know of it, and the class of each of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, dataclass_transform, get_type_hints

from pydantic import TypeAdapter

from penholder.actions.names import name_in_capability
from penholder.actions.values import FieldClass, Visibility

_CLASSES = (FieldClass.COMMERCIAL, FieldClass.OFFICIAL, FieldClass.RESTRICTED)
EVENTS: dict[str, type[Event]] = {}
"""Every event by name, filled as their modules are imported."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Event:
    """Base of all events: made a frozen, keyword-only dataclass by this base; in a room `events.py`, past tense.

    Class arguments:
        visibility: who may know that it happened. There is no default: without it the class is refused.
        about: the field that holds the public id of the subject, or "" where there is none. A public event's
            is public. An official event's is private and the log does not show it; it cannot be personal, because
            the books go by it also after an erasure: what names a person is sealed.
        public, commercial, official, restricted: names of the fields of each class.
        personal: field -> the field that holds the id of the person (or organisation) whose data it is.
        reserved: a permission. Of a sealed event: nobody learns that it happened but by an act that needs it;
            reading private fields of an entry (`people.read_private`) does not find it, whatever the role reads.
    Every field stands in exactly one class. Only public fields are written into the ledger; of the others it
    holds salted digests. An event that is not public has no public fields.
    """

    name: ClassVar[str]
    visibility: ClassVar[Visibility]
    about_field: ClassVar[str]
    subject_field: ClassVar[str]
    """Of an official event: the private field by which the entry names its subject; else ""."""
    field_classes: ClassVar[Mapping[str, FieldClass]]
    personal_subjects: ClassVar[Mapping[str, str]]
    reserved: ClassVar[str]

    def __init_subclass__(
        cls,
        *,
        visibility: Visibility | None = None,
        about: str = "",
        public: tuple[str, ...] = (),
        commercial: tuple[str, ...] = (),
        official: tuple[str, ...] = (),
        restricted: tuple[str, ...] = (),
        personal: Mapping[str, str] | None = None,
        reserved: StrEnum | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        if visibility is None:
            msg = f"event {cls.__name__} does not say its visibility; give visibility=Visibility.…"
            raise TypeError(msg)
        if public and visibility is not Visibility.PUBLIC:
            msg = f"event {cls.__name__} is {visibility} and cannot have public fields {public}"
            raise TypeError(msg)
        if reserved is not None and visibility is not Visibility.SEALED:
            msg = f"event {cls.__name__} is reserved for {reserved} and {visibility}; only sealed events can be"
            raise TypeError(msg)
        listed = [(n, FieldClass.PUBLIC) for n in public]
        for kind, names in zip(_CLASSES, (commercial, official, restricted), strict=True):
            listed += [(n, kind) for n in names]
        listed += [(n, FieldClass.PERSONAL) for n in personal or {}]
        _check_fields(cls, listed, about)
        _check_subject(cls, visibility, about, dict(listed).get(about))
        cls.name = name_in_capability(cls)
        cls.visibility, cls.about_field = visibility, about
        cls.subject_field = about if visibility is Visibility.OFFICIAL else ""
        cls.reserved = str(reserved or "")
        cls.field_classes, cls.personal_subjects = dict(listed), dict(personal or {})
        if cls.name in EVENTS:
            msg = f"there are two events named {cls.name}"
            raise TypeError(msg)
        EVENTS[cls.name] = dataclass(frozen=True, kw_only=True)(cls)

    @property
    def about(self) -> str | None:
        """The public id of the subject."""
        return str(getattr(self, self.about_field)) if self.about_field else None

    def values(self) -> dict[str, Any]:
        """All fields as JSON values: decimals and dates as text, no floats."""
        kind: Any = type(self)
        dumped: dict[str, Any] = _adapter(kind).dump_python(self, mode="json")
        return dumped

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Event:
        """The event that `values()` described. Raises: pydantic.ValidationError."""
        kind: Any = cls
        event: Event = _adapter(kind).validate_python(dict(values), strict=False)
        return event


def _check_fields(cls: type[Event], listed: list[tuple[str, FieldClass]], about: str) -> None:
    declared = set(cls.__annotations__)
    names = [n for n, _ in listed]
    twice = sorted({n for n in names if names.count(n) > 1})
    problems = {
        "have no class (public, commercial, official, restricted or personal)": sorted(declared - set(names)),
        "are in a class, but are no fields": sorted(set(names) - declared),
        "stand in two classes": twice,
        "is named by `about`, but is no field": [about] if about and about not in declared else [],
    }
    for what, which in problems.items():
        if which:
            msg = f"event {cls.__name__}: {', '.join(which)} {what}"
            raise TypeError(msg)


def _check_subject(cls: type[Event], visibility: Visibility, about: str, kind: FieldClass | None) -> None:
    """Raises: TypeError: the log would show what is private, or could not be compared after an erasure."""
    if visibility is Visibility.PUBLIC and about and kind is not FieldClass.PUBLIC:
        msg = f"event {cls.__name__} is public, and so is its subject; {about} is {kind}"
        raise TypeError(msg)
    if visibility is Visibility.OFFICIAL and kind is FieldClass.PERSONAL:
        msg = f"event {cls.__name__} is official, and its subject {about} is personal; make the event sealed"
        raise TypeError(msg)


@cache
def _adapter(cls: Any) -> TypeAdapter[Any]:
    hints = get_type_hints(cls)
    for field in fields(cls):
        if hints[field.name] is float:
            msg = f"event {cls.__name__}: {field.name} is a float; use Decimal or int"
            raise TypeError(msg)
    return TypeAdapter(cls)
