"""Roles of people: granted and withdrawn by somebody else, never two that nobody may hold at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated

from django.db.models import Q
from pydantic import AfterValidator, Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, RefusedError
from penholder.people.actions.rows import Ends, PersonId, PublicId, Starts, Why, check_period, locked, person
from penholder.people.actor import holds_on
from penholder.people.errors import IncompatibleRolesError
from penholder.people.events import RoleGranted, RoleWithdrawn, TokenWithdrawn
from penholder.people.models import Delegation, RoleGrant, User
from penholder.people.roles import role_book
from penholder.people.values import PeoplePermission

ADMINISTRATOR = "administrator"


def _known(role: str) -> str:
    granted = [r.id for r in role_book().roles.values() if r.is_granted]
    if role not in granted:
        msg = f"no role that can be granted; allowed: {', '.join(granted)}"
        raise ValueError(msg)
    return role


RoleId = Annotated[
    str, Field(max_length=60, description="Id of a role: docs/reference/roles.md"), AfterValidator(_known)
]
GrantId = Annotated[PublicId, Field(description="Public id of a grant: it stands in its receipt")]


@action(permission=PeoplePermission.GRANT, events=(RoleGranted, TokenWithdrawn))
def grant_role(
    run: Run, *, person_id: PersonId, role: RoleId, valid_from: Starts = None, valid_until: Ends = None
) -> str:
    """Give a person a role: from a day on (else today), until a day (exclusive; else until further notice).

    Nobody grants to themself, nor to whom they stand in for. Two roles that the table calls incompatible are not
    held at once, lent ones included. Tokens that were made with one factor end where the role asks for two.
    Gives the id of the grant.
    """
    user = person(person_id)
    _check_another(run, user)
    start = valid_from or run.now.date()
    check_period(start, valid_until, today=run.now.date())
    overlapping = overlapping_with(start, valid_until)
    if user.grants.filter(overlapping, role=role).exists():
        raise ConflictError(
            f"the person holds the role {role} in that time already", hint="withdraw that grant first"
        )
    check_compatible(user, role, overlapping)
    end_weak_tokens(run, user, (role,))
    grant = RoleGrant.objects.create(
        public_id=run.new_id("G"), user=user, role=role, valid_from=start, valid_until=valid_until
    )
    run.record(
        RoleGranted(
            grant=grant.public_id, role=role, valid_from=start, valid_until=valid_until, person=user.public_id
        )
    )
    return grant.public_id


@action(permission=PeoplePermission.GRANT, events=(RoleWithdrawn,))
def withdraw_role(run: Run, *, grant: GrantId, why: Why) -> str:
    """End a grant today. One administrator stays, whoever withdraws what."""
    today = run.now.date()
    open_grants = RoleGrant.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today))
    row = locked(open_grants, "grant", public_id=grant)
    if row.role == ADMINISTRATOR:
        check_an_administrator_stays(without=row.user, today=today)
    row.valid_until = max(today, row.valid_from)
    row.save(update_fields=["valid_until"])
    run.record(RoleWithdrawn(grant=row.public_id, valid_until=row.valid_until, why=why, person=row.user.public_id))
    return row.public_id


def end_weak_tokens(run: Run, user: User, roles: Collection[str]) -> None:
    """Withdraw the tokens of a person who needed no second factor until now, and needs one for these roles.

    A token is made in a session; where that had to have two factors, so has the token.
    """
    book = role_book()
    held = set(user.grants.values_list("role", flat=True))
    for lent in user.delegations_taken.values_list("roles", flat=True):
        held |= set(lent)
    if not book.needs_mfa(held) and book.needs_mfa(roles):
        end_tokens(run, user)


def end_tokens(run: Run, user: User) -> None:
    """Withdraw all tokens of a person, each with its event."""
    for token in user.tokens.filter(withdrawn_at__isnull=True):
        token.withdrawn_at = run.now
        token.save(update_fields=["withdrawn_at"])
        run.record(TokenWithdrawn(token=token.public_id))


def check_compatible(user: User, role: str, overlapping: Q) -> None:
    """Raises: IncompatibleRolesError where the person holds, or is lent, a role that does not go with it."""
    held = set(user.grants.filter(overlapping).values_list("role", flat=True))
    for roles in Delegation.objects.filter(overlapping, taker=user).values_list("roles", flat=True):
        held |= set(roles)
    clash = role_book().clash(held, role)
    if clash is not None:
        other = clash.other if clash.one == role else clash.one
        raise IncompatibleRolesError(
            f"nobody holds {role} and {other} at once: {clash.why}",
            hint="withdraw the other role first, or choose another person",
        )


def check_an_administrator_stays(*, without: User, today: date) -> None:
    """Raises: ConflictError where nobody else is administrator."""
    others = RoleGrant.objects.filter(holds_on(today), role=ADMINISTRATOR, user__is_active=True).exclude(
        user=without
    )
    holds = without.grants.filter(holds_on(today), role=ADMINISTRATOR).exists()
    if holds and not others.exists():
        raise ConflictError("this is the last administrator", hint="make another person administrator first")


def overlapping_with(start: date, end: date | None) -> Q:
    """Rows that hold on some day of the period."""
    runs_on = Q(valid_until__isnull=True) | Q(valid_until__gt=start)
    return runs_on if end is None else runs_on & Q(valid_from__lt=end)


def _check_another(run: Run, user: User) -> None:
    if user.public_id in {run.actor.id, *run.actor.stands_in_for}:
        raise RefusedError("nobody grants a role to themself", hint="ask another administrator")
