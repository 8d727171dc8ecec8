"""The list of the register: filters, statuses as on a day and as known at a moment, in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from penholder.actions.moment import now
from penholder.actions.values import Actor, FieldClass
from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.entry.paging import Page, page_of
from penholder.ledger.models import Entry
from penholder.ledger.queries import size_at
from penholder.register.access import is_official, readable
from penholder.register.models import Change, Condition, CustomsMessage, Licence, Line, LineVersion, Terms
from penholder.register.origin import came_from
from penholder.register.rows import money_of
from penholder.register.values import LineStatus, Origin, Standing

LIMIT = 25
_ENDED = {
    LineStatus.ISSUED: LineStatus.EXPIRED,
    LineStatus.SUSPENDED: LineStatus.EXPIRED_WHILE_SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Empty: anything. `overdue`: review, customs or condition.

    on: day in the world (None: today). known: as our books held it at that moment (None: now).
    """

    status: Standing | None = None
    destination: str = ""
    rating: str = ""
    licence_type: str = ""
    text: str = ""
    decided_from: date | None = None
    decided_to: date | None = None
    """Inclusive."""
    overdue: str = ""
    exporter: str = ""
    origin: Origin | None = None
    on: date | None = None
    known: datetime | None = None


@dataclass(slots=True)
class Listed:
    """One licence of the list. `values`: sum by currency over the lines that state one. None: withheld."""

    id: str
    reference: str | None
    licence_type: str
    decided_on: date
    valid_until: date | None
    exporter: str | None
    lines: int = 0
    statuses: dict[Standing, int] = field(default_factory=dict)
    destinations: tuple[str, ...] | None = ()
    ratings: tuple[str, ...] | None = ()
    values: dict[str, Decimal] | None = field(default_factory=dict)
    lines_without_value: int = 0
    is_overdue: bool = False


def search(*, viewer: Actor, wanted: Wanted, cursor: str | None = None, limit: int = LIMIT) -> Page[Listed]:
    """Licences, newest decision first: officials see all, others those of the organisations for which they act.

    Two statements, one more where a moment is given. Raises: InvalidError for a cursor that is none.
    """
    view = _View(wanted)
    found = _licences(viewer, view).filter(Exists(view.lines(viewer).filter(licence=OuterRef("pk"))))
    page = page_of(found.select_related("release"), order=("-decided_on", "public_id"), cursor=cursor, limit=limit)
    made = {row.pk: _listed(row, viewer) for row in page.items}
    _add_lines(made, view)
    return page.map(lambda row: made[row.pk])


def knows_place(text: str) -> bool:
    """Can lines be to a place of this name or code? What releases name otherwise is known, too."""
    if resolve(text).kind is not PlaceKind.UNRECOGNISED:
        return True
    return Line.objects.filter(licence__release__isnull=False, destination__iexact=text).exists()


def count_by_status(*, viewer: Actor, wanted: Wanted) -> dict[Standing, int]:
    """How many of these licences have a line in each status, whatever status is wanted. One statement.

    A licence with lines in several statuses counts in each.
    """
    view = _View(wanted)
    lines = view.lines(viewer, any_status=True).filter(licence__in=_licences(viewer, view))
    rows = lines.values_list("shown").annotate(n=Count("licence", distinct=True)).order_by()
    found = dict(rows)
    return {standing: found[standing.value] for standing in Standing if standing.value in found}


def references(*, viewer: Actor, ids: Collection[str]) -> dict[str, str]:
    """Public id -> reference, of those among `ids` whose reference the viewer reads. One statement."""
    rows = Licence.objects.filter(_reads(viewer, ""), public_id__in=set(ids))
    return dict(rows.values_list("public_id", "reference"))


