"""What a template needs of a form field, read once from Django's bound field, so that macros only draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from penholder.actions.wrong import WORDS
from penholder.entry.date_parts import DateParts

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DateParts, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),  # before RadioSelect, which it is a kind of
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.HiddenInput, "hidden"),
    (forms.widgets.Input, "text"),
)
_WIDTHS = (2, 3, 4, 5, 10, 20)
_OWN = ("id", "class", "aria-describedby", "aria-invalid", "required", "maxlength", "placeholder", "cols")
"""Attributes that the macros set, or that GOV.UK advises against."""
_LENGTHS = {"max_length": "string_too_long", "min_length": "string_too_short"}
"""What Django calls the error -> what the table of words calls it."""
_DJANGOS_ROWS = "10"
"""What Django gives a box of several lines for which nobody has said a number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. `group` is the name above it, or empty."""

    value: str
    label: str
    id: str
    is_chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One box of a field that has several: day, month, year."""

    label: str
    name: str
    id: str
    value: str
    width: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it is drawn. `focus` is the id that a link from the error summary leads to."""

    kind: str
    type: str
    name: str
    id: str
    label: str
    hint: str
    errors: tuple[str, ...]
    is_required: bool
    value: str
    is_chosen: bool
    is_several: bool
    choices: tuple[Choice, ...]
    parts: tuple[Part, ...]
    width: int | None
    limit: int | None
    attributes: Mapping[str, Any]

    @property
    def focus(self) -> str:
        """The first box of the field."""
        first = self.choices or self.parts
        return first[0].id if first and self.kind != "select" else self.id


def field_view(bound: BoundField) -> FieldView:
    """Read `bound`. Raises TypeError for a widget that no macro draws."""
    widget = bound.field.widget
    kind = _kind(widget)
    value = None if kind in {"file", "password"} else bound.value()
    limit = getattr(bound.field, "max_length", None)
    return FieldView(
        kind=kind,
        type=_type(bound.field, widget),
        name=bound.html_name,
        id=bound.auto_id or bound.html_name,
        label=str(bound.label),
        hint=str(bound.help_text or ""),
        errors=_errors(bound),
        is_required=bound.field.required,
        value="" if kind in {"checkbox", "date"} else _text(widget.format_value(value)),
        is_chosen=kind == "checkbox" and bool(value),
        is_several=bool(getattr(widget, "allow_multiple_selected", False)),
        choices=_choices(bound, widget, value) if isinstance(widget, forms.widgets.ChoiceWidget) else (),
        parts=_parts(bound, widget, value) if isinstance(widget, DateParts) else (),
        width=next((w for w in _WIDTHS if limit and limit <= w), 10 if _is_number(bound.field) else None),
        limit=limit,
        attributes={
            k: v
            for k, v in (widget.attrs | bound.build_widget_attrs({}, widget)).items()
            if k not in _OWN and (k, v) != ("rows", _DJANGOS_ROWS)
        },
    )


def errors_of(*forms_given: forms.BaseForm | forms.BaseFormSet[Any]) -> list[tuple[str, str]]:
    """(message, id of the box or empty) of every error of forms and formsets, in the order of the page."""
    found: list[tuple[str, str]] = []
    for form in forms_given:
        if isinstance(form, forms.BaseFormSet):
            found += [(str(error), "") for error in form.non_form_errors()]
            found += errors_of(*form.forms)
            continue
        found += [(str(error), "") for error in form.non_field_errors()]
        for bound in form:
            view_id = "" if bound.is_hidden else field_view(bound).focus
            found += [(_named(bound, error), view_id) for error in _errors(bound)]
    return found


def _errors(bound: BoundField) -> tuple[str, ...]:
    """What is wrong with a field. Of lengths Django's words are replaced by those of the house."""
    return tuple(_said(bound, error) for error in bound.errors.as_data())


def _said(bound: BoundField, error: ValidationError) -> str:
    kind = _LENGTHS.get(error.code or "")
    limit = (error.params or {}).get("limit_value")
    if kind is None or limit is None or error.code in bound.field.error_messages:
        return " ".join(error.messages)
    return WORDS[kind].format(max_length=limit, min_length=limit)


def _named(bound: BoundField, error: str) -> str:
    """The error with the name of its field before it: a list of `is needed` alone helps nobody."""
    if bound.is_hidden:
        return error
    rest = error if error[1:2].isupper() else error[:1].lower() + error[1:]
    label = str(bound.label)
    said = whole_sentence(rest)
    return f"{label} {said}" if label.endswith("?") else f"{label}: {said[:1].lower()}{said[1:]}"


def whole_sentence(error: str) -> str:
    """`is needed` -> `This is needed`, where the error stands apart from the name of its field."""
    said = f"This {error}" if error.startswith(("is ", "must ", "has ", "cannot ", "says ")) else error
    return f"{said[:1].upper()}{said[1:]}"


def _kind(widget: forms.Widget) -> str:
    for known, kind in _KINDS:
        if isinstance(widget, known) and not isinstance(widget, forms.MultipleHiddenInput):
            return kind
    raise TypeError(f"no macro draws the widget {type(widget).__name__}; add it to site/fields.py and forms.html")


def _type(field: forms.Field, widget: forms.Widget) -> str:
    """The type attribute. Numbers are text with a number pad: browsers change what is typed into number boxes."""
    given = getattr(widget, "input_type", "text") or "text"
    return "text" if given in {"number", "date", "datetime-local"} or _is_number(field) else given


def _is_number(field: forms.Field) -> bool:
    return isinstance(field, forms.IntegerField | forms.DecimalField)


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value[0]) if isinstance(value, list | tuple) and value else "" if value == [] else str(value)


def _choices(bound: BoundField, widget: forms.widgets.ChoiceWidget, value: object) -> tuple[Choice, ...]:
    groups = widget.optgroups(bound.html_name, widget.format_value(value), {"id": bound.auto_id})
    return tuple(
        Choice(
            value="" if option["value"] is None else str(option["value"]),
            label=str(option["label"]),
            id=str(option["attrs"].get("id") or f"{bound.auto_id}_{option['index']}"),
            is_chosen=bool(option["selected"]),
            group=str(group or ""),
        )
        for group, options, _ in groups
        for option in options
    )


def _parts(bound: BoundField, widget: DateParts, value: object) -> tuple[Part, ...]:
    return tuple(
        Part(
            label=name.capitalize(),
            name=f"{bound.html_name}_{name}",
            id=f"{bound.auto_id}_{name}",
            value=text,
            width=w,
        )
        for name, text, w in zip(widget.NAMES, widget.decompress(value), (2, 2, 4), strict=True)
    )
