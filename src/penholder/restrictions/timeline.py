"""What happened to a restriction, entry by entry."""

from __future__ import annotations

from datetime import datetime

from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.entry.timeline import Happening, happenings
from penholder.restrictions.queries import reads_official, restriction


def timeline(*, viewer: Actor, id: str, known: datetime | None = None) -> tuple[Happening, ...]:  # noqa: A002
    """Everything recorded about a restriction of which the viewer may know, oldest first; public fields.

    Raises: AbsentError.
    """
    restriction(viewer=viewer, id=id, known=known)
    shown = {Visibility.PUBLIC, *((Visibility.OFFICIAL,) if reads_official(viewer) else ())}
    return happenings(id, known=known, shows=lambda e: e.visibility in shown, reads=(FieldClass.PUBLIC,))
