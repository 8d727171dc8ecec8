"""What an address asks for: filters, a day in the world, and a moment at which our books are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict

from penholder.entry.asked import DayField, MomentField, without
from penholder.regime.licence_types import licence_types
from penholder.register.search import Wanted, knows_place
from penholder.register.spelling import near_places
from penholder.register.values import Origin, Standing
from penholder.register.web.words import STATUS_WORDS, day_words

OVERDUE = (
    ("review", "review of a suspension"),
    ("customs", "acknowledgement by customs"),
    ("condition", "condition"),
)


ORIGINS = {
    Origin.CASE: "A case here",
    Origin.WITHOUT_CASE: "No case: entered with a reason",
    Origin.RELEASE: "A release that was loaded",
}


class AsOfForm(forms.Form):
    """A day in the world, and a moment of our books."""

    use_required_attribute = False
    on = DayField(label="As on", help_text="Day in the world. Empty: today.")
    known = MomentField(label="Known at", help_text="What our books held then (UTC). Empty: now.")


class FilterForm(AsOfForm):
    """The filters of the register; their values are the address."""

    text = forms.CharField(label="Words", required=False, max_length=200, help_text="In reference or description.")
    status = forms.ChoiceField(label="Status of a line", required=False)
    overdue = forms.ChoiceField(label="Overdue", required=False)
    destination = forms.CharField(label="Destination", required=False, max_length=400, help_text="Code or name.")
    rating = forms.CharField(label="Rating", required=False, max_length=60, help_text="For example, ML10.")
    licence_type = forms.ChoiceField(label="Licence type", required=False)
    decided_from = DayField(label="Decided from")
    decided_to = DayField(label="Decided to")
    origin = forms.ChoiceField(label="Comes from", required=False)
    exporter = forms.ChoiceField(label="Holder", required=False)
    field_order = (
        "text", "status", "overdue", "destination", "rating", "licence_type", "decided_from", "decided_to",
        "origin", "exporter", "on", "known",
    )  # fmt: skip

    def __init__(self, *args: Any, holders: Mapping[str, str], **kwargs: Any) -> None:
        """holders: id -> name, of the organisations to choose from."""
        super().__init__(*args, **kwargs)
        statuses = [(s.value, w.capitalize()) for s, w in STATUS_WORDS.items()]
        types = [(t.id, t.title) for t in licence_types().values() if t.is_licence]
        choices = {
            "status": statuses,
            "overdue": [(k, w.capitalize()) for k, w in OVERDUE],
            "licence_type": types,
            "origin": [(o.value, w) for o, w in ORIGINS.items()],
            "exporter": list(holders.items()),
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [("", "Any"), *listed]

    def clean_destination(self) -> str:
        """A place that no table knows finds nothing: that is said, and not shown as an empty list."""
        given = str(self.cleaned_data["destination"])
        if given and not knows_place(given):
            raise forms.ValidationError(
                f"no place of this name is known{near_places(given)}. Give a code, like XB, or a name"
            )
        return given

    def wanted(self) -> Wanted:
        """What is looked for. A filter that cannot be read is left out, and its error stands at its box."""
        given: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        found = {n: given[n] for n in Wanted.__dataclass_fields__ if given.get(n)}
        if "status" in found:
            found["status"] = Standing(found["status"])
        if "origin" in found:
            found["origin"] = Origin(found["origin"])
        return Wanted(**found)

    def chosen(self, query: QueryDict, names: Mapping[str, str]) -> list[dict[str, str]]:
        """Each filter that is set, in words, with the address without it. names: public id -> name."""
        made = []
        for name, value in self.cleaned_data.items():
            if value:
                label = str(self.fields[name].label)
                made.append(
                    {
                        "text": f"{label}: {names.get(value) or _said(self, name, value)}",
                        "href": without(query, name),
                    }
                )
        return made


def _said(form: FilterForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(value, datetime):
        return f"{day_words(value.date())}, {value:%H:%M} UTC"
    return day_words(value) if isinstance(value, date) else str(value)
