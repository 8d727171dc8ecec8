"""From an account, or a token, to who acts: with which roles, for which exporters, standing in for whom."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db.models import Q

from penholder.actions import moment
from penholder.actions.values import Actor, ActorKind
from penholder.people.errors import TokenError
from penholder.people.holdings import holdings_of, organisations_on, read_with_holdings, with_holdings
from penholder.people.models import ApiToken, User
from penholder.people.policy import standing_on
from penholder.people.roles import role_book

TOKEN_PREFIX = "pnh_"  # noqa: S105 - the beginning of a token, by which scanners of leaked secrets know it


def actor_of(user: User, *, on: date) -> Actor:
    """The person with the roles of that day. Somebody who may not sign in has none.

    Shape: one statement, whatever the number of grants; none for an account that was read `with_holdings`.
    """
    if not user.is_active:
        return Actor(user.public_id, ActorKind.PERSON)
    found = read_with_holdings(user)
    standing = standing_on(holdings_of(found), on=on, book=role_book())
    return Actor(
        user.public_id,
        ActorKind.PERSON,
        roles=standing.roles,
        organisations=organisations_on(found, on),
        stands_in_for=standing.stands_in_for,
    )


def actor_with(public_id: str, *, on: date) -> Actor | None:
    """The person with this id, with the roles of that day; None where there is no such active account."""
    user = with_holdings(User.objects.filter(public_id=public_id, is_active=True)).first()
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
            hint="make a new one on your own page",
        )
    return actor_of(row.user, on=now.date())


def token_digest(text: str) -> str:
    """What is kept of a token. It has 256 random bits: a plain hash cannot be guessed backwards."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def holds_on(day: date) -> Q:
    """Rows that hold on that day."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))
