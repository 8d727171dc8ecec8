"""What happened to evidence. Public fields are published with the ledger: ids, codes, counts, days and places as
finely as they are stated, and findings as codes. Every free text (grounds, reasons, what a source says) is
official: it is never published. Names of persons have no field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.evidence.values import (
    Axis,
    Confidence,
    Credibility,
    ExplanationKind,
    FactKind,
    Facts,
    GradeAxis,
    PlacePrecision,
    Position,
    Reliability,
    SourceKind,
)


class SourceRegistered(
    Event, visibility=Visibility.OFFICIAL, about="source", official=("source", "called", "kind", "note")
):
    """A body that reports incidents was entered. called: name of the body or its list, never of a person."""

    source: str
    called: str
    kind: SourceKind
    note: str


class IncidentEntered(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=(
        "incident", "received_on", "starts_on", "ends_on", "date_precision", "place", "place_precision", "named",
        "means", "object_class", "casualties",
    ),
    official=("source", "facts", "reliability", "credibility", "reliability_reason", "credibility_reason"),
):  # fmt: skip
    """One reported incident was entered by hand. named: names of the place, as finely as the precision says.

    casualties: harm, status, fewest, most (null: no upper bound), for each range that is reported.
    """

    incident: str
    received_on: date
    starts_on: date
    ends_on: date
    date_precision: str
    place: str
    place_precision: PlacePrecision
    named: tuple[str, ...]
    means: tuple[str, ...]
    object_class: str
    casualties: tuple[tuple[str, str, int, int | None], ...]
    source: str
    facts: Facts
    reliability: Reliability
    credibility: Credibility
    reliability_reason: str
    credibility_reason: str


class IncidentsImported(
    Event,
    visibility=Visibility.PUBLIC,
    about="imported",
    public=(
        "imported", "read", "loaded", "quarantined", "reasons", "first_day", "last_day", "file_digest",
        "data_sha256", "incidents_sha256",
    ),
    official=(
        "source", "layout", "received_on", "incidents", "reliability", "credibility", "reliability_reason",
        "credibility_reason", "file",
    ),
):  # fmt: skip
    """All rows of a file were taken in, or kept out with a reason: read = loaded + quarantined.

    incidents: public ids of all that were taken in, in the order of the file. incidents_sha256: of that list.
    data_sha256: of the rows as they are kept. file_digest: salted commitment to it (docs/reference/files.md).
    reasons: reason -> how many rows.
    """

    imported: str
    read: int
    loaded: int
    quarantined: int
    reasons: Mapping[str, int]
    first_day: date | None
    last_day: date | None
    file_digest: str
    data_sha256: str
    incidents_sha256: str
    source: str
    layout: str
    received_on: date
    incidents: tuple[str, ...]
    reliability: Reliability
    credibility: Credibility
    reliability_reason: str
    credibility_reason: str
    file: str


class IncidentGraded(
    Event,
    visibility=Visibility.OFFICIAL,
    about="incident",
    official=("incident", "version", "axis", "value", "reason"),
):
    """One axis of a grade was judged anew, apart from the other."""

    incident: str
    version: int
    axis: GradeAxis
    value: str
    reason: str


class OriginStated(
    Event, visibility=Visibility.OFFICIAL, about="incident", official=("incident", "version", "origin", "reason")
):
    """A report rests on what another source said. origin "": it rests on what its own source found."""

    incident: str
    version: int
    origin: str
    reason: str


class IncidentsJoined(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "same_as"),
    official=("reason",),
):
    """A report tells again what `same_as` stands for: the two count once."""

    incident: str
    version: int
    same_as: str
    reason: str


class IncidentsSeparated(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "same_as"),
    official=("reason",),
):
    """A joining was undone: the report stands for itself again."""

    incident: str
    version: int
    same_as: str
    reason: str


class ScopeSet(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "in_scope"),
    official=("reason",),
):
    """Whether an incident is assessed at all."""

    incident: str
    version: int
    in_scope: bool
    reason: str


class FindingRecorded(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "axis", "number", "value", "confidence"),
    official=("party", "grounds", "evidence", "reason"),
):
    """One of the four questions was answered, or answered anew (number: 1, 2, ...)."""

    incident: str
    version: int
    axis: Axis
    number: int
    value: str
    confidence: Confidence
    party: str
    grounds: str
    evidence: tuple[str, ...]
    reason: str


class ExplanationRecorded(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "explanation", "kind", "position", "given_on", "credibility"),
    official=("party", "source", "text", "credibility_reason"),
):
    """What the party itself says of it, or found in an investigation of its own."""

    incident: str
    version: int
    explanation: str
    kind: ExplanationKind
    position: Position
    given_on: date
    credibility: Credibility
    party: str
    source: str
    text: str
    credibility_reason: str


class ExculpatoryFactRecorded(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "fact", "kind", "credibility"),
    official=("source", "text", "disputed", "credibility_reason"),
):
    """Something that can speak for the party, and what is said against that."""

    incident: str
    version: int
    fact: str
    kind: FactKind
    credibility: Credibility
    source: str
    text: str
    disputed: str
    credibility_reason: str


class GapOpened(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "gap", "axis", "due"),
    official=("question",),
):
    """Something that is not known and should be."""

    incident: str
    version: int
    gap: str
    axis: Axis
    due: date | None
    question: str


class GapClosed(
    Event,
    visibility=Visibility.PUBLIC,
    about="incident",
    public=("incident", "version", "gap", "is_answered"),
    official=("answer",),
):
    """A gap was closed: with an answer, or because none can be had."""

    incident: str
    version: int
    gap: str
    is_answered: bool
    answer: str


OF_INCIDENTS: tuple[type[Event], ...] = (
    IncidentEntered, IncidentGraded, OriginStated, IncidentsJoined, IncidentsSeparated, ScopeSet, FindingRecorded,
    ExplanationRecorded, ExculpatoryFactRecorded, GapOpened, GapClosed,
)  # fmt: skip


def shown_in_public(facts: Facts) -> dict[str, Any]:
    """The public fields of IncidentEntered: names of the place only as finely as the precision says."""
    finest = {
        PlacePrecision.EXACT: 3,
        PlacePrecision.LOCALITY: 3,
        PlacePrecision.DISTRICT: 2,
        PlacePrecision.REGION: 1,
    }.get(facts.place_precision, 0)
    return {
        "received_on": facts.received_on,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "date_precision": facts.date_precision,
        "place": facts.place,
        "place_precision": facts.place_precision,
        "named": tuple(n for n in (facts.admin1, facts.admin2, facts.place_name)[:finest] if n),
        "means": facts.means,
        "object_class": facts.object_class,
        "casualties": tuple((c.harm.value, c.status.value, c.least, c.most) for c in facts.casualties),
    }
