"""What happened to an assessment, entry by entry. Instructions given orally stand in nobody's history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.assessment.events import VersionChecked
from penholder.assessment.queries import assessment
from penholder.entry.timeline import Happening, happenings

_SHOWN = (Visibility.PUBLIC, Visibility.OFFICIAL)
_READ = (FieldClass.PUBLIC, FieldClass.COMMERCIAL, FieldClass.OFFICIAL)
_LONG = frozenset({"content"})


def timeline(*, viewer: Actor, assessment_id: str, known: datetime | None = None) -> tuple[Happening, ...]:
    """Everything recorded about an assessment, oldest first, for who may see it. Raises: AbsentError."""
    assessment(viewer=viewer, id=assessment_id, known=known)
    found = happenings(assessment_id, known=known, shows=lambda e: e.visibility in _SHOWN, reads=_READ)
    return tuple(replace(h, fields={n: v for n, v in h.fields.items() if n not in _LONG}) for h in found)


def has_note(happened: Happening) -> bool:
    """Is there a legal note with it, which is read by an act of its own?"""
    return happened.event == VersionChecked.name
