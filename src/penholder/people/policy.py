"""What follows from grants, delegations and absences: pure, for any day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from penholder.people.roles import RoleBook

RESET_WAITS = timedelta(days=7)
"""A reset that nobody confirms in this time lapses."""
SEASONED = timedelta(days=7)
"""Who asks for, or confirms, a reset has been administrator for this long: nobody makes a second one for it."""
ROLES_LINGER = timedelta(days=30)
"""A role that ended this lately counts for resets: taking it away first changes nothing."""


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


def has_lapsed(asked_at: datetime, *, now: datetime) -> bool:
    """Can a reset that was asked for then be confirmed no more?"""
    return now - asked_at >= RESET_WAITS


def who_may_confirm(seasoned: Collection[str], *, asked_by: Collection[str], person: str) -> frozenset[str]:
    """Ids of the administrators who may confirm a reset: long enough in office, and others than who asked.

    Args:
        seasoned: administrators of today who have been that for `SEASONED`.
        asked_by: who asked, and whoever they stood in for: one of them must be seasoned too.
        person: whose sign-in it is.
    """
    keepers = frozenset(seasoned) - {person}
    return keepers - frozenset(asked_by) if keepers & frozenset(asked_by) else frozenset()


def is_for_the_server(seasoned: Collection[str], *, person: str) -> bool:
    """Are there no two administrators to do it, so that the second one is whoever has the server?"""
    return len(frozenset(seasoned) - {person}) < 2
