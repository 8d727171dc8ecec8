"""The site of concerns: its own home, process, database and ledger. It keeps no time finer than the day."""

from penholder.concerns.codes import Cost
from penholder.concerns.policy.ladder import read_ladder
from penholder.kernel.errors import ConfigurationError
from penholder.kernel.home import read_home
from penholder.site.capabilities import apps
from penholder.site.settings.accounts import *
from penholder.site.settings.accounts import ACCOUNT_APPS, ACCOUNT_MIDDLEWARE, SESSION_LIMITS
from penholder.site.settings.base import *
from penholder.site.settings.base import INSTALLED_APPS, LOGGING, MIDDLEWARE

_conf = read_home().configuration
if _conf.database:
    raise ConfigurationError(
        "the site of concerns is kept in SQLite alone: a database server writes down the moment of each change",
        hint="take [database] out of penholder.toml",
    )
ROOT_URLCONF = "penholder.site.urls_concerns"
INSTALLED_APPS = [*INSTALLED_APPS, *apps("concerns"), *ACCOUNT_APPS]

PENHOLDER_LADDER = read_ladder(_conf.ladder)
"""Refuses to start where it does not end outside the authority."""
PENHOLDER_CODE_COST = Cost()
PENHOLDER_CLOCK = "penholder.kernel.clock.day"
PENHOLDER_REACTIONS = "inline"
PENHOLDER_KEEPS_DAYS = True
"""Files of the home get the times of a day too (penholder.site.day_times)."""

# No request log; no JavaScript; nothing that tells another site where somebody came from; and nothing of a request
# on the disk: uploads stay in memory, sessions and counters too. Who restarts the server signs everybody out.
_without = {"penholder.site.middleware.RequestLog", "django_htmx.middleware.HtmxMiddleware"}
_kept = [name for name in MIDDLEWARE if name not in _without]
_after = _kept.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1
MIDDLEWARE = ["penholder.site.day_times.DayTimes", *_kept[:_after], SESSION_LIMITS, *_kept[_after:]]
MIDDLEWARE += [
    "penholder.concerns.web.door.Unlocked",
    ACCOUNT_MIDDLEWARE,
    "penholder.site.surroundings.Surroundings",
]
PENHOLDER_CONTENT_POLICY = (
    "default-src 'none'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "base-uri 'none'",
    "frame-ancestors 'none'", "form-action 'self'",
)  # fmt: skip
PENHOLDER_SCRIPTS = False
# Not `no-referrer`: with it browsers send `Origin: null` with every form, which the check of forms refuses. Pages
# of those without an account have it all the same (penholder.concerns.web.door): their forms are not checked so.
SECURE_REFERRER_POLICY = "same-origin"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 << 20
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
EMAIL_BACKEND = "penholder.site.day_letters.DayLetters"
# A second factor without JavaScript: an authenticator app, and recovery codes.
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
LOGIN_REDIRECT_URL = "cases"

LOGGING = LOGGING | {
    "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "loggers": LOGGING["loggers"] | {"waitress": {"handlers": [], "level": "CRITICAL", "propagate": False}},
}
