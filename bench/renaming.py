"""The smallest real act: one UPDATE of one row, found by its public id, and one event with one private field.

It also counts up the version of the row: so the sum of the versions says how many changes there were.

Import it after `bench.acts.installation` (it needs Django).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F

from penholder.actions.action import Run, action, perform
from penholder.actions.events import Event
from penholder.actions.lock import writer_lock
from penholder.actions.values import Actor, ActorKind, FieldClass, Receipt, Visibility
from penholder.ledger.door import action_door
from penholder.people.models import User

OFFICER = Actor("P-officer", ActorKind.PERSON, frozenset({"officer"}))


class OfficerMay:
    """The authority of the benches."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        """Everything is allowed."""
        return "officer"

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        """Nobody's roles change here."""
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        """Nothing need be read."""
        return False


class Permit(StrEnum):
    """Permissions of the benches."""

    RENAME = "bench.rename"


class Renamed(Event, visibility=Visibility.PUBLIC, about="person", public=("person",), official=("title",)):
    """A person has another title."""

    person: str
    title: str


@action(permission=Permit.RENAME, events=(Renamed,))
def rename(run: Run, *, person: str, title: str) -> None:
    """Give a person another title."""
    _change(person, title)
    run.record(Renamed(person=person, title=title))


def with_ledger(person: str, title: str, *, key: str | None = None) -> Receipt[None]:
    """The change through the one door."""
    return perform(rename, OFFICER, idempotency_key=key, person=person, title=title)


def without_ledger(person: str, title: str) -> None:
    """The same change in one durable transaction under the same lock and guard, and nothing else."""
    with writer_lock(), transaction.atomic(durable=True), action_door():
        _change(person, title)


def enter_people(number: int) -> list[str]:
    """Rows to change. Gives their public ids."""
    allow()
    ids = [f"P-{n:06}" for n in range(number)]
    rows = [User(public_id=i, email=f"{i}@ardenia.invalid", title="Officer") for i in ids]
    with writer_lock(), transaction.atomic(durable=True), action_door():
        User.objects.bulk_create(rows)
    return ids


def allow() -> None:
    """Let the officer of the benches act in this process."""
    settings.PENHOLDER_AUTHORITY = "bench.renaming.OfficerMay"


def _change(person: str, title: str) -> None:
    if User.objects.filter(public_id=person).update(title=title, version=F("version") + 1) != 1:
        msg = f"there is no {person}"
        raise AssertionError(msg)
