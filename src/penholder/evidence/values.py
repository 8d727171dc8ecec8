"""Words of evidence: permissions, kinds, precisions, axes, and the facts of one report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

INCIDENT = "IN"
SOURCE = "SR"
IMPORT = "IR"
EXPLANATION = "XP"
FACT = "XF"
GAP = "GA"
"""Prefixes of public ids."""
MICRO = 1_000_000
"""Coordinates are kept in whole millionths of a degree."""


class EvidencePermission(StrEnum):
    """What can be allowed. The role table of `people` says to whom."""

    SOURCE = "evidence.source"
    IMPORT = "evidence.import"
    ENTER = "evidence.enter"
    GRADE = "evidence.grade"
    JOIN = "evidence.join"
    SCOPE = "evidence.scope"
    FIND = "evidence.find"
    EXPLAIN = "evidence.explain"
    EXCULPATE = "evidence.exculpate"
    GAP = "evidence.gap"


class SourceKind(StrEnum):
    """What kind of body says it."""

    UN = "un"
    NGO = "ngo"
    MEDIA = "media"
    FOREIGN_GOVERNMENT = "foreign_government"
    OWN = "own"
    PARTY = "party"
    LIST = "list"
    OTHER = "other"


class Reliability(StrEnum):
    """Of the source, at that time. F is not bad: it cannot be judged."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Credibility(StrEnum):
    """Of what is said, whoever says it. 6 is not bad: it cannot be judged."""

    CONFIRMED = "1"
    PROBABLE = "2"
    POSSIBLE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    CANNOT_BE_JUDGED = "6"


class GradeAxis(StrEnum):
    """The two axes of a grade, judged apart."""

    RELIABILITY = "reliability"
    CREDIBILITY = "credibility"


class PlacePrecision(StrEnum):
    """How finely the place is known. What is published is never finer."""

    EXACT = "exact"
    LOCALITY = "locality"
    DISTRICT = "district"
    REGION = "region"
    TERRITORY = "territory"
    UNKNOWN = "unknown"


class Means(StrEnum):
    """By which means; the ids of the table of means (docs/reference/operation-profile.md)."""

    AIR_STRIKE = "air_strike"
    ARTILLERY = "artillery"
    NAVAL_FIRE = "naval_fire"
    GROUND = "ground"
    SIEGE_OBSTRUCTION = "siege_obstruction"
    DETENTION = "detention"
    SURVEILLANCE = "surveillance"
    INTERNAL_SECURITY = "internal_security"


class Harm(StrEnum):
    """What happened to people."""

    KILLED = "killed"
    INJURED = "injured"


class PersonStatus(StrEnum):
    """Who they were. Anything but `unknown` needs a source of its own."""

    CIVILIAN = "civilian"
    COMBATANT = "combatant"
    UNKNOWN = "unknown"


class Axis(StrEnum):
    """The four questions, answered apart (`data/scales.yaml`)."""

    OCCURRENCE = "occurrence"
    ATTRIBUTION = "attribution"
    LEGAL = "legal"
    SERIOUSNESS = "seriousness"


class Confidence(StrEnum):
    """How sure whoever finds is of the finding."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


class ExplanationKind(StrEnum):
    """What the party itself has given."""

    INVESTIGATION = "investigation"
    STATEMENT = "statement"
    COURT_DECISION = "court_decision"


class Position(StrEnum):
    """What the party says of it."""

    DENIES_OCCURRENCE = "denies_occurrence"
    DENIES_ATTRIBUTION = "denies_attribution"
    SAYS_LAWFUL = "says_lawful"
    SAYS_MISTAKE = "says_mistake"
    ACKNOWLEDGES_BREACH = "acknowledges_breach"
    STILL_INVESTIGATING = "still_investigating"
    OTHER = "other"


class FactKind(StrEnum):
    """What can speak for the party."""

    MILITARY_USE_ALLEGED = "military_use_alleged"
    MILITARY_OBJECTIVE_NEAR = "military_objective_near"
    WARNING_GIVEN = "warning_given"
    PRECAUTION_TAKEN = "precaution_taken"
    CAUSED_BY_ANOTHER = "caused_by_another"
    REPORT_CONTRADICTED = "report_contradicted"
    OTHER = "other"


class Stage(StrEnum):
    """Where an incident stands, worked out from what was recorded of it."""

    RECEIVED = "received"
    OUT_OF_SCOPE = "out_of_scope"
    IN_SCOPE = "in_scope"
    ASSESSED = "assessed"
    OPEN_GAPS = "open_gaps"
    JOINED = "joined"


INSUFFICIENT = "insufficient"
NOT_LOOKED_AT = "not_looked_at"
"""Nobody has recorded a finding. Never one of the values of a scale."""

Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Words = Annotated[str, Field(max_length=200)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Degrees = Annotated[Decimal, Field(max_digits=9, decimal_places=6)]
MOST_LINKS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyRange:
    """How many people of one status, at least and at most. most None: no upper bound is reported.

    status_source: public id of the source that says who they were; "" only where the status is unknown.
    """

    harm: Harm
    status: PersonStatus = PersonStatus.UNKNOWN
    least: Count
    most: Count | None = None
    status_source: Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z-]*$")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one report says. Empty and None: not stated.

    starts_on, ends_on: first and last day on which it can have happened. Units: coordinates in millionths of a
    degree (WGS 84). key: the source's own number, unique within the source.
    """

    key: str
    received_on: date
    starts_on: date
    ends_on: date
    date_precision: str
    place: str
    place_precision: PlacePrecision
    admin1: str = ""
    admin2: str = ""
    place_name: str = ""
    latitude: int | None = None
    longitude: int | None = None
    actors: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    munition: str = ""
    object_class: str = "not_stated"
    object_words: str = ""
    attacks_least: int | None = None
    attacks_most: int | None = None
    casualties: tuple[CasualtyRange, ...] = ()
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act on an incident gives back. version: to name in the next act. id: of what was added, if any."""

    incident: str
    version: int
    id: str = ""
