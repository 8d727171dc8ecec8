"""Words of casework: permissions, statuses, what an application says, what departments find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

CASE = "AP"
UNDERTAKING = "UN"
PARTY_LIST = "LS"
QUESTION = "QU"
SCREENING = "SG"
MATCH = "MA"
ADVICE = "AD"
DISSENT = "DS"
PROPOSAL = "PR"
DECISION = "DE"
NOTICE = "NO"
APPEAL = "PL"
"""Prefixes of public ids. Goods lines and parties have numbers within their case, from 1."""


class CaseworkPermission(StrEnum):
    """What can be allowed in casework. The role table of `people` says to whom."""

    DRAFT = "casework.draft"
    SUBMIT = "casework.submit"
    WITHDRAW = "casework.withdraw"
    ACCEPT = "casework.accept"
    ASK = "casework.ask"
    ANSWER = "casework.answer"
    RATE = "casework.rate"
    SCREEN = "casework.screen"
    JUDGE_MATCH = "casework.judge_match"
    LOAD_LIST = "casework.load_list"
    CIRCULATE = "casework.circulate"
    WAIVE_ADVICE = "casework.waive_advice"
    ADVISE = "casework.advise"
    DISSENT = "casework.dissent"
    READ_DISSENT = "casework.read_dissent"
    PROPOSE = "casework.propose"
    COUNTERSIGN = "casework.countersign"
    DECIDE = "casework.decide"
    LINK_LICENCE = "casework.link_licence"
    ISSUE_NOTICE = "casework.issue_notice"
    LODGE_APPEAL = "casework.lodge_appeal"
    ASSIGN_APPEAL = "casework.assign_appeal"
    DECIDE_APPEAL = "casework.decide_appeal"


class CaseStatus(StrEnum):
    """Where a case stands. The allowed moves are in `data/machine.yaml`; a hold and a question are no statuses."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    DEPARTMENTS_ADVISING = "departments_advising"
    FINAL_REVIEW = "final_review"
    COUNTERSIGN = "countersign"
    FOR_DECISION = "for_decision"
    GRANTED = "granted"
    REFUSED = "refused"
    UNDER_APPEAL = "under_appeal"
    GRANTED_ON_APPEAL = "granted_on_appeal"
    REFUSED_ON_APPEAL = "refused_on_appeal"
    WITHDRAWN = "withdrawn"


class CaseMove(StrEnum):
    """What moves a case."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    CIRCULATE = "circulate"
    COLLECT = "collect"
    """The last department that was asked has advised, or was waived."""
    PROPOSE = "propose"
    SIGN = "sign"
    SEND_BACK = "send_back"
    GRANT = "grant"
    REFUSE = "refuse"
    APPEAL = "appeal"
    GRANT_ON_APPEAL = "grant_on_appeal"
    REFUSE_ON_APPEAL = "refuse_on_appeal"
    WITHDRAW = "withdraw"


class PartyRole(StrEnum):
    """Who a party is in a case."""

    END_USER = "end_user"
    ULTIMATE_END_USER = "ultimate_end_user"
    CONSIGNEE = "consignee"
    THIRD_PARTY = "third_party"


class RouteAct(StrEnum):
    """What happens to the goods at one stage of their route."""

    DELIVER = "deliver"
    INCORPORATE = "incorporate"
    RE_EXPORT = "re_export"


class Incorporated(StrEnum):
    """Do the goods become part of another product?"""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class ListKind(StrEnum):
    """What a list of parties is. Both kinds are screened alike."""

    DENIAL = "denial"
    SANCTION = "sanction"


class PlaceMatch(StrEnum):
    """Does the place of a party fit that of an entry of a list?"""

    SAME = "same"
    OTHER = "other"
    NOT_STATED = "not_stated"


class Recommendation(StrEnum):
    """What a department advises."""

    APPROVE = "approve"
    PROVISO = "proviso"
    REFUSE = "refuse"
    NO_LICENCE_REQUIRED = "no_licence_required"
    NO_VIEW = "no_view"


class PartKind(StrEnum):
    """What an act adds to a case: the kind of a row, and which value stands in it."""

    APPLICATION = "application"
    SUBMISSION = "submission"
    WITHDRAWAL = "withdrawal"
    ACCEPTANCE = "acceptance"
    QUESTION = "question"
    ANSWER = "answer"
    RATING = "rating"
    SCREENING = "screening"
    MATCH = "match"
    VERDICT = "verdict"
    CIRCULATION = "circulation"
    ADVICE = "advice"
    WAIVER = "waiver"
    DISSENT = "dissent"
    PROPOSAL = "proposal"
    SIGNATURE = "signature"
    RETURN = "return"
    DECISION = "decision"
    LICENCE = "licence"
    NOTICE = "notice"
    APPEAL = "appeal"
    LATE_ANSWER = "late_answer"
    ASSIGNMENT = "assignment"
    APPEAL_DECISION = "appeal_decision"


class Outcome(StrEnum):
    """What is proposed or decided."""

    GRANT = "grant"
    REFUSE = "refuse"


class Signature(StrEnum):
    """What a countersigner says to a proposal."""

    ACCEPT = "accept"
    REJECT = "reject"


class MatchVerdict(StrEnum):
    """What a person says of a name that resembles an entry of a list. No score decides."""

    SAME = "same"
    OTHER = "other"
    CANNOT_SAY = "cannot_say"


class NoticeKind(StrEnum):
    """What is told to the holder or applicant in writing."""

    GRANT = "grant"
    REFUSAL = "refusal"
    SUSPENSION = "suspension"
    REVOCATION = "revocation"


class LateAnswer(StrEnum):
    """What the authority says to an appeal that came too late."""

    TAKE = "take"
    DECLINE = "decline"


Words = Annotated[str, Field(min_length=1, max_length=400)]
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
LongText = Annotated[str, Field(min_length=1, max_length=20_000)]
Place = Annotated[str, Field(min_length=1, max_length=400)]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[0-9A-Za-z.()-]+$", max_length=60)]
DepartmentId = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")]
"""Of `data/departments.yaml`."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act on a case gives back: the case, its version, the id of what was added, what is to be known."""

    case: str
    version: int
    added: str = ""
    said: tuple[str, ...] = ()
