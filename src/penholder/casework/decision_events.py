"""What was decided of cases, told to holders, and appealed.

Public: that a case was granted or refused, under which version of the rules, the findings that were accepted under
each limb, on which limbs a refusal rests, how old the information was, whether it goes against the advice of a
lead adviser, and which licence it made. Commercial: what is told to the holder, and an appeal. Official: all else,
reasons among it.
"""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.assessment.values import Finding
from penholder.casework.decision_parts import Answered, Assigned, Decision, Lodged, Proposal, Returned, Signed
from penholder.casework.notices.content import Notice
from penholder.casework.values import NoticeKind


class OutcomeProposed(
    Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "proposal_id", "proposal", "earlier")
):
    """The case officer proposed an outcome. earlier: the version before, which stands."""

    case: str
    proposal_id: str
    proposal: Proposal
    earlier: str


class ProposalSigned(
    Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "proposal_id", "signed", "completes")
):
    """A countersigner accepted a proposal, or rejected it. completes: no other signature is needed."""

    case: str
    proposal_id: str
    signed: Signed
    completes: bool


class ProposalReturned(
    Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "proposal_id", "returned")
):
    """Who decides sent a proposal back."""

    case: str
    proposal_id: str
    returned: Returned


class CaseGranted(
    Event,
    visibility=Visibility.PUBLIC,
    about="case",
    public=(
        "case", "decision_id", "rule_set", "findings", "exemptions", "decided_on", "valid_until", "on_appeal",
        "is_against_lead", "information_days",
    ),
    official=("decision",),
):  # fmt: skip
    """A licence was granted. information_days: age of the oldest assessment that it cites, in days."""

    case: str
    decision_id: str
    rule_set: str
    findings: tuple[tuple[str, Finding], ...]
    exemptions: tuple[str, ...]
    decided_on: date
    valid_until: date | None
    on_appeal: bool
    is_against_lead: bool
    information_days: int | None
    decision: Decision


class CaseRefused(
    Event,
    visibility=Visibility.PUBLIC,
    about="case",
    public=(
        "case", "decision_id", "rule_set", "findings", "limbs", "decided_on", "on_appeal", "is_against_lead",
        "information_days",
    ),
    official=("decision",),
):  # fmt: skip
    """A licence was refused. limbs: on which the refusal rests."""

    case: str
    decision_id: str
    rule_set: str
    findings: tuple[tuple[str, Finding], ...]
    limbs: tuple[str, ...]
    decided_on: date
    on_appeal: bool
    is_against_lead: bool
    information_days: int | None
    decision: Decision


class LicenceLinked(Event, visibility=Visibility.PUBLIC, about="case", public=("case", "licence", "decision")):
    """What was granted stands in the register."""

    case: str
    licence: str
    decision: str


class CaseNoticeIssued(
    Event,
    visibility=Visibility.PUBLIC,
    about="case",
    public=("case", "notice_id", "kind", "decided_on", "issued_on"),
    commercial=("decision", "notice", "file", "file_digest"),
):
    """A decision was told to the applicant, with its reasons. file: address of the PDF in the vault."""

    case: str
    notice_id: str
    kind: NoticeKind
    decision: str
    decided_on: date
    issued_on: date
    notice: Notice
    file: str
    file_digest: str


class LicenceNoticeIssued(
    Event,
    visibility=Visibility.PUBLIC,
    about="licence",
    public=("licence", "lines", "notice_id", "kind", "decided_on", "issued_on"),
    commercial=("notice", "file", "file_digest"),
    official=("cause",),
):
    """A suspension or revocation was told to the holder. cause: run of the act that it tells of."""

    licence: str
    lines: tuple[int, ...]
    notice_id: str
    kind: NoticeKind
    cause: str
    decided_on: date
    issued_on: date
    notice: Notice
    file: str
    file_digest: str


class AppealLodged(
    Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "appeal_id", "appeal")
):
    """The exporter appealed. Too late: it waits for an answer of the authority, and moves nothing."""

    case: str
    appeal_id: str
    appeal: Lodged


class LateAppealAnswered(
    Event, visibility=Visibility.OFFICIAL, about="case", commercial=("case", "appeal_id", "answered")
):
    """The authority took a late appeal, or declined it, with reasons."""

    case: str
    appeal_id: str
    answered: Answered


class AppealAssigned(
    Event, visibility=Visibility.OFFICIAL, about="case", official=("case", "appeal_id", "assigned")
):
    """An appeal was given to somebody who took part in nothing of the case."""

    case: str
    appeal_id: str
    assigned: Assigned
