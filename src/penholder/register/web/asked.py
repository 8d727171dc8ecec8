"""What an address asks for: filters, a day in the world, and a moment at which our books are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from penholder.regime.licence_types import licence_types
from penholder.register.search import Wanted
from penholder.register.values import Standing
from penholder.register.web.words import STATUS_WORDS, day_words

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[ /.](\d{1,2})[ /.](\d{4})")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
OVERDUE = (
    ("review", "review of a suspension"),
    ("customs", "acknowledgement by customs"),
    ("condition", "condition"),
)


def read_day(text: str) -> date:
    """A day as people write it: 2024-09-02, 2 9 2024, 2/9/2024, 2 September 2024. Raises: ValueError."""
    said = text.strip().lower()
    for number, month in enumerate(_MONTHS, start=1):
        said = re.sub(rf"\b{month}\b", str(number), said)
    found = _DAY.fullmatch(said)
    if found is None:
        raise ValueError(text)
    y, m, d, day, month_, year = found.groups()
    return date(int(y), int(m), int(d)) if y else date(int(year), int(month_), int(day))


def read_moment(text: str) -> datetime:
    """A moment in UTC: a day and a time after it (14:05), or a day alone: its end. Raises: ValueError."""
    said = text.strip().removesuffix("UTC").removesuffix("Z").replace("T", " ").strip()
    day, _, clock_time = said.rpartition(" ")
    if ":" not in clock_time:
        return datetime.combine(read_day(said), time.max, UTC)
    return datetime.combine(read_day(day.rstrip(",")), time.fromisoformat(clock_time), UTC)


class DayField(forms.CharField):
    """A day in one box."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, max_length=30, **given)

    def clean(self, value: Any) -> Any:
        """The day, or None."""
        text = super().clean(value)
        try:
            return read_day(text) if text else None
        except ValueError as error:
            raise ValidationError("Enter a day, like 2024-09-02 or 2 September 2024.") from error


class MomentField(forms.CharField):
    """A moment in one box, in UTC."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"required": False, "max_length": 40, **given})

    def clean(self, value: Any) -> Any:
        """The moment, or None."""
        text = super().clean(value)
        try:
            return read_moment(text) if text else None
        except ValueError as error:
            raise ValidationError("Enter a day and a time in UTC, like 2024-09-02 14:05.") from error


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
    exporter = forms.CharField(label="Holder", required=False, max_length=40, help_text="Id: O-…")
    field_order = (
        "text", "status", "overdue", "destination", "rating", "licence_type", "decided_from", "decided_to",
        "exporter", "on", "known",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statuses = [(s.value, w.capitalize()) for s, w in STATUS_WORDS.items()]
        types = [(t.id, t.title) for t in licence_types().values() if t.is_licence]
        choices = {
            "status": statuses,
            "overdue": [(k, w.capitalize()) for k, w in OVERDUE],
            "licence_type": types,
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [("", "Any"), *listed]

    def wanted(self) -> Wanted:
        """What is looked for. A filter that cannot be read is left out, and its error stands at its box."""
        given: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        found = {n: given[n] for n in Wanted.__dataclass_fields__ if given.get(n)}
        if "status" in found:
            found["status"] = Standing(found["status"])
        return Wanted(**found)

    def chosen(self, query: QueryDict) -> list[dict[str, str]]:
        """Each filter that is set, in words, with the address without it."""
        made = []
        for name, value in self.cleaned_data.items():
            if value:
                label = str(self.fields[name].label)
                made.append({"text": f"{label}: {_said(self, name, value)}", "href": without(query, name)})
        return made


def _said(form: FilterForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(value, datetime):
        return f"{day_words(value.date())}, {value:%H:%M} UTC"
    return day_words(value) if isinstance(value, date) else str(value)


def without(query: QueryDict, *names: str, **more: str) -> str:
    """The address with these parameters left out (and the cursor: another list begins anew), and others set."""
    kept = query.copy()
    for name in (*names, "cursor", *more):
        kept.pop(name, None)
    for name in [n for n in kept if not any(kept.getlist(n))]:
        kept.pop(name)
    for name, value in more.items():
        kept[name] = value
    return f"?{kept.urlencode()}" if kept else "?"
