"""Checks passwords, and writes nothing."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password

from penholder.people.holdings import with_holdings
from penholder.people.models import User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's back end, but no password is hashed anew at sign-in: that would be a write."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, read with its grants, delegations, absences and organisations."""
        user = with_holdings(User.objects.filter(pk=user_id)).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> AbstractBaseUser | None:
        if user is None:
            return None
        self._did_check_password = True
        if not check_password(password, user.password):
            return None
        if not self.user_can_authenticate(user):
            self._stash_user(user)
            return None
        return user
