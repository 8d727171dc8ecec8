"""What happened to a case, entry by entry, as far as the viewer may know."""

from __future__ import annotations

from datetime import datetime

from penholder.actions.events import Event
from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.casework.queries import case as case_of
from penholder.entry.timeline import Happening, happenings

_SHOWN = (Visibility.PUBLIC, Visibility.OFFICIAL)
_OUTSIDE = (FieldClass.PUBLIC, FieldClass.COMMERCIAL)
_INSIDE = (*_OUTSIDE, FieldClass.OFFICIAL)


def timeline(*, viewer: Actor, case: str, known: datetime | None = None) -> tuple[Happening, ...]:
    """Everything recorded about a case of which the viewer may know, oldest first. Raises: AbsentError.

    Exporters see what they said and what was said to them: events with commercial fields, and no others.
    """
    is_inside = case_of(viewer=viewer, id=case, known=known).inside is not None

    def shows(event: type[Event]) -> bool:
        is_told = is_inside or FieldClass.COMMERCIAL in event.field_classes.values()
        return is_told and event.visibility in _SHOWN

    return happenings(case, known=known, shows=shows, reads=_INSIDE if is_inside else _OUTSIDE)
