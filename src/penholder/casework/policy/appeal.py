"""When an appeal is in time, and who may decide it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from penholder.casework.clock import Calendar, clock_rules, due_day
from penholder.casework.decision_parts import Answered, Assigned, Decision, Lodged
from penholder.casework.dossier import Dossier, Held
from penholder.casework.policy.clocks import APPEAL
from penholder.casework.values import LateAnswer, NoticeKind, PartKind

NOT_WORK = frozenset({"casework.record_dissent", "casework.read_dissent"})
"""Acts that keep nobody from an appeal: who dissented is not to be told from who is refused."""


def refusal(dossier: Dossier) -> Held[Decision] | None:
    """The first decision of a case, if it is decided."""
    return dossier.last(PartKind.DECISION)


def refusal_notice(dossier: Dossier) -> Held[object] | None:
    """The notice of the refusal; the first one, if it was issued again."""
    rows = dossier.of(PartKind.NOTICE)
    return next((r for r in rows if r.value.kind is NoticeKind.REFUSAL), None)


def last_day(noticed: datetime, *, calendar: Calendar) -> date:
    """The last day on which an appeal is in time."""
    return due_day(clock_rules()[APPEAL], began=noticed, calendar=calendar)


def lodged(dossier: Dossier) -> Held[Lodged] | None:
    """The newest appeal."""
    return dossier.last(PartKind.APPEAL)


def answer_to(dossier: Dossier, appeal: str) -> Held[Answered] | None:
    """What the authority said to a late appeal."""
    return next((a for a in reversed(dossier.of(PartKind.LATE_ANSWER)) if a.about == appeal), None)


def waits(dossier: Dossier) -> Held[Lodged] | None:
    """A late appeal that nobody has answered."""
    newest = lodged(dossier)
    if newest is None or not newest.value.is_late or answer_to(dossier, newest.id) is not None:
        return None
    return newest


def is_declined(dossier: Dossier) -> bool:
    """Was the newest appeal late, and declined?"""
    newest = lodged(dossier)
    said = answer_to(dossier, newest.id) if newest else None
    return said is not None and said.value.answer is LateAnswer.DECLINE


def assigned(dossier: Dossier, appeal: str) -> Held[Assigned] | None:
    """Who decides an appeal now."""
    return next((a for a in reversed(dossier.of(PartKind.ASSIGNMENT)) if a.about == appeal), None)


def kept_from(person: str, stands_in_for: Collection[str], involved: Collection[str]) -> bool:
    """Did somebody, or anybody for whom they stand in, take part?"""
    return not {person, *stands_in_for}.isdisjoint(involved)
