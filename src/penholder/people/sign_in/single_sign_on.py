"""Single sign-on by OpenID Connect, for the staff: it links to an invited person, and never makes one.

The link is made once, by an address that the other server says it has verified. From then on its own id counts, so
that a changed address there leads to nobody else here, and an address that somebody else gets there to nobody:
a second link is made only after a reset of the sign-in took the first one away. Nothing else that the other server
says is kept; its id and the address are turned into pseudonyms before anything looks for them.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path

from penholder.actions import moment
from penholder.actions.action import perform
from penholder.actions.values import NOBODY
from penholder.people.actions.sign_in import Outcome, change_sign_in, page_open
from penholder.people.actor import actor_of
from penholder.people.addresses import blind, pseudonym_of
from penholder.people.models import User
from penholder.people.roles import role_book
from penholder.people.values import SignInChange


class StaffLogin(SocialLogin):  # type: ignore[misc]  # allauth has no types
    """A sign-in by the other server. Looking the person up writes nothing, but for the link of the first time."""

    account: SocialAccount
    user: User | None

    def lookup(self) -> None:
        """Find the person by the id of an earlier link, else by a verified address."""
        self._did_authenticate_by_email = None
        known = SocialAccount.objects.filter(provider=self.account.provider, uid=self.account.uid).first()
        if known is not None:
            self.account, self.user = known, known.user
            return
        user = _invited(self.email_addresses)
        if user is not None and not SocialAccount.objects.filter(user=user).exists():
            self.account = _linked(user, provider=self.account.provider, uid=self.account.uid)
            self.user = user


class StaffAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """Gives a `StaffLogin`."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **given: Any) -> StaffLogin:
        found = super().complete_login(request, app, token, **given)
        provider = found.account.provider
        uid = blind("single-sign-on", f"{provider}\0{found.account.uid}")
        bare = SocialAccount(provider=provider, uid=uid, extra_data={})
        return StaffLogin(account=bare, email_addresses=found.email_addresses, provider=found.provider)


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the other server."""
    return _visit(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Come back from it."""
    return _visit(OAuth2CallbackView, request, provider_id)


def _visit(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        response: HttpResponseBase = view.adapter_view(StaffAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404("no single sign-on is configured") from error
    return response


def _invited(addresses: list[EmailAddress]) -> User | None:
    """The invited person of the staff to whom one of the verified addresses belongs."""
    verified = [pseudonym_of(a.email) for a in addresses if a.verified is True]
    rows = EmailAddress.objects.filter(email__in=verified, verified=True, user__is_active=True)
    users = {row.user_id: row.user for row in rows.select_related("user")}
    if len(users) != 1:
        return None
    user: User = next(iter(users.values()))
    roles = actor_of(user, on=moment.today()).roles
    book = role_book()
    is_staff = any(book.roles[role].family != "outside" for role in roles if role in book.roles)
    return user if is_staff else None


def _linked(user: User, *, provider: str, uid: str) -> SocialAccount:
    made: list[SocialAccount] = []

    def body() -> Outcome:
        made.append(SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data={}))
        return Outcome(user.public_id, changes=(SignInChange.SINGLE_SIGN_ON,))

    with page_open(body):
        perform(change_sign_in, NOBODY, page="openid_connect_callback")
    return made[0]


urlpatterns = [
    path("login/", login, name="openid_connect_login"),
    path("login/callback/", callback, name="openid_connect_callback"),
]
