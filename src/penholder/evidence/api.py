"""Reads of evidence over HTTP, and the sending of files. Changes are acts: POST /api/v1/acts/evidence/…"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL
from penholder.evidence import queries
from penholder.evidence.files import send
from penholder.evidence.timeline import timeline
from penholder.evidence.values import Axis, EvidencePermission, Facts, Stage

router = Router(tags=["evidence"])
_WHY = "for whoever reads official fields, by role; for everybody else there is nothing"
Known = Annotated[AwareDatetime | None, Field(description="As our books held it at that moment; absent: now.")]


class IncidentRowOut(Schema):
    """One report. `findings` holds the axes that have an answer; `reports`: how many tell of the same event."""

    id: str
    source: str
    source_called: str
    facts: Facts
    grade: str
    in_scope: bool | None
    findings: dict[Axis, str]
    stands_for_it: str
    stage: Stage
    reports: int


class IncidentPageOut(Schema):
    """Some reports; `next_cursor` leads to the next."""

    items: list[IncidentRowOut]
    next_cursor: str | None


class SourceOut(Schema):
    """A body that reports."""

    id: str
    called: str
    kind: str
    note: str
    reports: int


class FindingOut(Schema):
    """One answer; the newest first."""

    axis: Axis
    number: int
    value: str
    confidence: str
    party: str
    grounds: str
    evidence: list[str]
    reason: str
    at: datetime


class GradeOut(Schema):
    """One axis of the grade as judged once."""

    axis: str
    number: int
    value: str
    reason: str
    at: datetime


class ScopeOut(Schema):
    """In scope or out, as said once."""

    number: int
    in_scope: bool
    reason: str
    at: datetime


class ExplanationOut(Schema):
    """What the party itself says."""

    id: str
    party: str
    kind: str
    position: str
    given_on: date
    source: str
    text: str
    credibility: str
    credibility_reason: str
    at: datetime


class FactOut(Schema):
    """What can speak for the party, and what is said against that."""

    id: str
    kind: str
    source: str
    text: str
    disputed: str
    credibility: str
    credibility_reason: str
    at: datetime


class GapOut(Schema):
    """What is not known."""

    id: str
    axis: Axis
    question: str
    due: date | None
    is_overdue: bool
    closed_at: datetime | None
    is_answered: bool
    answer: str


class SuggestedOut(Schema):
    """A report that is like this one. It decides nothing."""

    id: str
    points: int
    because: list[str]
    facts: Facts
    source_called: str


class IncidentOut(Schema):
    """One report with all that was recorded about it."""

    id: str
    version: int
    known: datetime | None
    row: IncidentRowOut
    source: SourceOut
    imported: str
    recorded_at: datetime
    origin: str
    origin_reason: str
    join_reason: str
    joined: list[IncidentRowOut]
    origins: list[SourceOut]
    findings: dict[Axis, list[FindingOut]]
    grades: dict[str, list[GradeOut]]
    scopes: list[ScopeOut]
    explanations: list[ExplanationOut]
    facts: list[FactOut]
    gaps: list[GapOut]
    suggestions: list[SuggestedOut]


class MonthOut(Schema):
    """The events in scope of one month, by legal evaluation; month empty: not known to the month."""

    month: str
    values: dict[str, int]


class CountsOut(Schema):
    """Events, not reports. Each axis sums to `in_scope`; `data_sha256` is over what was counted."""

    party: str
    start: date | None
    end: date | None
    known: datetime | None
    received: int
    reports: int
    in_scope: int
    out_of_scope: int
    scope_not_set: int
    attributed: int
    possible: int
    unlikely: int
    insufficient: int
    not_looked_at: int
    by_axis: dict[Axis, dict[str, int]]
    by_month: list[MonthOut]
    crosses_border: int
    ids: list[str]
    data_sha256: str


class ImportOut(Schema):
    """What became of every row of one file; `refused`: line, column, reason, of at most 200."""

    id: str
    source: str
    source_called: str
    layout: str
    received_on: date
    recorded_at: datetime
    read: int
    loaded: int
    quarantined: int
    reasons: dict[str, int]
    data_sha256: str
    refused: list[tuple[int, str, str]]


class HappeningOut(Schema):
    """One entry of the ledger about an incident."""

    place: int | None
    event: str
    act: str
    role: str
    run: str
    recorded_at: datetime
    claimed_at: str | None
    late: bool
    fields: dict[str, Any]


class SentOut(Schema):
    """The handle by which `evidence.import_incidents` finds the file."""

    file: str


class IncidentFilter(Schema):
    """Which reports, and which part of the list."""

    scope: Annotated[str, Field(pattern="^(in|out|not_set)?$")] = ""
    occurrence: Annotated[str, Field(max_length=40)] = ""
    attribution: Annotated[str, Field(max_length=40)] = ""
    legal: Annotated[str, Field(max_length=40)] = ""
    seriousness: Annotated[str, Field(max_length=40)] = ""
    attributed: bool = False
    party: Annotated[str, Field(max_length=200)] = ""
    place: Annotated[str, Field(max_length=200)] = ""
    object_class: Annotated[str, Field(max_length=40)] = ""
    means: Annotated[str, Field(max_length=40)] = ""
    source: Annotated[str, Field(max_length=40)] = ""
    imported: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[str, Field(max_length=200)] = ""
    start: date | None = None
    end: date | None = None
    events: bool = False
    known: Known = None
    cursor: str | None = None
    limit: int = USUAL


class Asked(Schema):
    """Which events: of a party, within a period (both days inclusive), as known when."""

    party: Annotated[str, Field(max_length=200)] = ""
    start: date | None = None
    end: date | None = None
    known: Known = None


class AsKnown(Schema):
    """As known when."""

    known: Known = None


@router.get("/evidence/incidents", response=IncidentPageOut, summary="Reports of incidents, newest first.")
@requires(SIGNED_IN, why=_WHY)
def list_incidents(request: HttpRequest, wanted: Query[IncidentFilter]) -> object:
    """A finding is looked for by its value, or `not_looked_at`."""
    given = wanted.dict()
    page = {name: given.pop(name) for name in ("known", "cursor", "limit")}
    found = {axis: value for axis in Axis if (value := given.pop(axis.value))}
    asked = queries.Wanted(**given, findings=found or None)
    return queries.incidents(viewer=actor_of_request(request), wanted=asked, **page)


@router.get("/evidence/incidents/{id}", response=IncidentOut, summary="One report, as known at a moment.")
@requires(SIGNED_IN, why=_WHY)
def one_incident(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Its facts, grade, findings with their versions, the other side, gaps, and other reports of the event."""
    return queries.incident(viewer=actor_of_request(request), id=id, known=asked.known)


