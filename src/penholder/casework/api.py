"""Reads of casework over HTTP, and the sending of files. Changes are acts: POST /api/v1/acts/casework/…"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.casework import queries
from penholder.casework.answers import CaseRow, CaseView, DifferenceView, LimbsView, PartyListView
from penholder.casework.decision_api import router as decision_router
from penholder.casework.files import send_list, send_undertaking
from penholder.casework.timeline import timeline
from penholder.casework.values import CaseStatus, CaseworkPermission
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL
from penholder.entry.timeline import Happening

router = Router(tags=["casework"])
router.add_router("", decision_router)
_WHY = "exporters see their own cases without what the authority thinks of them; officials see what was submitted"


class CasePageOut(Schema):
    """Some cases; `next_cursor` leads to the next."""

    items: list[CaseRow]
    next_cursor: str | None


class SentOut(Schema):
    """A file that was sent. `file`: its handle, to be named in the act that keeps it."""

    file: str


class CaseFilter(Schema):
    """Which cases, and which part of the list. destination: a place that goods reach, directly or onward."""

    status: CaseStatus | None = None
    destination: Annotated[str, Field(max_length=400)] = ""
    exporter: Annotated[str, Field(max_length=40)] = ""
    open_only: bool = False
    cursor: str | None = None
    limit: int = USUAL


class AsKnown(Schema):
    """As known at a moment (absent: now)."""

    known: AwareDatetime | None = None


class OnAndKnown(Schema):
    """By the rules of a day (absent: today), as known at a moment (absent: now)."""

    on: date | None = None
    known: AwareDatetime | None = None


class Two(Schema):
    """Two versions of an application. Absent: the newest, and the one before it."""

    before: int | None = None
    after: int | None = None


@router.get("/cases", response=CasePageOut, summary="Cases that you may know of, newest first.")
@requires(SIGNED_IN, why=_WHY)
def list_cases(request: HttpRequest, wanted: Query[CaseFilter]) -> object:
    """With their clock, what is missing, and whom they wait for."""
    return queries.cases(viewer=actor_of_request(request), **wanted.dict())


@router.get("/cases/{id}", response=CaseView, summary="One case, as known at a moment.")
@requires(SIGNED_IN, why=_WHY)
def one_case(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """The application, questions, clock and holds; `inside` for officials alone."""
    return queries.case(viewer=actor_of_request(request), id=id, known=asked.known)


@router.get("/cases/{id}/limbs", response=LimbsView, summary="Every limb in force: who addressed it, on what.")
@requires(SIGNED_IN, why="what departments found is for officials; others get 404")
def limbs_of_case(request: HttpRequest, id: str, asked: Query[OnAndKnown]) -> object:  # noqa: A002 - path parameter
    """For each limb of the rule set in force: findings by department, evidence, gaps. Without any: unaddressed."""
    return queries.limbs(viewer=actor_of_request(request), case=id, on=asked.on, known=asked.known)


@router.get("/cases/{id}/difference", response=DifferenceView, summary="What changed between two versions.")
@requires(SIGNED_IN, why=_WHY)
def difference_of(request: HttpRequest, id: str, two: Query[Two]) -> object:  # noqa: A002 - path parameter
    """Answer by answer."""
    return queries.application_difference(
        viewer=actor_of_request(request), case=id, before=two.before, after=two.after
    )


@router.get("/cases/{id}/timeline", response=list[Happening], summary="What happened to a case.")
@requires(SIGNED_IN, why=_WHY)
def timeline_of(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Every entry of the ledger about it that you may know of, oldest first."""
    return timeline(viewer=actor_of_request(request), case=id, known=asked.known)


@router.get("/party-lists", response=list[PartyListView], summary="Lists of parties that were loaded.")
@requires(SIGNED_IN, why="lists are for officials; others get an empty answer")
def lists(request: HttpRequest) -> object:
    """Newest first, with their counts: read = loaded + all reasons."""
    return queries.party_lists(viewer=actor_of_request(request))


_PAPER = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
_TABLE = {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}


@router.post(
    "/casework/undertakings",
    response=SentOut,
    summary="Send the file of an undertaking.",
    openapi_extra={"requestBody": _PAPER},
)
@requires(CaseworkPermission.DRAFT, why="whoever applies sends files first; nothing is recorded by that")
def send_paper(request: HttpRequest) -> object:
    """The body is the file: PDF, PNG, JPEG, a document or text. Only `set_parties` keeps it."""
    return {"file": str(send_undertaking(request, name=None))}


@router.post(
    "/casework/party-lists",
    response=SentOut,
    summary="Send a list of parties.",
    openapi_extra={"requestBody": _TABLE},
)
@requires(CaseworkPermission.LOAD_LIST, why="whoever loads lists sends files first; nothing is recorded by that")
def send_table(request: HttpRequest) -> object:
    """The body is the file, CSV in UTF-8. Only `load_list` keeps it."""
    return {"file": str(send_list(request, name="list.csv"))}
