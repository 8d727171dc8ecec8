"""People, their roles and teams, and the exporters for which some of them act."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

ID = 40


class UserManager(BaseUserManager["User"]):
    """Finds users. It creates none: that is an action."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. Acts and pages name them by `public_id`; the address is for signing in alone."""

    public_id = models.CharField(max_length=ID, unique=True)
    email = models.EmailField(unique=True)
    title = models.CharField(max_length=120)
    """What colleagues see: a function ("Licensing officer 3"), not a name."""
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.title