@router.get(
    "/evidence/incidents/{id}/timeline", response=list[HappeningOut], summary="What happened to an incident."
)
@requires(SIGNED_IN, why=_WHY)
def timeline_of(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Every entry of the ledger about it, oldest first."""
    return timeline(viewer=actor_of_request(request), incident=id, known=asked.known)


@router.get("/evidence/counts", response=CountsOut, summary="How many alleged incidents, and what was found.")
@requires(SIGNED_IN, why=_WHY)
def count_incidents(request: HttpRequest, asked: Query[Asked]) -> object:
    """Received, in scope, attributed, possible, unlikely, insufficient; and by month."""
    return queries.counts(viewer=actor_of_request(request), **asked.dict())


@router.get("/evidence/sources", response=list[SourceOut], summary="Bodies that report incidents.")
@requires(SIGNED_IN, why=_WHY)
def list_sources(request: HttpRequest) -> object:
    """By name."""
    return queries.sources(viewer=actor_of_request(request))


@router.get("/evidence/imports/{id}", response=ImportOut, summary="One file that was taken in.")
@requires(SIGNED_IN, why=_WHY)
def one_import(request: HttpRequest, id: str) -> object:  # noqa: A002 - path parameter
    """Read = loaded + quarantined, with the reasons."""
    return queries.imported(viewer=actor_of_request(request), id=id)


_BODY = {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}


@router.post(
    "/evidence/files",
    response=SentOut,
    summary="Send a file of incidents.",
    openapi_extra={"requestBody": _BODY},
)
@requires(EvidencePermission.IMPORT, why="whoever may take in a file sends it first; nothing is recorded by that")
def send_file(request: HttpRequest) -> object:
    """The body is the file, CSV in UTF-8. It is checked and encrypted; only an act that takes it in keeps it."""
    return {"file": str(send(request, name="incidents.csv"))}
