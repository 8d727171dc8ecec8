"""What happened to a case, entry by entry, as far as the viewer may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penholder.actions.events import EVENTS
from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.casework.queries import case as case_of
from penholder.ledger.queries import entries_about, size_at
from penholder.vault.store import open_many

_SHOWN = (Visibility.PUBLIC, Visibility.OFFICIAL)
_INSIDE = (FieldClass.PUBLIC, FieldClass.COMMERCIAL, FieldClass.OFFICIAL)
_OUTSIDE = (FieldClass.PUBLIC, FieldClass.COMMERCIAL)


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the ledger, with the fields that the viewer reads. place: in the log; None while it waits."""

    event: str
    role: str
    at: datetime
    claimed_at: str | None
    late: bool
    place: int | None
    run: str
    fields: dict[str, Any]


def timeline(*, viewer: Actor, case: str, known: datetime | None = None) -> tuple[Happening, ...]:
    """Everything recorded about a case of which the viewer may know, oldest first. Raises: AbsentError.

    Exporters see what they said and what was said to them: events with commercial fields, and no others.
    """
    found = case_of(viewer=viewer, id=case, known=known)
    classes = _INSIDE if found.inside is not None else _OUTSIDE
    size = None if known is None else size_at(known)
    entries = [
        r
        for r in sorted(entries_about(case, size=size), key=lambda r: r.number)
        if EVENTS[r.event].visibility in _SHOWN
        and (found.inside is not None or FieldClass.COMMERCIAL in EVENTS[r.event].field_classes.values())
    ]
    opened = open_many([r.number for r in entries])
    made = []
    for entry in entries:
        kinds = EVENTS[entry.event].field_classes
        held = dict(entry.entry.data) | {d.name: d.value for d in opened.get(entry.number, [])}
        made.append(
            Happening(
                event=entry.event,
                role=entry.entry.role,
                at=entry.at,
                claimed_at=entry.entry.claimed_at,
                late=entry.entry.late,
                place=entry.place,
                run=entry.run,
                fields={n: held[n] for n, kind in kinds.items() if n in held and kind in classes},
            )
        )
    return tuple(made)
