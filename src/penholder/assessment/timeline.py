"""What happened to an assessment, entry by entry. Instructions given orally stand in nobody's history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penholder.actions.events import EVENTS
from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.assessment.queries import assessment
from penholder.ledger.queries import entries_about, size_at
from penholder.vault.store import open_many

_SHOWN = (Visibility.PUBLIC, Visibility.OFFICIAL)
_READ = (FieldClass.PUBLIC, FieldClass.COMMERCIAL, FieldClass.OFFICIAL)
_LONG = frozenset({"content"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the ledger, with its public and official fields. place: in the log; None while it waits."""

    event: str
    role: str
    at: datetime
    claimed_at: str | None
    late: bool
    place: int | None
    run: str
    fields: dict[str, Any]
    withheld: tuple[str, ...]
    """Names of fields that are read by an act of their own, or that were erased."""


def timeline(*, viewer: Actor, assessment_id: str, known: datetime | None = None) -> tuple[Happening, ...]:
    """Everything recorded about an assessment, oldest first, for who may see it. Raises: AbsentError."""
    assessment(viewer=viewer, id=assessment_id, known=known)
    size = None if known is None else size_at(known)
    found = sorted(entries_about(assessment_id, size=size), key=lambda r: r.number)
    shown = [r for r in found if EVENTS[r.event].visibility in _SHOWN]
    opened = open_many([r.number for r in shown])
    made = []
    for entry in shown:
        classes = EVENTS[entry.event].field_classes
        given = dict(entry.entry.data) | {d.name: d.value for d in opened.get(entry.number, [])}
        fields = {n: given[n] for n, kind in classes.items() if n in given and kind in _READ and n not in _LONG}
        made.append(
            Happening(
                event=entry.event,
                role=entry.entry.role,
                at=entry.at,
                claimed_at=entry.entry.claimed_at,
                late=entry.entry.late,
                place=entry.place,
                run=entry.run,
                fields=fields,
                withheld=tuple(n for n in classes if n not in fields and n not in _LONG),
            )
        )
    return tuple(made)
