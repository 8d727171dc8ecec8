"""Words of the assessments: permissions, areas, findings, statuses, and what one version says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

ASSESSMENT = "AS"
VERSION = "AV"
REQUEST = "CR"
INSTRUCTION = "OI"
"""Prefixes of public ids."""


class AssessmentPermission(StrEnum):
    """What can be allowed with assessments. The role table of `people` says to whom."""

    START = "assessment.start"
    SAVE = "assessment.save"
    SEND = "assessment.send"
    CHECK = "assessment.check"
    COUNTERSIGN = "assessment.countersign"
    ACCEPT = "assessment.accept"
    REQUEST_CHANGE = "assessment.request_change"
    LINK_DISSENT = "assessment.link_dissent"
    PUBLISH_GIST = "assessment.publish_gist"
    RECORD_INSTRUCTION = "assessment.record_instruction"
    READ_INSTRUCTION = "assessment.read_instruction"


class Area(StrEnum):
    """What of a recipient's conduct is looked at."""

    CONDUCT_OF_HOSTILITIES = "conduct_of_hostilities"
    HUMANITARIAN_RELIEF = "humanitarian_relief"
    DETAINEES = "detainees"


class Aspect(StrEnum):
    """How it is looked at: can they comply, will they, did they."""

    CAPABILITY = "capability"
    COMMITMENT = "commitment"
    RECORD = "record"


class Concern(StrEnum):
    """What was found on one aspect of one area, and on the attitude as a whole. Not assessed is no finding."""

    NO_CONCERN = "no_concern"
    SOME_CONCERN = "some_concern"
    SERIOUS_CONCERN = "serious_concern"
    INSUFFICIENT_INFORMATION = "insufficient_information"
    NOT_ASSESSED = "not_assessed"


class Finding(StrEnum):
    """What was found under a limb. Insufficient information is a finding of its own, never "no clear risk"."""

    NOT_ENGAGED = "not_engaged"
    NO_CLEAR_RISK = "no_clear_risk"
    CLEAR_RISK = "clear_risk"
    INSUFFICIENT_INFORMATION = "insufficient_information"


class RiskView(StrEnum):
    """How clear the risk is. Kept apart from how likely the use is; the two are never made into one number."""

    CLEAR = "clear"
    NOT_CLEAR = "not_clear"
    CANNOT_SAY = "cannot_say"


class UseView(StrEnum):
    """How likely the use is that the limb is about."""

    WOULD = "would"
    LIKELY = "likely"
    MIGHT = "might"
    WOULD_NOT = "would_not"
    CANNOT_SAY = "cannot_say"


class Conflict(StrEnum):
    """Was there active conflict at the cut-off? Where nobody knows, an assessment ages as fast as in one."""

    ACTIVE = "active"
    NOT_ACTIVE = "not_active"
    NOT_KNOWN = "not_known"


class Kind(StrEnum):
    """Why a version was written."""

    BASELINE = "baseline"
    UPDATE = "update"
    AD_HOC = "ad_hoc"


class Status(StrEnum):
    """Where a version stands. The allowed moves are in `data/machine.yaml`."""

    DRAFTING = "drafting"
    LEGAL_CHECK = "legal_check"
    COUNTERSIGN = "countersign"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


class Move(StrEnum):
    """What can be done with a version."""

    SAVE = "save"
    SEND = "send"
    CHECK = "check"
    COUNTERSIGN = "countersign"
    ACCEPT = "accept"
    REQUEST_CHANGE = "request_change"
    SUPERSEDE = "supersede"


TEXT_LENGTH = 4_000
Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Grounds = Annotated[str, Field(max_length=20_000)]
EvidenceId = Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9a-z]{1,36}$", max_length=40)]
StaffId = Annotated[str, Field(min_length=1, max_length=40)]
Evidence = Annotated[tuple[EvidenceId, ...], Field(max_length=2_000)]
Gaps = Annotated[tuple[Text, ...], Field(max_length=100)]
"""What is not known and would matter, one sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One aspect of one area: what was found, why, on what, and what is not known."""

    area: Area
    aspect: Aspect
    finding: Concern = Concern.NOT_ASSESSED
    grounds: Grounds = ""
    evidence: Evidence = ()
    gaps: Gaps = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRisk:
    """The risk under one limb if goods of one use class went there. Never of the country as a whole.

    use_class: a means of `regime/data/int/means.yaml`. limb: id of a dated rule.
    despite_gaps: why "no clear risk" holds although something material is not known.
    """

    use_class: Annotated[str, Field(min_length=1, max_length=60)]
    limb: Annotated[str, Field(min_length=1, max_length=120)]
    finding: Finding
    risk: RiskView
    use: UseView
    grounds: Grounds
    evidence: Evidence = ()
    gaps: Gaps = ()
    despite_gaps: Grounds = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that one version says.

    cutoff: last day whose events are included. contributors: staff who wrote parts of it beside the one who saved.
    next_due: day by which the next update is due.
    """

    kind: Kind
    cutoff: date
    conflict: Conflict
    cells: Annotated[tuple[Cell, ...], Field(max_length=9)] = ()
    attitude: Concern = Concern.NOT_ASSESSED
    attitude_grounds: Grounds = ""
    risks: Annotated[tuple[UseRisk, ...], Field(max_length=100)] = ()
    gaps: Gaps = ()
    contributors: Annotated[tuple[StaffId, ...], Field(max_length=50)] = ()
    next_due: date | None = None

    def cell(self, area: Area, aspect: Aspect) -> Cell:
        """What was found there; not assessed where nothing was."""
        found = (c for c in self.cells if c.area is area and c.aspect is aspect)
        return next(found, Cell(area=area, aspect=aspect))

    def evidence(self) -> tuple[str, ...]:
        """Every id of evidence that is cited anywhere, each once, in order."""
        cited = (e for part in self.parts() for e in part.evidence)
        return tuple(dict.fromkeys(cited))

    def all_gaps(self) -> tuple[str, ...]:
        """Everything that is said not to be known, each once."""
        return tuple(dict.fromkeys((*self.gaps, *(g for part in self.parts() for g in part.gaps))))

    def parts(self) -> tuple[Cell | UseRisk, ...]:
        """Cells and risks, in order."""
        return (*self.cells, *self.risks)


@dataclass(frozen=True, slots=True)
class AcceptedVersion:
    """The version that could be cited on a day. It says what was found per use class and limb, not why.

    risk: use class -> the gravest finding under any limb. findings: (use class, limb) -> finding.
    """

    assessment: str
    id: str
    """Public id of the version (AV-...)."""
    number: int
    destination: str
    party: str
    cutoff: date
    accepted_on: date
    accepted_at: datetime
    conflict: Conflict
    attitude: Concern
    loops: int
    """How often a version was returned before this one was accepted."""
    risk: Mapping[str, Finding]
    findings: Mapping[tuple[str, str], Finding]
    dissents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """How old the information of a version is on a day. `is_over`: older than the authority allows unsaid."""

    cutoff: date
    on: date
    days: int
    limit: int
    is_over: bool
