"""An officer opens a concern: that is recorded first. Who, which concern, what for, on which day."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.concerns.actions.handling import Handled
from penholder.concerns.cases import key_of, load, reader_of
from penholder.concerns.events import ConcernRead
from penholder.concerns.values import ConcernId, ConcernPermission, Purpose


@action(permission=ConcernPermission.HANDLE, events=(ConcernRead,))
def read_concern(
    run: Run, *, concern: ConcernId, purpose: Annotated[Purpose, Field(description="What you open it for.")]
) -> Handled:
    """Open a concern, and say what for. It is recorded, and for the rest of the day you can read what is in it.

    It changes nothing of the concern, and stops no clock. Needs your key.
    """
    case = load(concern)
    key_of(case, run.actor, reader_of(case, run.actor, on=run.now.date()))
    run.record(ConcernRead(concern=concern, purpose=purpose.value))
    return Handled(concern, case.row.version)
