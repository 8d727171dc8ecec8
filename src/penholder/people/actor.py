"""From an account, or a token, to who acts: with which roles, for which exporters, standing in for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from penholder.actions import moment
from penholder.actions.values import Actor, ActorKind
from penholder.people.errors import TokenError
from penholder.people.models import Agent, ApiToken, Dated, Delegation, RoleGrant, User
from penholder.people.policy import Granted, Holdings, Lent, Period, standing_on
from penholder.people.roles import role_book

TOKEN_PREFIX = "pnh_"  # noqa: S105 - the beginning of a token, by which scanners of leaked secrets know it


def actor_of(user: User, *, on: date) -> Actor:
    """The person with the roles of that day. Somebody who may not sign in has none.

    Shape: four queries, whatever the number of grants.
    """
    if not user.is_active:
        return Actor(user.public_id, ActorKind.PERSON)
    standing = standing_on(_holdings(user), on=on, book=role_book())
    return Actor(
        user.public_id,
        ActorKind.PERSON,
        roles=standing.roles,
        organisations=organisations_of(user, on=on),
        stands_in_for=standing.stands_in_for,
    )


def actor_with(public_id: str, *, on: date) -> Actor | None:
    """The person with this id, with the roles of that day; None where there is no such active account."""
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    return actor_of(user, on=on) if user else None


def actor_of_token(text: str) -> Actor:
    """The person of a token, with the roles that they have now. Raises: TokenError."""
    now = moment.now()
    row = (
        ApiToken.objects.select_related("user").filter(digest=token_digest(text)).first()
        if text.startswith(TOKEN_PREFIX)
        else None
    )
    if row is None or row.withdrawn_at is not None or row.expires_at <= now or not row.user.is_active:
        raise TokenError(
            "the token is not valid: not known, expired or withdrawn",
            hint="issue a new one on your own page, or with the action people.issue_token",
        )
    return actor_of(row.user, on=now.date())


def token_digest(text: str) -> str:
    """What is kept of a token. It has 256 random bits: a plain hash cannot be guessed backwards."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def organisations_of(user: User, *, on: date) -> frozenset[str]:
    """Public ids of the exporters for which the person acts: their own organisations, and those as whose agents
    these act."""
    holds = holds_on(on)
    own = user.organisations.filter(holds, organisation__is_active=True)
    found = dict(own.values_list("organisation_id", "organisation__public_id"))
    acting = Agent.objects.filter(holds, agent_id__in=found, exporter__is_active=True)
    return frozenset(found.values()) | frozenset(acting.values_list("exporter__public_id", flat=True))


def holds_on(day: date) -> Q:
    """Rows that hold on that day."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))


def _holdings(user: User) -> Holdings:
    lent = list(Delegation.objects.filter(taker=user).select_related("giver").order_by("id"))
    people = {user.id, *(row.giver_id for row in lent)}
    grants: dict[int, list[Granted]] = {person: [] for person in people}
    for grant in RoleGrant.objects.filter(user_id__in=people).order_by("id"):
        grants[grant.user_id].append(Granted(grant.role, _period(grant)))
    return Holdings(
        granted=tuple(grants[user.id]),
        lent=tuple(
            Lent(row.giver.public_id, role, _period(row), row.giver.is_active, tuple(grants[row.giver_id]))
            for row in lent
            for role in row.roles
        ),
        absences=_periods(user.absences.all()),
    )


def _periods(rows: Iterable[Dated]) -> tuple[Period, ...]:
    return tuple(_period(row) for row in rows)


def _period(row: Dated) -> Period:
    return Period(row.valid_from, row.valid_until)
