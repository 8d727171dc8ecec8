"""After an erasure, what the debate holds of the person goes too."""

from __future__ import annotations

from penholder.actions.action import perform
from penholder.actions.outbox import Happened, on
from penholder.actions.values import SYSTEM
from penholder.debate.actions.erasure import forget_members
from penholder.people.events import SubjectErased


@on(SubjectErased)
def forget_the_erased(happened: Happened) -> None:
    """The event does not say who it was: whoever's key is gone is forgotten."""
    perform(forget_members, SYSTEM, idempotency_key=f"{happened.key}:debate")
