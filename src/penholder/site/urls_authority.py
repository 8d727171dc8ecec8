"""Addresses of the authority's site. Each declares who may come in; one that does not stops the start."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, include, path

from penholder.entry.access import ONE_FACTOR, PUBLIC, declared, undeclared
from penholder.entry.views import act_routes, receipt_page
from penholder.site import ledger_pages
from penholder.site.api import make_api
from penholder.site.capabilities import rooms
from penholder.site.health import health
from penholder.site.home import home

_SIGNS_IN = "signs people in, or helps them back in"
_OWN = "one's own way of signing in: needed before there is a second factor"
ALLAUTH: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            "account_login", "account_logout", "account_inactive", "account_reset_password",
            "account_reset_password_done", "account_reset_password_from_key",
            "account_reset_password_from_key_done", "account_confirm_email", "account_email_verification_sent",
            "account_request_login_code", "account_confirm_login_code", "account_login_by_code",
            "mfa_authenticate", "mfa_login_webauthn", "mfa_trust", "mfa_signup_webauthn",
            "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
            "socialaccount_login_error",
        ),
        (PUBLIC, _SIGNS_IN),
    ),
    **dict.fromkeys(
        (
            "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index",
            "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
        ),
        (ONE_FACTOR, _OWN),
    ),
}  # fmt: skip
"""Routes of allauth that do not need a full sign-in. All others do."""


api = make_api("authority")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", health, name="health"),
    path("api/v1/", api.urls),
    path("receipts/<str:run>", receipt_page, name="receipt"),
    *(route for room in rooms("web", "authority") for route in room.urlpatterns),
    *ledger_pages.urlpatterns,
    path("acts/", include(act_routes())),
]
if apps.is_installed("allauth.account"):
    routes = import_module("penholder.people.sign_in.urls").urlpatterns
    urlpatterns.append(path("account/", include(declared(routes, ALLAUTH))))

if missing := list(undeclared(urlpatterns)):
    raise ImproperlyConfigured(f"routes without requires(...): {', '.join(missing)}")

handler400 = "penholder.site.problems.bad_request"
handler403 = "penholder.site.problems.refused"
handler404 = "penholder.site.problems.absent"
handler500 = "penholder.site.problems.broken"
