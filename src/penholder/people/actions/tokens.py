"""Tokens for the API and the command line."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.values import Door
from penholder.people.actions.rows import PublicId, locked, person
from penholder.people.actor import TOKEN_PREFIX, token_digest
from penholder.people.events import TokenIssued, TokenWithdrawn
from penholder.people.models import ApiToken
from penholder.people.sealed import Column, seal_text
from penholder.people.values import PeoplePermission


@action(permission=PeoplePermission.TOKEN, events=(TokenIssued,), doors=(Door.SITE,), asks_again=True)
def issue_token(
    run: Run,
    *,
    label: Annotated[str, Field(min_length=2, max_length=200, description="What it is for")],
    days: Annotated[int, Field(ge=1, le=365, description="Days until it expires")] = 30,
) -> str:
    """Make a token for oneself. Its text stands in the details of the receipt, once; only its hash is kept.

    It gives, at each use, the roles that the person has at that moment. It is made on the site, within five
    minutes of signing in or of showing again that it is you; the first page shows it for 14 days. Gives the id
    of the token.
    """
    user = person(run.actor.id)
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token_id = run.new_id("K")
    row = ApiToken.objects.create(
        public_id=token_id,
        user=user,
        label=seal_text(Column.TOKEN, label, id=token_id, subject=user.public_id),
        digest=token_digest(text),
        created_at=run.now,
        expires_at=run.now + timedelta(days=days),
    )
    run.record(TokenIssued(token=row.public_id, expires_at=row.expires_at, label=label, person=user.public_id))
    run.details["token"] = text
    return row.public_id


@action(permission=PeoplePermission.TOKEN, events=(TokenWithdrawn,))
def withdraw_token(run: Run, *, token: Annotated[PublicId, Field(description="Public id of a token")]) -> str:
    """Let one of one's own tokens count no longer."""
    own = ApiToken.objects.filter(user__public_id=run.actor.id, withdrawn_at__isnull=True)
    row = locked(own, "token", public_id=token)
    row.withdrawn_at = run.now
    row.save(update_fields=["withdrawn_at"])
    run.record(TokenWithdrawn(token=row.public_id))
    return row.public_id
