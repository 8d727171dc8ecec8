"""Holds: work on pending cases of a destination stands still."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.actions.words import check_words
from penholder.restrictions.actions.parameters import Cause, Destination, Reasons, ReviewBy, Version
from penholder.restrictions.actions.rows import (
    Changed,
    check_not_ahead,
    check_review,
    lock,
    make,
)
from penholder.restrictions.events import HoldLifted, HoldPlaced
from penholder.restrictions.given import read_destinations
from penholder.restrictions.loading import hold_of, load
from penholder.restrictions.values import HOLD, Kind, RestrictionPermission, StepKind


@action(permission=RestrictionPermission.PLACE_HOLD, events=(HoldPlaced,))
def place_hold(
    run: Run,
    *,
    destination: Annotated[Destination, Field(description="Destination of the cases: a code or a name.")],
    reasons: Reasons,
    review_by: ReviewBy,
    cause: Cause = "",
) -> Changed:
    """Let work on pending cases of a destination stand still from today on. Clocks of cases show it."""
    check_words(reasons=reasons)
    today = run.now.date()
    check_review(review_by, after=today)
    (place,) = read_destinations((destination,), field="destination")
    made = make(run, Kind.HOLD, HOLD, reasons=reasons, review_by=review_by, cause=cause)
    standing = [h for f in load(Kind.HOLD) if f.steps and (h := hold_of(f, on=today)) and h.cause == cause]
    if any(h.destination == place for h in standing):
        raise ConflictError(f"pending cases of {place} are held for this already", hint="nothing is left to do")
    made.step(StepKind.PLACE, on=today, destination=place)
    hold = made.row.public_id
    run.record(
        HoldPlaced(
            hold=hold, destination=place, placed_on=today, review_by=review_by, cause=cause, reasons=reasons
        )
    )
    return Changed(hold, 1)


@action(permission=RestrictionPermission.LIFT_HOLD, events=(HoldLifted,))
def lift_hold(
    run: Run,
    *,
    hold: Annotated[str, Field(description="Public id of the hold (HO-…).", min_length=1, max_length=40)],
    reasons: Reasons,
    expected_version: Version,
) -> Changed:
    """Let work on pending cases go on. Past the day of review a hold is overdue; it is never lifted by itself."""
    check_words(reasons=reasons)
    found = lock(run, Kind.HOLD, hold, expected_version=expected_version)
    today = run.now.date()
    (placed,) = [s for s in found.steps if s.kind is StepKind.PLACE]
    check_not_ahead(today, name="lifted_on", today=today, not_before=placed.on)
    found.step(StepKind.LIFT, on=today, reasons=reasons)
    run.record(HoldLifted(hold=hold, destination=placed.destination, lifted_on=today, reasons=reasons))
    return found.changed()
