"""The shadow register: pages over a data folder. No home, no database, no sessions, no accounts."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from penholder.site.settings.logs import logging_from

_SITE = Path(__file__).resolve().parents[1]

PENHOLDER_SHADOW: dict[str, Any] = json.loads(os.environ.get("PENHOLDER_SHADOW") or "{}")
"""folder, profiles, releases: what `penholder shadow` was given."""
PENHOLDER_NAME = "Shadow register"
PENHOLDER_SCRIPTS = False
PENHOLDER_CLOCK = "penholder.kernel.clock.now"

SECRET_KEY = secrets.token_urlsafe(50)  # signs nothing: there are no sessions and no forms that are sent
DEBUG = False
ALLOWED_HOSTS = [*PENHOLDER_SHADOW.get("hosts", ()), "localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "penholder.site.urls_shadow"
INSTALLED_APPS = ["django.contrib.staticfiles"]
DATABASES: dict[str, Any] = {}
MIDDLEWARE = ["penholder.site.shadow.ReadOnly", "whitenoise.middleware.WhiteNoiseMiddleware"]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [_SITE / "templates" / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "penholder.site.jinja.environment",
            "context_processors": ["django.template.context_processors.request", "penholder.site.shell.shell"],
        },
    },
]
STATIC_URL = "static/"
STATICFILES_DIRS = [_SITE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # files as they lie in the package: nothing is collected, nothing is written
WHITENOISE_MAX_AGE = 3600

LOGGING = logging_from("WARNING")
