"""Who may see assessments: whoever reads official fields by role; nobody else, and exporters never."""

from __future__ import annotations

from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass


def may_see(viewer: Actor) -> bool:
    """Does the viewer see assessments? All of them, or none."""
    return viewer.kind is ActorKind.SYSTEM or authority().may_read(viewer, FieldClass.OFFICIAL)
