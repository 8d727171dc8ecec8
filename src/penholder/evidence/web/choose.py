"""Evidence to choose from on the forms of others: reports of some places, newest first; others by their ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest

from penholder.actions.values import Actor
from penholder.evidence.access import may_see
from penholder.evidence.answers import IncidentRow
from penholder.evidence.queries import facts, incidents
from penholder.evidence.view import Wanted
from penholder.evidence.web.words import brief, label

MOST = 40
"""Reports in one list; others are typed."""
MORE = "_more"
"""After the name of the list: the box for further ids."""
_HINT = "The newest reports from there that you may read."
_MORE_HINT = "Public ids, with commas between them: older reports, reports from elsewhere, sources."


class EvidenceField(forms.MultipleChoiceField):
    """Check boxes. What was offered before and is not now is judged by the act, as an id that was typed is."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """Whatever is sent."""
        return True


def choices_of(
    viewer: Actor, places: Iterable[str], *, cited: Collection[str] = (), more: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Public id and words of what can be chosen: what is cited already first, then the newest reports.

    more: other things to choose from (versions of assessments), with their words; they stand after the cited ones.
    """
    further = dict(more or {})
    found = _newest(viewer, places) if may_see(viewer) else []
    words = {row.id: f"{label(row)}, grade {row.grade}" for row in found}
    known = {**{name: brief(of) for name, of in facts(viewer=viewer, ids=cited).items()}, **further, **words}
    first = {name: known.get(name, name) for name in cited}
    return list({**first, **further, **words}.items())


def _newest(viewer: Actor, places: Iterable[str]) -> list[IncidentRow]:
    rows = [
        row
        for place in dict.fromkeys(places)
        if place
        for row in incidents(viewer=viewer, wanted=Wanted(place=place), limit=MOST).items
    ]
    return sorted(rows, key=lambda row: (row.facts.starts_on, row.id), reverse=True)[:MOST]


def boxes(name: str, choices: list[tuple[str, str]]) -> dict[str, forms.Field]:
    """The list, and the box for further ids, by their names."""
    listed = EvidenceField(label="Evidence", help_text=_HINT, required=False, choices=choices)
    typed = forms.CharField(
        label="Further evidence", help_text=_MORE_HINT if choices else "", required=False, max_length=20_000
    )
    return {name: listed, f"{name}{MORE}": typed}


def chosen(data: Mapping[str, Any], name: str) -> list[str]:
    """What was ticked and what was typed, each once."""
    typed = str(data.get(f"{name}{MORE}") or "").replace(",", " ").split()
    return list(dict.fromkeys((*(data.get(name) or ()), *typed)))


def ticked(request: HttpRequest, names: Iterable[str]) -> dict[str, list[str]]:
    """What is ticked in a form that is shown again."""
    return {name: request.POST.getlist(name) for name in names}
