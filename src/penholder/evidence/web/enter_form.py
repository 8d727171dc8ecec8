"""The form for a report: ranges of casualties in boxes of their own, one row for each status."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from penholder.actions.errors import InvalidError
from penholder.entry.errors import problem_of
from penholder.entry.forms import ActForm
from penholder.evidence.tables import object_classes
from penholder.evidence.values import Harm, Means, PersonStatus, PlacePrecision
from penholder.evidence.web.words import plain
from penholder.kernel.errors import PenholderError

ROWS = tuple((harm, status) for harm in Harm for status in PersonStatus)
_ORDER = (
    "source", "their_number", "received_on", "happened", "until", "place", "admin1", "admin2", "place_name",
    "place_precision", "latitude", "longitude", "actors", "means", "munition", "object_class",
)  # fmt: skip
_GRADES = ("reliability", "reliability_reason", "credibility", "credibility_reason")


class _ReportForm(ActForm):
    """Boxes `<harm>_<status>_<least|most|source>` for each row of ROWS."""

    def parameters(self) -> dict[str, Any]:
        """What was typed, with the rows that hold something as ranges."""
        made = super().parameters()
        if ranges := [r for r in map(self._range, ROWS) if r]:
            made["casualties"] = ranges
        return made

    def _range(self, row: tuple[Harm, PersonStatus]) -> dict[str, Any] | None:
        harm, status = row
        least, most, source = (self.cleaned_data.get(f"{harm}_{status}_{n}") for n in ("least", "most", "source"))
        if least is None and most is None:
            return None
        return {
            "harm": harm,
            "status": status,
            "least": least or 0,
            "most": most,
            "status_source": source or "",
        }

    def refuse(self, error: PenholderError) -> None:
        """Errors of ranges stand at their boxes."""
        given = [r for r in ROWS if self._range(r)]
        moved = {_box(name, given): said for name, said in problem_of(error).fields.items()}
        super().refuse(InvalidError(error.message, hint=error.hint, fields=moved) if moved else error)


def _box(name: str, given: list[tuple[Harm, PersonStatus]]) -> str:
    """`casualties.0.most` -> the box of the first row that holds something."""
    parts = name.split(".")
    if parts[0] != "casualties" or len(parts) < 3 or int(parts[1]) >= len(given):
        return name
    harm, status = given[int(parts[1])]
    part = {"status_source": "source", "most": "most"}.get(parts[2], "least")
    return f"{harm}_{status}_{part}"


def enter_form(kind: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    """The form of `enter_incident`."""
    chosen: Any = kind.base_fields["source"]
    sources = [(i, called) for i, called in chosen.choices if i]
    fields: dict[str, Any] = {
        "casualties": None,
        "object_class": forms.ChoiceField(
            label="Class of what was hit",
            required=False,
            choices=[(c.id, c.title) for c in object_classes().values()],
        ),
        "place_precision": forms.ChoiceField(
            label="The place is known to",
            choices=[("", "Choose one"), *((p.value, plain(p.value).capitalize()) for p in PlacePrecision)],
            help_text="What is published of the place is never finer than this.",
            error_messages={"required": "is needed"},
        ),
        "means": forms.TypedMultipleChoiceField(
            label="Means",
            required=False,
            choices=[(m.value, plain(m.value).capitalize()) for m in Means],
            widget=forms.CheckboxSelectMultiple,
        ),
    }
    boxes: dict[str, Any] = {}
    for harm, status in ROWS:
        who = {"civilian": "civilians", "combatant": "combatants"}.get(status, "status not known")
        boxes[f"{harm}_{status}_least"] = forms.IntegerField(
            label=f"{harm.capitalize()}, {who}: at least", required=False, min_value=0
        )
        boxes[f"{harm}_{status}_most"] = forms.IntegerField(
            label=f"{harm.capitalize()}, {who}: at most",
            required=False,
            min_value=0,
            help_text="Empty: no upper bound is reported.",
        )
        if status is not PersonStatus.UNKNOWN:
            boxes[f"{harm}_{status}_source"] = forms.ChoiceField(
                label=f"Who says that they were {who}", required=False, choices=[("", "None"), *sources]
            )
    order = [*_ORDER, *boxes, *_GRADES]
    return type("ReportForm", (_ReportForm, kind), {**fields, **boxes, "field_order": order})
