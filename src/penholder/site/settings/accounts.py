"""Signing in: django-allauth, a second factor, limits. Imported by `authority`, after `base`."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from penholder.kernel.home import read_home

_home = read_home()
_conf = _home.configuration
_is_production = _conf.environment == "production"

ACCOUNT_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
SESSION_LIMITS = "penholder.people.sign_in.limits.SessionLimits"
"""To stand directly after Django's AuthenticationMiddleware."""
ACCOUNT_MIDDLEWARE = "allauth.account.middleware.AccountMiddleware"
"""To stand last: it answers allauth's own exceptions before `Problems` sees them."""

AUTHENTICATION_BACKENDS = ["penholder.people.sign_in.backend.AccountBackend"]
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

# Accounts come from invitations. The address is the name; nobody learns from a page whether it has an account.
ACCOUNT_ADAPTER = "penholder.people.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "penholder.people.sign_in.forms.SignInForm",
    "reset_password": "penholder.people.sign_in.forms.NewPasswordForm",
    "reset_password_from_key": "penholder.people.sign_in.forms.ChosenPasswordForm",
    "change_password": "penholder.people.sign_in.forms.OtherPasswordForm",
    "set_password": "penholder.people.sign_in.forms.FirstPasswordForm",
}
"""They turn what is typed into the pseudonym that the tables hold (people.addresses), and have our words."""
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "penholder.people.sealed.title_of"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
"""Counted in a table that all processes share (people.cache)."""
CACHES = {"default": {"BACKEND": "penholder.people.cache.JsonCache", "LOCATION": ""}}

SESSION_SERIALIZER = "penholder.people.sign_in.sessions.SealedSerializer"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
"""How long an invitation, or a link to set a new password, counts: seconds."""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "penholder.people.sign_in.passwords.NotLikeTheAccount"},
]

MFA_FORMS = {
    "authenticate": "penholder.people.sign_in.forms.CodeForm",
    "reauthenticate": "penholder.people.sign_in.forms.CodeAgainForm",
    "activate_totp": "penholder.people.sign_in.forms.AppForm",
    "add_webauthn": "penholder.people.sign_in.forms.AddKeyForm",
    "edit_webauthn": "penholder.people.sign_in.forms.RenameKeyForm",
}
MFA_ADAPTER = "penholder.people.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
"""A passkey with PIN or fingerprint is two factors."""
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _is_production
MFA_TOTP_TOLERANCE = 0
"""A used code is remembered for one step of 30 s: with a wider tolerance it would count twice."""
MFA_RECOVERY_CODES_SHOW_ONCE = True

SOCIALACCOUNT_ADAPTER = "penholder.people.sign_in.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False


def _providers(oidc: dict[str, str]) -> dict[str, Any]:
    """Empty where penholder.toml has no [oidc]: then single sign-on is off, and its pages are absent."""
    if not oidc:
        return {}
    app = {
        "provider_id": "staff",
        "name": oidc.get("name", "Single sign-on"),
        "client_id": oidc["client_id"],
        "secret": _home.secret(oidc["client_secret_file"]),
        "settings": {"server_url": oidc["server_url"], "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


SOCIALACCOUNT_PROVIDERS = _providers(_conf.oidc)

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(_home.path / "mail")
"""No mail server: letters (links to set a new password) are files that an administrator can read."""
DEFAULT_FROM_EMAIL = SERVER_EMAIL = formataddr((_conf.authority, f"no-reply@{_conf.origin.partition('/')[0]}"))
"""The authority's name, at the host of its ledger: both from penholder.toml."""
