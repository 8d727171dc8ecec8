"""Whether an actor may act. The role table of `people` decides; without one, nobody may anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from penholder.actions.errors import RefusedError
from penholder.actions.values import Actor, FieldClass


class Authority(Protocol):
    """Who may what, as data."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        """The role of the actor that allows it, or None. A refusal of any role of the actor is not outweighed."""

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        """May the actor read fields of this class, by role?"""

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        """The same actor as they stand on a day, read anew; None where they may act no more."""


def authority() -> Authority:
    """The configured authority."""
    return _authority(settings.PENHOLDER_AUTHORITY)


@cache
def _authority(path: str) -> Authority:
    found: Authority = import_string(path)()
    return found


def require(actor: Actor, permission: str) -> str:
    """The role in which the actor may do it. Raises: RefusedError."""
    return _required(authority(), actor, permission)


def _required(decides: Authority, actor: Actor, permission: str) -> str:
    role = decides.role_for(actor, permission)
    if role is None:
        held = ", ".join(sorted(actor.roles)) or "none"
        raise RefusedError(
            f"this needs the permission {permission}; the roles held do not give it: {held}",
            hint="ask an administrator which role does; docs/reference/roles.md lists them",
        )
    return role


def stand(actor: Actor, permission: str, *, on: date) -> tuple[Actor, str]:
    """The actor as they stand now, and the role in which they may do it. Call it inside the transaction.

    They have what they had when the actor was made and still have: nothing that was withdrawn since, and nothing
    that was added. Raises: RefusedError.
    """
    decides = authority()
    found = decides.standing(actor, on=on)
    if found is None:
        raise RefusedError("this person may act no more", hint="sign in again, or ask an administrator")
    if found is actor or found == actor:
        return actor, _required(decides, actor, permission)
    _required(decides, found, permission)
    held = replace(
        found,
        roles=found.roles & actor.roles,
        organisations=found.organisations & actor.organisations,
        stands_in_for=found.stands_in_for | actor.stands_in_for,
    )
    return held, _required(decides, held, permission)
