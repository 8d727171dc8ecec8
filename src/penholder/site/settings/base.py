"""What all sites share. Reads PENHOLDER_HOME; nothing here has a default that is open."""

from __future__ import annotations

from typing import Any

from penholder.kernel.home import read_home
from penholder.site.settings.look import *
from penholder.site.settings.look import LOOK_APPS
from penholder.site.settings.safety import *

HOME = read_home()
_conf = HOME.configuration

PENHOLDER_HOME = HOME.path
PENHOLDER_ORIGIN = _conf.origin
PENHOLDER_NAME = _conf.authority
PENHOLDER_SITE = _conf.site
PENHOLDER_ENVIRONMENT = _conf.environment
PENHOLDER_WRITER_LOCK = HOME.writer_lock
PENHOLDER_AUTHORITY = "penholder.people.authority.RoleTable"
PENHOLDER_ACTORS = "penholder.people.actor"
PENHOLDER_CLOCK = "penholder.kernel.clock.now"
PENHOLDER_KEEPS_DAYS = False
"""True where no time finer than the day is kept anywhere: the site of concerns."""
PENHOLDER_PLACES = _conf.places
PENHOLDER_BOUNDARIES = HOME.boundaries
PENHOLDER_RULE_SET = _conf.rule_set
PENHOLDER_CALENDAR = _conf.calendar
PENHOLDER_STALENESS = _conf.staleness
PENHOLDER_EXCHANGE = _conf.exchange
PENHOLDER_DEBATE = _conf.debate
PENHOLDER_PAGES = ""
"""Of which pages there can be a debate: a function (kind, public id) -> title, or None."""
PENHOLDER_REACTIONS = "worker" if _conf.environment == "production" else "inline"

SECRET_KEY = HOME.secret("secret-key")
DEBUG = False
ALLOWED_HOSTS = list(_conf.hosts)
AUTH_USER_MODEL = "people.User"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "penholder.ledger",
    "penholder.vault",
    "penholder.actions",
    "penholder.custody",
    *LOOK_APPS,
]
"""What every site has; the capabilities of a site are added in its own settings."""


def _database() -> dict[str, Any]:
    given = _conf.database
    if not given:
        return {
            "ENGINE": "penholder.actions.backends.sqlite",
            "NAME": str(HOME.database),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
        }
    password, owner = given.get("password_file", ""), given.get("owner_password_file", "")
    return {
        "ENGINE": "penholder.actions.backends.postgresql",
        "NAME": given.get("name", "penholder"),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "USER": given.get("user", ""),
        "PASSWORD": HOME.secret(password) if password else "",
        # Roles of docs/how-to/use-postgresql.md; the owner's password is there only while `upgrade` runs.
        "PENHOLDER_WRITER": given.get("writer", ""),
        "PENHOLDER_OWNER": given.get("owner", ""),
        "PENHOLDER_OWNER_PASSWORD": HOME.secret(owner) if owner and HOME.has_secret(owner) else "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
