"""The tables of people against the log, for `penholder fsck`.

What each event amounts to is said once, as values by thing; the tables must say the same. A thing that an erasure
took apart (the log does not say which) is known by its erased row, or by its erased event, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from penholder.actions.replay import Difference, Recorded, replays
from penholder.people import events as e
from penholder.people.models import (
    Agent,
    ApiToken,
    Delegation,
    Organisation,
    RoleGrant,
    Task,
    Team,
    User,
)

Things = dict[str, dict[str, Any]]
ERASED = "erased"


@replays(e.PersonInvited, e.PersonDeactivated)
def persons(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Accounts: which there are, and which may sign in."""
    things: Things = {}
    for found in recorded:
        things[found.about] = {"is_active": found.name == e.PersonInvited.name}
    rows = {
        user.public_id: {"is_active": user.is_active} for user in User.objects.exclude(title=ERASED).iterator()
    }
    erased = set(User.objects.filter(title=ERASED).values_list("public_id", flat=True))
    yield from _differences("people_user", _without(things, erased), rows)


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
    granted = RoleGrant.objects.exclude(user__title=ERASED).select_related("user")
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
    lent = Delegation.objects.exclude(giver__title=ERASED).exclude(taker__title=ERASED)
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


@replays(e.OrganisationCreated)
def organisations(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Organisations and their names; of an erased one nothing is left in either."""
    things: Things = {r.about: {"name": r.values["called"]} for r in recorded if "called" in r.values}
    rows = {row.public_id: {"name": row.name} for row in Organisation.objects.exclude(name=ERASED).iterator()}
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
