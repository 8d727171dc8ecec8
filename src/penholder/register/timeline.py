"""What happened to a licence, entry by entry, and what is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from penholder.actions.events import EVENTS
from penholder.actions.moment import now
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass, Visibility
from penholder.custody.recovered import recovered_about
from penholder.ledger.disclosure import Disclosure
from penholder.ledger.queries import RecordedEntry, entries_about, size_at
from penholder.register.access import is_official, is_own, readable
from penholder.register.answers import Happening, News, Overdue
from penholder.register.models import Condition, CustomsMessage, Licence, Line, LineVersion
from penholder.register.queries import find
from penholder.register.values import LineAct, LineStatus
from penholder.vault.store import open_many

MOST_OVERDUE = 500
NEWS = timedelta(days=30)
_TOLD = (LineAct.SUSPEND.value, LineAct.REINSTATE.value, LineAct.AMEND.value, LineAct.REVOKE.value)


def timeline(*, viewer: Actor, licence: str, known: datetime | None = None) -> tuple[Happening, ...]:
    """Everything recorded about a licence, oldest first; `known`: as our books held it at that moment.

    Fields of a class that the viewer may not read are named in `withheld`, and so are those that were erased. Who
    acted is personal: reading it is an act of its own. Sealed entries (somebody read private fields) are there
    only for those whose roles give restricted fields: they would warn all others, the holder above all.
    What is lost of entries that came back from the published log is named in `lost`.
    At most ten statements, however long it is.
    Raises: AbsentError.
    """
    row = find(viewer, licence)
    size = None if known is None else size_at(known)
    subjects = [licence, *([row.release.public_id] if row.release is not None else [])]
    found = [entry for subject in subjects for entry in entries_about(subject, size=size)]
    back = {e.number: e.settled or "open" for e in recovered_about(subjects)}
    classes = readable(viewer, exporter=row.exporter, published=row.release_id is not None)
    known_to = _known_to(viewer, exporter=row.exporter)
    seen = [r for r in sorted(found, key=lambda r: r.number) if EVENTS[r.event].visibility in known_to]
    opened = open_many([r.number for r in seen]) if classes - {FieldClass.PUBLIC} else {}
    return tuple(_happening(r, opened.get(r.number, []), classes, back.get(r.number, "")) for r in seen)


def _known_to(viewer: Actor, *, exporter: str) -> frozenset[Visibility]:
    """Of which entries the viewer may know that they are there."""
    found = {Visibility.PUBLIC}
    if is_official(viewer) or is_own(viewer, exporter):
        found.add(Visibility.OFFICIAL)
    if viewer.kind is ActorKind.SYSTEM or authority().may_read(viewer, FieldClass.RESTRICTED):
        found.add(Visibility.SEALED)
    return frozenset(found)


def _happening(
    recorded: RecordedEntry, opened: list[Disclosure], classes: frozenset[FieldClass], back: str
) -> Happening:
    entry = recorded.entry
    of_field: Mapping[str, FieldClass] = EVENTS[recorded.event].field_classes
    fields: dict[str, Any] = dict(entry.data)
    fields |= {d.name: d.value for d in opened if of_field.get(d.name) in classes}
    missing = tuple(n for n in (*of_field, "actor") if n not in fields)
    return Happening(
        entry=recorded.number,
        place=recorded.place,
        event=recorded.event,
        act=entry.act,
        role=entry.role,
        run=recorded.run,
        recorded_at=recorded.at,
        claimed_at=entry.claimed_at,
        late=entry.late,
        fields={n: fields[n] for n in of_field if n in fields},
        withheld=() if back else missing,
        lost=missing if back else (),
        recovered=back,
    )


def overdue(*, viewer: Actor, on: date | None = None) -> tuple[Overdue, ...]:
    """Reviews of suspensions, acknowledgements of customs and conditions that are past due, oldest first.

    Officials see all, exporters reviews and conditions of their own, others none. Whether customs have answered is
    between them and the authority. At most 500 of each kind; three statements.
    """
    day = on or now().date()
    mine = Q() if is_official(viewer) else Q(licence__exporter__in=viewer.organisations - {""})
    found = [*_reviews(mine, day), *_unmet(mine, day)]
    found += _unacknowledged(mine, day) if is_official(viewer) else []
    return tuple(sorted(found, key=lambda o: (o.due, o.kind, o.licence, o.lines)))


def _reviews(mine: Q, day: date) -> list[Overdue]:
    """Suspensions past their review, one row for each licence and day. None of them is lifted by that."""
    rows = Line.objects.filter(mine, status=LineStatus.SUSPENDED, review_by__lt=day).exclude(valid_until__lte=day)
    grouped: dict[tuple[str, date, str], list[int]] = {}
    named = rows.order_by("review_by", "pk").values_list("licence__public_id", "review_by", "power", "number")
    for licence, due, power, number in named[:MOST_OVERDUE]:
        grouped.setdefault((licence, due or day, power), []).append(number)
    return [
        Overdue("review", licence, tuple(numbers), due, (day - due).days, "", power)
        for (licence, due, power), numbers in grouped.items()
    ]


def _unacknowledged(mine: Q, day: date) -> list[Overdue]:
    rows = CustomsMessage.objects.filter(mine, acknowledged_at=None, due__lt=day).order_by("due", "pk")
    return [
        Overdue("customs", _id(m.licence), tuple(m.lines), m.due, (day - m.due).days, m.public_id, m.kind)
        for m in rows.select_related("licence")[:MOST_OVERDUE]
    ]


def waiting(*, viewer: Actor) -> tuple[Overdue, ...]:
    """Messages that customs have not acknowledged, soonest due first: for officials. At most 500."""
    if not is_official(viewer):
        return ()
    day = now().date()
    rows = CustomsMessage.objects.filter(acknowledged_at=None).order_by("due", "pk").select_related("licence")
    return tuple(
        Overdue("waiting", _id(m.licence), tuple(m.lines), m.due, max(0, (day - m.due).days), m.public_id, m.kind)
        for m in rows[:MOST_OVERDUE]
    )


def news(*, viewer: Actor) -> tuple[News, ...]:
    """What was done to licences of the viewer's organisations in the last thirty days, newest first.

    Suspended, reinstated, amended, revoked: the acts of which a holder must be told. One statement, at most 500.
    """
    since = now() - NEWS
    mine = LineVersion.objects.filter(
        line__licence__exporter__in=viewer.organisations - {""}, act__in=_TOLD, change__recorded_at__gte=since
    )
    columns = ("line__licence__public_id", "act", "effective_on", "change__run", "line__number")
    rows = mine.order_by("-change__recorded_at", "-change_id", "line__number").values_list(*columns)
    found: dict[tuple[str, str, date, str], list[int]] = {}
    for licence, act, day, run, number in rows[:MOST_OVERDUE]:
        found.setdefault((licence, act, day, run), []).append(number)
    return tuple(News(of, LineAct(act), tuple(n), day, run) for (of, act, day, run), n in found.items())


def _unmet(mine: Q, day: date) -> list[Overdue]:
    rows = Condition.objects.filter(mine, done_on=None, due__lt=day).order_by("due", "pk")
    return [
        Overdue("condition", _id(c.licence), tuple(c.lines), c.due, (day - c.due).days, c.public_id, c.timing)
        for c in rows.select_related("licence")[:MOST_OVERDUE]
        if c.due is not None
    ]


def _id(licence: Licence) -> str:
    return licence.public_id
