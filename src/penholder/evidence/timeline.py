"""What happened to an incident, entry by entry of the ledger."""

from __future__ import annotations

from datetime import datetime

from penholder.actions.errors import AbsentError
from penholder.actions.events import EVENTS
from penholder.actions.values import Actor, Visibility
from penholder.evidence.access import require_sight
from penholder.evidence.answers import Happening
from penholder.evidence.models import Incident
from penholder.ledger.disclosure import Disclosure
from penholder.ledger.queries import RecordedEntry, entries_about, size_at
from penholder.vault.store import open_many

_LONG = frozenset({"incidents", "facts"})
"""Fields that the page says elsewhere, or that are as long as a file."""


def timeline(*, viewer: Actor, incident: str, known: datetime | None = None) -> tuple[Happening, ...]:
    """Everything recorded about an incident, oldest first, the import that it came with too.

    Who acted is personal: reading it is an act of its own. Sealed entries are left out.
    Raises: AbsentError: there is none, or evidence is not for this viewer.
    """
    require_sight(viewer)
    row = Incident.objects.select_related("imported").filter(public_id=incident).first()
    if row is None:
        raise AbsentError(f"there is no incident {incident}", hint="look it up in the list of incidents")
    size = None if known is None else size_at(known)
    subjects = [*([row.imported.public_id] if row.imported else []), incident]
    found = [e for subject in subjects for e in entries_about(subject, size=size)]
    seen = [e for e in found if EVENTS[e.event].visibility is not Visibility.SEALED]
    opened = open_many([e.number for e in seen])
    return tuple(_happening(e, opened.get(e.number, [])) for e in sorted(seen, key=lambda e: e.number))


def _happening(recorded: RecordedEntry, opened: list[Disclosure]) -> Happening:
    entry, wanted = recorded.entry, EVENTS[recorded.event].field_classes.keys() - _LONG
    fields = dict(entry.data) | {d.name: d.value for d in opened}
    return Happening(
        entry=recorded.number,
        place=recorded.place,
        event=recorded.event,
        act=entry.act,
        role=entry.role,
        run=recorded.run,
        recorded_at=recorded.at,
        claimed_at=entry.claimed_at,
        late=entry.late,
        fields={n: v for n, v in fields.items() if n in wanted},
    )
