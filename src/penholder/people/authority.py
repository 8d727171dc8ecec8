"""Who may what: the role table, as the actions and queries ask it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from penholder.actions.values import NOBODY, SYSTEM, Actor, ActorKind, FieldClass
from penholder.people.errors import RoleTableError
from penholder.people.roles import PERSON, PUBLIC, SYSTEM_ROLE, RoleBook, role_book

_BASE = {ActorKind.PERSON: PERSON, ActorKind.ANONYMOUS: PUBLIC, ActorKind.SYSTEM: SYSTEM_ROLE}


class RoleTable:
    """The `actions.permissions.Authority` of an installation: people/data/roles.yaml."""

    def __init__(self, book: RoleBook | None = None) -> None:
        self.book = book or role_book()

    def role_for(self, actor: Actor, permission: str) -> str | None:
        """The role in which the actor may; None where no role gives it, or one role refuses it."""
        return self.book.role_for(_held(actor), permission)

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        """May the actor read fields of this class, whoever they are about? See `may_read_of` for exporters."""
        return self.book.reads(_held(actor), field)

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        """The actor read anew. None: an account that is not there or not active, or a system that is not ours."""
        if actor.kind is not ActorKind.PERSON:
            return actor if actor in {SYSTEM, NOBODY} else None
        from penholder.people.actor import actor_with  # noqa: PLC0415 - the app is made before its tables

        return actor_with(actor.id, on=on)

    def may_read_of(self, actor: Actor, field: FieldClass, organisation: str) -> bool:
        """May the actor read fields of this class about this organisation (its public id)?"""
        own = organisation in actor.organisations and self.book.reads_own(_held(actor), field)
        return own or self.may_read(actor, field)

    def needs_second_factor(self, actor: Actor) -> bool:
        """Does a role of the actor ask for a second factor at sign-in?"""
        return self.book.needs_mfa(actor.roles)


def may_read_of(actor: Actor, field: FieldClass, organisation: str) -> bool:
    """May the actor read fields of this class about this organisation? For the queries of other capabilities."""
    return RoleTable().may_read_of(actor, field, organisation)


def check_table(book: RoleBook, permissions: Iterable[str]) -> None:
    """Refuse a table that does not fit the actions. Raises: RoleTableError.

    Args:
        permissions: those of all registered actions. Capabilities that none of them is of are not of this site;
            what the table says of them is not looked at.
    """
    needed = set(permissions)
    here = {p.partition(".")[0] for p in needed}
    named = {p for p in book.permissions if p.partition(".")[0] in here}
    given = frozenset().union(*(r.may for r in book.roles.values()))
    for what, which in (
        ("no role may", sorted(needed - given)),
        ("the table names, but no action needs", sorted(named - needed)),
    ):
        if which:
            raise RoleTableError(
                f"the role table does not fit the actions: {what} {', '.join(which)}",
                hint="mend src/penholder/people/data/roles.yaml",
            )


def _held(actor: Actor) -> frozenset[str]:
    return actor.roles | {_BASE[actor.kind]}
