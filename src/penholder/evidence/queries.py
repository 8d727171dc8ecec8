"""Questions to evidence. The first keyword is who looks: for whoever reads no official fields nothing is there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from penholder.actions.errors import AbsentError
from penholder.actions.values import Actor
from penholder.entry.paging import USUAL, Page, page_of
from penholder.evidence import whole_report
from penholder.evidence.access import may_see, require_sight
from penholder.evidence.answers import Counts, ImportView, IncidentRow, IncidentView, SourceView, Suggested
from penholder.evidence.counting import Asked, count
from penholder.evidence.known import held_at
from penholder.evidence.links import exists
from penholder.evidence.models import Import, Incident, QuarantinedRow, Source
from penholder.evidence.policy import NEAR_DAYS, similarity, stands_for
from penholder.evidence.rows import facts_of
from penholder.evidence.snapshot import snapshot
from penholder.evidence.values import Facts
from penholder.evidence.view import Wanted, annotated, chosen, leaders_at, reports, rows_of

__all__ = [
    "Wanted",
    "counts",
    "exists",
    "facts",
    "imported",
    "imports",
    "incident",
    "incidents",
    "snapshot",
    "sources",
    "suggestions",
]
MOST_ROWS = 200
_MOST_COMPARED, _MOST_SUGGESTED = 500, 5


def incidents(
    *,
    viewer: Actor,
    wanted: Wanted | None = None,
    known: datetime | None = None,
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[IncidentRow]:
    """Reports, newest first by the first day that each can mean. known: as held at a moment (None: now).

    Raises: AbsentError: evidence is not for this viewer. InvalidError for a cursor or a limit that is none.
    """
    require_sight(viewer)
    found = chosen(wanted or Wanted(), known).select_related("source")
    page = page_of(found, order=("-starts_on", "public_id"), cursor=cursor, limit=limit)
    return Page(tuple(rows_of(page.items, known)), page.next_cursor)


def incident(*, viewer: Actor, id: str, known: datetime | None = None) -> IncidentView:  # noqa: A002 - the public id
    """One report with all that was recorded about it, as known at a moment (None: now).

    Raises: AbsentError: there is none, it was not known then, or evidence is not for this viewer.
    """
    require_sight(viewer)
    held = held_at(known)
    row = annotated(held).select_related("source", "imported", "change").filter(public_id=id).first()
    if row is None:
        raise AbsentError(f"there is no incident {id}", hint="look it up in the list of incidents")
    return whole_report.view_of(row, held, known, suggestions(viewer=viewer, id=id) if known is None else ())


def suggestions(*, viewer: Actor, id: str) -> tuple[Suggested, ...]:  # noqa: A002 - the public id
    """Reports like this one, the likest first, with what they have in common. At most five; they decide nothing.

    Compared are reports of the same place whose days lie near; reports of the same event are left out.
    """
    require_sight(viewer)
    row = Incident.objects.filter(public_id=id).first()
    if row is None or not row.place:
        return ()
    leaders = leaders_at(None)
    near = timedelta(days=NEAR_DAYS)
    found = Incident.objects.filter(
        place=row.place, starts_on__lte=row.ends_on + near, ends_on__gte=row.starts_on - near
    ).exclude(pk=row.pk)
    others = list(found.select_related("source").order_by("starts_on", "public_id")[:_MOST_COMPARED])
    facts = facts_of([row, *others])
    lead = stands_for(leaders, row.public_id)
    made = [
        (similarity(facts[row.pk], facts[o.pk]), o) for o in others if stands_for(leaders, o.public_id) != lead
    ]
    made = sorted((m for m in made if m[0].points), key=lambda m: (-m[0].points, m[1].public_id))
    return tuple(
        Suggested(o.public_id, s.points, s.because, facts[o.pk], o.source.name) for s, o in made[:_MOST_SUGGESTED]
    )


def facts(*, viewer: Actor, ids: Collection[str]) -> dict[str, Facts]:
    """What reports say, by public id: those among `ids` that there are. Nothing for whom evidence is not."""
    if not ids or not may_see(viewer):
        return {}
    rows = list(Incident.objects.filter(public_id__in=set(ids)))
    found = facts_of(rows)
    return {row.public_id: found[row.pk] for row in rows}


def counts(
    *,
    viewer: Actor,
    party: str = "",
    start: date | None = None,
    end: date | None = None,
    known: datetime | None = None,
) -> Counts:
    """How many alleged incidents of a party in a period were received, in scope, attributed, and found what.

    Args:
        party: as reports or attributions name it, whole; "": all. start, end: both inclusive; None: open.
        known: as our books held it at that moment.
    Joined reports count once. Four statements. Raises: AbsentError.
    """
    require_sight(viewer)
    return count(reports(known), Asked(party, start, end, known))


def sources(*, viewer: Actor) -> tuple[SourceView, ...]:
    """All sources, by name. Raises: AbsentError."""
    require_sight(viewer)
    rows: Any = Source.objects.annotate(n=Count("incident")).order_by("name")
    return tuple(SourceView(s.public_id, s.name, s.kind, s.note, s.n) for s in rows)


def imports(*, viewer: Actor, cursor: str | None = None, limit: int = USUAL) -> Page[ImportView]:
    """Files that were taken in, newest first. Raises: AbsentError; InvalidError."""
    require_sight(viewer)
    rows = Import.objects.select_related("source", "change")
    return page_of(rows, order=("-received_on", "public_id"), cursor=cursor, limit=limit).map(_import)


def imported(*, viewer: Actor, id: str) -> ImportView:  # noqa: A002 - the public id
    """One file that was taken in, with up to 200 of the rows that were kept out. Raises: AbsentError."""
    require_sight(viewer)
    row = Import.objects.select_related("source", "change").filter(public_id=id).first()
    if row is None:
        raise AbsentError(f"there is no import {id}", hint="look at the list of imports")
    refused = QuarantinedRow.objects.filter(imported=row).order_by("line").values_list("line", "column", "reason")
    return _import(row, tuple(refused[:MOST_ROWS]))


def _import(row: Import, refused: tuple[tuple[int, str, str], ...] = ()) -> ImportView:
    return ImportView(
        id=row.public_id,
        source=row.source.public_id,
        source_called=row.source.name,
        layout=row.layout,
        received_on=row.received_on,
        recorded_at=row.change.recorded_at,
        read=row.read,
        loaded=row.loaded,
        quarantined=row.quarantined,
        reasons=row.reasons,
        data_sha256=row.data_sha256,
        refused=refused,
    )
