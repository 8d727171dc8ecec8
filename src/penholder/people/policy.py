"""What follows from grants, delegations and absences: pure, for any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from penholder.people.roles import RoleBook


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`; without an end: until further notice."""

    start: date
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Is the day inside?"""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Granted:
    """A role and when it holds."""

    role: str
    period: Period


@dataclass(frozen=True, slots=True)
class Lent:
    """A role that somebody else lends: their id, whether they may act at all, and their own grants."""

    giver: str
    role: str
    period: Period
    giver_is_active: bool
    giver_grants: tuple[Granted, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is on a day."""

    roles: frozenset[str] = frozenset()
    stands_in_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that bears on what a person may do."""

    granted: tuple[Granted, ...] = ()
    lent: tuple[Lent, ...] = ()
    absences: tuple[Period, ...] = field(default=())


def roles_on(granted: Iterable[Granted], day: date) -> frozenset[str]:
    """The roles that hold on a day."""
    return frozenset(g.role for g in granted if g.period.holds_on(day))


def standing_on(holdings: Holdings, *, on: date, book: RoleBook) -> Standing:
    """Own roles and lent ones, or none on a day of absence.

    A lent role counts only while its giver holds it themself (so it cannot be passed on), may sign in, and only
    where the taker may hold it beside the roles that they have.
    """
    if any(absence.holds_on(on) for absence in holdings.absences):
        return Standing()
    roles = set(roles_on(holdings.granted, on))
    givers = set()
    for lent in holdings.lent:
        lendable = lent.giver_is_active and lent.role in roles_on(lent.giver_grants, on)
        if lendable and lent.period.holds_on(on) and book.clash(roles, lent.role) is None:
            roles.add(lent.role)
            givers.add(lent.giver)
    return Standing(frozenset(roles), frozenset(givers))
