"""Answers that were refused because they say nothing are counted in public: noted here, recorded after the
refusal.

The refused act leaves nothing behind, so the count is an act of its own, by the system. What a process that is
killed in between has noted is lost; nothing else is.
"""

from __future__ import annotations

from collections import deque

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM

_waiting: deque[int] = deque()


def note(level: int) -> None:
    """An answer of this level was refused."""
    _waiting.append(level)


def record_waiting() -> int:
    """Record what was noted. Called after each request and command, outside of any act. Gives how many."""
    from penholder.concerns.actions.upkeep import count_empty_answer  # noqa: PLC0415 - it is above this module

    done = 0
    while _waiting:
        perform(count_empty_answer, SYSTEM, level=_waiting.popleft())
        done += 1
    return done