class _View:
    """What is wanted, with the day and the moment made definite."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.today = now().date()
        self.on = wanted.on or self.today
        self.is_now = self.on == self.today and wanted.known is None
        self.held: QuerySet[Change] | None = None
        if wanted.known is not None:
            entries = Entry.objects.filter(run=OuterRef("run"), place__seq__lt=size_at(wanted.known))
            self.held = Change.objects.filter(Exists(entries))

    def with_status(self, lines: QuerySet[Line]) -> Any:
        """`shown`: the standing on the day, as known; lines that were not there yet are left out."""
        if self.is_now:
            said: Any = F("status")
        else:
            steps = LineVersion.objects.filter(line=OuterRef("pk"), effective_on__lte=self.on)
            steps = steps if self.held is None else steps.filter(change__in=self.held)
            said = Subquery(steps.order_by("-version").values("status")[:1])
        cases = [
            When(said=before.value, valid_until__lte=self.on, then=Value(after.value))
            for before, after in _ENDED.items()
        ]
        open_ended = When(
            said=LineStatus.ISSUED.value, valid_until=None, then=Value(Standing.END_NOT_STATED.value)
        )
        cases.append(open_ended)
        return lines.annotate(said=said, shown=Case(*cases, default=F("said"))).exclude(said=None)

    def knows_terms(self) -> Any:
        """Are the terms that are joined to a line known at the moment?"""
        if self.held is None:
            return Value(value=True)
        return Exists(self.held.filter(pk=OuterRef("all_terms__change_id")))

    def lines(self, viewer: Actor, *, any_status: bool = False) -> Any:
        """The lines that have what is wanted of a line."""
        wanted, found = self.wanted, self.with_status(Line.objects.all())
        if wanted.status is not None and not any_status:
            found = found.filter(shown=wanted.status.value)
        if wanted.overdue == "review":
            found = found.filter(shown=LineStatus.SUSPENDED.value, review_by__lt=self.on)
        said: Any = _to(wanted.destination) if wanted.destination else Q()
        if wanted.rating:
            said &= Exists(Terms.objects.filter(line=OuterRef("pk"), rating__icontains=wanted.rating))
        if wanted.text:
            words = Terms.objects.filter(line=OuterRef("pk"), description__icontains=wanted.text)
            said &= (
                Q(licence__reference__icontains=wanted.text) | Q(licence__public_id=wanted.text) | Exists(words)
            )
        return found.filter(said & _reads(viewer, "licence__")) if said else found


def _licences(viewer: Actor, view: _View) -> QuerySet[Licence]:
    wanted = view.wanted
    found = Licence.objects.filter(decided_on__lte=view.on)
    if not is_official(viewer):
        found = found.filter(exporter__in=viewer.organisations - {""})
    if view.held is not None:
        found = found.filter(change__in=view.held)
    given: dict[str, Any] = {
        "licence_type": wanted.licence_type,
        "exporter": wanted.exporter,
        "decided_on__gte": wanted.decided_from,
        "decided_on__lte": wanted.decided_to,
    }
    found = found.filter(**{name: value for name, value in given.items() if value})
    if wanted.origin is not None:
        found = found.filter(came_from(wanted.origin))
    if wanted.overdue == "customs":
        late = CustomsMessage.objects.filter(licence=OuterRef("pk"), acknowledged_at=None, due__lt=view.on)
        found = found.filter(Exists(late))
    if wanted.overdue == "condition":
        unmet = Condition.objects.filter(licence=OuterRef("pk"), done_on=None, due__lt=view.on)
        found = found.filter(Exists(unmet))
    return found


def _to(destination: str) -> Q:
    """Lines to a place, by its code, its name, or as it was published."""
    return Q(destination__iexact=destination) | Q(destination=resolve(destination).code)


def _reads(viewer: Actor, prefix: str) -> Q:
    """Licences of which the viewer reads commercial fields: to look for them is to read them."""
    if FieldClass.COMMERCIAL in readable(viewer, exporter="", published=False):
        return Q()
    return Q(**{f"{prefix}exporter__in": viewer.organisations - {""}}) | Q(**{f"{prefix}release__isnull": False})


def _listed(row: Licence, viewer: Actor) -> Listed:
    classes = readable(viewer, exporter=row.exporter, published=row.release_id is not None)
    made = Listed(row.public_id, row.reference, row.licence_type, row.decided_on, row.valid_until, row.exporter)
    if FieldClass.COMMERCIAL not in classes:
        made.reference = made.exporter = made.destinations = made.ratings = made.values = None
    return made


_OF_LINE = ("licence_id", "pk", "shown", "destination", "review_by")
_OF_TERMS = ("all_terms__effective_on", "all_terms__value_centi", "all_terms__currency", "all_terms__rating")


def _add_lines(made: dict[int, Listed], view: _View) -> None:
    """What the lines add up to, each with the terms that hold on the day; before the first, the first."""
    rows = view.with_status(Line.objects.filter(licence__in=list(made))).annotate(known=view.knows_terms())
    rows = rows.order_by("licence_id", "number", "all_terms__effective_on", "all_terms__pk")
    places: dict[int, dict[str, None]] = defaultdict(dict)
    for row in _holding(rows.values_list(*_OF_LINE, "known", *_OF_TERMS), view.on):
        pk, _, shown, destination, review_by, *terms = row
        one, status = made[pk], Standing(shown)
        one.lines += 1
        one.statuses[status] = one.statuses.get(status, 0) + 1
        late = view.is_now and status is Standing.SUSPENDED and review_by is not None and review_by < view.on
        one.is_overdue = one.is_overdue or late
        places[pk][destination] = None
        _add_terms(one, terms)
    for pk, one in made.items():
        if one.destinations is not None:
            one.destinations = tuple(places[pk])


def _add_terms(one: Listed, terms: Sequence[Any]) -> None:
    """Rating and value of one line, where the viewer reads them and there are terms."""
    effective_on, centi, currency, rating = terms
    if effective_on is None or one.values is None or one.ratings is None:
        return
    value = money_of(centi)
    if value is None:
        one.lines_without_value += 1
    else:
        one.values[currency] = one.values.get(currency, Decimal(0)) + value
    one.ratings = tuple(dict.fromkeys((*one.ratings, *(r for r in rating.split(";") if r))))


def _holding(rows: Iterable[tuple[Any, ...]], on: date) -> list[tuple[Any, ...]]:
    """One row of each line: with the last of its known terms that count on the day, else the first, else none."""
    found: dict[int, tuple[Any, ...]] = {}
    for *line, known, effective_on, centi, currency, rating in rows:
        terms = (effective_on, centi, currency, rating) if known else (None, None, None, None)
        first = found.get(line[1])
        is_later = first is not None and first[-4] is not None
        if first is None or (terms[0] is not None and (not is_later or terms[0] <= on)):
            found[line[1]] = (*line, *terms)
    return list(found.values())
