"""What happened to accounts, roles, teams, organisations and inboxes.

Who did what to whom is nobody's business outside: events about one person are sealed (the ledger shows only that
something happened), and what names a person is under the key of that person. Grants of roles, and the
organisations that may act, are shown as having happened.
"""

from __future__ import annotations

from datetime import date, datetime

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.people.values import ErasureGround, SignInChange


class PersonInvited(
    Event,
    visibility=Visibility.SEALED,
    about="person",
    personal={"person": "person", "address": "person", "title": "person"},
):
    """An account was made. `address`: for signing in."""

    person: str
    address: str
    title: str


class TitleChanged(
    Event,
    visibility=Visibility.SEALED,
    about="person",
    personal={"person": "person", "title": "person"},
):
    """What colleagues see of a person was changed."""

    person: str
    title: str


class PersonDeactivated(
    Event,
    visibility=Visibility.SEALED,
    about="person",
    personal={"person": "person", "why": "person"},
):
    """A person may not sign in any more; their roles and tokens ended."""

    person: str
    why: str


class SignInReset(
    Event,
    visibility=Visibility.SEALED,
    about="person",
    personal={"person": "person", "why": "person"},
):
    """Password and second factors of a person were taken away, and a new invitation was made."""

    person: str
    why: str


class SignInResetAsked(
    Event,
    visibility=Visibility.SEALED,
    about="reset",
    official=("reset",),
    personal={"person": "person", "why": "person"},
):
    """An administrator asks for a reset that a second one must confirm."""

    reset: str
    person: str
    why: str


class SignInResetConfirmed(
    Event, visibility=Visibility.SEALED, about="reset", official=("reset",), personal={"person": "person"}
):
    """A second administrator confirmed a reset; SignInReset stands beside it."""

    reset: str
    person: str


class SignInResetConfirmedOnServer(
    Event, visibility=Visibility.OFFICIAL, about="reset", official=("reset",), personal={"person": "person"}
):
    """There was no second administrator: a reset was confirmed by a command on the server. The log shows that."""

    reset: str
    person: str


class SignInResetRefused(
    Event,
    visibility=Visibility.SEALED,
    about="reset",
    official=("reset",),
    personal={"person": "person", "why": "person"},
):
    """The person themself, or an administrator, refused a reset that was asked for."""

    reset: str
    person: str
    why: str


class SignInResetLapsed(
    Event, visibility=Visibility.SEALED, about="reset", official=("reset",), personal={"person": "person"}
):
    """Nobody confirmed a reset in time."""

    reset: str
    person: str


class SignInChanged(
    Event,
    visibility=Visibility.SEALED,
    about="person",
    personal={"person": "person", "kind": "person"},
):
    """A person changed how they sign in, or used something that counts its uses."""

    person: str
    kind: SignInChange


class SignedIn(
    Event,
    visibility=Visibility.SEALED,
    about="person",
    personal={"person": "person", "methods": "person"},
):
    """A person signed in. `methods`: password, mfa, socialaccount."""

    person: str
    methods: tuple[str, ...]


class RoleGranted(
    Event,
    visibility=Visibility.OFFICIAL,
    about="grant",
    official=("grant", "role", "valid_from", "valid_until"),
    personal={"person": "person"},
):
    """A person got a role."""

    grant: str
    role: str
    valid_from: date
    valid_until: date | None
    person: str


class RoleWithdrawn(
    Event,
    visibility=Visibility.OFFICIAL,
    about="grant",
    official=("grant", "valid_until"),
    personal={"person": "person", "why": "person"},
):
    """A role of a person ends (the day exclusive)."""

    grant: str
    valid_until: date
    why: str
    person: str


class TeamCreated(Event, visibility=Visibility.OFFICIAL, about="team", official=("team", "called")):
    """There is a new team."""

    team: str
    called: str


class TeamJoined(
    Event,
    visibility=Visibility.OFFICIAL,
    about="team",
    official=("team", "valid_from"),
    personal={"person": "person"},
):
    """A person is in a team."""

    team: str
    valid_from: date
    person: str


class TeamLeft(
    Event,
    visibility=Visibility.OFFICIAL,
    about="team",
    official=("team", "valid_until"),
    personal={"person": "person"},
):
    """A person is in a team no longer."""

    team: str
    valid_until: date
    person: str


