"""Which public ids of evidence there are: for links from findings, here and on higher floors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from penholder.evidence.models import ExculpatoryFact, Explanation, Gap, Import, Incident, Source
from penholder.evidence.values import EXPLANATION, FACT, GAP, IMPORT, INCIDENT, SOURCE

_TABLES: dict[str, Any] = {
    INCIDENT: Incident,
    SOURCE: Source,
    IMPORT: Import,
    EXPLANATION: Explanation,
    FACT: ExculpatoryFact,
    GAP: Gap,
}


def exists(ids: Collection[str]) -> frozenset[str]:
    """Those of these public ids that there are. One statement for each kind that is named."""
    by_kind: dict[str, set[str]] = {}
    for one in ids:
        by_kind.setdefault(one.partition("-")[0], set()).add(one)
    found: set[str] = set()
    for kind, named in by_kind.items():
        if kind in _TABLES:
            found |= set(_TABLES[kind].objects.filter(public_id__in=named).values_list("public_id", flat=True))
    return frozenset(found)


def unknown_links(ids: Collection[str]) -> tuple[str, ...]:
    """Those of these ids that there are not, in their order."""
    known = exists(ids)
    return tuple(i for i in ids if i not in known)


def recorded_between(*, place: str, party: str, after: date, before: date) -> tuple[str, ...]:
    """Reports from a place, or naming a party, that were recorded after one day and before another, in that order.

    For the core: whoever shows them asks first who looks. One statement.
    """
    start, end = (datetime.combine(d, time(), UTC) for d in (after + timedelta(days=1), before))
    asked = Q(place=place) | Q(actors__name=party)
    rows = Incident.objects.filter(asked, change__recorded_at__gte=start, change__recorded_at__lt=end)
    return tuple(dict.fromkeys(rows.order_by("change__recorded_at", "pk").values_list("public_id", flat=True)))
