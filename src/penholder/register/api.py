"""Reads of the register over HTTP. Changes are acts: POST /api/v1/acts/register/…"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL
from penholder.register import queries
from penholder.register.timeline import overdue, timeline
from penholder.register.values import LineAct, LineStatus, LineTerms, Origin

router = Router(tags=["register"])
_WHY = "officials see all, people of exporters their own; fields that they may not read are null and in `withheld`"

Known = Annotated[AwareDatetime | None, Field(description="As our books held it at that moment; absent: now.")]
OnDay = Annotated[date | None, Field(description="As of this day in the world; absent: today.")]


class StatusOut(Schema):
    """How many lines of a licence have a status."""

    status: LineStatus
    lines: int


class LicenceRowOut(Schema):
    """One licence in the list."""

    id: str
    reference: str | None
    licence_type: str
    decided_on: date
    valid_from: date
    valid_until: date | None
    exporter: str | None
    release: str
    case: str
    without_case: str
    lines: int
    statuses: list[StatusOut]
    destinations: list[str] | None
    withheld: list[str]


class LicencePageOut(Schema):
    """Some licences; `next_cursor` leads to the next."""

    items: list[LicenceRowOut]
    next_cursor: str | None


class LineOut(Schema):
    """One line. Quantities in `terms.unit`, values in `terms.currency`."""

    licence: str
    number: int
    status: LineStatus
    since: date | None
    valid_until: date | None
    suspended_on: date | None
    review_by: date | None
    power: str
    limb: str
    overdue: bool
    terms: LineTerms | None
    used_quantity: Decimal | None
    used_value: Decimal | None
    left_quantity: Decimal | None
    left_value: Decimal | None
    may: list[LineAct]


class LinePageOut(Schema):
    """Some lines; `next_cursor` leads to the next."""

    items: list[LineOut]
    next_cursor: str | None


class ConditionOut(Schema):
    """A condition on a licence, or on the named lines."""

    id: str
    lines: list[int]
    text: str | None
    timing: str
    due: date | None
    done_on: date | None
    overdue: bool


class MessageOut(Schema):
    """What customs were told."""

    id: str
    lines: list[int]
    kind: str
    effective_on: date
    sent_at: datetime
    due: date
    acknowledged_at: datetime | None
    their_reference: str | None
    overdue: bool


class LicenceOut(Schema):
    """One licence, with up to 200 lines."""

    id: str
    version: int
    reference: str | None
    licence_type: str
    decided_on: date
    valid_from: date
    valid_until: date | None
    exporter: str | None
    release: str
    case: str
    without_case: str
    without_case_words: str | None
    on: date
    known: datetime | None
    lines: list[LineOut]
    more_lines: int
    conditions: list[ConditionOut]
    messages: list[MessageOut]
    withheld: list[str]


class HappeningOut(Schema):
    """One entry of the ledger about a licence. `place` is its place in the published log.

    `recovered` is empty, or `open`, `redone` or `not_needed`: the entry came back from the published log without
    what it did to the tables; the fields in `lost` nobody has any more.
    """

    place: int | None
    event: str
    act: str
    role: str
    run: str
    recorded_at: datetime
    claimed_at: str | None
    late: bool
    fields: dict[str, Any]
    withheld: list[str]
    lost: list[str]
    recovered: str


class OverdueOut(Schema):
    """Something that should have happened by `due`."""

    kind: str
    licence: str
    lines: list[int]
    due: date
    days: int
    about: str
    what: str


class LicenceFilter(Schema):
    """Which licences, and which part of the list."""

    status: LineStatus | None = None
    destination: Annotated[str, Field(max_length=400)] = ""
    licence_type: Annotated[str, Field(max_length=40)] = ""
    reference: Annotated[str, Field(max_length=200)] = ""
    exporter: Annotated[str, Field(max_length=40)] = ""
    release: Annotated[str, Field(max_length=200)] = ""
    origin: Origin | None = None
    cursor: str | None = None
    limit: int = USUAL


class LineFilter(Schema):
    """Which lines, and which part of the list."""

    licence: Annotated[str, Field(max_length=40)] = ""
    status: LineStatus | None = None
    destination: Annotated[str, Field(max_length=400)] = ""
    cursor: str | None = None
    limit: int = USUAL


class AsOf(Schema):
    """As of which day, as known when."""

    on: OnDay = None
    known: Known = None


class AsKnown(Schema):
    """As known when."""

    known: Known = None


@router.get("/licences", response=LicencePageOut, summary="Licences, newest decision first.")
@requires(SIGNED_IN, why=_WHY)
def list_licences(request: HttpRequest, wanted: Query[LicenceFilter]) -> object:
    """Filters on commercial fields find only licences of which you read these fields."""
    return queries.licences(viewer=actor_of_request(request), **wanted.dict())


@router.get("/licences/{id}", response=LicenceOut, summary="One licence, as of a day and as known at a moment.")
@requires(SIGNED_IN, why=_WHY)
def one_licence(request: HttpRequest, id: str, asked: Query[AsOf]) -> object:  # noqa: A002 - path parameter
    """Its lines with their status, terms, usage and what you may do; conditions; messages to customs."""
    return queries.licence(viewer=actor_of_request(request), id=id, on=asked.on, known=asked.known)


@router.get("/licences/{id}/timeline", response=list[HappeningOut], summary="What happened to a licence.")
@requires(SIGNED_IN, why=_WHY)
def timeline_of(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Every entry of the ledger about it, oldest first, with both times and what you may read of it."""
    return timeline(viewer=actor_of_request(request), licence=id, known=asked.known)


@router.get("/lines", response=LinePageOut, summary="Lines as they stand today.")
@requires(SIGNED_IN, why=_WHY)
def list_lines(request: HttpRequest, wanted: Query[LineFilter]) -> object:
    """Of one licence, or of all."""
    return queries.lines(viewer=actor_of_request(request), **wanted.dict())


@router.get("/overdue", response=list[OverdueOut], summary="Reviews, acknowledgements and conditions past due.")
@requires(SIGNED_IN, why="officials see all, people of exporters their own, others nothing")
def list_overdue(request: HttpRequest) -> object:
    """Oldest first."""
    return overdue(viewer=actor_of_request(request))
