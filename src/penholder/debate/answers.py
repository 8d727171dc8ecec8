"""What the queries of the debate give out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from penholder.debate.house_rules import Rule
from penholder.debate.policy.tally import Figure
from penholder.debate.values import (
    BanState,
    CommentState,
    Kind,
    Measure,
    MemberState,
    Outcome,
    Redress,
    Scope,
    Source,
)


class Shown(StrEnum):
    """What stands in the place of a comment, for everybody, its author among them."""

    TEXT = "text"
    HELD = "held"
    REMOVED = "removed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class RulesView:
    """A version of the house rules."""

    version: str
    rules: tuple[Rule, ...]
    sha256: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Why a text is not shown: by which rule of which version, since when."""

    measure: str
    rule: str
    title: str
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as everybody sees it. html and name None: not shown, or erased."""

    id: str
    kind: Kind
    page: str
    parent: str
    depth: int
    name: str | None
    posted_at: datetime
    is_edited: bool
    shown: Shown
    html: str | None
    tombstone: Tombstone | None
    restored_on: date | None
    """It was hidden, and an appeal brought it back on that day."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of the site that has comments. number: with hidden ones. newest: when the last one was posted."""

    kind: Kind
    page: str
    number: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A comment with the first of its replies. more: how many there are beside those."""

    root: CommentView
    replies: tuple[CommentView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement of reasons as its person reads it. text: what they wrote; None: erased, or on no comment."""

    id: str
    measure_id: str
    measure: Measure
    scope: Scope
    at: datetime
    until: datetime | None
    facts: str | None
    source: Source
    found_by_machine: bool
    decided_by_machine: bool
    rule: Rule
    version: str
    redress: Redress
    appeal_until: date
    comment: str
    text: str | None
    ended_at: datetime | None
    ended: str
    appeal: str
    may_appeal: bool


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as its author sees it: what was decided, or nothing yet."""

    id: str
    comment: str
    rule: str
    at: datetime
    outcome: Measure | None
    decided_at: datetime | None
    is_undone: bool
    """The measure ended by an appeal."""


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal: as whoever lodged it sees it, and moderators."""

    id: str
    measure: Measure
    measure_id: str
    statement: str
    comment: str
    member: str
    lodged_at: datetime
    grounds: str | None
    outcome: Outcome | None
    decided_at: datetime | None
    reasons: str | None
    is_overdue: bool
    version: int


@dataclass(frozen=True, slots=True)
class Mine:
    """What an account has in the debate. member empty: it does not take part."""

    member: str
    name: str | None
    state: MemberState
    until: datetime | None
    version: str
    """Of the house rules in force; empty: none."""
    has_accepted: bool
    statements: tuple[StatementView, ...]
    reports: tuple[ReportView, ...]
    appeals: tuple[AppealView, ...]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A comment that waits for a moderator. rules: of the open reports, each once."""

    comment: str
    page: str
    kind: Kind
    state: CommentState
    since: datetime
    hours: int
    reports: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BanRow:
    """A proposed ban."""

    id: str
    member: str
    name: str | None
    rule: str
    version_of_rules: str
    facts: str | None
    state: BanState
    at: datetime
    version: int
    may_confirm: bool
    """Another one than this viewer proposed it, and it is not about them."""


@dataclass(frozen=True, slots=True)
class EditionView:
    """A text as it was."""

    number: int
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class ReportedView:
    """A report as moderators see it: without who made it."""

    id: str
    rule: str
    version: str
    at: datetime
    text: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in the public list: no person, no text. ended: how and when, empty: it holds."""

    id: str
    measure: Measure
    rule: str
    version: str
    source: Source
    at: datetime
    until: datetime | None
    comment: str
    ended: str
    ended_at: datetime | None
    appeal: str
    """open, granted or dismissed; empty: none."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A comment as moderators see it."""

    comment: CommentView
    state: CommentState
    version: int
    member: str
    editions: tuple[EditionView, ...]
    reports: tuple[ReportedView, ...]
    measures: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as moderators see them."""

    id: str
    name: str | None
    state: MemberState
    joined_at: datetime
    comments: int
    measures: tuple[MeasureRow, ...]
    proposal: BanRow | None
    version: int


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One thing that a figure counts: what the public log has of it. comment empty: it is about a member."""

    id: str
    comment: str
    rule: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ModerationReport:
    """The public figures of some days."""

    first: date
    last: date
    as_of: datetime
    figures: tuple[Figure, ...]
