"""Find and lock the rows that an action is about."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from django.db.models import Model, QuerySet
from pydantic import AfterValidator, Field

from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.people.models import Organisation, Team, User

M = TypeVar("M", bound=Model)

PublicId = Annotated[str, Field(min_length=3, max_length=40, pattern=r"^[A-Za-z]{1,3}-[0-9A-Za-z-]+$")]
PersonId = Annotated[PublicId, Field(description="Public id of a person")]
TeamId = Annotated[PublicId, Field(description="Public id of a team")]
OrganisationId = Annotated[PublicId, Field(description="Public id of an organisation")]
Starts = Annotated[date | None, Field(description="First day; empty: today")]
Ends = Annotated[
    date | None, Field(description="First day on which it holds no longer; empty: until further notice")
]
Why = Annotated[str, Field(min_length=3, max_length=400, description="Why, in a sentence; it stays on record")]
Version = Annotated[
    int, Field(ge=1, description="The version that was seen; somebody else's change is not overwritten")
]


def _lower(text: str) -> str:
    return text.lower()


Address = Annotated[
    str,
    Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", description="E-mail address for signing in"),
    AfterValidator(_lower),
]


def locked(rows: QuerySet[M], what: str, **by: object) -> M:
    """The row, locked until the act is over. Raises: AbsentError."""
    row = rows.select_for_update().filter(**by).first()
    if row is None:
        raise AbsentError(f"there is no such {what}", hint="its public id may be mistyped")
    return row


def person(public_id: str) -> User:
    """A person who may sign in, locked. Raises: AbsentError."""
    return locked(User.objects.filter(is_active=True), "person", public_id=public_id)


def team(public_id: str) -> Team:
    """A team, locked. Raises: AbsentError."""
    return locked(Team.objects.all(), "team", public_id=public_id)


def organisation(public_id: str) -> Organisation:
    """An organisation, locked. Raises: AbsentError."""
    return locked(Organisation.objects.filter(is_active=True), "organisation", public_id=public_id)


def check_version(found: int, expected: int) -> None:
    """Raises: ConflictError where somebody else has changed it since it was seen."""
    if found != expected:
        raise ConflictError(
            f"it was changed meanwhile: version {found}, not {expected}",
            hint="look at it again, then decide again",
        )


def check_period(start: date, end: date | None, *, today: date) -> None:
    """Raises: InvalidError for a period that is empty or over."""
    if end is not None and (end <= start or end <= today):
        raise InvalidError(
            f"the period {start} to {end} (exclusive) is empty or over",
            hint="the last day is exclusive and lies in the future",
            fields={"valid_until": "must be after valid_from and after today"},
        )
