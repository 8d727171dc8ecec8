"""Questions to the register. The first keyword is who looks; answers hold only what that viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from penholder.actions.errors import AbsentError
from penholder.actions.moment import now
from penholder.actions.values import Actor, ActorKind, FieldClass
from penholder.entry.paging import USUAL, Page, page_of
from penholder.ledger.known import changes_known
from penholder.register import policy
from penholder.register.access import is_official, readable
from penholder.register.answers import (
    ConditionView,
    LicenceRow,
    LicenceView,
    LineView,
    MessageView,
    StatusCount,
)
from penholder.register.lines_shown import Asked, lines_shown
from penholder.register.models import Change, Condition, CustomsMessage, Licence, Line
from penholder.register.origin import came_from
from penholder.register.values import LineStatus, Origin

MOST_LINES = 200
"""Lines on the page of one licence; the others come by `lines`."""
_COMMERCIAL = ("reference", "exporter", "destinations")
_RAN_OUT = {
    LineStatus.EXPIRED: LineStatus.ISSUED,
    LineStatus.EXPIRED_WHILE_SUSPENDED: LineStatus.SUSPENDED,
}


def licences(
    *,
    viewer: Actor,
    status: LineStatus | None = None,
    destination: str = "",
    licence_type: str = "",
    reference: str = "",
    exporter: str = "",
    release: str = "",
    origin: Origin | None = None,
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[LicenceRow]:
    """Licences, newest decision first.

    Filters on commercial fields (destination, reference, exporter) find only licences of which the viewer reads
    these fields. Three statements. Raises: InvalidError for a cursor or a limit that is none.
    """
    today = now().date()
    found = visible(viewer).select_related("release")
    if destination or reference or exporter:
        found = found.filter(_reads_commercial(viewer))
    if status is not None or destination:
        lines = Line.objects.filter(licence=OuterRef("pk"))
        if destination:
            lines = lines.filter(destination=destination)
        if status is not None:
            lines = lines.filter(has_status(status, today))
        found = found.filter(Exists(lines))
    given = {"licence_type": licence_type, "reference": reference, "exporter": exporter}
    found = found.filter(**{name: value for name, value in given.items() if value})
    if release:
        found = found.filter(release__release=release)
    if origin is not None:
        found = found.filter(came_from(origin))
    page = page_of(found, order=("-decided_on", "public_id"), cursor=cursor, limit=limit)
    counts, places = _summaries(page.items, today)
    return page.map(lambda row: _row(row, viewer, counts.get(row.pk, ()), places.get(row.pk, ())))


def licence(
    *,
    viewer: Actor,
    id: str,  # noqa: A002 - the public id
    on: date | None = None,
    known: datetime | None = None,
) -> LicenceView:
    """One licence, as of a day (None: today) and as known at a moment (None: now). At most twelve statements.

    Raises: AbsentError: there is none, or not for this viewer, or it was not known then.
    """
    row = find(viewer, id)
    asked = Asked(viewer, on or now().date(), known, leave_out=on is not None)
    if known is not None and not changes_known(Change, known, among={row.change_id}):
        raise _absent(id)
    all_lines = Line.objects.filter(licence=row).select_related("licence").order_by("number")
    rows = list(all_lines[: MOST_LINES + 1])
    more = all_lines.count() - MOST_LINES if len(rows) > MOST_LINES else 0
    classes = _classes(viewer, row)
    commercial = FieldClass.COMMERCIAL in classes
    shown = lines_shown(rows[:MOST_LINES], asked)
    if not shown and rows:
        raise _absent(id)
    return LicenceView(
        id=row.public_id,
        version=row.version,
        reference=row.reference if commercial else None,
        licence_type=row.licence_type,
        decided_on=row.decided_on,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        exporter=row.exporter if commercial else None,
        release=row.release.release if row.release else "",
        case=row.case,
        without_case=row.without_case,
        without_case_words=row.without_case_words if FieldClass.OFFICIAL in classes else None,
        on=asked.on,
        known=known,
        lines=shown,
        more_lines=more,
        conditions=_conditions(row, asked, commercial=commercial),
        messages=_messages(row, asked, official=FieldClass.OFFICIAL in classes),
        withheld=(*_withheld(classes), *_words_withheld(classes, row)),
    )


def lines(
    *,
    viewer: Actor,
    licence: str = "",
    status: LineStatus | None = None,
    destination: str = "",
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[LineView]:
    """Lines as they stand today, of one licence or of all.

    Raises: AbsentError for a licence that is not there for this viewer; InvalidError for a cursor that is none.
    """
    today = now().date()
    found = Line.objects.select_related("licence").filter(licence__in=visible(viewer))
    if licence:
        found = found.filter(licence=find(viewer, licence))
    if status is not None:
        found = found.filter(has_status(status, today))
    if destination:
        found = found.filter(_reads_commercial(viewer, "licence__"), destination=destination)
    page = page_of(found, order=("licence_id", "number"), cursor=cursor, limit=limit)
    return Page(lines_shown(page.items, Asked(viewer, today)), page.next_cursor)


def visible(viewer: Actor) -> QuerySet[Licence]:
    """The licences of which the viewer may know: officials of all, people of exporters of their own.

    Whoever is not signed in is the public, which may know of every licence that was ever issued.
    """
    if is_official(viewer):
        return Licence.objects.all()
    if viewer.kind is not ActorKind.ANONYMOUS:
        return Licence.objects.filter(exporter__in=viewer.organisations - {""})
    ever_issued = Line.objects.filter(licence=OuterRef("pk")).exclude(status=LineStatus.DRAFT)
    return Licence.objects.filter(Exists(ever_issued))


def find(viewer: Actor, public_id: str) -> Licence:
    """The row of a licence. Raises: AbsentError: there is none, or not for this viewer."""
    row = visible(viewer).select_related("release").filter(public_id=public_id).first()
    if row is None:
        raise _absent(public_id)
    return row


def _absent(public_id: str) -> AbsentError:
    return AbsentError(f"there is no licence {public_id}", hint="look it up in the register")


def has_status(status: LineStatus, today: date) -> Q:
    """Lines with a status today, whether or not the sweep has come by."""
    running = Q(valid_until=None) | Q(valid_until__gt=today)
    if status in _RAN_OUT:
        return Q(status=status) | Q(status=_RAN_OUT[status], valid_until__lte=today)
    if status in _RAN_OUT.values():
        return Q(status=status) & running
    return Q(status=status)


def _reads_commercial(viewer: Actor, prefix: str = "") -> Q:
    if FieldClass.COMMERCIAL in readable(viewer, exporter="", published=False):
        return Q()
    own = Q(**{f"{prefix}exporter__in": viewer.organisations - {""}})
    return own | Q(**{f"{prefix}release__isnull": False})


def _classes(viewer: Actor, row: Licence) -> frozenset[FieldClass]:
    return readable(viewer, exporter=row.exporter, published=row.release_id is not None)


def _withheld(classes: frozenset[FieldClass]) -> tuple[str, ...]:
    private = ("reference", "exporter", "terms", "usage", "conditions.text")
    commercial = () if FieldClass.COMMERCIAL in classes else private
    return commercial if FieldClass.OFFICIAL in classes else (*commercial, "messages.reference")


def _words_withheld(classes: frozenset[FieldClass], row: Licence) -> tuple[str, ...]:
    return ("without_case_words",) if row.without_case and FieldClass.OFFICIAL not in classes else ()


def _summaries(
    rows: Sequence[Licence], today: date
) -> tuple[dict[int, tuple[StatusCount, ...]], dict[int, tuple[str, ...]]]:
    """Status counts and destinations of the lines of some licences: two statements."""
    ids = [r.pk for r in rows]
    found: Any = Line.objects.filter(licence__in=ids)
    counted: dict[int, dict[LineStatus, int]] = defaultdict(lambda: defaultdict(int))
    for pk, status, until, number in (
        found.values_list("licence_id", "status", "valid_until").annotate(n=Count("pk")).order_by("licence_id")
    ):
        counted[pk][policy.status_on(LineStatus(status), valid_until=until, on=today)] += number
    places: dict[int, list[str]] = defaultdict(list)
    named = found.values_list("licence_id", "destination").distinct().order_by("licence_id", "destination")
    for pk, destination in named:
        places[pk].append(destination)
    return (
        {pk: tuple(StatusCount(s, by[s]) for s in LineStatus if s in by) for pk, by in counted.items()},
        {pk: tuple(names) for pk, names in places.items()},
    )


def _row(row: Licence, viewer: Actor, counts: tuple[StatusCount, ...], places: tuple[str, ...]) -> LicenceRow:
    commercial = FieldClass.COMMERCIAL in _classes(viewer, row)
    return LicenceRow(
        id=row.public_id,
        reference=row.reference if commercial else None,
        licence_type=row.licence_type,
        decided_on=row.decided_on,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        exporter=row.exporter if commercial else None,
        release=row.release.release if row.release else "",
        case=row.case,
        without_case=row.without_case,
        lines=sum(c.lines for c in counts),
        statuses=counts,
        destinations=places if commercial else None,
        withheld=() if commercial else _COMMERCIAL,
    )


def _conditions(row: Licence, asked: Asked, *, commercial: bool) -> tuple[ConditionView, ...]:
    found = list(Condition.objects.filter(licence=row).select_related("change").order_by("pk"))
    held = _held(asked, [i for c in found for i in (c.change_id, c.done_change_id) if i])
    return tuple(
        ConditionView(
            id=c.public_id,
            lines=tuple(c.lines),
            text=c.text if commercial else None,
            timing=c.timing,
            due=c.due,
            put_on=c.change.recorded_at.date(),
            done_on=(done := c.done_on if held is None or c.done_change_id in held else None),
            overdue=done is None and c.due is not None and c.due < asked.on,
        )
        for c in found
        if held is None or c.change_id in held
    )


def _messages(row: Licence, asked: Asked, *, official: bool) -> tuple[MessageView, ...]:
    found = list(CustomsMessage.objects.filter(licence=row).order_by("pk"))
    held = _held(asked, [i for m in found for i in (m.change_id, m.acknowledged_change_id) if i])
    return tuple(
        MessageView(
            id=m.public_id,
            lines=tuple(m.lines),
            kind=m.kind,
            effective_on=m.effective_on,
            sent_at=m.sent_at,
            due=m.due,
            acknowledged_at=(taken := m.acknowledged_at if _is_held(m.acknowledged_change_id, held) else None),
            their_reference=m.their_reference if official and taken else None,
            overdue=taken is None and m.due < asked.on,
        )
        for m in found
        if _is_held(m.change_id, held)
    )


def _held(asked: Asked, changes: Sequence[int]) -> frozenset[int] | None:
    """The changes among these that were known; None: all are."""
    return None if asked.known is None else changes_known(Change, asked.known, among=set(changes))


def _is_held(change: int | None, held: frozenset[int] | None) -> bool:
    return held is None or change in held
