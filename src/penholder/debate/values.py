"""Words of the debate: permissions, states, measures, clocks."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

COMMENT, MEMBER, REPORT, STATEMENT, MEASURE, APPEAL = "CT", "MB", "RP", "SO", "MS", "AL"
"""Prefixes of public ids."""
EDIT_WINDOW = timedelta(minutes=10)
APPEAL_MONTHS = 6
APPEAL_DUE = timedelta(days=14)
"""An appeal that is not decided by then is shown as overdue."""
DEEPEST = 2
"""Depth of the deepest reply: threads have three levels, counted from 0."""
LONGEST = 4_000
"""Characters of a comment."""


class DebatePermission(StrEnum):
    """What can be allowed in the debate. The role table of `people` says to whom."""

    RULES = "debate.rules"
    MEMBERSHIP = "debate.membership"
    JOIN = "debate.join"
    POST = "debate.post"
    REPORT = "debate.report"
    APPEAL = "debate.appeal"
    """For everybody with an account: who is banned has it too."""
    MODERATE = "debate.moderate"
    RESTRICT = "debate.restrict"
    BAN = "debate.ban"
    DECIDE_APPEAL = "debate.decide_appeal"
    FORGET = "debate.forget"


class Kind(StrEnum):
    """Of which pages of the public site there can be a debate."""

    LICENCE = "licence"
    DECISION = "decision"
    DESTINATION = "destination"
    CHANGE = "change"
    EXEMPTION = "exemption"
    MORATORIUM = "moratorium"
    HOLD = "hold"
    STATEMENT = "statement"
    FIGURE = "figure"


class CommentState(StrEnum):
    """Where a comment stands (data/machine.yaml)."""

    VISIBLE = "visible"
    REPORTED = "reported"
    KEPT = "kept"
    HELD = "held"
    REMOVED = "removed"
    RESTORED = "restored"


class CommentMove(StrEnum):
    """What can happen to a comment."""

    EDIT = "edit"
    REPORT = "report"
    HOLD = "hold"
    KEEP = "keep"
    REMOVE = "remove"
    RESTORE = "restore"


class MemberState(StrEnum):
    """Where a member stands: read from the measures that hold."""

    ACTIVE = "active"
    WARNED = "warned"
    RESTRICTED = "restricted"
    BANNED = "permanently_banned"


class MemberMove(StrEnum):
    """What can happen to a member."""

    WARN = "warn"
    SUSPEND = "suspend"
    BAN = "ban"


class Measure(StrEnum):
    """What a moderator decides. `keep` restricts nobody, and needs no statement of reasons."""

    KEEP = "keep"
    HOLD = "hold"
    REMOVE = "remove"
    WARN = "warn"
    SUSPEND = "suspend"
    BAN = "ban"


ON_COMMENTS = (Measure.HOLD, Measure.REMOVE)


class Scope(StrEnum):
    """How far a measure reaches."""

    COMMENT = "comment"
    """One comment. Nothing else changes for its author."""
    ACCOUNT = "account"
    """Posting and reporting on all pages. Reading, the own data and appeals stay open."""
    RECORD = "record"
    """A warning: nothing is limited."""


class Source(StrEnum):
    """What the facts of a statement of reasons come from."""

    REPORT = "report"
    OWN_INITIATIVE = "own_initiative"


class Redress(StrEnum):
    """What the person can do against a measure."""

    APPEAL = "appeal"


class Ended(StrEnum):
    """How a measure ended. A suspension that ended by its time has no such word: the time says it."""

    KEPT = "kept"
    SUPERSEDED = "superseded"
    APPEAL = "appeal"


class Outcome(StrEnum):
    """How an appeal was decided."""

    GRANTED = "granted"
    DISMISSED = "dismissed"


class BanState(StrEnum):
    """Where the proposal of a permanent ban stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


RuleId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
