"""A password that is like the account it is for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator

from penholder.people.models import User
from penholder.people.sealed import address_of, title_of


class NotLikeTheAccount(UserAttributeSimilarityValidator):
    """Django's validator, on the address and the function of the person, which are sealed."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("address", "function"))

    def validate(self, password: str, user: Any = None) -> None:
        """Raises: ValidationError."""
        if isinstance(user, User) and user.pk:
            said = SimpleNamespace(address=address_of(user) or "", function=title_of(user), _meta=User._meta)  # noqa: SLF001 - Django's documented name
            super().validate(password, said)  # type: ignore[arg-type]
