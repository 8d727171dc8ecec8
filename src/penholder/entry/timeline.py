"""What happened to a thing, entry by entry of the ledger: the part that timelines of most capabilities share."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penholder.actions.events import EVENTS, Event
from penholder.actions.values import FieldClass
from penholder.ledger.queries import entries_about, size_at
from penholder.vault.store import open_many


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

    @property
    def place_words(self) -> str:
        """Where it stands in the log."""
        return "waits for its place in the log" if self.place is None else f"place {self.place:,} in the log"


def happenings(
    about: str,
    *,
    known: datetime | None,
    shows: Callable[[type[Event]], bool],
    reads: Collection[FieldClass],
) -> tuple[Happening, ...]:
    """Entries about a thing, oldest first. Whether the viewer may know of the thing, the caller has asked.

    Args:
        about: its public id. known: as our books held it at that moment; None: now.
        shows: may the viewer know that an event of this kind happened?
        reads: the classes of fields that are given. What was erased is left out.
    """
    size = None if known is None else size_at(known)
    found = sorted(entries_about(about, size=size), key=lambda r: r.number)
    shown = [r for r in found if shows(EVENTS[r.event])]
    opened = open_many([r.number for r in shown]) if set(reads) - {FieldClass.PUBLIC} else {}
    made = []
    for row in shown:
        held = dict(row.entry.data) | {d.name: d.value for d in opened.get(row.number, [])}
        classes = EVENTS[row.event].field_classes
        made.append(
            Happening(
                event=row.event,
                role=row.entry.role,
                at=row.at,
                claimed_at=row.entry.claimed_at,
                late=row.entry.late,
                place=row.place,
                run=row.run,
                fields={n: held[n] for n, kind in classes.items() if n in held and kind in reads},
            )
        )
    return tuple(made)
