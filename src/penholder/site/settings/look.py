"""Templates and static files: how pages look and are served. `base` imports it and adds LOOK_APPS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from penholder.kernel.home import read_home

_SITE = Path(__file__).resolve().parents[1]
_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "penholder.site.shell.shell",
]

LOOK_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [_SITE / "templates" / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "penholder.site.jinja.environment", "context_processors": _CONTEXT},
    },
    {
        # allauth's pages; the folder holds its elements and layouts in our look.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "django",
        "DIRS": [_SITE / "templates" / "django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [*_CONTEXT, "django.contrib.auth.context_processors.auth"],
            "libraries": {"look": "penholder.site.dtl"},
        },
    },
]
STATIC_URL = "static/"
STATIC_ROOT = str(read_home().path / "static")
STATICFILES_DIRS = [_SITE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files live in the vault, never here
    "staticfiles": {"BACKEND": "penholder.site.static_files.HashedFiles"},
}
WHITENOISE_MAX_AGE = 3600
