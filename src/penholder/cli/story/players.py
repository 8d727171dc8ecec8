"""The cast as accounts of a home: invited, with their roles, in their teams, for their firms; by acts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from penholder.actions import moment
from penholder.actions.action import perform
from penholder.actions.values import NOBODY, SYSTEM, Actor
from penholder.cli.story import clock
from penholder.cli.story.steps import Cast, Member
from penholder.people import actions as people
from penholder.people.actor import actor_with

FOUNDED = -240
"""Day on which the people of the story are invited."""


@dataclass(frozen=True, slots=True)
class Players:
    """ids: `who:key` and `firm:key` -> public id. invitations: key -> path of the one-time link."""

    ids: Mapping[str, str]
    invitations: Mapping[str, str]

    def actor(self, key: str) -> Actor:
        """Who they are now: with the roles of the day; `nobody`: who is not signed in."""
        if key == "nobody":
            return NOBODY
        found = actor_with(self.ids[f"who:{key}"], on=moment.today())
        assert found is not None  # noqa: S101 - nobody of the story is deactivated
        return found


def gather(cast: Cast, *, today: date) -> Players:
    """Make the accounts. The first of the cast is the first administrator of the home, who makes the others."""
    clock.set_day(today + timedelta(days=FOUNDED))
    first, *others = cast.people
    made = perform(people.bootstrap_administrator, SYSTEM, address=first.address, title=first.title)
    ids = {f"who:{first.key}": str(made.result)}
    invitations = {first.key: str(made.details["invitation"])}
    by = Players(ids, {}).actor(first.key)
    teams = {name: perform(people.create_team, by, name=name).result for name in cast.teams}
    for key, name in cast.firms.items():
        ids[f"firm:{key}"] = str(perform(people.create_organisation, by, name=name).result)
    for member in others:
        receipt = perform(people.invite_person, by, address=member.address, title=member.title)
        ids[f"who:{member.key}"], invitations[member.key] = receipt.result, str(receipt.details["invitation"])
        _place(by, member, ids, teams)
    return Players(ids, invitations)


def _place(by: Actor, member: Member, ids: Mapping[str, str], teams: Mapping[str, str]) -> None:
    person = ids[f"who:{member.key}"]
    for role in member.roles:
        perform(people.grant_role, by, person_id=person, role=role)
    if member.team:
        perform(people.join_team, by, team_id=teams[member.team], person_id=person)
    if member.firm:
        perform(people.add_member, by, organisation_id=ids[f"firm:{member.firm}"], person_id=person)


def tokens(players: Players, *, days: int = 365) -> dict[str, str]:
    """A token for each of the cast, made by themselves: for the doors that ask for one."""
    keys = [name.removeprefix("who:") for name in players.ids if name.startswith("who:")]
    made = {k: perform(people.issue_token, players.actor(k), label="the story", days=days) for k in keys}
    return {key: str(receipt.details["token"]) for key, receipt in made.items()}
