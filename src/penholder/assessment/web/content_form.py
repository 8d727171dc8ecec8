"""The form of a version: a part for each cell, for the attitude, and as many rows of risks as are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest

from penholder.actions.errors import InvalidError
from penholder.actions.moment import today
from penholder.assessment.answers import AssessmentView
from penholder.assessment.queries import assessment
from penholder.assessment.values import (
    Area,
    Aspect,
    Cell,
    Concern,
    Conflict,
    Finding,
    Kind,
    RiskView,
    UseRisk,
    UseView,
)
from penholder.assessment.web.words import plain
from penholder.entry.actor import actor_of_request
from penholder.entry.date_parts import DateParts
from penholder.entry.errors import problem_of
from penholder.entry.forms import ActForm
from penholder.evidence.web.choose import boxes, choices_of, chosen, ticked
from penholder.kernel.errors import PenholderError
from penholder.people import queries as people
from penholder.regime.hints import means
from penholder.restrictions.limbs import limbs_on

COUNT, MORE = "risk_count", "one-more-risk"
MOST = 40
"""Rows of risks that one form takes."""
CELLS = tuple((area, aspect) for area in Area for aspect in Aspect)
_LINES = "One on each line. Empty: nothing is said not to be known."
_RISK = ("use_class", "limb", "finding", "risk", "use", "grounds", "evidence", "gaps", "despite_gaps")


class ContentForm(ActForm):
    """A form whose boxes are the parts of a version."""

    rows: ClassVar[int] = 1

    def parameters(self) -> dict[str, Any]:
        """What was typed, as `Content`; a row of risks without a use class is left out."""
        given = {n: v for n, v in ActForm.parameters(self).items() if n != "content"}
        return {**given, "content": self._content()}

    def _content(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "cutoff": data["cutoff"],
            "conflict": data["conflict"],
            "cells": [self._cell(area, aspect) for area, aspect in CELLS],
            "attitude": data["attitude"],
            "attitude_grounds": data["attitude_grounds"],
            "risks": [self._risk(n) for n in self.filled],
            "gaps": lines_of(data["gaps"]),
            "contributors": data["contributors"],
            "next_due": data["next_due"],
        }

    @property
    def filled(self) -> list[int]:
        """Numbers of the rows of risks that say something."""
        return [n for n in range(self.rows) if self.cleaned_data.get(f"risk_{n}_use_class")]

    def _cell(self, area: Area, aspect: Aspect) -> dict[str, Any]:
        data, name = self.cleaned_data, f"cell_{area}_{aspect}_"
        return {
            "area": area,
            "aspect": aspect,
            "finding": data[f"{name}finding"],
            "grounds": data[f"{name}grounds"],
            "evidence": chosen(data, f"{name}evidence"),
            "gaps": lines_of(data[f"{name}gaps"]),
        }

    def _risk(self, n: int) -> dict[str, Any]:
        typed = {name: self.cleaned_data[f"risk_{n}_{name}"] for name in _RISK}
        evidence = chosen(self.cleaned_data, f"risk_{n}_evidence")
        return typed | {"evidence": evidence, "gaps": lines_of(typed["gaps"])}

    def refuse(self, error: PenholderError) -> None:
        """Errors of parts stand at their boxes."""
        moved = {self._box(path): said for path, said in problem_of(error).fields.items()}
        super().refuse(InvalidError(error.message, hint=error.hint, fields=moved) if moved else error)

    def _box(self, path: str) -> str:
        parts = path.split(".")
        if parts[0] != "content" or len(parts) < 2:
            return path
        if parts[1] == "cells" and len(parts) > 3:
            area, aspect = CELLS[int(parts[2])]
            return f"cell_{area}_{aspect}_{parts[3]}"
        if parts[1] == "risks" and len(parts) > 3:
            return f"risk_{self.filled[int(parts[2])]}_{parts[3]}"
        return "all" if parts[1] == "evidence" else parts[1]


def content_form(plain_form: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    """The form of a version, with as many rows of risks as the request says."""
    rows = count_of(request, parts)
    listed = _evidence(request, parts)
    fields = {**_frame(), **_cells(listed), **_whole(request), COUNT: _hidden(rows), **_risks(rows, listed)}
    order = ["answers", *fields]
    more = {"content": None, **fields, "rows": rows, "field_order": order}
    return type("VersionForm", (ContentForm, plain_form), more)


def _evidence(request: HttpRequest, parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What can be cited: what the newest version cites, and the newest reports from the destination."""
    viewer = actor_of_request(request)
    seen = assessment(viewer=viewer, id=str(parts["assessment"]))
    content = seen.newest.content if seen.newest else None
    return choices_of(viewer, [seen.destination], cited=content.evidence() if content else ())


def count_of(request: HttpRequest, parts: Mapping[str, Any]) -> int:
    """How many rows the form has: what it had, one more where that was asked; at first as the newest version."""
    given = request.POST.get(COUNT, "")
    if given.isdecimal() and len(given) < 4:
        return max(1, min(MOST, int(given) + (MORE in request.POST)))
    newest = assessment(viewer=actor_of_request(request), id=str(parts["assessment"])).newest
    return min(MOST, len(newest.content.risks) + 1) if newest else 2


def _hidden(rows: int) -> forms.Field:
    return forms.IntegerField(widget=forms.HiddenInput, initial=rows)


