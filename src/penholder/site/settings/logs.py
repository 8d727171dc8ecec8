"""What the sites log: no address, no query string, no name, no content.

One line per request from `RequestLog`, and the frames of errors without their messages. Django's own lines have
paths and are left out.
"""

from __future__ import annotations

from typing import Any

_NOTHING = {"handlers": [], "level": "CRITICAL", "propagate": False}


def logging_from(level: str) -> dict[str, Any]:
    """The setting LOGGING, with our own lines of this level and above on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "loggers": {
            "penholder": {"handlers": ["stderr"], "level": level, "propagate": False},
            "django.request": _NOTHING,
            "django.security": _NOTHING,
            "django.server": _NOTHING,
        },
    }
