"""What an act adds to a case from the proposal on: the value in each row of `models.Part`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.assessment.values import Finding
from penholder.casework.values import (
    LateAnswer,
    LongText,
    NoticeKind,
    Outcome,
    RuleId,
    Signature,
    Text,
    Words,
)

MaybeText = Annotated[str, Field(max_length=20_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidated:
    """One limb as the case officer takes it over from the advice. What was not followed stays beside it.

    why: why this advice is followed; needed where departments differ. despite_assessment: why this holds although
    a version that is cited finds a clear risk for a use that the goods have, or may have; needed then.
    despite_change: why this holds although goods, ratings, parties, route or end use changed since a department
    found something here; needed then.
    """

    rule: RuleId
    finding: Finding
    follows: Annotated[tuple[Words, ...], Field(min_length=1, max_length=10)]
    """Public ids of the newest advice (AD-…) that finds just this."""
    why: Annotated[str, Field(max_length=4_000)] = ""
    despite_assessment: Annotated[str, Field(max_length=4_000)] = ""
    despite_change: Annotated[str, Field(max_length=4_000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed, at one version. It is never changed: a change is the next version.

    advice: ids of the newest advice of each department when it was made. rule_set: the version that applied.
    signatures: how many countersignatures it needs; second_because: why two, in ids of the table.
    contributors: staff who wrote parts of it beside who proposes.
    """

    number: int
    application: int
    outcome: Outcome
    findings: tuple[Consolidated, ...]
    refusal_limbs: tuple[RuleId, ...] = ()
    assessments: tuple[Words, ...] = ()
    exemptions: tuple[Words, ...] = ()
    summary: LongText
    provisos: MaybeText = ""
    valid_until: date | None = None
    advice: tuple[str, ...] = ()
    rule_set: str
    signatures: int = 1
    second_because: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a countersigner says to a proposal, and why. number: the first or the second of those needed."""

    signature: Signature
    reasons: Text
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Who decides sent the proposal back: for another finding, or for better grounds."""

    reasons: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedVersion:
    """A version of an assessment that a decision rests on, and how old its information was on the day.

    later: evidence recorded after the cut-off and before the decision, which it does not cite.
    """

    version: str
    assessment: str
    destination: str
    cutoff: date
    days: int
    limit: int
    later: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Is the information older than the authority allows unsaid?"""
        return self.days > self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstAdvice:
    """A department whose advice an outcome goes against. limbs: of its findings that the outcome contradicts."""

    department: str
    advice: str
    is_lead: bool
    limbs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, on what, and why; of a first decision and of an appeal alike.

    limbs: of a refusal: on which it rests. findings: (limb, finding) that were accepted. taken: how they were
    taken over from advice, as in the proposal, or in the appeal where it has its own. unknown: limbs that must
    refuse and of which nothing, or not enough, is known. exemptions: what a grant rests on. gates: ids of what was
    open about the case; who opened them is not known here.
    """

    outcome: Outcome
    proposal: str
    appeal: str = ""
    rule_set: str
    reasons: LongText
    limbs: tuple[str, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()
    taken: tuple[Consolidated, ...] = ()
    is_against_proposal: bool = False
    against: tuple[AgainstAdvice, ...] = ()
    is_against_lead: bool = False
    against_reasons: MaybeText = ""
    cited: tuple[CitedVersion, ...] = ()
    stale_reasons: MaybeText = ""
    unknown: tuple[str, ...] = ()
    unknown_reasons: MaybeText = ""
    gates: tuple[str, ...] = ()
    gate_reasons: MaybeText = ""
    exemptions: tuple[str, ...] = ()
    provisos: MaybeText = ""
    valid_until: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceLink:
    """The licence that a grant became."""

    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMark:
    """That a notice was issued; what it says is in the row of the notice."""

    kind: NoticeKind
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodged:
    """An appeal: arguments or information that were not before the authority. days: since the notice.

    notice: of the refusal; empty: none was issued, and no day has passed. due_on: last day to lodge it.
    """

    decision: str
    notice: str
    arguments: LongText
    information: tuple[Text, ...] = ()
    due_on: date | None
    days: int
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the authority says to an appeal that came too late, and why."""

    answer: LateAnswer
    reasons: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Who decides an appeal: somebody who took part in nothing of the case."""

    person: str
