"""Reports with what holds of them at a moment: scope, findings, grade, and to which report they are joined."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from penholder.evidence.answers import IncidentRow
from penholder.evidence.counting import Report
from penholder.evidence.known import Held, held_at
from penholder.evidence.models import Actor, Finding, Gap, GapClosing, Grade, Incident, Joining, Scope
from penholder.evidence.policy import stage_of, stands_for
from penholder.evidence.rows import facts_of
from penholder.evidence.tables import scales
from penholder.evidence.values import NOT_LOOKED_AT, Axis, GradeAxis


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Empty: anything.

    scope: in, out, not_set. findings: axis -> value, or `not_looked_at`. events: only reports that stand for an
    event. start, end: of the first day on which it can have happened, inclusive.
    """

    scope: str = ""
    findings: Mapping[Axis, str] | None = None
    attributed: bool = False
    party: str = ""
    place: str = ""
    object_class: str = ""
    means: str = ""
    source: str = ""
    imported: str = ""
    text: str = ""
    start: date | None = None
    end: date | None = None
    events: bool = False


def then(rows: Any, held: Held) -> Any:
    """Of version rows those that were known."""
    return rows if held is None else rows.filter(change__in=held)


def annotated(held: Held) -> QuerySet[Any]:
    """Every report that was known, with `leader`, `scoped`, and `found_<axis>`."""
    found: Any = then(Incident.objects.all(), held)
    newest = {
        "leader": _newest(Joining, held).values("same_as__public_id"),
        "scoped": _newest(Scope, held).values("in_scope"),
        **{f"found_{a.value}": _newest(Finding, held, axis=a.value).values("value") for a in Axis},
        **{f"grade_{a.value}": _newest(Grade, held, axis=a.value).values("value") for a in GradeAxis},
    }
    annotations: QuerySet[Any] = found.annotate(**{name: Subquery(rows[:1]) for name, rows in newest.items()})
    return annotations


def _newest(model: Any, held: Held, **more: str) -> Any:
    return then(model.objects.filter(incident=OuterRef("pk"), **more), held).order_by("-number")


def chosen(wanted: Wanted, known: datetime | None) -> QuerySet[Any]:
    """The reports that have what is wanted, as known at a moment."""
    held = held_at(known)
    found = annotated(held).filter(_of_report(wanted))
    if wanted.scope:
        found = (
            found.filter(scoped__isnull=True)
            if wanted.scope == "not_set"
            else found.filter(scoped=wanted.scope == "in")
        )
    for axis, value in (wanted.findings or {}).items():
        name = f"found_{axis.value}"
        found = found.filter(**{f"{name}__isnull": True} if value == NOT_LOOKED_AT else {name: value})
    if wanted.attributed:
        found = found.filter(found_attribution__in=scales()[Axis.ATTRIBUTION].attributed)
    if wanted.party:
        found = found.filter(_of_party(wanted.party, held))
    if wanted.events:
        found = found.filter(leader__isnull=True)
    return found


def _of_report(wanted: Wanted) -> Q:
    given: dict[str, Any] = {
        "place__iexact": wanted.place,
        "object_class": wanted.object_class,
        "means__means": wanted.means,
        "source__public_id": wanted.source,
        "imported__public_id": wanted.imported,
        "starts_on__gte": wanted.start,
        "starts_on__lte": wanted.end,
    }
    said = Q(**{name: value for name, value in given.items() if value})
    if wanted.text:
        texts = ("key", "place_name", "admin1", "admin2", "munition", "object_words")
        any_text = Q(public_id=wanted.text)
        for name in texts:
            any_text |= Q(**{f"{name}__icontains": wanted.text})
        said &= any_text
    return said


def _of_party(party: str, held: Held) -> Q:
    """Named by the report, by its attribution, or by another report of the event."""
    named = Q(Exists(Actor.objects.filter(incident=OuterRef("pk"), name__iexact=party)))
    newest = _newest(Finding, held, axis=Axis.ATTRIBUTION.value)
    to = Finding.objects.filter(
        pk=Subquery(newest.values("pk")[:1]), party__iexact=party, value__in=scales()[Axis.ATTRIBUTION].attributed
    )
    by_others = then(Joining.objects.filter(same_as=OuterRef("pk")), held)
    named_there = by_others.filter(incident__actors__name__iexact=party)
    return named | Q(Exists(to)) | Q(Exists(named_there))


def reports(known: datetime | None) -> list[Report]:
    """Every report that was known, as counting needs it. Four statements, however many."""
    held = held_at(known)
    parties: dict[int, set[str]] = defaultdict(set)
    for incident, name in Actor.objects.values_list("incident_id", "name").iterator(chunk_size=10_000):
        parties[incident].add(name)
    to = then(Finding.objects.filter(axis=Axis.ATTRIBUTION.value), held).order_by("incident_id", "number")
    newest = {i: (p, v) for i, p, v in to.values_list("incident_id", "party", "value")}
    for incident, (party, value) in newest.items():
        if party and value in scales()[Axis.ATTRIBUTION].attributed:
            parties[incident].add(party)
    columns = ("pk", "public_id", "starts_on", "ends_on", "leader", "scoped", *(f"found_{a.value}" for a in Axis))
    return [
        Report(i, first, last, leader or "", scoped, {a: v for a, v in zip(Axis, values, strict=True) if v},
               frozenset(parties[pk]))
        for pk, i, first, last, leader, scoped, *values in annotated(held).order_by("pk").values_list(*columns)
    ]  # fmt: skip


def rows_of(found: Iterable[Any], known: datetime | None) -> list[IncidentRow]:
    """Annotated reports as rows of a list. Seven statements for a page."""
    page, held = list(found), held_at(known)
    facts, gaps = facts_of(page), _open_gaps([r.pk for r in page], held)
    leaders = leaders_at(held)
    size = Counter(stands_for(leaders, i) for i in _family(leaders))
    return [_row(r, facts, gaps, leaders, size) for r in page]


def _row(
    row: Any, facts: Mapping[int, Any], gaps: Collection[int], leaders: Mapping[str, str], size: Counter[str]
) -> IncidentRow:
    lead = stands_for(leaders, row.public_id)
    findings = {a: v for a in Axis if (v := getattr(row, f"found_{a.value}"))}
    return IncidentRow(
        id=row.public_id,
        source=row.source.public_id,
        source_called=row.source.name,
        facts=facts[row.pk],
        grade=f"{row.grade_reliability}{row.grade_credibility}",
        in_scope=row.scoped,
        findings=findings,
        stands_for_it=lead,
        stage=stage_of(
            is_joined=lead != row.public_id,
            in_scope=row.scoped,
            answered=len(findings),
            open_gaps=int(row.pk in gaps),
        ),
        reports=size[lead] or 1,
    )


def _family(leaders: Mapping[str, str]) -> set[str]:
    return {*leaders, *leaders.values()}


def leaders_at(held: Held) -> dict[str, str]:
    """Every report that was joined then -> the one to which it was joined. One statement."""
    rows = then(Joining.objects.all(), held).order_by("incident_id", "number")
    newest: dict[str, str | None] = dict(rows.values_list("incident__public_id", "same_as__public_id"))
    return {i: to for i, to in newest.items() if to}


def _open_gaps(ids: Collection[int], held: Held) -> frozenset[int]:
    closed = then(GapClosing.objects.filter(gap=OuterRef("pk")), held)
    rows = then(Gap.objects.filter(incident__in=ids), held).filter(~Exists(closed))
    return frozenset(rows.values_list("incident_id", flat=True))
