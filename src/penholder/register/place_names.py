"""Places for people: `Norland (XN)`. A code that no table names is called as a release called it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Max

from penholder.analysis.sources.places import name_of
from penholder.register.models import Terms
from penholder.register.published import read_further

_USER_ASSIGNED = re.compile(r"X[A-Z]\Z")


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Code -> name and code; the code alone where no table and no release names it.

    At most one statement, and none where each code has a name in the tables (ISO 3166-1).
    """
    named = {code: name_of(code) for code in set(codes) - {""}}
    unnamed = [code for code, name in named.items() if name == code and _USER_ASSIGNED.match(code)]
    if unnamed:
        named |= _as_released(unnamed)
    return {code: code if name == code else f"{name} ({code})" for code, name in named.items()}


def _as_released(codes: list[str]) -> dict[str, str]:
    """What the newest rows of releases call these codes."""
    rows = Terms.objects.filter(line__destination__in=codes, destination__in=codes).exclude(published="")
    newest = rows.order_by().values("destination").annotate(newest=Max("pk")).values("newest")
    found = Terms.objects.filter(pk__in=newest).values_list("destination", "published")
    return {code: str(read_further(published).get("destination_name") or code) for code, published in found}
