"""What allauth asks of us: nobody signs up, secrets are sealed, who needs a second factor keeps it."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from penholder.actions import moment
from penholder.entry.actor import BEGAN
from penholder.people.actor import actor_of
from penholder.people.models import User
from penholder.people.roles import role_book
from penholder.people.sealed import address_of, title_of
from penholder.people.sign_in.door import ARRIVED
from penholder.vault import store
from penholder.vault.crypto import Binding, seal, unseal

log = logging.getLogger("penholder.sign_in")
_SUBJECT = "second-factors"
_BINDING = Binding("sign-in", "second-factor", _SUBJECT)
_TWO_DAYS = 2 * 24 * 60 * 60


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from invitations alone."""

    error_messages: ClassVar[Mapping[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is deactivated: an administrator can say why.",
        "email_password_mismatch": (
            "The address or the password is wrong. After five wrong ones in five minutes the right one is not "
            "looked at either: wait, then try again, or choose “Forgot your password?”."
        ),
        "enter_current_password": "is not your password of now",
        "incorrect_password": "is not your password",
        "too_many_login_attempts": "Too many wrong sign-ins: wait five minutes, then try again.",
        "rate_limited": "Too many requests: wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponseBase:
        """Note who arrived: the door records it once the page is done."""
        setattr(request, ARRIVED, user)
        request.session[BEGAN] = int(time.time())
        response: HttpResponseBase = super().post_login(request, user, **given)
        return response

    def is_reauthentication_required(self, **given: Any) -> bool:
        """Not within five minutes of signing in: whoever sets up a first second factor comes from there."""
        began = context.request.session.get(BEGAN, 0)
        return not 0 <= time.time() - began < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Who has neither password nor second factor here shows it where they sign in: by single sign-on."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return found
        again = {"id": "sign_in", "url": reverse("account_logout"), "description": "Sign out, then in again"}
        return found or [again]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters go to the address that is sealed behind the pseudonym; to nobody where it was erased."""
        user = User.objects.filter(email=email, is_active=True).first()
        address = address_of(user) if user else None
        if address:
            super().send_mail(template_prefix, address, context)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it. Neither the address that was tried nor that of the network is kept."""
        key = failures_key()
        cache.add(key, 0, timeout=_TWO_DAYS)
        cache.set(key, int(cache.get(key, 0)) + 1, timeout=_TWO_DAYS)
        log.warning("a sign-in failed")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are sealed under a key that is not in the database."""

    error_messages: ClassVar[Mapping[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": (
            "Your role needs a second factor, and this is your only one: add another first."
        ),
        "cannot_generate_recovery_codes": "Recovery codes need a second factor: set one up first.",
        "incorrect_code": (
            "is not the code of now: type the six digits that the app shows, and check that the clock of the "
            "telephone is right"
        ),
    }

    def encrypt(self, text: str) -> str:
        sealed = seal(text.encode(), key=store.keys().key_for(_SUBJECT), binding=_BINDING)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return unseal(sealed, key=store.keys().read(_SUBJECT), binding=_BINDING).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.PENHOLDER_NAME)

    def _get_site_name(self) -> str:
        return str(settings.PENHOLDER_NAME)

    def _get_user_identifier(self, user: User) -> str:
        """How an authenticator app names the account: by the function, not by the address."""
        return title_of(user)

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """Likewise for a security key."""
        named: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return named | {"display_name": named["name"]}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who needs a second factor keeps at least one. Recovery codes alone are none."""
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        user = authenticator.user
        if not role_book().needs_mfa(actor_of(user, on=moment.today()).roles):
            return True
        others = Authenticator.objects.filter(user_id=user.id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Single sign-on finds invited people; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def failures_key() -> str:
    """Where the failed sign-ins of today are counted."""
    return f"sign-in-failures:{moment.today().isoformat()}"
