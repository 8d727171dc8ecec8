"""What the queries of decisions give out: plain values, filtered by what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from penholder.assessment.values import Finding
from penholder.casework.decision_parts import (
    AgainstAdvice,
    CitedVersion,
    Consolidated,
    Decision,
    Lodged,
    Proposal,
    Signed,
)
from penholder.casework.gates import Gate
from penholder.casework.notices.content import Notice
from penholder.casework.parts import Advice, LimbFinding
from penholder.casework.policy.decision import Consistency
from penholder.casework.policy.readiness import Open
from penholder.casework.policy.turns import Turn
from penholder.casework.values import CaseStatus, LateAnswer, NoticeKind, Outcome
from penholder.regime.types import Rule
from penholder.restrictions.values import Block, Hold


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One countersignature. by: staff ids of who gave it."""

    signed: Signed
    at: datetime
    run: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal, and what countersigners said to it. returned: why whoever decides sent it back."""

    id: str
    proposal: Proposal
    at: datetime
    run: str
    by: tuple[str, ...]
    signatures: tuple[SignatureView, ...]
    returned: str

    @property
    def left(self) -> int:
        """Countersignatures that are still needed."""
        accepted = sum(s.signed.signature == "accept" for s in self.signatures)
        return max(0, self.proposal.signatures - accepted)


@dataclass(frozen=True, slots=True)
class Voice:
    """What one department found under a limb, as it stands in its newest advice.

    changed: of goods, ratings, parties, route and end use, what is another than when it advised.
    """

    department: str
    title: str
    advice: str
    is_lead: bool
    found: LimbFinding
    is_followed: bool
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimbView:
    """One limb before whoever decides: every voice, side by side, never merged, and what was taken over."""

    rule: Rule
    voices: tuple[Voice, ...]
    taken: Consolidated | None
    finding: Finding | None
    """What counts; None: nothing was found."""

    @property
    def differs(self) -> bool:
        """Do departments find different things?"""
        return len({v.found.finding for v in self.voices}) > 1

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is not known under it."""
        return tuple(dict.fromkeys(g for v in self.voices for g in v.found.gaps))


@dataclass(frozen=True, slots=True)
class AdviceSide:
    """A department's advice as a whole: for which outcome it speaks; None: for neither."""

    department: str
    title: str
    id: str
    is_lead: bool
    advice: Advice
    speaks_for: Outcome | None


@dataclass(frozen=True, slots=True)
class Option:
    """One outcome with what it means. needs: further reasons, by parameter. stopped_by: why it is refused now.

    possible: numbers of the goods lines for which nothing refuses it. turns: what would turn that, line by line.
    """

    outcome: Outcome
    consistency: Consistency
    against: tuple[AgainstAdvice, ...]
    needs: dict[str, str]
    stopped_by: tuple[str, ...]
    possible: tuple[int, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ForDecision:
    """All that lies before whoever proposes or decides, on a day. lines, values: of the goods of the case."""

    case: str
    on: date
    rule_set: str
    open: tuple[Open, ...]
    limbs: tuple[LimbView, ...]
    advice: tuple[AdviceSide, ...]
    waived: tuple[tuple[str, str], ...]
    cited: tuple[CitedVersion, ...]
    gates: tuple[Gate, ...]
    blocks: tuple[tuple[Block, ...], ...]
    holds: tuple[Hold, ...]
    exempted: tuple[tuple[str, tuple[str, ...]], ...]
    dissents: int
    options: tuple[Option, ...]
    lines: int
    values: tuple[tuple[str, str], ...]
    """(currency, sum)."""

    @property
    def unanswered(self) -> tuple[LimbView, ...]:
        """Limbs under which nothing was found."""
        return tuple(x for x in self.limbs if x.finding is None)

    def option(self, outcome: Outcome) -> Option:
        """What one outcome means."""
        return next(o for o in self.options if o.outcome is outcome)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision. decision None: the viewer sees that there is one, not what it rests on. by: who chose."""

    id: str
    case: str
    outcome: Outcome
    decided_on: date
    at: datetime
    run: str
    on_appeal: bool
    limbs: tuple[str, ...]
    licence: str
    """Public id; empty: none (yet)."""
    notice: str
    decision: Decision | None
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal. answer None: it was in time, or nobody has answered. person: who decides it; official."""

    id: str
    appeal: Lodged
    at: datetime
    answer: LateAnswer | None
    answer_reasons: str
    person: str
    decision: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was proposed, decided, told and appealed of one case; exporters see decisions, notices and appeals."""

    case: str
    status: CaseStatus
    proposals: tuple[ProposalView, ...]
    decisions: tuple[DecisionView, ...]
    appeals: tuple[AppealView, ...]
    notices: tuple[NoticeRow, ...]
    licence: str
    can_appeal_until: date | None
    """Last day on which an appeal is in time; None: nothing to appeal, or no notice yet."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in a list."""

    id: str
    kind: NoticeKind
    subject: str
    lines: tuple[int, ...]
    decided_on: date
    issued_on: date
    at: datetime
    run: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice, whole."""

    row: NoticeRow
    notice: Notice
    digest: str
    """Commitment to the PDF that stands in the ledger."""


@dataclass(frozen=True, slots=True)
class Information:
    """Question 5: how old the information of a decision was, what came later, who chose not to wait, and why."""

    decision: str
    case: str
    decided_on: date
    cited: tuple[CitedVersion, ...]
    stale_reasons: str
    cutoffs: tuple[tuple[str, str, date | None], ...]
    """(department, limb, last day looked at) of the advice that was before whoever decided."""
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimbCount:
    """How many refusals rest on a limb. One refusal can rest on several."""

    rule: str
    title: str
    refusals: int


@dataclass(frozen=True, slots=True)
class Refusals:
    """Question 19. imported: of published data, which name a criterion and no limb: limb unknown."""

    criterion: str
    since: date | None
    until: date | None
    known: datetime | None
    refusals: int
    by_limb: tuple[LimbCount, ...]
    decisions: tuple[str, ...]
    imported_unknown: int | None
    """None: no published data were asked about."""


@dataclass(frozen=True, slots=True)
class Told:
    """Question 18: when a suspension or revocation was decided, entered, and told to the holder."""

    licence: str
    lines: tuple[int, ...]
    kind: NoticeKind
    decided_on: date
    recorded_at: datetime
    notice: str
    told_at: datetime | None
    """None: the holder was not told."""

    @property
    def seconds(self) -> int | None:
        """From the act to the notice; None: not told."""
        return None if self.told_at is None else int((self.told_at - self.recorded_at).total_seconds())

    @property
    def days(self) -> int | None:
        """From the day of the decision to that of the notice; None: not told."""
        return None if self.told_at is None else (self.told_at.date() - self.decided_on).days


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Question 24: two decisions on cases alike in ratings, end user and month, that ended differently."""

    month: str
    ratings: tuple[str, ...]
    end_user_class: str
    cases: tuple[str, str]
    decisions: tuple[str, str]
    outcomes: tuple[Outcome, Outcome]
    reasons: tuple[str, str]
