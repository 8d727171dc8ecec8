"""Roles lent for a time. What is done under them counts as done by both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError, RefusedError
from penholder.people.actions.grants import RoleId, check_compatible, end_weak_tokens, overlapping_with
from penholder.people.actions.rows import PersonId, PublicId, check_period, locked, person
from penholder.people.actor import holds_on
from penholder.people.events import DelegationEnded, RolesDelegated, TokenWithdrawn
from penholder.people.models import Delegation
from penholder.people.values import PeoplePermission

LONGEST = timedelta(days=366)


@action(permission=PeoplePermission.DELEGATE, events=(RolesDelegated, TokenWithdrawn))
def delegate(
    run: Run,
    *,
    to: PersonId,
    roles: Annotated[
        tuple[RoleId, ...], Field(min_length=1, max_length=20, description="Ids of the roles that are lent")
    ],
    valid_from: Annotated[date, Field(description="First day")],
    valid_until: Annotated[date, Field(description="First day on which it holds no longer")],
) -> str:
    """Lend roles of one's own to another person, from a day until a day (exclusive), at most a year.

    Only roles that were granted to oneself, not lent ones; the other person must be allowed to hold them beside
    their own. They rest while the giver does not hold them. Acts under them count for both people wherever two
    are needed. Gives the id of the delegation.
    """
    today = run.now.date()
    check_period(valid_from, valid_until, today=today)
    if valid_until - valid_from > LONGEST:
        raise InvalidError(
            "roles are lent for a year at most",
            hint="delegate again later",
            fields={"valid_until": "at most a year after valid_from"},
        )
    giver, taker = person(run.actor.id), person(to)
    if giver.id == taker.id:
        raise RefusedError("nobody delegates to themself", hint="choose another person")
    own = set(giver.grants.filter(holds_on(max(today, valid_from))).values_list("role", flat=True))
    if not_own := sorted(set(roles) - own):
        raise RefusedError(
            f"these roles were not granted to you, so you cannot lend them: {', '.join(not_own)}",
            hint="a role that was lent to you cannot be passed on",
        )
    for role in roles:
        check_compatible(taker, role, overlapping_with(valid_from, valid_until))
    end_weak_tokens(run, taker, roles)
    row = Delegation.objects.create(
        public_id=run.new_id("D"),
        giver=giver,
        taker=taker,
        roles=sorted(set(roles)),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    run.record(
        RolesDelegated(
            delegation=row.public_id,
            roles=tuple(row.roles),
            valid_from=valid_from,
            valid_until=valid_until,
            giver=giver.public_id,
            taker=taker.public_id,
        )
    )
    return row.public_id


@action(permission=PeoplePermission.DELEGATE, events=(DelegationEnded,))
def end_delegation(
    run: Run, *, delegation: Annotated[PublicId, Field(description="Public id of a delegation")]
) -> str:
    """End today what one has lent, or what was lent to one."""
    today = run.now.date()
    running = Delegation.objects.filter(valid_until__gt=today)
    mine = running.filter(giver__public_id=run.actor.id) | running.filter(taker__public_id=run.actor.id)
    row = locked(mine, "delegation", public_id=delegation)
    row.valid_until = max(today, row.valid_from)
    row.save(update_fields=["valid_until"])
    run.record(DelegationEnded(delegation=row.public_id, valid_until=row.valid_until))
    return row.public_id
