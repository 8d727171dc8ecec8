"""People for tests: an administrator, and whoever else is asked for, each by the real actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from penholder.actions import moment
from penholder.actions.action import perform
from penholder.actions.values import SYSTEM, Actor, Receipt
from penholder.people import actions as people
from penholder.people.actor import actor_of
from penholder.people.addresses import pseudonym_of
from penholder.people.models import User

TODAY = date(2026, 11, 22)


def first_administrator() -> Receipt[Any]:
    """The receipt of the first administrator: `result` is their id, `details` has the invitation."""
    return perform(people.bootstrap_administrator, SYSTEM, address="administrator-1@ardenia.invalid")


def administrator() -> Actor:
    """The first administrator; made where there is none yet."""
    found = User.objects.order_by("id").first()
    return actor(found.public_id if found else first_administrator().result)


def actor(person: str, *, on: date | None = None) -> Actor:
    """Who the person is today, or on another day."""
    return actor_of(User.objects.get(public_id=person), on=on or moment.today())


def invited(name: str, *roles: str) -> str:
    """The id of a new person with these roles: `officer-1` has the address officer-1@ardenia.invalid."""
    by = administrator()
    person: str = perform(people.invite_person, by, address=f"{name}@ardenia.invalid", title=name).result
    for role in roles:
        perform(people.grant_role, by, person_id=person, role=role)
    return person


def reset(person: str, *, why: str = "the telephone was lost, said at the desk") -> Receipt[Any]:
    """Reset the sign-in of somebody whose role needs two for it, where there is one administrator beside them."""
    by = next(a for a in map(actor, _administrators()) if a.id != person)
    asked = perform(people.ask_sign_in_reset, by, person_id=person, why=why).result
    return perform(people.confirm_sign_in_reset_on_server, SYSTEM, reset=asked, why=why)


def _administrators() -> list[str]:
    holders = User.objects.filter(grants__role="administrator").order_by("id")
    return list(holders.values_list("public_id", flat=True))


def known_by(name: str) -> User:
    """The account that `invited` made of this name."""
    return User.objects.get(email=pseudonym_of(f"{name}@ardenia.invalid"))


def officer(name: str, *roles: str) -> Actor:
    """A new person with these roles, as an actor."""
    return actor(invited(name, *roles))
