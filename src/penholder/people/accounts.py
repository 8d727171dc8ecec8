"""What acts of other capabilities ask of an account, and how they end what it has open."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError
from penholder.people.actions.erasure import forget_sessions
from penholder.people.actions.grants import end_tokens
from penholder.people.models import User


def verified_address(person: str) -> str | None:
    """Pseudonym of the verified address of an active account (people.addresses); None: there is none.

    Who invited the account has vouched for it, or a letter to it was answered.
    """
    user = User.objects.filter(public_id=person, is_active=True).first()
    if user is None:
        return None
    found = EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True).first()
    return str(found.email) if found else None


def is_active(person: str) -> bool:
    """Is there such an account, and may it sign in?"""
    return User.objects.filter(public_id=person, is_active=True).exists()


def number_of(person: str) -> int:
    """Number of the row of an account, for foreign keys of other capabilities. Raises: AbsentError."""
    number = User.objects.filter(public_id=person).values_list("pk", flat=True).first()
    if number is None:
        raise AbsentError("there is no such account", hint="an account is made by an invitation")
    return number


def end_access(run: Run, person: str) -> None:
    """End the sessions and tokens of a person, now. The act declares TokenWithdrawn."""
    user = User.objects.filter(public_id=person).first()
    if user is not None:
        forget_sessions(user)
        end_tokens(run, user)