def _choice(kind: Any, label: str, *, open_: bool = False, empty: bool = False, **more: Any) -> forms.Field:
    """A closed list of words; `open_`: as radios; `empty`: nothing chosen is possible."""
    given = [(one.value, plain(one).capitalize()) for one in kind]
    chosen = [("", "Choose one"), *given] if empty else given
    widget: Any = forms.RadioSelect if open_ else forms.Select
    return forms.ChoiceField(label=label, choices=chosen, widget=widget, **more)


def _text(label: str, hint: str = "", rows: int = 3, limit: int = 20_000) -> forms.Field:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=limit, widget=forms.Textarea(attrs={"rows": rows})
    )


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.Field:
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=DateParts, input_formats=["%Y-%m-%d"]
    )


def _frame() -> dict[str, forms.Field]:
    return {
        "kind": _choice(Kind, "Why this version is written", open_=True, initial=Kind.UPDATE),
        "cutoff": _day(
            "Cut-off of the information", "The last day whose events are included, for example 28 1 2024."
        ),
        "conflict": _choice(Conflict, "Was there active conflict at the cut-off?", open_=True),
    }


def _cells(listed: list[tuple[str, str]]) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    for area, aspect in CELLS:
        name = f"cell_{area}_{aspect}_"
        made[f"{name}finding"] = _choice(Concern, "Finding", initial=Concern.NOT_ASSESSED)
        made[f"{name}grounds"] = _text("Grounds")
        made |= boxes(f"{name}evidence", listed)
        made[f"{name}gaps"] = _text("What is not known", _LINES, rows=2)
    return made


def _whole(request: HttpRequest) -> dict[str, forms.Field]:
    colleagues = people.directory(viewer=actor_of_request(request), limit=200).items
    return {
        "attitude": _choice(Concern, "Attitude as a whole", initial=Concern.NOT_ASSESSED),
        "attitude_grounds": _text("Grounds for the attitude"),
        "gaps": _text("What else is not known", _LINES),
        "contributors": forms.MultipleChoiceField(
            label="Who else wrote parts of it",
            help_text="They can no longer check, countersign or accept any version of this assessment.",
            required=False,
            choices=[(p.id, p.title) for p in colleagues],
            widget=forms.CheckboxSelectMultiple,
        ),
        "next_due": _day("Next update due", "Empty: no day is set.", required=False),
    }


def _risks(rows: int, listed: list[tuple[str, str]]) -> dict[str, forms.Field]:
    limbs = [(n, n if title == n else f"{title} ({n})") for n, title in limbs_on(today()).items()]
    uses = [("", "None: leave this row out"), *((m.id, m.title) for m in means())]
    made: dict[str, forms.Field] = {}
    for n in range(rows):
        name = f"risk_{n}_"
        made[f"{name}use_class"] = forms.ChoiceField(label="Use class", choices=uses, required=False)
        made[f"{name}limb"] = forms.ChoiceField(label="Limb", choices=[("", "Choose one"), *limbs], required=False)
        made[f"{name}finding"] = _choice(Finding, "Finding", empty=True, required=False)
        made[f"{name}risk"] = _choice(RiskView, "How clear the risk is", empty=True, required=False)
        made[f"{name}use"] = _choice(UseView, "How likely the use is", empty=True, required=False)
        made[f"{name}grounds"] = _text("Grounds")
        made |= boxes(f"{name}evidence", listed)
        made[f"{name}gaps"] = _text("What is not known", _LINES, rows=2)
        made[f"{name}despite_gaps"] = _text(
            "If there is no clear risk although something is not known: why", rows=2
        )
    return made


def lines_of(text: str) -> list[str]:
    """Lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def first_values(seen: AssessmentView) -> dict[str, Any]:
    """The boxes as the newest version fills them."""
    if seen.newest is None:
        return {"kind": Kind.BASELINE}
    content = seen.newest.content
    made: dict[str, Any] = {
        **{
            n: getattr(content, n)
            for n in ("kind", "cutoff", "conflict", "attitude", "attitude_grounds", "next_due")
        },
        "gaps": "\n".join(content.gaps),
        "answers": next((r.id for r in reversed(seen.requests) if not r.answered_by), ""),
        "contributors": list(content.contributors),
    }
    for area, aspect in CELLS:
        made |= _boxes(content.cell(area, aspect), f"cell_{area}_{aspect}_", ("finding", "grounds"))
    for n, risk in enumerate(content.risks):
        made |= _boxes(risk, f"risk_{n}_", tuple(r for r in _RISK if r not in {"evidence", "gaps"}))
    return made


def _boxes(part: Cell | UseRisk, prefix: str, names: Sequence[str]) -> Mapping[str, Any]:
    held = {f"{prefix}{n}": getattr(part, n) for n in names}
    return held | {f"{prefix}evidence": list(part.evidence), f"{prefix}gaps": "\n".join(part.gaps)}


def typed_values(request: HttpRequest) -> dict[str, Any]:
    """What was typed, to be shown again."""
    several = {"contributors", *(name for name in request.POST if name.endswith("_evidence"))}
    made: dict[str, Any] = {**request.POST.dict(), **ticked(request, several)}
    for name in ("cutoff", "next_due"):
        parts = [request.POST.get(f"{name}_{p}", "") for p in ("year", "month", "day")]
        if any(parts):
            made[name] = "-".join(parts)
    return {n: v for n, v in made.items() if n != COUNT}
