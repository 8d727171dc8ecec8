"""Questions to the index of acts: what somebody did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penholder.actions.errors import AbsentError
from penholder.actions.models import Act
from penholder.actions.values import Actor


@dataclass(frozen=True, slots=True)
class PastRun:
    """One performance of an action: its name, when, and the numbers of its entries in the ledger."""

    run: str
    act: str
    at: datetime
    entries: tuple[int, ...]


def run_of(run: str, *, viewer: Actor) -> PastRun:
    """What the viewer did in one run. Raises: AbsentError where there is none, or it was somebody else's."""
    rows = Act.objects.filter(entry__run=run, actor=viewer.id).order_by("entry_id")
    found = list(rows)
    if not found:
        raise AbsentError("you have done no act with this number", hint="it stands in the receipt: `run`")
    return PastRun(run, found[0].act, found[0].at, tuple(row.entry_id for row in found))
