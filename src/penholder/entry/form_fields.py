"""From a typed parameter of an action to a form field: what people see, and how what they type is read back."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import MaxLen
from django import forms
from django.core.exceptions import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from penholder.actions.registry import ActionSpec
from penholder.actions.wrong import WORDS, words_of
from penholder.entry.body import parse_json
from penholder.entry.date_parts import DateParts
from penholder.entry.errors import BadRequestError

FEW = 6
"""Up to so many choices stand open as radios."""
LONG = 254
"""Texts that may be longer get a box of several lines."""
NO_DAY = "is no day of the calendar: give day, month and year in numbers, like 2 9 2026"
HIDDEN = frozenset({"expected_version"})
_PLAIN = (str, int, bool, Decimal, date, datetime)
_SEVERAL = (tuple, list, set, frozenset)
Choices = Iterable[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A parameter's type without its trimmings: `several` for a tuple of it, `optional` where None is allowed."""

    kind: Any
    several: bool
    optional: bool


def field_for(
    name: str, info: FieldInfo, *, choices: Choices | None = None, words: tuple[str, str] | None = None
) -> forms.Field:
    """The form field of one parameter.

    Args:
        choices: the values that there are, where the caller knows them. They stand by their names: what the
            declaration says of ids is left out.
        words: label and hint of a page, in place of those of the declaration.
    """
    shape = shape_of(info.annotation)
    required = info.is_required() and not (shape.optional or (shape.kind is bool and not shape.several))
    given: dict[str, Any] = {
        "label": words[0] if words else info.title or _label(name, is_chosen=choices is not None),
        "help_text": words[1] if words else (info.description or "") if choices is None else "",
        "required": required,
        "error_messages": {
            "required": "is needed",
            "max_length": WORDS["string_too_long"].format(max_length="%(limit_value)d"),
        },
    }
    if info.default not in {PydanticUndefined, None}:
        given["initial"] = info.default
    if name in HIDDEN:
        return forms.IntegerField(widget=forms.HiddenInput, **given)
    listed = list(choices) if choices is not None else _choices_of(shape.kind)
    if listed:
        return _chosen(shape, listed, given)
    if shape.several:
        return _Several(shape.kind, **given)
    return _single(shape.kind, info, given)


def _label(name: str, *, is_chosen: bool) -> str:
    """`valid_from` -> `Valid from`; `person_id` -> `Person` where people are chosen by their names."""
    return (name.removesuffix("_id") if is_chosen else name).replace("_", " ").capitalize()


def shape_of(annotation: Any) -> Shape:
    """Take Optional and tuple off a type."""
    optional = several = False
    if get_origin(annotation) in {Union, types.UnionType}:
        inner = [a for a in get_args(annotation) if a is not type(None)]
        optional = len(inner) < len(get_args(annotation))
        annotation = inner[0] if len(inner) == 1 else annotation
    if get_origin(annotation) in _SEVERAL:
        several = True
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is not None and hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return Shape(annotation, several, optional)


def has_parts(spec: ActionSpec) -> bool:
    """Does a parameter hold values with named parts, which a plain form can only take as JSON?"""
    shapes = [shape_of(info.annotation) for info in spec.parameters.model_fields.values()]
    return any(s.kind not in _PLAIN and not _choices_of(s.kind) for s in shapes)


def _choices_of(kind: Any) -> list[tuple[Any, str]]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [(m.value, str(m.value).replace("_", " ").replace("-", " ").capitalize()) for m in kind]
    if get_origin(kind) is Literal:
        return [(v, str(v).replace("_", " ").capitalize()) for v in get_args(kind)]
    return []


def _chosen(shape: Shape, listed: list[tuple[Any, str]], given: dict[str, Any]) -> forms.Field:
    if isinstance(given.get("initial"), Enum):
        given["initial"] = given["initial"].value
    if shape.several:
        return forms.TypedMultipleChoiceField(
            choices=listed, coerce=_reader(shape.kind), widget=forms.CheckboxSelectMultiple, **given
        )
    real = [choice for choice in listed if choice[0] != ""]
    if real and len(real) <= FEW and given["required"]:
        return forms.ChoiceField(choices=real, widget=forms.RadioSelect, **given)
    first = [] if len(real) < len(listed) else [("", "Choose one" if given["required"] else "None")]
    return forms.ChoiceField(choices=[*first, *listed], **given)


def _single(kind: Any, info: FieldInfo, given: dict[str, Any]) -> forms.Field:
    if kind is bool:
        return forms.BooleanField(**given)
    if kind is date:
        given["error_messages"] |= {"invalid": NO_DAY}
        return forms.DateField(widget=DateParts, input_formats=["%Y-%m-%d"], **given)
    if kind is int:
        given["error_messages"] |= {"invalid": words_of("int_parsing", "", {})}
        return forms.IntegerField(**given)
    if kind is Decimal:
        given["error_messages"] |= {"invalid": words_of("decimal_parsing", "", {})}
        return forms.DecimalField(**given)
    if kind is str:
        longest = next((m.max_length for m in info.metadata if isinstance(m, MaxLen)), None)
        widget = forms.Textarea if longest is not None and longest > LONG else forms.TextInput
        return forms.CharField(max_length=longest, widget=widget, **given)
    return _Structure(**given)


def _reader(kind: Any) -> Callable[[str], Any]:
    return int if kind is int else str


class _Several(forms.CharField):
    """Several values in one box, with commas between them."""

    def __init__(self, kind: Any, **given: Any) -> None:
        self.kind = kind
        self.is_plain = kind in {int, str, Decimal, date}
        if isinstance(given.get("initial"), _SEVERAL):
            given["initial"] = ", ".join(str(v) for v in given["initial"])
        if self.is_plain:
            given["help_text"] = given["help_text"] or "Put commas between them."
        else:
            given["widget"] = forms.Textarea
        super().__init__(**given)

    def clean(self, value: Any) -> Any:
        """A list of texts, or what the JSON holds where the values have parts."""
        text = super().clean(value)
        if not text:
            return None
        if not self.is_plain:
            return _json(text)
        return [part.strip() for part in text.split(",") if part.strip()]


class _Structure(forms.CharField):
    """A value with parts, as JSON: for acts that have no form of their own."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """What stands in the box."""
        return value if value is None or isinstance(value, str) else json.dumps(value, default=str)

    def clean(self, value: Any) -> Any:
        """What the JSON holds; a text that is no JSON is itself."""
        text = super().clean(value)
        return _json(text) if text and text.lstrip()[:1] in {"{", "["} else (text or None)


def _json(text: str) -> Any:
    try:
        return parse_json(text.encode("utf-8", "surrogatepass"))
    except BadRequestError as error:
        raise ValidationError(
            "has several parts and is read as JSON here, which this is not: use the page that is made for this act"
        ) from error
