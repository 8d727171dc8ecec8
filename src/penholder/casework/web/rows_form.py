"""Forms for parameters that are rows of values with parts: boxes for each part, and as many rows as are needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, ClassVar, get_type_hints

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from pydantic.fields import FieldInfo

from penholder.actions.action import spec_of
from penholder.actions.errors import InvalidError
from penholder.entry.access import requires
from penholder.entry.date_parts import DateParts
from penholder.entry.errors import problem_of
from penholder.entry.form_fields import Choices, field_for
from penholder.entry.forms import ActForm, form_for
from penholder.entry.views import ActPage, View, act_view
from penholder.kernel.errors import PenholderError

COUNT, MORE = "row_count", "one-more-row"
REMOVE = "remove"
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of one parameter are typed.

    parameter: its name. kind: dataclass of a row. legend: what a row is called. held: (request,
    **parts) -> the rows as they stand now. only: names of the parts that are asked for, in order. words: part ->
    (label, hint). choices: (request, **parts) -> part -> values. boxes: part -> its own box. shown: a row -> more
    first values. read: (typed, row as it stood or None) -> values of the row. fixed_by: none is added or removed,
    and this box is empty in a row that says nothing (others are filled for the reader).
    """

    parameter: str
    kind: Any
    legend: str
    held: Callable[..., Sequence[Any]]
    only: tuple[str, ...]
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    choices: Callable[..., Mapping[str, Choices]] = field(default=lambda _request, **_parts: {})
    boxes: Mapping[str, Callable[[], forms.Field]] = field(default_factory=dict)
    shown: Callable[[Any], Values] = field(default=lambda _row: {})
    read: Callable[[Values, Any], Values] = field(default=lambda typed, _row: typed)
    asked: Callable[..., Mapping[str, forms.Field]] = field(default=lambda _request, **_parts: {})
    fixed_by: str = ""
    most: int = 30


class RowsForm(ActForm):
    """A form in which one parameter has boxes of its own."""

    rows: ClassVar[Rows]
    count: ClassVar[int]
    held: ClassVar[Sequence[Any]]

    @property
    def filled(self) -> list[int]:
        """Numbers of the rows that say something and stay.

        Where rows are added, each box counts: a row that lacks what is needed is refused by the act, not lost.
        """
        asked = (self.rows.fixed_by,) if self.rows.fixed_by else self.rows.only
        return [
            n
            for n in range(self.count)
            if any(self._says(name_of(n, part)) for part in asked) and not self._says(name_of(n, REMOVE))
        ]

    def _says(self, box: str) -> bool:
        typed = self.cleaned_data.get(box)
        return typed is not False and typed not in (None, "", [])

    def parameters(self) -> dict[str, Any]:
        """What was typed, row by row; rows that say nothing are left out."""
        given = {n: v for n, v in ActForm.parameters(self).items() if n != self.rows.parameter}
        return {**given, self.rows.parameter: [self._row(n) for n in self.filled]}

    def _row(self, number: int) -> Values:
        typed = {name: self.cleaned_data.get(name_of(number, name)) for name in self.rows.only}
        said = {name: value for name, value in typed.items() if value not in (None, "", [])}
        held = self.held[number] if number < len(self.held) else None
        return self.rows.read(said, held)

    def refuse(self, error: PenholderError) -> None:
        """Errors of parts stand at their boxes."""
        moved = {self._box(path): said for path, said in problem_of(error).fields.items()}
        super().refuse(InvalidError(error.message, hint=error.hint, fields=moved) if moved else error)

    def _box(self, path: str) -> str:
        first, _, rest = path.partition(".")
        number, _, part = rest.partition(".")
        if first != self.rows.parameter or not number.isdecimal() or int(number) >= len(self.filled):
            return "all" if first == self.rows.parameter else path
        box = name_of(self.filled[int(number)], part.partition(".")[0])
        return box if box in self.fields else "all"


def name_of(number: int, part: str) -> str:
    """Name of a box."""
    return f"row_{number}_{part}"


def case_routes(
    acts: Mapping[str, tuple[str, Any, ActPage]], rows: Mapping[str, tuple[str, Any, ActPage, Rows]]
) -> list[URLPattern]:
    """The addresses of forms below a case: name of the route -> address, act, page, and rows where it has some."""
    views = {name: (address, act_view(act, page)) for name, (address, act, page) in acts.items()}
    views |= {name: (address, rows_view(act, page, table)) for name, (address, act, page, table) in rows.items()}
    return [path(f"cases/<str:case>/{address}", view, name=name) for name, (address, view) in views.items()]


