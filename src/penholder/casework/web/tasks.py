"""What comes next in a case: one's own task first, and who waits for whom."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from penholder.actions.values import Actor
from penholder.casework.answers import CaseView
from penholder.casework.next_steps import Step, may_do, steps
from penholder.people.roles import role_book


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. href: where the viewer does it; None: it waits for somebody in one of the roles."""

    text: str
    href: str | None
    roles: tuple[str, ...]


def next_tasks(viewer: Actor, seen: CaseView) -> tuple[Task, ...]:
    """What is to be done now, what the viewer may do first."""
    made = [_task(viewer, seen.id, one) for one in steps(viewer, seen)]
    return tuple(sorted(made, key=lambda t: t.href is None))


def _task(viewer: Actor, case: str, step: Step) -> Task:
    text, permission, name, more = step
    roles = tuple(r.name for r in role_book().roles.values() if permission in r.may and r.is_granted)
    return Task(text, _address(name, case, *more) if may_do(viewer, step) else None, roles)


def _address(name: str, *parts: str) -> str | None:
    with suppress(NoReverseMatch):
        return reverse(name, args=parts)
    return None
