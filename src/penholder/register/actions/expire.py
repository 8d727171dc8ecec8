"""Lines that have run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.register import policy
from penholder.register.actions.locked import Locked, change_of
from penholder.register.events import LinesExpired
from penholder.register.models import Licence, Line, LineVersion
from penholder.register.rows import columns_of, state_of
from penholder.register.values import LineAct, LineStatus, RegisterPermission

_IN_ONE_ENTRY = 500
"""Lines: an entry of the ledger has at most 65,535 bytes."""


@dataclass(frozen=True, slots=True)
class Expired:
    """How many licences and lines have run out; `more`: there are others, do it again."""

    licences: int
    lines: int
    more: bool


@action(permission=RegisterPermission.EXPIRE, events=(LinesExpired,))
def expire_lines(
    run: Run,
    *,
    on: Annotated[date, Field(description="Day; lines that are no longer valid on it expire.")],
    limit: Annotated[int, Field(description="At most so many licences in one act.", ge=1, le=500)] = 200,
) -> Expired:
    """Write down which lines have run out. The system does it every day.

    A suspended line becomes `expired_while_suspended`: the count of suspensions falls without one being lifted.
    """
    policy.check_day(on, name="on", today=run.now.date())
    due = Line.objects.filter(status__in=(LineStatus.ISSUED, LineStatus.SUSPENDED), valid_until__lte=on)
    found = list(due.order_by("licence_id").values_list("licence_id", flat=True).distinct()[: limit + 1])
    licences = {r.pk: r for r in Licence.objects.select_for_update().filter(pk__in=found[:limit]).order_by("pk")}
    rows = list(due.filter(licence_id__in=licences).order_by("licence_id", "valid_until", "number"))
    steps: list[LineVersion] = []
    for (licence, day), lines in groupby(rows, key=lambda line: (line.licence_id, line.valid_until)):
        ended = list(lines)
        for first in range(0, len(ended), _IN_ONE_ENTRY):
            locked = Locked(run, licences[licence], ended[first : first + _IN_ONE_ENTRY])
            steps += _expire(locked, day or on)
    if steps:
        change = change_of(run)
        for step in steps:
            step.change = change
        LineVersion.objects.bulk_create(steps)
    return Expired(len(licences), len(rows), len(found) > limit)


def _expire(locked: Locked, day: date) -> list[LineVersion]:
    before, steps = [], []
    for number, line in locked.lines.items():
        state = state_of(line)
        before.append(state.status)
        after = policy.moved(state, LineAct.EXPIRE, line=locked.name(number), changes={"since": day})
        Line.objects.filter(pk=line.pk).update(**columns_of(after))
        steps.append(
            LineVersion(
                line=line,
                version=after.version,
                act=LineAct.EXPIRE.value,
                status=after.status.value,
                effective_on=day,
            )
        )
    event = LinesExpired(
        licence=locked.licence.public_id,
        lines=tuple(locked.lines),
        effective_on=day,
        before=tuple(before),
        after=tuple(LineStatus(s.status) for s in steps),
    )
    locked.record(event, claimed_at=day)
    return steps
