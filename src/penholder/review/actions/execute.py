"""What was done of a decision, and its review."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.words import check_words
from penholder.review.actions.parameters import ChangeId, Reasons, Version
from penholder.review.actions.rows import Changed, check_ahead, lock
from penholder.review.events import ChangeReviewed, DecisionExecuted
from penholder.review.models import Execution
from penholder.review.values import Move, ReviewPermission

Names = tuple[Annotated[str, Field(pattern=r"^L-[0-9a-z]+:[1-9][0-9]{0,5}$", max_length=60)], ...]


@action(permission=ReviewPermission.EXECUTE, events=(DecisionExecuted,))
def record_execution(
    run: Run,
    *,
    change: ChangeId,
    stopped: Annotated[Names, Field(description="Lines that were suspended or revoked, as licence:number.")],
    skipped: Annotated[Names, Field(description="Lines that were no longer issued by then.")],
    moratorium: Annotated[
        str, Field(description="Public id of the moratorium that was set; empty: none.", max_length=40)
    ] = "",
) -> Changed:
    """Say that what was decided has been done. The system does it, and says it."""
    found = lock(run, change, Move.EXECUTE, expected_version=None)
    Execution.objects.create(
        circumstance=found.row,
        stopped=list(stopped),
        skipped=list(skipped),
        moratorium=moratorium,
        executed_on=found.today,
        change=found.change,
    )
    made = found.move(Move.EXECUTE)
    run.record(
        DecisionExecuted(
            change=change,
            executed_on=found.today,
            lines=len(stopped),
            licences=len({name.rpartition(":")[0] for name in stopped}),
            skipped=len(skipped),
            moratorium=moratorium,
            stopped=stopped,
            skipped_lines=skipped,
        )
    )
    return made


@action(permission=ReviewPermission.CLOSE, events=(ChangeReviewed,))
def review_change(
    run: Run,
    *,
    change: ChangeId,
    reasons: Reasons,
    expected_version: Version,
    next_review_by: Annotated[
        date | None, Field(description="Day of the next review; empty: nothing of it is in force any more.")
    ] = None,
) -> Changed:
    """Look at the decision again, and say what follows. Suspensions are lifted by acts of their own."""
    check_words(reasons=reasons)
    if next_review_by is not None:
        check_ahead(next_review_by, today=run.now.date())
    found = lock(run, change, Move.REVIEW, expected_version=expected_version)
    made = found.move(Move.REVIEW, text=reasons, review_by=next_review_by)
    run.record(
        ChangeReviewed(change=change, reviewed_on=found.today, next_review_by=next_review_by, reasons=reasons)
    )
    return made
