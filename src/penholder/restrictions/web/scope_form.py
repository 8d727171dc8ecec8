"""A scope by boxes: places, ratings, end users, licence types, joined by "and"; or as a condition that is written.

Both give the same text to the act; given together they are refused, since neither would say which counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.entry.forms import ActForm
from penholder.kernel.errors import RuleError
from penholder.regime.end_users import NOT_STATED, end_user_classes
from penholder.regime.hints import split_codes, written_code
from penholder.regime.licence_types import licence_types
from penholder.restrictions.policy import read_scope
from penholder.restrictions.web.scopes import scope_words

PLACES, RATINGS, END_USERS, TYPES = "places", "ratings", "end_users", "licence_types"
_TWICE = "is given twice: by the boxes above and here. Leave one of the two empty"
_CONDITIONS: Mapping[str, tuple[str, str]] = {
    PLACES: ("in", "destination"),
    RATINGS: ("under", "ratings"),
    END_USERS: ("in", "end_user_class"),
    TYPES: ("in", "licence_type"),
}
"""Box -> operator and fact of `policy.scope_facts`."""


class ScopeText(forms.CharField):
    """A condition as YAML. in_words: what a confirmation says of it."""

    widget = forms.Textarea

    def in_words(self, text: str) -> str:
        """The condition as a sentence; what cannot be read stays as it is."""
        try:
            return scope_words(read_scope(text))
        except RuleError:
            return text


def condition_of(chosen: Mapping[str, Sequence[str]]) -> str:
    """The condition of some boxes, as `policy.read_scope` reads it; "" where all are empty.

    Values are quoted: NO is Norway, and no truth value.
    """
    parts = [
        f"{{{operator}: {{{fact}: {json.dumps(list(chosen[box]), ensure_ascii=False)}}}}}"
        for box, (operator, fact) in _CONDITIONS.items()
        if chosen.get(box)
    ]
    if len(parts) == 1:
        return parts[0][1:-1]
    return f"all: [{', '.join(parts)}]" if parts else ""


class _ScopeForm(ActForm):
    """Boxes for a scope. scope_name: the parameter that they fill. boxes: their names by what they ask for."""

    scope_name: ClassVar[str]
    boxes: ClassVar[Mapping[str, str]]

    def clean(self) -> dict[str, Any]:
        """The condition of the boxes, or the written one."""
        found = super().clean()
        chosen = {box: found.get(name) or () for box, name in self.boxes.items()}
        chosen |= {box: self._read(box, code_of) for box, code_of in _READ.items() if chosen.get(box)}
        if any(chosen.values()):
            if found.get(self.scope_name):
                self.add_error(self.scope_name, _TWICE)
            else:
                found[self.scope_name] = condition_of(chosen)
        return found

    def _read(self, box: str, code_of: Callable[[str], str | None]) -> tuple[str, ...]:
        """What was typed into a box, as codes; its error stands at the box."""
        name = self.boxes[box]
        parts = [p.strip() for p in str(self.cleaned_data[name]).split(";") if p.strip()]
        read = {part: code_of(part) for part in _split(parts, box)}
        wrong = [part for part, code in read.items() if code is None]
        if wrong or not parts:
            self.add_error(name, f"{_WRONG[box]}: {', '.join(wrong) or self.cleaned_data[name]}")
        return tuple(dict.fromkeys(code for code in read.values() if code is not None))


def _split(parts: Sequence[str], box: str) -> list[str]:
    """Ratings may be joined otherwise too."""
    return [code for part in parts for code in split_codes(part)] if box == RATINGS else list(parts)


def _place(name: str) -> str | None:
    place = resolve(name)
    return None if place.kind is PlaceKind.UNRECOGNISED else place.code


_READ: Mapping[str, Callable[[str], str | None]] = {PLACES: _place, RATINGS: written_code}
_WRONG = {PLACES: "no place that is known", RATINGS: "no code of the control lists"}


def _fields(*, with_places: bool) -> dict[str, forms.Field]:
    users = [(c.id, c.title) for c in end_user_classes().values() if c.id != NOT_STATED]
    types = [(t.id, t.title) for t in licence_types().values() if t.is_licence and t.id != NOT_STATED]
    several = forms.CheckboxSelectMultiple
    made: dict[str, forms.Field] = {
        RATINGS: forms.CharField(
            label="Ratings",
            help_text="Codes, with ; between them, for example ML10; 6A002. Empty: any. ML10 has ML10a under it.",
            required=False,
            max_length=2_000,
        ),
        END_USERS: forms.MultipleChoiceField(
            label="End users", help_text="None chosen: any.", required=False, choices=users, widget=several
        ),
        TYPES: forms.MultipleChoiceField(
            label="Licence types", help_text="None chosen: any.", required=False, choices=types, widget=several
        ),
    }
    places = forms.CharField(
        label="Destinations",
        help_text="Where the goods go first: codes or names, with ; between them. Empty: anywhere.",
        required=False,
        max_length=4_000,
    )
    return {PLACES: places, **made} if with_places else made


def with_boxes(parameter: str = "scope", *, label: str, with_places: bool = False) -> Callable[..., type[ActForm]]:
    """A form hook of `ActPage`: boxes for the scope stand before the box in which it can be written.

    parameter: of the act. label: before the labels of the boxes, so that they are told from others of the form.
    with_places: not where the act asks for destinations itself.
    """

    def hook(plain: type[ActForm], _request: Any, **_parts: Any) -> type[ActForm]:
        made = {f"{parameter}_{name}": field for name, field in _fields(with_places=with_places).items()}
        for field in made.values():
            field.label = f"{label}: {str(field.label).lower()}"
        order: list[str] = []
        for name in plain.base_fields:
            order += [*made, name] if name == parameter else [name]
        written = ScopeText(
            label="Or write the scope yourself",
            help_text=plain.base_fields[parameter].help_text,
            required=False,
            max_length=20_000,
        )
        more: dict[str, Any] = {
            **made,
            parameter: written,
            "field_order": order,
            "scope_name": parameter,
            "boxes": {name: f"{parameter}_{name}" for name in _fields(with_places=with_places)},
        }
        return type("ScopeForm", (_ScopeForm, plain), more)

    return hook
