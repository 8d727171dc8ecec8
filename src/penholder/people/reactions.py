"""What must happen because something happened to people: whoever is concerned finds it in their inbox."""

from __future__ import annotations

from penholder.actions.action import perform
from penholder.actions.outbox import Happened, on
from penholder.actions.values import SYSTEM
from penholder.people.actions.tasks import add_task
from penholder.people.events import RolesDelegated


@on(RolesDelegated)
def tell_who_stands_in(happened: Happened) -> None:
    """Whoever is lent roles is told, with the days."""
    event = happened.event
    if isinstance(event, RolesDelegated):
        perform(
            add_task,
            SYSTEM,
            idempotency_key=f"outbox:delegation:{happened.entry}",
            text=f"You stand in as {', '.join(event.roles)} from {event.valid_from} until {event.valid_until}",
            subject=event.delegation,
            person_id=event.taker,
        )
