"""Reads of the assessments over HTTP. Changes are acts: POST /api/v1/acts/assessment/…

What was instructed orally is read by the act `assessment.read_instruction` alone; its list is below.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.assessment import queries
from penholder.assessment.reserved import instructions
from penholder.assessment.values import (
    Area,
    Aspect,
    AssessmentPermission,
    Concern,
    Conflict,
    Finding,
    Kind,
    Move,
    RiskView,
    Status,
    UseView,
)
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL

router = Router(tags=["assessment"])
_WHY = "assessments are for officials who read official fields; for others nothing is there"


class AgeOut(Schema):
    """How old the information is on a day, in days, against the limit of the authority."""

    cutoff: date
    on: date
    days: int
    limit: int
    is_over: bool


class CellOut(Schema):
    """One aspect of one area."""

    area: Area
    aspect: Aspect
    finding: Concern
    grounds: str
    evidence: list[str]
    gaps: list[str]


class RiskOut(Schema):
    """The finding for one use class under one limb."""

    use_class: str
    limb: str
    finding: Finding
    risk: RiskView
    use: UseView
    grounds: str
    evidence: list[str]
    gaps: list[str]
    despite_gaps: str


class ContentOut(Schema):
    """All that one version says."""

    kind: Kind
    cutoff: date
    conflict: Conflict
    cells: list[CellOut]
    attitude: Concern
    attitude_grounds: str
    risks: list[RiskOut]
    gaps: list[str]
    contributors: list[str]
    next_due: date | None


class StepOut(Schema):
    """A version took a status."""

    status: Status
    move: Move
    on: date
    at: datetime
    run: str


class RequestOut(Schema):
    """Who wanted what changed, and why."""

    id: str
    version: str
    number: int
    requested_by: str
    what: str
    why: str
    drops: list[str]
    at: datetime
    answered_by: str


class VersionOut(Schema):
    """One version, whole. `age`: today."""

    id: str
    assessment: str
    number: int
    destination: str
    party: str
    conflict: str
    status: Status
    content: ContentOut
    risk: dict[str, Finding]
    dropped: list[str]
    answers: str
    saved_at: datetime
    steps: list[StepOut]
    requests: list[RequestOut]
    dissents: list[str]
    gist: str | None
    age: AgeOut


class VersionRowOut(Schema):
    """One version in the list of an assessment. evidence, gaps, requests: counts."""

    id: str
    number: int
    status: Status
    cutoff: date
    saved_at: datetime
    evidence: int
    gaps: int
    dropped: list[str]
    requests: int
    answers: str


class AssessmentOut(Schema):
    """One assessment with its versions, oldest first. `version`: to name as `expected_version` in the next act."""

    id: str
    version: int
    destination: str
    party: str
    conflict: str
    versions: list[VersionRowOut]
    newest: VersionOut | None
    accepted: VersionOut | None
    requests: list[RequestOut]
    loops: int
    may: list[Move]
    known: datetime | None


class AssessmentRowOut(Schema):
    """One assessment in the list."""

    id: str
    destination: str
    party: str
    conflict: str
    newest: int
    status: Status | None
    accepted: str
    accepted_number: int
    age: AgeOut | None
    loops: int


class AssessmentPageOut(Schema):
    """Some assessments; `next_cursor` leads to the next."""

    items: list[AssessmentRowOut]
    next_cursor: str | None


class ChangedOut(Schema):
    """A judgement, or a part of the frame, that is not what it was."""

    part: str
    what: str
    before: str
    after: str


class MovedOut(Schema):
    """A link that is dropped or added. `is_gone`: of a dropped one: cited nowhere; of an added one: not before."""

    part: str
    evidence: str
    is_gone: bool


class GapsOut(Schema):
    """What is no longer, and newly, said not to be known."""

    part: str
    closed: list[str]
    opened: list[str]


class PieceOut(Schema):
    """Words with one fate: same, removed, added."""

    piece: str
    text: str


class WordingOut(Schema):
    """A text whose words changed."""

    part: str
    field: str
    words: list[PieceOut]


class WhatChangedOut(Schema):
    """Findings and links first, wording apart."""

    findings: list[ChangedOut]
    dropped: list[MovedOut]
    added: list[MovedOut]
    gone: list[str]
    gaps: list[GapsOut]
    frame: list[ChangedOut]
    wording: list[WordingOut]


class DiffOut(Schema):
    """What changed between two versions, and who asked. `is_kept`: first full draft to what the decider saw."""

    assessment: str
    before: VersionRowOut
    after: VersionRowOut
    diff: WhatChangedOut
    requests: list[RequestOut]
    is_kept: bool


class KeptOut(Schema):
    """The versions of the diff that is kept; null before one was put before the decider."""

    first_full_draft: str | None
    shown_to_decider: str | None


class InstructionOut(Schema):
    """That something was recorded. What: by the act `assessment.read_instruction`."""

    id: str
    recorded_at: datetime
    is_read: bool


class Wanted(Schema):
    """Which assessments, and which part of the list."""

    destination: Annotated[str, Field(max_length=200)] = ""
    cursor: str | None = None
    limit: int = USUAL


class AsKnown(Schema):
    """As known when."""

    known: Annotated[AwareDatetime | None, Field(description="As our books held it then; absent: now.")] = None


@router.get("/assessments", response=AssessmentPageOut, summary="Assessments, by destination.")
@requires(SIGNED_IN, why=_WHY)
def list_assessments(request: HttpRequest, wanted: Query[Wanted]) -> object:
    """With what may be cited today, and how old it is."""
    return queries.assessments(viewer=actor_of_request(request), **wanted.dict())


@router.get("/assessments/{id}", response=AssessmentOut, summary="One assessment with its versions.")
@requires(SIGNED_IN, why=_WHY)
def one_assessment(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """As known at a moment: what came later is left out."""
    return queries.assessment(viewer=actor_of_request(request), id=id, known=asked.known)


@router.get("/assessments/{id}/kept-diff", response=KeptOut, summary="From which draft to what the decider saw.")
@requires(SIGNED_IN, why=_WHY)
def kept(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """The two versions; `/assessment-diffs/{before}/{after}` says what changed."""
    found = queries.kept_diff(viewer=actor_of_request(request), assessment=id, known=asked.known) or (None, None)
    return {"first_full_draft": found[0], "shown_to_decider": found[1]}


@router.get("/assessment-versions/{id}", response=VersionOut, summary="One version, whole.")
@requires(SIGNED_IN, why=_WHY)
def one_version(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Findings, grounds, evidence, gaps, its way, and who asked for a change."""
    return queries.version(viewer=actor_of_request(request), id=id, known=asked.known)


@router.get("/assessment-diffs/{before}/{after}", response=DiffOut, summary="What changed between two versions.")
@requires(SIGNED_IN, why=_WHY)
def diff(request: HttpRequest, before: str, after: str) -> object:
    """Changed findings, dropped and added links, gaps; wording apart; who asked."""
    return queries.diff(viewer=actor_of_request(request), before=before, after=after)


@router.get("/instructions", response=list[InstructionOut], summary="Instructions that were recorded.")
@requires(
    AssessmentPermission.READ_INSTRUCTION, why="what drafters recorded is for the independent reviewer alone"
)
def list_instructions(request: HttpRequest) -> object:
    """That they were recorded, and when: for the independent reviewer."""
    return instructions(viewer=actor_of_request(request))
