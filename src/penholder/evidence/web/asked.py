"""What the address of the list asks for: filters, a party and a period, and a moment of our books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict

from penholder.entry.asked import DayField, MomentField, without
from penholder.evidence.answers import SourceView
from penholder.evidence.tables import object_classes, scales
from penholder.evidence.values import NOT_LOOKED_AT, Axis, Means
from penholder.evidence.view import Wanted
from penholder.evidence.web.words import NOT_LOOKED, SCOPES, plain

_ANY = ("", "Any")
_OF_REPORT = (
    "scope", "attributed", "party", "place", "object_class", "means", "source", "imported", "text", "start", "end",
    "events",
)  # fmt: skip


class FilterForm(forms.Form):
    """The filters of the list; their values are the address."""

    use_required_attribute = False
    party = forms.CharField(
        label="Party", required=False, max_length=200, help_text="As reports or attributions name it, whole."
    )
    start = DayField(label="Happened from")
    end = DayField(label="Happened until", help_text="This day too.")
    scope = forms.ChoiceField(label="Scope", required=False, choices=[_ANY, *SCOPES])
    place = forms.CharField(label="State or territory", required=False, max_length=200, help_text="Code.")
    object_class = forms.ChoiceField(label="Class of object", required=False)
    means = forms.ChoiceField(
        label="Means", required=False, choices=[_ANY, *((m.value, plain(m.value).capitalize()) for m in Means)]
    )
    source = forms.ChoiceField(label="Source", required=False)
    text = forms.CharField(label="Words", required=False, max_length=200, help_text="In places, munition, number.")
    attributed = forms.BooleanField(label="Attributed only", required=False)
    events = forms.BooleanField(label="Each event once", required=False)
    imported = forms.CharField(label="Came with the file", required=False, max_length=40, widget=forms.HiddenInput)
    known = MomentField(label="Known at", help_text="What our books held then (UTC). Empty: now.")

    def __init__(self, data: QueryDict, *, sources: Sequence[SourceView]) -> None:
        super().__init__(data)
        for axis, scale in scales().items():
            answers = [*scale.values.items(), (NOT_LOOKED_AT, NOT_LOOKED)]
            self.fields[axis.value] = forms.ChoiceField(
                label=scale.title, required=False, choices=[_ANY, *answers]
            )
        self._choose("object_class", [(c.id, c.title) for c in object_classes().values()])
        self._choose("source", [(s.id, s.called) for s in sources])

    def _choose(self, name: str, listed: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [_ANY, *listed]

    def wanted(self) -> Wanted:
        """What is looked for. A filter that cannot be read is left out, and its error stands at its box."""
        given = getattr(self, "cleaned_data", {})
        findings = {a: given[a.value] for a in Axis if given.get(a.value)}
        return Wanted(**{n: given[n] for n in _OF_REPORT if given.get(n)}, findings=findings or None)

    @property
    def moment(self) -> datetime | None:
        """The moment that is asked about."""
        found: datetime | None = getattr(self, "cleaned_data", {}).get("known")
        return found

    def chosen(self, query: QueryDict, names: Mapping[str, str]) -> list[dict[str, str]]:
        """Each filter that is set, in words, with the address without it. names: public id -> name."""
        return [
            {"text": f"{self.fields[n].label}: {names.get(v) or self._said(n, v)}", "href": without(query, n)}
            for n, v in self.cleaned_data.items()
            if v
        ]

    def _said(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        if isinstance(value, bool):
            return "yes"
        if isinstance(value, datetime):
            return f"{value:%-d %B %Y, %H:%M} UTC"
        return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value)
