"""Who sits at a desk: the members of a team, by its name, on a day. For acts of other capabilities."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from penholder.people.actor import holds_on
from penholder.people.models import Membership, RoleGrant, Task, Team
from penholder.people.roles import role_book
from penholder.people.sealed import texts_of
from penholder.people.values import TaskState


def members_on(team: str, day: date) -> frozenset[str]:
    """Public ids of the active people in the team of this name on a day; of none where there is no such team."""
    rows = Membership.objects.filter(holds_on(day), team__name=team, user__is_active=True)
    return frozenset(rows.values_list("user__public_id", flat=True))


def may_on(person: str, permission: str, day: date) -> bool:
    """Does a role that an active person holds on a day give a permission?"""
    granted = RoleGrant.objects.filter(holds_on(day), user__public_id=person, user__is_active=True)
    return role_book().role_for(set(granted.values_list("role", flat=True)), permission) is not None


def team_named(name: str) -> str:
    """Public id of the team of this name; empty where there is none."""
    return str(Team.objects.filter(name=name).values_list("public_id", flat=True).first() or "")


def open_tasks(team: str, *, about: str) -> tuple[tuple[str, int], ...]:
    """Public ids and versions of the open tasks of a team (by its name) about something, oldest first."""
    rows = Task.objects.filter(team__name=team, about=about, state=TaskState.OPEN).order_by("id")
    return tuple(rows.values_list("public_id", "version"))


def open_tasks_that_say(texts: Collection[str], *, about: str) -> tuple[tuple[str, int], ...]:
    """Public ids and versions of the open tasks about something with one of these texts, oldest first."""
    rows = Task.objects.filter(about=about, state=TaskState.OPEN).select_related("user").order_by("id")
    said = texts_of(rows)
    return tuple((row.public_id, row.version) for row in rows if said[row.public_id] in texts)