class RolesDelegated(
    Event,
    visibility=Visibility.OFFICIAL,
    about="delegation",
    official=("delegation", "roles", "valid_from", "valid_until"),
    personal={"giver": "giver", "taker": "taker"},
):
    """A person lends roles to another, for a time."""

    delegation: str
    roles: tuple[str, ...]
    valid_from: date
    valid_until: date
    giver: str
    taker: str


class DelegationEnded(
    Event, visibility=Visibility.OFFICIAL, about="delegation", official=("delegation", "valid_until")
):
    """A delegation ended before its time."""

    delegation: str
    valid_until: date


class AbsenceRecorded(
    Event,
    visibility=Visibility.SEALED,
    about="absence",
    official=("absence",),
    personal={"person": "person", "valid_from": "person", "valid_until": "person"},
):
    """A person does not act on these days."""

    absence: str
    valid_from: date
    valid_until: date | None
    person: str


class AbsenceEnded(Event, visibility=Visibility.SEALED, about="absence", official=("absence", "valid_until")):
    """A person is back."""

    absence: str
    valid_until: date


class OrganisationCreated(
    Event, visibility=Visibility.OFFICIAL, about="organisation", commercial=("organisation", "called")
):
    """An exporter, or a firm that acts for exporters, was entered."""

    organisation: str
    called: str


class MemberAdded(
    Event,
    visibility=Visibility.OFFICIAL,
    about="organisation",
    commercial=("organisation", "valid_from"),
    personal={"person": "person"},
):
    """A person acts for an organisation."""

    organisation: str
    valid_from: date
    person: str


class MemberRemoved(
    Event,
    visibility=Visibility.OFFICIAL,
    about="organisation",
    commercial=("organisation", "valid_until"),
    personal={"person": "person"},
):
    """A person acts for an organisation no longer."""

    organisation: str
    valid_until: date
    person: str


class AgentAppointed(
    Event,
    visibility=Visibility.OFFICIAL,
    about="agency",
    commercial=("agency", "agent", "exporter", "valid_from", "valid_until"),
):
    """An organisation acts for an exporter."""

    agency: str
    agent: str
    exporter: str
    valid_from: date
    valid_until: date | None


class AgencyEnded(Event, visibility=Visibility.OFFICIAL, about="agency", commercial=("agency", "valid_until")):
    """An organisation acts for an exporter no longer."""

    agency: str
    valid_until: date


class TokenIssued(
    Event,
    visibility=Visibility.SEALED,
    about="token",
    official=("token", "expires_at"),
    personal={"person": "person", "label": "person"},
):
    """A person has a token for the API. Its text stands nowhere."""

    token: str
    expires_at: datetime
    label: str
    person: str


class TokenWithdrawn(Event, visibility=Visibility.SEALED, about="token", official=("token",)):
    """A token counts no longer."""

    token: str


class TaskAdded(
    Event,
    visibility=Visibility.SEALED,
    about="task",
    official=("task", "subject", "team", "role", "due_on"),
    personal={"person": "person", "text": "person"},
):
    """Something is to be done: by a person, by a team, or by whoever holds a role.

    The text is under the key of the person whose task it is; without one, under that of the task.
    """

    task: str
    subject: str
    text: str
    person: str
    team: str
    role: str
    due_on: date | None


class TaskFinished(
    Event,
    visibility=Visibility.SEALED,
    about="task",
    official=("task",),
    personal={"person": "person", "remark": "person"},
):
    """It was done. `person`: whose task it was; empty: a team's or a role's."""

    task: str
    remark: str
    person: str


class PrivateRead(
    Event,
    visibility=Visibility.SEALED,
    about="subject",
    restricted=("subject", "place", "fields", "why"),
):
    """Somebody read private fields of an entry, and said why. Who, is in the entry as the actor."""

    subject: str
    place: int
    fields: tuple[str, ...]
    why: str


class SubjectErased(Event, visibility=Visibility.PUBLIC, about="erasure", public=("erasure", "ground")):
    """The key of a subject was destroyed. Which subject stands nowhere in the ledger, not even as a digest."""

    erasure: str
    ground: ErasureGround
