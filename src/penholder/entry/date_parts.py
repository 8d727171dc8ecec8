"""A date typed in three boxes, as people write it: day, month, year. No calendar, no format to guess."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict


class DateParts(forms.Widget):
    """Boxes `<name>_day`, `<name>_month`, `<name>_year`. Give it to a DateField that reads `%Y-%m-%d`.

    Drawn by the field macro of the pages; it has no template of its own.
    """

    NAMES: ClassVar[tuple[str, str, str]] = ("day", "month", "year")
    use_fieldset = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> str | None:
        """`2024-9-2` as typed; None where all is empty. One value `<name>` (ISO) is read as well."""
        day, month, year = (str(data.get(f"{name}_{part}", "")).strip() for part in self.NAMES)
        if not (day or month or year):
            return data.get(name) or None
        return "-".join(part.replace("-", " ") for part in (year, month, day))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> bool:
        """Is none of the boxes in `data`?"""
        return name not in data and all(f"{name}_{part}" not in data for part in self.NAMES)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box."""
        return f"{id_}_day" if id_ else id_

    def decompress(self, value: object) -> tuple[str, str, str]:
        """Texts of the three boxes out of a date, or out of what was typed."""
        if isinstance(value, date):
            return str(value.day), str(value.month), str(value.year)
        parts = str(value or "").split("-")
        if len(parts) != len(self.NAMES):
            return "", "", str(value or "")
        return parts[2], parts[1], parts[0]
