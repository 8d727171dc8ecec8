"""Which clocks run on a case, and which questions to the exporter are overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from penholder.casework.clock import Calendar, Reading, Span, clock_rules, read_clock
from penholder.casework.dossier import Dossier
from penholder.casework.values import PartKind

FIRST_OUTCOME, ANSWER, LONGEST_ANSWER, APPEAL = "first_outcome", "answer", "longest_answer", "appeal"
_ENDS = (PartKind.DECISION, PartKind.WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the exporter. answer None: none yet; then it is overdue after its day."""

    id: str
    text: str
    asked_at: datetime
    due_on: date
    answer: str | None
    answered_at: datetime | None
    is_overdue: bool


def pauses_of(dossier: Dossier, calendar: Calendar) -> tuple[Span, ...]:
    """The times in which a question stopped the clock: until the answer, and no longer than its last day."""
    found = []
    for question, answer in dossier.questions:
        over = datetime.combine(question.value.due_on + timedelta(days=1), time(), calendar.zone).astimezone(UTC)
        found.append(Span(question.at, min(over, answer.at) if answer else over))
    return tuple(found)


def first_outcome(dossier: Dossier, *, now: datetime, calendar: Calendar) -> Reading | None:
    """The clock from submission to the first decision, or the withdrawal; None before the submission."""
    begun = dossier.submitted
    if begun is None:
        return None
    ended = min((row.at for kind in _ENDS for row in dossier.of(kind)), default=None)
    rule = clock_rules()[FIRST_OUTCOME]
    pauses = pauses_of(dossier, calendar)
    return read_clock(rule, began=begun.at, ended=ended, now=now, calendar=calendar, pauses=pauses)


def asked(dossier: Dossier, *, today: date) -> tuple[Asked, ...]:
    """The questions to the exporter, oldest first."""
    return tuple(
        Asked(
            id=q.id,
            text=q.value.text,
            asked_at=q.at,
            due_on=q.value.due_on,
            answer=answer.value.text if answer else None,
            answered_at=answer.at if answer else None,
            is_overdue=answer is None and today > q.value.due_on,
        )
        for q, answer in dossier.questions
    )
