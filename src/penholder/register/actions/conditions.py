"""Conditions on a licence: to be met before goods leave, or after."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.words import check_words
from penholder.register import policy
from penholder.register.actions.locked import lock_licence
from penholder.register.actions.parameters import LicenceId, Version
from penholder.register.events import ConditionAdded, ConditionFulfilled
from penholder.register.models import Condition
from penholder.register.values import CONDITION, ConditionTiming, RegisterPermission


@action(permission=RegisterPermission.ADD_CONDITION, events=(ConditionAdded,))
def add_condition(
    run: Run,
    *,
    licence: LicenceId,
    text: Annotated[str, Field(description="What must be done.", min_length=1, max_length=2_000)],
    timing: Annotated[ConditionTiming, Field(description="Before goods leave, after, or as its text says.")],
    expected_version: Version,
    lines: Annotated[
        tuple[Annotated[int, Field(ge=1)], ...],
        Field(description="Numbers of the lines; none: the whole licence.", max_length=1_000),
    ] = (),
    due: Annotated[date | None, Field(description="By which day; empty: no day is set.")] = None,
) -> str:
    """Put a condition on a licence or on some of its lines. Gives the id of the condition."""
    check_words(text=text)
    locked = lock_licence(run, licence, expected_version=expected_version, lines=lines)
    condition = run.new_id(CONDITION)
    Condition.objects.create(
        public_id=condition,
        licence=locked.licence,
        lines=sorted(set(lines)),
        text=text,
        timing=timing.value,
        due=due,
        change=locked.change,
    )
    event = ConditionAdded(
        licence=licence,
        lines=tuple(sorted(set(lines))),
        condition=condition,
        timing=timing,
        due=due,
        text=text,
    )
    locked.record(event)
    return condition


@action(permission=RegisterPermission.FULFIL_CONDITION, events=(ConditionFulfilled,))
def fulfil_condition(
    run: Run,
    *,
    licence: LicenceId,
    condition: Annotated[str, Field(description="Public id of the condition (C-…).", min_length=1, max_length=40)],
    done_on: Annotated[date, Field(description="Day on which it was met.")],
    remark: Annotated[str, Field(description="How it is known.", max_length=2_000)],
    expected_version: Version,
) -> str:
    """Say that a condition was met, and how that is known."""
    check_words(remark=remark)
    locked = lock_licence(run, licence, expected_version=expected_version, lines=())
    policy.check_day(done_on, name="done_on", today=locked.today)
    row = Condition.objects.filter(licence=locked.licence, public_id=condition).first()
    if row is None:
        raise AbsentError(f"there is no condition {condition} on {licence}", hint="look at the licence")
    if row.done_on is not None:
        raise ConflictError(f"{condition} was met on {row.done_on} already", hint="nothing is left to do")
    Condition.objects.filter(pk=row.pk).update(done_on=done_on, done_change=locked.change)
    locked.record(
        ConditionFulfilled(licence=licence, condition=condition, done_on=done_on, remark=remark),
        claimed_at=done_on,
    )
    return condition
