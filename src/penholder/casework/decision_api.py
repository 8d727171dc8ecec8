"""Reads of decisions, notices and appeals over HTTP. Changes are acts: POST /api/v1/acts/casework/…"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.assessment.values import Finding
from penholder.casework import decided
from penholder.casework.before_decision import for_decision
from penholder.casework.decision_answers import (
    AdviceSide,
    Decisions,
    DecisionView,
    Information,
    LimbView,
    NoticeRow,
    Option,
    Refusals,
    SimilarPair,
    Told,
    Voice,
)
from penholder.casework.decision_parts import CitedVersion, Consolidated
from penholder.casework.figures import refusals_by_limb, told_holders
from penholder.casework.gates import Gate
from penholder.casework.notices.content import Notice
from penholder.casework.notices.pdf import MEDIA_TYPE
from penholder.casework.pairs import similar_pairs
from penholder.casework.policy.readiness import Open
from penholder.casework.values import Outcome
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.downloads import file_response
from penholder.entry.paging import USUAL
from penholder.restrictions.values import Block, Hold

router = Router(tags=["casework"])
_INSIDE = "what decisions rest on is for officials who read official fields; for others nothing is there"
_NOTICE = "notices are for officials and for whom they tell; for others nothing is there"


class LimbOut(Schema):
    """One limb before whoever decides: every voice, and what was taken over. caution: its text is not verified."""

    rule: str
    title: str
    consequence: str
    caution: str
    voices: list[Voice]
    differs: bool
    gaps: list[str]
    taken: Consolidated | None
    finding: Finding | None


class ForDecisionOut(Schema):
    """All that lies before whoever proposes or decides. unanswered: limbs under which nothing was found."""

    case: str
    on: date
    rule_set: str
    open: list[Open]
    limbs: list[LimbOut]
    unanswered: list[str]
    advice: list[AdviceSide]
    waived: list[tuple[str, str]]
    cited: list[CitedVersion]
    gates: list[Gate]
    blocks: list[list[Block]]
    holds: list[Hold]
    exempted: list[tuple[str, list[str]]]
    dissents: int
    options: list[Option]
    lines: int
    values: list[tuple[str, str]]


class DecisionPageOut(Schema):
    """Some decisions; `next_cursor` leads to the next."""

    items: list[DecisionView]
    next_cursor: str | None


class NoticeOut(Schema):
    """A notice, whole. digest: commitment to the PDF that stands in the ledger."""

    row: NoticeRow
    notice: Notice
    digest: str


class OnAndKnown(Schema):
    """By the rules of a day (absent: today), as known at a moment (absent: now)."""

    on: date | None = None
    known: AwareDatetime | None = None


class AsKnown(Schema):
    """As known at a moment (absent: now)."""

    known: AwareDatetime | None = None


class DecisionFilter(Schema):
    """Which decisions. against_lead: against the lead adviser. since, until: days, the second exclusive."""

    outcome: Outcome | None = None
    against_lead: bool | None = None
    open_question: bool | None = None
    since: date | None = None
    until: date | None = None
    known: AwareDatetime | None = None
    cursor: str | None = None
    limit: int = USUAL


class RefusalFilter(Schema):
    """Which refusals. criterion: its number; empty: all. since, until: days of decision, the second exclusive."""

    criterion: Annotated[str, Field(max_length=20)] = ""
    since: date | None = None
    until: date | None = None
    known: AwareDatetime | None = None


class OfSubject(Schema):
    """Public id of a case or a licence."""

    subject: Annotated[str, Field(min_length=1, max_length=40)]


def _limb(limb: LimbView) -> Mapping[str, Any]:
    rule = limb.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "consequence": rule.consequence,
        "caution": rule.text_status.caution,
        "voices": limb.voices,
        "differs": limb.differs,
        "gaps": limb.gaps,
        "taken": limb.taken,
        "finding": limb.finding,
    }


@router.get("/cases/{id}/before-decision", response=ForDecisionOut, summary="What bears on the outcome of a case.")
@requires(SIGNED_IN, why=_INSIDE)
def before_decision(request: HttpRequest, id: str, asked: Query[OnAndKnown]) -> object:  # noqa: A002 - path parameter
    """Advice side by side, gaps, ages, moratoria, exemptions, options; never which outcome it should be."""
    found = for_decision(viewer=actor_of_request(request), case=id, on=asked.on, known=asked.known)
    shown = {name: getattr(found, name) for name in ForDecisionOut.model_fields if name != "unanswered"}
    return shown | {"limbs": [_limb(x) for x in found.limbs], "unanswered": [x.rule.id for x in found.unanswered]}


@router.get("/cases/{id}/decisions", response=Decisions, summary="What was proposed, decided, told and appealed.")
@requires(SIGNED_IN, why="exporters see outcomes, notices and their own appeals; officials see what they rest on")
def decisions_of_case(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Of one case, oldest first."""
    return decided.decisions_of(viewer=actor_of_request(request), case=id, known=asked.known)


