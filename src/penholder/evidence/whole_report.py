"""One report with all that was recorded about it, as known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from penholder.actions.moment import today
from penholder.evidence.answers import (
    ExplanationView,
    FactView,
    FindingView,
    GapView,
    GradeView,
    IncidentView,
    ScopeView,
    SourceView,
    Suggested,
)
from penholder.evidence.known import Held
from penholder.evidence.models import (
    ExculpatoryFact,
    Explanation,
    Finding,
    Gap,
    GapClosing,
    Grade,
    Joining,
    Origin,
    Scope,
    Source,
)
from penholder.evidence.policy import Told, independent_origins, stands_for
from penholder.evidence.values import Axis, GradeAxis
from penholder.evidence.view import annotated, leaders_at, rows_of, then


def view_of(row: Any, held: Held, known: datetime | None, suggested: tuple[Suggested, ...]) -> IncidentView:
    """The page of one annotated report. Some twenty statements, however long its history."""
    leaders = leaders_at(held)
    lead = stands_for(leaders, row.public_id)
    event = [i for i in {*leaders, *leaders.values()} if stands_for(leaders, i) == lead and i != row.public_id]
    others = (
        annotated(held).select_related("source").filter(public_id__in=event).order_by("received_on", "public_id")
    )
    origin = then(Origin.objects.filter(incident=row), held).select_related("origin").order_by("-number").first()
    joining = then(Joining.objects.filter(incident=row), held).order_by("-number").first()
    return IncidentView(
        id=row.public_id,
        version=row.version,
        known=known,
        row=rows_of([row], known)[0],
        source=_source(row.source),
        imported=row.imported.public_id if row.imported else "",
        recorded_at=row.change.recorded_at,
        origin=origin.origin.public_id if origin and origin.origin else "",
        origin_reason=origin.reason if origin else "",
        join_reason=joining.reason if joining and joining.same_as_id else "",
        joined=tuple(rows_of(others, known)),
        origins=_origins([row, *others], held),
        findings=_findings(row, held),
        grades=_grades(row, held),
        scopes=tuple(
            ScopeView(s.number, s.in_scope, s.reason, s.change.recorded_at)
            for s in _newest_first(Scope, row, held)
        ),
        explanations=_explanations(row, held),
        facts=_facts(row, held),
        gaps=_gaps(row, held),
        suggestions=suggested,
    )


def _source(row: Source) -> SourceView:
    return SourceView(row.public_id, row.name, row.kind, row.note)


def _newest_first(model: Any, row: Any, held: Held, **more: str) -> Any:
    return then(model.objects.filter(incident=row, **more), held).select_related("change").order_by("-number")


def _origins(reports: list[Any], held: Held) -> tuple[SourceView, ...]:
    """The sources on whose own account the event rests."""
    rows = then(Origin.objects.filter(incident__in=[r.pk for r in reports]), held).order_by(
        "incident_id", "number"
    )
    stated = dict(rows.values_list("incident_id", "origin__public_id"))
    told = [Told(r.source.public_id, stated.get(r.pk) or "") for r in reports]
    found = Source.objects.filter(public_id__in=independent_origins(told)).order_by("name")
    return tuple(map(_source, found))


def _findings(row: Any, held: Held) -> Mapping[Axis, tuple[FindingView, ...]]:
    found: dict[Axis, list[FindingView]] = {a: [] for a in Axis}
    for f in _newest_first(Finding, row, held):
        axis = Axis(f.axis)
        made = FindingView(
            axis, f.number, f.value, f.confidence, f.party, f.grounds, tuple(f.evidence), f.reason,
            f.change.recorded_at,
        )  # fmt: skip
        found[axis].append(made)
    return {a: tuple(of) for a, of in found.items()}


def _grades(row: Any, held: Held) -> Mapping[str, tuple[GradeView, ...]]:
    return {
        axis.value: tuple(
            GradeView(axis.value, g.number, g.value, g.reason, g.change.recorded_at)
            for g in _newest_first(Grade, row, held, axis=axis.value)
        )
        for axis in GradeAxis
    }


def _explanations(row: Any, held: Held) -> tuple[ExplanationView, ...]:
    rows: Any = (
        then(Explanation.objects.filter(incident=row), held).select_related("change").order_by("given_on", "pk")
    )
    return tuple(
        ExplanationView(
            e.public_id, e.party, e.kind, e.position, e.given_on, e.of or "", e.text, e.credibility,
            e.credibility_reason, e.change.recorded_at,
        )
        for e in rows.annotate(of=F("source__public_id"))
    )  # fmt: skip


def _facts(row: Any, held: Held) -> tuple[FactView, ...]:
    rows: Any = then(ExculpatoryFact.objects.filter(incident=row), held).select_related("change").order_by("pk")
    return tuple(
        FactView(
            f.public_id, f.kind, f.of or "", f.text, f.disputed, f.credibility, f.credibility_reason,
            f.change.recorded_at,
        )
        for f in rows.annotate(of=F("source__public_id"))
    )  # fmt: skip


def _gaps(row: Any, held: Held) -> tuple[GapView, ...]:
    rows = list(then(Gap.objects.filter(incident=row), held).order_by("pk"))
    closings = then(GapClosing.objects.filter(gap__in=[g.pk for g in rows]), held).select_related("change")
    closed = {c.gap_id: c for c in closings}
    return tuple(_gap(g, closed.get(g.pk)) for g in rows)


def _gap(gap: Gap, closing: GapClosing | None) -> GapView:
    return GapView(
        id=gap.public_id,
        axis=Axis(gap.axis),
        question=gap.question,
        due=gap.due,
        is_overdue=closing is None and gap.due is not None and gap.due < today(),
        closed_at=closing.change.recorded_at if closing else None,
        is_answered=bool(closing and closing.is_answered),
        answer=closing.answer if closing else "",
    )
