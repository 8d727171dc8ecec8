"""Teams: people who share an inbox."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.people.actions.rows import PersonId, TeamId, locked, person, team
from penholder.people.events import TeamCreated, TeamJoined, TeamLeft
from penholder.people.models import Membership, Team
from penholder.people.values import PeoplePermission

Name = Annotated[str, Field(min_length=2, max_length=200, description="Of a desk, never of a person")]


@action(permission=PeoplePermission.ARRANGE, events=(TeamCreated,))
def create_team(run: Run, *, name: Name) -> str:
    """Make a team. Gives its id."""
    if Team.objects.filter(name=name).exists():
        raise ConflictError("there is a team of this name", hint="choose another name")
    row = Team.objects.create(public_id=run.new_id("T"), name=name)
    run.record(TeamCreated(team=row.public_id, called=name))
    return row.public_id


@action(permission=PeoplePermission.ARRANGE, events=(TeamJoined,))
def join_team(run: Run, *, team_id: TeamId, person_id: PersonId) -> str:
    """Put a person into a team, from today on."""
    group, user = team(team_id), person(person_id)
    if group.memberships.filter(user=user, valid_until__isnull=True).exists():
        raise ConflictError("the person is in this team already", hint="nothing needs to be done")
    Membership.objects.create(team=group, user=user, valid_from=run.now.date())
    run.record(TeamJoined(team=group.public_id, valid_from=run.now.date(), person=user.public_id))
    return group.public_id


@action(permission=PeoplePermission.ARRANGE, events=(TeamLeft,))
def leave_team(run: Run, *, team_id: TeamId, person_id: PersonId) -> str:
    """Take a person out of a team, today."""
    group, user = team(team_id), person(person_id)
    row = locked(Membership.objects.all(), "membership", team=group, user=user, valid_until__isnull=True)
    row.valid_until = run.now.date()
    row.save(update_fields=["valid_until"])
    run.record(TeamLeft(team=group.public_id, valid_until=row.valid_until, person=user.public_id))
    return group.public_id
