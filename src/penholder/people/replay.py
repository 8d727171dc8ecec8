"""The tables of people against the log, for `penholder fsck`.

What each event amounts to is said once, as values by thing; the tables must say the same. A thing that an erasure
took apart (the log does not say which) is known by its erased row, or by its erased event, and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from penholder.actions.replay import Difference, Recorded, replays
from penholder.people import events as e
from penholder.people.addresses import pseudonym_of
from penholder.people.models import (
    Absence,
    Agent,
    ApiToken,
    Delegation,
    Membership,
    Organisation,
    OrganisationMember,
    ResetRequest,
    RoleGrant,
    Task,
    Team,
    User,
)
from penholder.people.sealed import Column, Sealed, open_sound

Things = dict[str, dict[str, Any]]
GONE = ""
"""What a column of sealed texts holds where the text was erased."""


@replays(e.PersonInvited, e.TitleChanged, e.PersonDeactivated)
def persons(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Accounts: which there are, which may sign in, their pseudonyms, and what is sealed of them."""
    things: Things = {}
    for found in recorded:
        event, thing = found.event, things.setdefault(found.about, {"is_active": True})
        if isinstance(event, e.PersonInvited):
            thing |= {"email": pseudonym_of(event.address), "address": event.address, "title": event.title}
        elif isinstance(event, e.TitleChanged):
            thing["title"] = event.title
        elif found.name == e.PersonDeactivated.name:
            thing["is_active"] = False
    erased = set(User.objects.filter(title=GONE).values_list("public_id", flat=True))
    yield from _differences("people_user", _without(things, erased), _person_rows())


def _person_rows() -> Things:
    users = list(User.objects.exclude(title=GONE))
    addresses = open_sound(Column.ADDRESS, (Sealed(u.public_id, u.public_id, u.address) for u in users))
    titles = open_sound(Column.TITLE, (Sealed(u.public_id, u.public_id, u.title) for u in users))
    return {
        u.public_id: {
            "is_active": u.is_active,
            "email": u.email,
            "address": addresses.get(u.public_id),
            "title": titles.get(u.public_id),
        }
        for u in users
    }