@router.get("/decisions", response=DecisionPageOut, summary="Decisions with their reasons, newest first.")
@requires(SIGNED_IN, why="decisions with their reasons are for officials; others get an empty answer")
def list_decisions(request: HttpRequest, wanted: Query[DecisionFilter]) -> object:
    """Against the advice of a lead adviser, or while a question was open: by the filter."""
    return decided.decisions(viewer=actor_of_request(request), **wanted.dict())


@router.get("/decisions/{id}", response=DecisionView, summary="One decision.")
@requires(SIGNED_IN, why=_INSIDE)
def one_decision(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """What it rests on, and why."""
    return decided.decision(viewer=actor_of_request(request), id=id, known=asked.known)


@router.get(
    "/decisions/{id}/information", response=Information, summary="How old the information of a decision was."
)
@requires(SIGNED_IN, why=_INSIDE)
def information_of(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Cut-offs, staleness in days, later evidence not considered, and who chose not to wait."""
    return decided.information(viewer=actor_of_request(request), decision=id, known=asked.known)


@router.get("/refusals-by-limb", response=Refusals, summary="On which limbs refusals rest.")
@requires(SIGNED_IN, why="refusals are counted for officials; others get an empty answer")
def refusals(request: HttpRequest, wanted: Query[RefusalFilter]) -> object:
    """Published data that were imported name a criterion and no limb: they are counted as unknown."""
    return refusals_by_limb(viewer=actor_of_request(request), **wanted.dict())


@router.get("/told-holders", response=list[Told], summary="When holders were told of suspensions and revocations.")
@requires(SIGNED_IN, why="for officials; others get an empty answer")
def told(request: HttpRequest, asked: Query[AsKnown]) -> object:
    """From the act to the notice, oldest first."""
    return told_holders(viewer=actor_of_request(request), known=asked.known)


@router.get("/similar-decisions", response=list[SimilarPair], summary="Similar cases with different outcomes.")
@requires(SIGNED_IN, why="for officials; others get an empty answer")
def similar(request: HttpRequest, asked: Query[AsKnown]) -> object:
    """Same ratings, class of end user and month of decision, with the reasons on file."""
    return similar_pairs(viewer=actor_of_request(request), known=asked.known)


@router.get("/notices", response=list[NoticeRow], summary="The notices on a case or a licence.")
@requires(SIGNED_IN, why=_NOTICE)
def list_notices(request: HttpRequest, wanted: Query[OfSubject]) -> object:
    """Oldest first."""
    return decided.notices(viewer=actor_of_request(request), subject=wanted.subject)


@router.get("/notices/{id}", response=NoticeOut, summary="One notice.")
@requires(SIGNED_IN, why=_NOTICE)
def one_notice(request: HttpRequest, id: str) -> object:  # noqa: A002 - path parameter
    """What it says, as it was issued."""
    return decided.notice(viewer=actor_of_request(request), id=id)


@router.get(
    "/notices/{id}/pdf",
    summary="The PDF of a notice.",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file.",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
@requires(SIGNED_IN, why=_NOTICE)
def notice_pdf(request: HttpRequest, id: str) -> FileResponse:  # noqa: A002 - path parameter
    """Tagged (PDF/UA-1), as it lies in the vault."""
    found, stream = decided.open_notice(viewer=actor_of_request(request), id=id)
    return file_response(stream, MEDIA_TYPE, name=found.row.id)
