"""Propose a trigger, accept or decline it, and hold what is pending."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.actions.words import check_words
from penholder.restrictions.given import read_destinations
from penholder.review.actions.parameters import ChangeId, Reasons, ReviewBy, Version
from penholder.review.actions.rows import Changed, check_ahead, lock
from penholder.review.events import ChangeOpened, HoldOrdered, TriggerDeclined, TriggerProposed
from penholder.review.machine import machine
from penholder.review.models import Change, Circumstance, Step
from penholder.review.values import CHANGE, Move, ReviewPermission, State, Trigger


@action(permission=ReviewPermission.PROPOSE, events=(TriggerProposed,))
def propose_trigger(
    run: Run,
    *,
    trigger: Annotated[Trigger, Field(description="What changed.")],
    destinations: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=400)], ...],
        Field(
            description="Destinations whose licences and cases it touches: codes or names.",
            min_length=1,
            max_length=100,
        ),
    ],
    happened_on: Annotated[date, Field(description="Day on which it happened; today or earlier.")],
    words: Annotated[
        str, Field(description="What happened, and how it is known.", min_length=1, max_length=4_000)
    ],
) -> Changed:
    """Propose that circumstances have changed. Whoever answers for licences accepts or declines it within days.

    Without an answer within the days that the table gives it is overdue, and shows.
    """
    check_words(words=words)
    today = run.now.date()
    if happened_on > today:
        raise InvalidError(
            f"happened_on {happened_on} is in the future", fields={"happened_on": "must be today or earlier"}
        )
    places = read_destinations(destinations, field="destinations")
    change = Change.objects.create(run=run.id, act=run.spec.name, recorded_at=run.now)
    answer_by = today + timedelta(days=machine().answer_within_days)
    row = Circumstance.objects.create(
        public_id=run.new_id(CHANGE),
        trigger=trigger.value,
        destinations=list(places),
        happened_on=happened_on,
        words=words,
        proposed_on=today,
        answer_by=answer_by,
        state=machine().begins.value,
        change=change,
    )
    Step.objects.create(
        circumstance=row, move=Move.PROPOSE.value, state=row.state, on=today, text=words, change=change
    )
    run.record(
        TriggerProposed(
            change=row.public_id,
            trigger=trigger,
            destinations=places,
            happened_on=happened_on,
            answer_by=answer_by,
            words=words,
        ),
        claimed_at=happened_on,
    )
    return Changed(row.public_id, 1, State(row.state))


@action(permission=ReviewPermission.ANSWER, events=(ChangeOpened,), apart_from=("review.propose_trigger",))
def accept_trigger(run: Run, *, change: ChangeId, reasons: Reasons, expected_version: Version) -> Changed:
    """Accept a trigger: licences and pending cases of the destinations are looked at again."""
    check_words(reasons=reasons)
    found = lock(run, change, Move.ACCEPT, expected_version=expected_version)
    made = found.move(Move.ACCEPT, text=reasons)
    run.record(
        ChangeOpened(
            change=change,
            trigger=Trigger(found.row.trigger),
            destinations=found.destinations,
            happened_on=found.row.happened_on,
            opened_on=found.today,
            reasons=reasons,
        )
    )
    return made


@action(permission=ReviewPermission.ANSWER, events=(TriggerDeclined,), apart_from=("review.propose_trigger",))
def decline_trigger(run: Run, *, change: ChangeId, reasons: Reasons, expected_version: Version) -> Changed:
    """Decline a trigger, with reasons. It can be proposed again with something new."""
    check_words(reasons=reasons)
    found = lock(run, change, Move.DECLINE, expected_version=expected_version)
    made = found.move(Move.DECLINE, text=reasons)
    run.record(TriggerDeclined(change=change, declined_on=found.today, reasons=reasons))
    return made


@action(permission=ReviewPermission.HOLD, events=(HoldOrdered,))
def hold_pending(
    run: Run, *, change: ChangeId, reasons: Reasons, review_by: ReviewBy, expected_version: Version
) -> Changed:
    """Let pending cases of the destinations stand still while licences are looked at again."""
    check_words(reasons=reasons)
    check_ahead(review_by, today=run.now.date())
    found = lock(run, change, Move.HOLD, expected_version=expected_version)
    made = found.move(Move.HOLD, text=reasons, review_by=review_by)
    run.record(HoldOrdered(change=change, destinations=found.destinations, review_by=review_by, reasons=reasons))
    return made
