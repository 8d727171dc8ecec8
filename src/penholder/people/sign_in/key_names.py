"""Names that people give their security keys, sealed under the key of the person."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from penholder.people.models import User
from penholder.people.sealed import Column, Sealed, open_text, seal_text


def seal_name(user: User, name: str) -> str:
    """What is stored of a name."""
    return seal_text(Column.SECURITY_KEY, name, id=user.public_id)


def open_name(authenticator: Authenticator) -> str:
    """The name as its owner gave it."""
    person = authenticator.user.public_id
    return open_text(Column.SECURITY_KEY, Sealed(person, person, str(authenticator.data["name"])))
