"""One incident, locked for one act: what every act on an incident shares."""

from __future__ import annotations

from typing import Any

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.events import Event
from penholder.evidence.access import require_sight
from penholder.evidence.models import Change, Incident, Source
from penholder.evidence.values import Changed


class Locked:
    """An incident, the row that links this act to the ledger, and the version after it."""

    def __init__(self, run: Run, incident: Incident, change: Change) -> None:
        self.run = run
        self.row = incident
        self.change = change
        self.version = incident.version + 1

    @property
    def id(self) -> str:
        """The public id."""
        return self.row.public_id

    def record(self, event: Event, *, added: str = "", claimed_at: Any = None) -> Changed:
        """Record what was done, and let the version grow."""
        self.run.record(event, claimed_at=claimed_at)
        Incident.objects.filter(pk=self.row.pk).update(version=self.version)
        return Changed(self.id, self.version, added)


def change_of(run: Run) -> Change:
    """The row of this act."""
    made: Change = Change.objects.create(run=run.id, act=run.spec.name, recorded_at=run.now)
    return made


def lock_incident(run: Run, incident: str, *, expected_version: int) -> Locked:
    """Lock an incident. Raises: AbsentError: it is not there for this actor. ConflictError: it has changed."""
    require_sight(run.actor)
    row = Incident.objects.select_for_update().filter(public_id=incident).first()
    if row is None:
        raise AbsentError(f"there is no incident {incident}", hint="look it up in the list of incidents")
    if row.version != expected_version:
        raise ConflictError(
            f"{incident} was changed since you looked: it is at version {row.version}, not {expected_version}",
            hint="look at it again, and act again if that is still right",
        )
    return Locked(run, row, change_of(run))


def next_number(rows: Any) -> int:
    """The number of the next of some versions."""
    newest = rows.order_by("-number").values_list("number", flat=True).first()
    return 1 if newest is None else int(newest) + 1


def find_source(public_id: str, *, field: str = "source") -> Source:
    """A source. Raises: InvalidError."""
    found = Source.objects.filter(public_id=public_id).first()
    if found is None:
        raise InvalidError(
            "there is no such source",
            hint="register it first: evidence.register_source",
            fields={field: "is no source that is registered"},
        )
    return found


def optional_source(public_id: str, *, field: str = "source") -> Source | None:
    """A source, or None where none is named. Raises: InvalidError."""
    return find_source(public_id, field=field) if public_id else None
