"""The open questions of the site of concerns are taken in, whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.restrictions.events import GatesImported
from penholder.restrictions.models import GateRow
from penholder.restrictions.values import RestrictionPermission

Word = Annotated[str, Field(min_length=2, max_length=400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGate:
    """One open question, as the list has it."""

    id: Annotated[str, Field(pattern="^GT-[0-9a-f]{26}$")]
    target: Annotated[str, Field(min_length=2, max_length=40)]
    question: Word
    since: date
    level: Annotated[str, Field(min_length=2, max_length=300)]


@action(permission=RestrictionPermission.IMPORT_GATES, events=(GatesImported,), doors=())
def import_gates(
    run: Run,
    *,
    made_on: Annotated[date, Field(description="Day of the list.")],
    gates: Annotated[tuple[GivenGate, ...], Field(description="All open questions.", max_length=10_000)],
) -> int:
    """Take in the list of open questions: those that it leaves out are closed.

    `penholder exchange` reads and checks it.
    Gives how many are open.
    """
    newest = GateRow.objects.order_by("-made_on").values_list("made_on", flat=True).first()
    if newest is not None and made_on < newest:
        raise ConflictError(f"the list is of {made_on}; one of {newest} was taken in", hint="fetch a newer one")
    given = {g.id: g for g in gates}
    known = {r.public_id: r for r in GateRow.objects.select_for_update().all()}
    opened, closed = [], []
    for gate in given.values():
        row = known.get(gate.id)
        if row is None or row.closed_on is not None:
            opened.append(gate.id)
        said = {"target": gate.target, "question": gate.question, "since": gate.since, "level": gate.level}
        GateRow.objects.update_or_create(
            public_id=gate.id, defaults={**said, "closed_on": None, "made_on": made_on}
        )
    for row in known.values():
        if row.public_id not in given and row.closed_on is None:
            closed.append(row.public_id)
            GateRow.objects.filter(pk=row.pk).update(closed_on=made_on, made_on=made_on)
    run.record(
        GatesImported(made_on=made_on, opened=tuple(sorted(opened)), closed=tuple(sorted(closed)), open=len(given))
    )
    return len(given)
