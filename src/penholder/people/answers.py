"""What the queries of this capability answer: values, already filtered for who looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of a person, and until when (exclusive; None: until further notice)."""

    grant: str
    role: str
    name: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the directory."""

    id: str
    title: str
    is_active: bool
    version: int
    roles: tuple[str, ...]
    """Ids of the roles that were granted and hold today."""
    is_absent: bool
    is_invited: bool
    """Invited, or reset, and without a means of signing in yet."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person, as the viewer may see them."""

    row: PersonRow
    grants: tuple[HeldRole, ...]
    """Those that hold today or later."""
    teams: tuple[NamedThing, ...]
    organisations: tuple[NamedThing, ...]
    address: str | None
    """For signing in; only one's own."""
    has_second_factor: bool
    needs_two_for_reset: bool
    """Do two administrators reset this sign-in?"""


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A team or an organisation."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """Roles that one person lends to another."""

    id: str
    giver: NamedThing
    taker: NamedThing
    roles: tuple[str, ...]
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Days on which a person does not act."""

    id: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token, without its text."""

    id: str
    label: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was made lately."""

    label: str
    created_at: datetime
    counts: bool
    """Does it still?"""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of an inbox. `whose`: "person", "team" or "role"."""

    id: str
    text: str
    subject: str
    whose: str
    who: str
    """Name of the team or role; empty for one's own."""
    due_on: date | None
    is_overdue: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SignInRow:
    """When a person signed in, and how."""

    at: datetime
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation, and who acts for it."""

    id: str
    name: str
    is_active: bool
    members: tuple[NamedThing, ...]
    agents: tuple[NamedThing, ...]
    acts_for: tuple[NamedThing, ...]
    agencies: Mapping[str, str]
    """Id of an agent -> id of the agency by which it acts today."""