@replays(e.RoleGranted, e.RoleWithdrawn, e.PersonDeactivated)
def grants(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Roles: whose, which, from when, until when."""
    things: Things = {}
    for found in recorded:
        event = found.event
        if isinstance(event, e.RoleGranted):
            things[event.grant] = {
                "person": event.person,
                "role": event.role,
                "valid_from": event.valid_from,
                "valid_until": event.valid_until,
            }
        elif isinstance(event, e.RoleWithdrawn) and event.grant in things:
            things[event.grant]["valid_until"] = event.valid_until
        elif isinstance(event, e.PersonDeactivated):
            _end(things, "person", event.person, found.at.date())
    granted = RoleGrant.objects.exclude(user__title=GONE).select_related("user")
    rows = {
        row.public_id: {
            "person": row.user.public_id,
            "role": row.role,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for row in granted.iterator()
    }
    yield from _differences("people_rolegrant", things, rows)


@replays(e.RolesDelegated, e.DelegationEnded, e.PersonDeactivated)
def delegations(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Lent roles: by whom, to whom, which, from when, until when."""
    things: Things = {}
    for found in recorded:
        event = found.event
        if isinstance(event, e.RolesDelegated):
            things[event.delegation] = {
                "giver": event.giver,
                "taker": event.taker,
                "roles": sorted(event.roles),
                "valid_from": event.valid_from,
                "valid_until": event.valid_until,
            }
        elif isinstance(event, e.DelegationEnded) and event.delegation in things:
            things[event.delegation]["valid_until"] = event.valid_until
        elif isinstance(event, e.PersonDeactivated):
            _end(things, "giver", event.person, found.at.date())
            _end(things, "taker", event.person, found.at.date())
    lent = Delegation.objects.exclude(giver__title=GONE).exclude(taker__title=GONE)
    rows = {
        row.public_id: {
            "giver": row.giver.public_id,
            "taker": row.taker.public_id,
            "roles": row.roles,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for row in lent.select_related("giver", "taker").iterator()
    }
    yield from _differences("people_delegation", things, rows)


@replays(e.TeamCreated)
def teams(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Teams and their names."""
    things: Things = {r.about: {"name": r.values.get("called")} for r in recorded}
    rows = {row.public_id: {"name": row.name} for row in Team.objects.iterator()}
    yield from _differences("people_team", things, rows)


@replays(e.TeamJoined, e.TeamLeft, e.PersonDeactivated)
def memberships(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Who is in which team, from when, until when."""
    rows = Membership.objects.exclude(user__title=GONE).select_related("team", "user").order_by("id")
    held = _held((row.team.public_id, row) for row in rows)
    yield from _differences("people_membership", _spells(recorded), held)


@replays(e.MemberAdded, e.MemberRemoved, e.PersonDeactivated)
def members(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Who acts for which organisation, from when, until when."""
    rows = OrganisationMember.objects.exclude(user__title=GONE).exclude(organisation__name=GONE)
    held = _held((r.organisation.public_id, r) for r in rows.select_related("organisation", "user").order_by("id"))
    yield from _differences("people_organisationmember", _spells(recorded), held)


@replays(e.AbsenceRecorded, e.AbsenceEnded)
def absences(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Who is absent, from when, until when."""
    things: Things = {}
    for found in recorded:
        event = found.event
        if isinstance(event, e.AbsenceRecorded):
            things[event.absence] = {
                "person": event.person,
                "valid_from": event.valid_from,
                "valid_until": event.valid_until,
            }
        elif isinstance(event, e.AbsenceEnded) and event.absence in things:
            things[event.absence]["valid_until"] = event.valid_until
    rows = {
        row.public_id: {
            "person": row.user.public_id,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for row in Absence.objects.exclude(user__title=GONE).select_related("user").iterator()
    }
    yield from _differences("people_absence", things, rows)


@replays(e.OrganisationCreated)
def organisations(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Organisations and their names; of an erased one nothing is left in either."""
    things: Things = {r.about: {"name": r.values["called"]} for r in recorded if "called" in r.values}
    firms = list(Organisation.objects.exclude(name=GONE))
    names = open_sound(Column.ORGANISATION, (Sealed(f.public_id, f.public_id, f.name) for f in firms))
    rows = {f.public_id: {"name": names.get(f.public_id)} for f in firms}
    yield from _differences("people_organisation", things, rows)


@replays(e.AgentAppointed, e.AgencyEnded)
def agencies(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Who acts for whom, from when, until when."""
    things: Things = {}
    for found in recorded:
        event = found.event
        if isinstance(event, e.AgentAppointed):
            things[event.agency] = {
                "agent": event.agent,
                "exporter": event.exporter,
                "valid_from": event.valid_from,
                "valid_until": event.valid_until,
            }
        elif isinstance(event, e.AgencyEnded):
            things[event.agency]["valid_until"] = event.valid_until
    rows = {
        row.public_id: {
            "agent": row.agent.public_id,
            "exporter": row.exporter.public_id,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for row in Agent.objects.select_related("agent", "exporter").iterator()
    }
    yield from _differences("people_agent", things, rows)


@replays(e.TokenIssued, e.TokenWithdrawn)
def tokens(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Tokens: until when they count, and which were withdrawn."""
    things: Things = {}
    for found in recorded:
        if found.name == e.TokenIssued.name:
            event = found.event
            expires = event.expires_at if isinstance(event, e.TokenIssued) else None
            things[found.about] = {"expires_at": expires, "is_withdrawn": False}
        elif found.about in things:
            things[found.about]["is_withdrawn"] = True
    held = ApiToken.objects.filter(user__is_active=True)
    rows = {
        row.public_id: {"expires_at": row.expires_at, "is_withdrawn": row.withdrawn_at is not None}
        for row in held.iterator()
    }
    gone = set(ApiToken.objects.filter(user__is_active=False).values_list("public_id", flat=True))
    yield from _differences("people_apitoken", _without(things, gone), rows)


@replays(e.TaskAdded, e.TaskFinished)
def tasks(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Tasks, and whether they are done."""
    things: Things = {}
    for found in recorded:
        things[found.about] = {"state": "open" if found.name == e.TaskAdded.name else "done"}
    rows = {row.public_id: {"state": row.state} for row in Task.objects.iterator()}
    yield from _differences("people_task", things, rows)


@replays(
    e.SignInResetAsked,
    e.SignInResetConfirmed,
    e.SignInResetConfirmedOnServer,
    e.SignInResetRefused,
    e.SignInResetLapsed,
)
def resets(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Resets that need two administrators: of whom, asked for when, and what became of each."""
    became = {
        e.SignInResetConfirmed.name: "confirmed",
        e.SignInResetConfirmedOnServer.name: "confirmed",
        e.SignInResetRefused.name: "refused",
        e.SignInResetLapsed.name: "lapsed",
    }
    things: Things = {}
    for found in recorded:
        if found.name == e.SignInResetAsked.name:
            person = {"person": found.values["person"]} if "person" in found.values else {}
            things[found.about] = {"state": "waiting", "asked_at": found.at} | person
        elif found.about in things:
            things[found.about]["state"] = became[found.name]
    rows = {
        row.public_id: {"person": row.user.public_id, "state": row.state, "asked_at": row.asked_at}
        for row in ResetRequest.objects.select_related("user").iterator()
    }
    yield from _differences("people_resetrequest", things, rows)


def _spells(recorded: Iterator[Recorded]) -> Things:
    """Times in a team or an organisation, numbered for each person in it: "T-1 P-1 1"."""
    things: Things = {}
    numbers: dict[str, int] = defaultdict(int)
    for found in recorded:
        event = found.event
        if isinstance(event, e.PersonDeactivated):
            _end(things, "person", event.person, found.at.date())
        elif isinstance(event, e.TeamJoined | e.MemberAdded):
            name = f"{found.about} {event.person}"
            numbers[name] += 1
            spell = {"person": event.person, "valid_from": event.valid_from, "valid_until": None}
            things[f"{name} {numbers[name]}"] = spell
        elif isinstance(event, e.TeamLeft | e.MemberRemoved):
            name = f"{found.about} {event.person}"
            things[f"{name} {numbers[name]}"]["valid_until"] = event.valid_until
    return things


def _held(rows: Iterable[tuple[str, Membership | OrganisationMember]]) -> Things:
    """The same from the tables: rows in the order of their making, each with the id of its group."""
    things: Things = {}
    numbers: dict[str, int] = defaultdict(int)
    for group, row in rows:
        name = f"{group} {row.user.public_id}"
        numbers[name] += 1
        things[f"{name} {numbers[name]}"] = {
            "person": row.user.public_id,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
    return things


def _end(things: Things, key: str, person: str, day: date) -> None:
    """What still ran for a person ends on the day on which they were deactivated."""
    for thing in things.values():
        if thing[key] == person and (thing["valid_until"] is None or thing["valid_until"] > day):
            thing["valid_from"] = min(thing["valid_from"], day)
            thing["valid_until"] = day


def _without(things: Things, ids: set[str]) -> Things:
    return {name: values for name, values in things.items() if name not in ids}


def _differences(table: str, expected: Things, found: Things) -> Iterator[Difference]:
    """Where the two differ. Values are not repeated: they may be personal."""
    for name in sorted(expected.keys() | found.keys()):
        where = f"{table} {name}"
        if name not in found:
            yield Difference(where, "the log has it, the table has not")
        elif name not in expected:
            yield Difference(where, "the table has it, the log has not")
        else:
            wrong = [key for key, value in expected[name].items() if found[name][key] != value]
            if wrong:
                yield Difference(where, f"the table says something else than the log: {', '.join(wrong)}")
