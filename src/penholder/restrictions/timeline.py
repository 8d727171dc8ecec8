"""What happened to a restriction, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penholder.actions.events import EVENTS
from penholder.actions.values import Actor, Visibility
from penholder.ledger.queries import entries_about, size_at
from penholder.restrictions.queries import reads_official, restriction


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the ledger, with its public fields. place: in the log; None while it waits for one."""

    event: str
    role: str
    at: datetime
    claimed_at: str | None
    late: bool
    place: int | None
    run: str
    fields: dict[str, Any]


def timeline(*, viewer: Actor, id: str, known: datetime | None = None) -> tuple[Happening, ...]:  # noqa: A002
    """Everything recorded about a restriction of which the viewer may know, oldest first. Raises: AbsentError."""
    restriction(viewer=viewer, id=id, known=known)
    size = None if known is None else size_at(known)
    shown = {Visibility.PUBLIC, *((Visibility.OFFICIAL,) if reads_official(viewer) else ())}
    return tuple(
        Happening(
            event=r.event,
            role=r.entry.role,
            at=r.at,
            claimed_at=r.entry.claimed_at,
            late=r.entry.late,
            place=r.place,
            run=r.run,
            fields=dict(r.entry.data),
        )
        for r in sorted(entries_about(id, size=size), key=lambda r: r.number)
        if EVENTS[r.event].visibility in shown
    )
