"""Who may see evidence: whoever reads official fields, by role. For everybody else it is not there."""

from __future__ import annotations

from penholder.actions.errors import AbsentError
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass


def may_see(viewer: Actor) -> bool:
    """Is evidence for this viewer?"""
    return viewer.kind is ActorKind.SYSTEM or authority().may_read(viewer, FieldClass.OFFICIAL)


def require_sight(viewer: Actor) -> None:
    """Raises: AbsentError: evidence is not for this viewer."""
    if not may_see(viewer):
        raise AbsentError(
            "there is nothing here for your roles", hint="docs/reference/roles.md says what each reads"
        )
