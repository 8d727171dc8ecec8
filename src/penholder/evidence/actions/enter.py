"""Enter reports of incidents one by one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.db import IntegrityError, transaction
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.analysis.sources.places import resolve
from penholder.evidence import policy
from penholder.evidence.access import require_sight
from penholder.evidence.actions.locked import change_of, find_source
from penholder.evidence.actions.parameters import IsCredible, IsReliable, SourceId, WhyCredible, WhyReliable
from penholder.evidence.events import IncidentEntered, shown_in_public
from penholder.evidence.models import Change, Source
from penholder.evidence.rows import Judged, NewReport, write_reports
from penholder.evidence.values import (
    INCIDENT,
    MICRO,
    CasualtyRange,
    Changed,
    Degrees,
    EvidencePermission,
    Facts,
    Means,
    PlacePrecision,
)
from penholder.kernel.dates import PartialDate, parse_partial
from penholder.kernel.errors import InputError

_DAYS = "As finely as it is known: 2024-05-03, 2024-05 or 2024."


@action(permission=EvidencePermission.ENTER, events=(IncidentEntered,))
def enter_incident(
    run: Run,
    *,
    source: SourceId,
    received_on: Annotated[date, Field(description="Day on which the report reached the authority.")],
    happened: Annotated[str, Field(description=f"When it happened. {_DAYS}", min_length=4, max_length=10)],
    place: Annotated[
        str, Field(description="State or territory: its name or its code.", min_length=2, max_length=200)
    ],
    place_precision: Annotated[PlacePrecision, Field(description="How finely the place is known.")],
    reliability: IsReliable,
    reliability_reason: WhyReliable,
    credibility: IsCredible,
    credibility_reason: WhyCredible,
    until: Annotated[
        str, Field(description=f"Last day, where it lasted or lies within a span. {_DAYS}", max_length=10)
    ] = "",
    admin1: Annotated[str, Field(description="Region. Public, if the precision says so.", max_length=200)] = "",
    admin2: Annotated[str, Field(description="District. Public, if the precision says so.", max_length=200)] = "",
    place_name: Annotated[
        str,
        Field(description="Town or village, never a house or family. Public, if the precision says so.",
              max_length=200),
    ] = "",
    latitude: Annotated[
        Degrees | None, Field(description="Degrees north. Never published.", ge=-90, le=90)
    ] = None,
    longitude: Annotated[
        Degrees | None, Field(description="Degrees east. Never published.", ge=-180, le=180)
    ] = None,
    actors: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=200)], ...],
        Field(description="Parties said to have acted: forces, states, groups; never persons.", max_length=20),
    ] = (),
    means: Annotated[tuple[Means, ...], Field(description="By which means, as reported.", max_length=8)] = (),
    munition: Annotated[
        str, Field(description="Munition that was seen, as reported. Official: never published.", max_length=200)
    ] = "",
    object_class: Annotated[str, Field(description="Class of what was hit.", max_length=40)] = "not_stated",
    casualties: Annotated[
        tuple[CasualtyRange, ...],
        Field(description="How many people, from at least to at most, by status. Counts alone.", max_length=6),
    ] = (),
    their_number: Annotated[
        str, Field(description="The source's own number of the report; empty: one is made.", max_length=200)
    ] = "",
) -> Changed:  # fmt: skip
    """Enter one report of an incident, with its source, its grade on two axes, and the precision of day and place.

    There is no field for names of victims or witnesses. Material about persons is kept elsewhere, and linked by
    reference alone.
    """
    require_sight(run.actor)
    check_words(reliability_reason=reliability_reason, credibility_reason=credibility_reason)
    policy.check_texts(reliability_reason=reliability_reason, credibility_reason=credibility_reason)
    body = find_source(source)
    first, last, precision = _days(happened, until)
    public_id = run.new_id(INCIDENT)
    facts = Facts(
        key=their_number or public_id,
        received_on=received_on, starts_on=first, ends_on=last, date_precision=precision,
        place=_place(place, first), place_precision=place_precision, admin1=admin1, admin2=admin2,
        place_name=place_name, latitude=_micro(latitude), longitude=_micro(longitude),
        actors=tuple(dict.fromkeys(actors)), means=tuple(dict.fromkeys(m.value for m in means)), munition=munition,
        object_class=object_class, casualties=casualties,
    )  # fmt: skip
    policy.check_facts(facts, today=run.now.date())
    _check_status_sources(casualties)
    judged = Judged(reliability.value, credibility.value, reliability_reason, credibility_reason)
    _write(NewReport(public_id, None, facts), body, judged, change_of(run))
    event = IncidentEntered(
        incident=public_id, source=source, facts=facts, reliability=reliability, credibility=credibility,
        reliability_reason=reliability_reason, credibility_reason=credibility_reason, **shown_in_public(facts),
    )  # fmt: skip
    run.record(event, claimed_at=received_on)
    return Changed(public_id, 1)


def _write(report: NewReport, source: Source, judged: Judged, change: Change) -> None:
    try:
        with transaction.atomic():
            write_reports((report,), source=source, imported=None, judged=judged, change=change)
    except IntegrityError as error:
        raise ConflictError(
            "this source has a report of this number already",
            hint="look it up; a number is used once for a source",
        ) from error


def _days(happened: str, until: str) -> tuple[date, date, str]:
    """First and last day, and how finely they are known. Raises: InvalidError."""
    start = _partial(happened, "happened")
    if not until:
        return start.first, start.last, start.precision.value
    return start.first, _partial(until, "until").last, "range"


def _partial(text: str, field: str) -> PartialDate:
    try:
        return parse_partial(text)
    except InputError as error:
        raise InvalidError(error.message, hint=error.hint, fields={field: f"is no date; {error.hint}"}) from error


def _place(given: str, on: date) -> str:
    """The code of a place. Raises: InvalidError: it is no country or territory that is known."""
    found = resolve(given, on=on)
    if found.kind.value == "unrecognised":
        raise InvalidError(
            "the place is not known",
            hint="give the name or the code of a state or territory; the locality has a field of its own",
            fields={"place": "is no state or territory that the table of places knows"},
        )
    return found.code


def _check_status_sources(casualties: tuple[CasualtyRange, ...]) -> None:
    for n, given in enumerate(casualties):
        if given.status_source:
            find_source(given.status_source, field=f"casualties.{n}.status_source")


def _micro(degrees: Decimal | None) -> int | None:
    return None if degrees is None else int(degrees * MICRO)
