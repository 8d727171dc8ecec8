"""The debate in words."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from penholder.debate.answers import CommentView, MeasureRow, Mine, RulesView, StatementView
from penholder.debate.policy import tally
from penholder.debate.values import CommentState, Ended, Measure, MemberState, Outcome, Scope, Source

MEASURES = {
    Measure.KEEP: "Kept after reports",
    Measure.HOLD: "Held while it is looked at",
    Measure.REMOVE: "Removed",
    Measure.WARN: "Warning",
    Measure.SUSPEND: "Suspended for a time",
    Measure.BAN: "Banned for good",
}
SCOPES = {
    Scope.COMMENT: "This one comment. Nothing else changes for you.",
    Scope.ACCOUNT: "Posting and reporting on all pages. Reading, your own data and appeals stay open.",
    Scope.RECORD: "A warning: nothing is limited.",
}
SOURCES = {
    Source.REPORT: "Reports of members, looked at by a moderator",
    Source.OWN_INITIATIVE: "Seen by a moderator, without a report",
}
STATES = {
    CommentState.VISIBLE: ("Shown", "green", "●"),
    CommentState.REPORTED: ("Reported", "yellow", "!"),
    CommentState.KEPT: ("Kept", "green", "●"),
    CommentState.HELD: ("Held", "orange", "‖"),
    CommentState.REMOVED: ("Removed", "red", "\u00d7"),
    CommentState.RESTORED: ("Shown again", "green", "↩"),
}
MEMBERS = {
    MemberState.ACTIVE: ("Active", "green", "●"),
    MemberState.WARNED: ("Warned", "yellow", "!"),
    MemberState.RESTRICTED: ("Suspended", "orange", "‖"),
    MemberState.BANNED: ("Banned for good", "red", "\u00d7"),
}
_ENDED = {
    Ended.KEPT: "ended: the comment was kept",
    Ended.SUPERSEDED: "a removal took its place",
    Ended.APPEAL: "ended by an appeal",
}
FIGURES = {
    tally.POSTED: "Comments posted",
    tally.REPORTED: "Reports by members",
    "keep": "Comments kept after reports",
    "hold": "Comments held",
    "remove": "Comments removed",
    "warn": "Warnings",
    "suspend": "Suspensions",
    "ban": "Permanent bans",
    tally.BY_MACHINE: "Measures decided by a machine",
    tally.MEDIAN: "Median minutes from a report to the decision on it",
    tally.APPEALED: "Appeals lodged",
    "granted": "Appeals granted",
    "dismissed": "Appeals dismissed",
    tally.OPEN: "Appeals lodged in these days and still open",
    tally.OVERDUE: "Appeals that were, or are, decided more than 14 days after they were lodged",
}


def rule_titles(versions: Iterable[RulesView]) -> dict[str, str]:
    """Rule -> its title, as the newest version has it."""
    return {r.id: r.title for version in reversed(tuple(versions)) for r in version.rules}


def html(comment: CommentView) -> Markup:
    """The text as it is shown: made safe when it was written (policy.text.html_of), and shown as it is."""
    return Markup(comment.html or "")  # noqa: S704 - nh3 made it


def ended(row: MeasureRow | StatementView) -> str:
    """How a measure ended; empty: it holds, or ends by its time."""
    return _ENDED[Ended(row.ended)] if row.ended else ""


def appealed(row: MeasureRow) -> str:
    """What became of an appeal; empty: there was none."""
    return {"open": "open", Outcome.GRANTED: "granted", Outcome.DISMISSED: "dismissed"}.get(row.appeal, "")


def standing(mine: Mine) -> str:
    """Where somebody stands, in a sentence."""
    if mine.state is MemberState.BANNED:
        return "You are banned from the debate for good. You can read, have your own data, and appeal."
    if mine.state is MemberState.RESTRICTED and mine.until is not None:
        return f"You are suspended until {mine.until:%-d %B %Y, %H:%M} UTC. It ends by itself."
    if not mine.member:
        return "You do not take part in the debate so far."
    return "You can post and report."


def days(number: int) -> str:
    """`3 hours`, `2 days`: how long something waits."""
    if number < 48:
        return f"{number} hour{'' if number == 1 else 's'}"
    return f"{number // 24} days"
