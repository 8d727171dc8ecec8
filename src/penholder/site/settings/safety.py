"""What keeps the site safe: middleware, cookies, transport, limits, logs. Imported by `base`."""

from __future__ import annotations

from penholder.kernel.home import read_home
from penholder.site.settings.logs import logging_from

_conf = read_home().configuration
_is_production = _conf.environment == "production"

MIDDLEWARE = [
    "penholder.site.middleware.RequestLog",
    "penholder.site.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "penholder.site.middleware.Problems",
]
APPEND_SLASH = False
LOGIN_URL = "account_login"
PENHOLDER_SECOND_FACTOR_URL = "mfa_index"
PENHOLDER_SIGN_IN_AGAIN_URL = "account_reauthenticate"
WSGI_APPLICATION = "penholder.site.wsgi.application"

# Transport and cookies. Names that begin with __Host- are only taken by browsers over HTTPS, for this host alone.
# Browsers send cookies of a host to all its ports: on one machine each site has names of its own.
_prefix = "__Host-" if _is_production else ""
_suffix = "" if _conf.site == "authority" else f"-{_conf.site}"
SESSION_COOKIE_NAME = f"{_prefix}session{_suffix}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_production
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_prefix}csrf{_suffix}"
CSRF_FAILURE_VIEW = "penholder.site.problems.cross_site"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = False  # the proxy before us does it; docs/how-to/serve.md
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_production else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _is_production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_production
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PENHOLDER_FORM_TARGETS = tuple(filter(None, (_conf.oidc.get("server_url", ""),)))
"""Beside our own pages, where a form may lead: the single sign-on."""

PENHOLDER_CONTENT_POLICY: tuple[str, ...] = ()
"""What browsers may load and do, where a site says less than the usual (site.middleware.SecurityHeaders)."""
PENHOLDER_SCRIPTS = True
"""False: pages load no script at all."""

# Limits. Files are counted by the vault, as they stream.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

LOGGING = logging_from("INFO")