def rows_view(act: Callable[..., Any], page: ActPage, rows: Rows) -> View:
    """The view of an act with rows; where one more row was asked for, the form again, with nothing recorded."""
    spec = spec_of(act)
    shaped = _with_rows(page, rows)
    plain = act_view(act, shaped)

    @requires(spec.permission, why=spec.summary)
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method != "POST" or MORE not in request.POST:
            return plain(request, **parts)
        known = {n for n in parts if n in spec.parameters.model_fields}
        made = form_for(spec, without=known, choices=shaped.choices(request, **parts), words=shaped.words)
        form = shaped.form(made, request, **parts)()
        form.initial = typed_values(form, request)
        context = {
            "form": form,
            "title": shaped.title,
            "button": shaped.button,
            "back": shaped.back(**parts) if shaped.back else None,
            "description": "",
            "recorded": [],
            "conflict": None,
            "changes": [],
            **shaped.context(request, **parts),
        }
        return render(request, shaped.template, context)

    view.act = spec.name  # type: ignore[attr-defined]  # for the list of acts
    return view


def _with_rows(page: ActPage, rows: Rows) -> ActPage:
    """The page with its rows: their boxes, and their first values."""

    def form(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
        return _form(page.form(plain, request, **parts), rows, request, parts)

    def state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
        first: Values = dict(page.state(request, **parts))
        for number, row in enumerate(rows.held(request, **parts)):
            held = {name: getattr(row, name) for name in rows.only if hasattr(row, name)} | rows.shown(row)
            first |= {name_of(number, name): value for name, value in held.items()}
        return first

    return ActPage(
        page.template,
        page.title,
        page.button,
        state=state,
        choices=page.choices,
        words=page.words,
        form=form,
        context=page.context,
        back=page.back,
        then=page.then,
    )


def _form(plain: type[ActForm], rows: Rows, request: HttpRequest, parts: Mapping[str, Any]) -> type[ActForm]:
    held = rows.held(request, **parts)
    count = len(held) if rows.fixed_by else count_of(request, len(held), most=rows.most)
    choices, asked = rows.choices(request, **parts), rows.asked(request, **parts)
    made: dict[str, forms.Field] = {}
    for number in range(count):
        for name in rows.only:
            own = deepcopy(asked[name]) if name in asked else None
            made[name_of(number, name)] = own or _box_for(rows, name, choices)
        if not rows.fixed_by and number < len(held):
            label = f"Remove {rows.legend.lower()} {number + 1}"
            made[name_of(number, REMOVE)] = forms.BooleanField(label=label, required=False)
    made[COUNT] = forms.IntegerField(widget=forms.HiddenInput, initial=count, required=False)
    more = {rows.parameter: None, **made, "rows": rows, "count": count, "held": held}
    return type(f"{rows.kind.__name__}Form", (RowsForm, plain), more)


def _box_for(rows: Rows, name: str, choices: Mapping[str, Choices]) -> forms.Field:
    """A box of a row. None is required by the browser or by Django: a row may be empty, and the act judges."""
    if name in rows.boxes:
        box = rows.boxes[name]()
    else:
        box = field_for(name, part_of(rows.kind, name), choices=choices.get(name), words=rows.words.get(name))
        if isinstance(box, forms.ChoiceField) and not isinstance(box.widget, forms.CheckboxSelectMultiple):
            box = _chosen(box)
    if name in rows.boxes and name in rows.words:
        box.label, box.help_text = rows.words[name]
    box.required = False
    return box


def _chosen(box: forms.ChoiceField) -> forms.ChoiceField:
    """A list that begins with nothing chosen: a row that says nothing chooses nothing."""
    listed: Any = box.choices
    given = [(k, v) for k, v in listed if k not in ("", None)]
    return forms.ChoiceField(
        label=box.label, help_text=box.help_text, choices=[("", "Choose one"), *given], initial=""
    )


def part_of(kind: Any, name: str) -> FieldInfo:
    """The declaration of one part of a row."""
    return FieldInfo.from_annotation(get_type_hints(kind, include_extras=True)[name])


def count_of(request: HttpRequest, held: int, *, most: int) -> int:
    """How many rows the form has: as it had, and one more where that was asked; at first those held, and one."""
    given = request.POST.get(COUNT, "")
    if given.isdecimal() and len(given) < 4:
        return max(1, min(most, int(given) + (MORE in request.POST)))
    return min(most, held + 1)


def typed_values(form: forms.Form, request: HttpRequest) -> Values:
    """What was typed, to be shown again."""
    made: Values = {}
    for name, box in form.fields.items():
        if isinstance(box.widget, DateParts):
            parts = [request.POST.get(f"{name}_{p}", "") for p in ("year", "month", "day")]
            made[name] = "-".join(parts) if any(parts) else ""
        elif isinstance(box.widget, forms.CheckboxSelectMultiple):
            made[name] = request.POST.getlist(name)
        elif name != COUNT:
            made[name] = request.POST.get(name, "")
    return made
