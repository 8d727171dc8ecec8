"""What comes next in a case once it is decided: notices and appeals."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.values import Actor
from penholder.casework.answers import CaseView
from penholder.casework.decided import decisions_of
from penholder.casework.decision_answers import Decisions
from penholder.casework.values import CaseStatus, CaseworkPermission, LateAnswer

_DECIDED = frozenset(
    {
        CaseStatus.GRANTED,
        CaseStatus.REFUSED,
        CaseStatus.UNDER_APPEAL,
        CaseStatus.GRANTED_ON_APPEAL,
        CaseStatus.REFUSED_ON_APPEAL,
    }
)
_Found = tuple[str, str, str, tuple[str, ...]]
"""Words, permission, name of the route, further parts of the address."""


def after_decision(viewer: Actor, seen: CaseView) -> Iterator[_Found]:
    """Words, permission and route of each thing to do."""
    if seen.status not in _DECIDED:
        return
    found, permission = decisions_of(viewer=viewer, case=seen.id), CaseworkPermission
    if seen.inside is None:
        if seen.status is CaseStatus.REFUSED and not _waits(found):
            yield "Appeal against the refusal", permission.LODGE_APPEAL, "case-appeal", ()
        return
    if found.decisions and not found.decisions[-1].notice:
        yield "Issue the notice", permission.ISSUE_NOTICE, "case-notice", ()
    if _waits(found):
        yield "Answer the late appeal", permission.ASSIGN_APPEAL, "case-late-appeal", ()
    if seen.status is CaseStatus.UNDER_APPEAL:
        if found.appeals and not found.appeals[-1].person:
            yield "Assign the appeal", permission.ASSIGN_APPEAL, "case-assign-appeal", ()
        elif found.appeals and found.appeals[-1].person == viewer.id:
            yield "Decide the appeal", permission.DECIDE_APPEAL, "case-decide-appeal", ()


def _waits(found: Decisions) -> bool:
    """Does a late appeal wait for an answer?"""
    newest = found.appeals[-1] if found.appeals else None
    return newest is not None and newest.appeal.is_late and newest.answer is None


def is_declined(found: Decisions) -> bool:
    """Was the newest appeal late, and declined?"""
    return bool(found.appeals) and found.appeals[-1].answer is LateAnswer.DECLINE
