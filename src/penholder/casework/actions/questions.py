"""Questions to the exporter. While one is open, and no longer than its last day, the clock stands still."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.casework.actions.locked import Locked, lock_case
from penholder.casework.actions.parameters import CaseId, Expected, PartId
from penholder.casework.clock import clock_rules, due_day
from penholder.casework.errors import IncompleteError
from penholder.casework.events import ExporterAsked, QuestionAnswered
from penholder.casework.parts import Question
from penholder.casework.policy.clocks import ANSWER, LONGEST_ANSWER, first_outcome
from penholder.casework.policy.complete import missing
from penholder.casework.values import QUESTION, CaseStatus, CaseworkPermission, Changed
from penholder.casework.working_days import calendar

_WORKED_ON = (
    CaseStatus.SUBMITTED,
    CaseStatus.UNDER_REVIEW,
    CaseStatus.DEPARTMENTS_ADVISING,
    CaseStatus.FINAL_REVIEW,
)


@action(permission=CaseworkPermission.ASK, events=(ExporterAsked,))
def ask_exporter(
    run: Run,
    *,
    case: CaseId,
    text: Annotated[
        str, Field(description="The question, as the exporter reads it.", min_length=3, max_length=20_000)
    ],
    expected_version: Expected,
    due_on: Annotated[
        date | None,
        Field(description="Last day for the answer, at most 60 working days ahead; empty: 20 working days."),
    ] = None,
) -> Changed:
    """Ask the exporter something. Until the answer, or until its last day is over, the clock stands still.

    All questions of a case together stop it for so many working days as the table of clocks allows, and no longer.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(*_WORKED_ON, what="the exporter is asked")
    check_words(text=text)
    due = due_on or due_day(clock_rules()[ANSWER], began=run.now, calendar=calendar())
    _check_due(due, run.now, today=locked.today)
    question = run.new_id(QUESTION)
    locked.record(ExporterAsked(case=case, question=question, asked=Question(text=text, due_on=due)))
    return locked.changed(question, said=_runs_on(locked))


def _runs_on(locked: Locked) -> tuple[str, ...]:
    """What whoever asks is told where no question stops the clock any more."""
    clock = first_outcome(locked.dossier, now=locked.run.now, calendar=calendar())
    if clock is None or not clock.is_paused_out:
        return ()
    return (f"the clock runs on: questions have stopped it for {clock.paused} working days, as long as they may",)


def _check_due(due: date, now: datetime, *, today: date) -> None:
    """Is the last day for an answer after today, and not further than the table allows? Raises: InvalidError."""
    rule = clock_rules()[LONGEST_ANSWER]
    last = due_day(rule, began=now, calendar=calendar())
    if today < due <= last:
        return
    wrong = (
        ("is not after today", "must be after today")
        if due <= today
        else (f"is more than {rule.limit} working days ahead", f"must be {last} or before")
    )
    raise InvalidError(
        f"the last day for the answer, {due}, {wrong[0]}",
        hint="leave it empty for 20 working days",
        fields={"due_on": wrong[1]},
    )


@action(permission=CaseworkPermission.ANSWER, events=(QuestionAnswered,))
def answer_question(
    run: Run,
    *,
    case: CaseId,
    question: Annotated[PartId, Field(description="Public id of the question (QU-…).")],
    text: Annotated[
        str, Field(description="The answer. What the application must say is changed there.", max_length=20_000)
    ],
) -> Changed:
    """Answer a question of the authority. The clock goes on; an answer that is late is taken, and shown as late.

    The application must be whole and declared again, if it was changed for the answer.
    """
    locked = lock_case(run, case, expected_version=None)
    found = next(((q, a) for q, a in locked.dossier.questions if q.id == question), None)
    if found is None:
        raise AbsentError(f"there is no question {question} on {case}", hint="its page lists the questions")
    if found[1] is not None:
        raise ConflictError(f"{question} is answered already", hint="nothing needs to be done")
    check_words(text=text)
    left = missing(locked.dossier.application)
    if left:
        raise IncompleteError(
            f"{case} was changed and is not whole: {len(left)} answers are missing",
            hint="; ".join(m.words for m in left),
            fields={m.field: m.words for m in left},
        )
    locked.record(QuestionAnswered(case=case, question=question, text=text))
    return Changed(case, locked.dossier.drafted.number, question)
