"""What time brings about is noted once a day. Nothing waits for it: the level has changed already."""

from __future__ import annotations

from datetime import datetime

from penholder.actions.action import perform
from penholder.actions.schedule import every
from penholder.actions.values import SYSTEM
from penholder.concerns.actions.upkeep import note_lapses


@every("day")
def note_what_lapsed(_now: datetime) -> None:
    """Note due days that have passed."""
    perform(note_lapses, SYSTEM)
