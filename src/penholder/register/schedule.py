"""What the register does by itself, every day."""

from __future__ import annotations

from datetime import datetime

from penholder.actions.action import perform
from penholder.actions.schedule import every
from penholder.actions.values import SYSTEM
from penholder.register.actions.expire import expire_lines

_MOST_ACTS = 500


@every("day")
def expire_what_ran_out(now: datetime) -> None:
    """Write down which lines have run out, some hundred licences at a time."""
    for _ in range(_MOST_ACTS):
        if not perform(expire_lines, SYSTEM, on=now.date()).result.more:
            return
