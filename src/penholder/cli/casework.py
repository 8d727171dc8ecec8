"""Where Django is set up for the commands that need it: once, late, and with clear errors."""

from __future__ import annotations

import atexit
import os
from pathlib import Path

from penholder.kernel.errors import ConfigurationError
from penholder.kernel.home import VARIABLE, Home, home_path, read_home

SETTINGS = "DJANGO_SETTINGS_MODULE"
SITES = {"authority": "the authority", "concerns": "the site of concerns", "public": "the public site"}


def start(home: Path | None = None, *, check: bool = True, site: str = "") -> Home:
    """Read the home (by default PENHOLDER_HOME), set Django up on it, and look whether the ledger stands.

    site: where the command belongs; on the home of another one it is refused.

    Raises: ConfigurationError: no home, no tables, another site's, or one that this process was not started on.
        LedgerIntegrityError, RollbackError: the books contradict themselves.
    """
    found = read_home(home)
    if site and found.configuration.site != site:
        raise ConfigurationError(
            f"{found.path} is the home of {SITES[found.configuration.site]}; this is asked of {SITES[site]}",
            hint=f"set {VARIABLE} to the home of {SITES[site]}",
        )
    os.umask(0o077)  # what is made from here on is the owner's alone; what is published says otherwise itself
    os.environ[VARIABLE] = str(found.path)
    os.environ.setdefault(SETTINGS, f"penholder.site.settings.{found.configuration.site}")
    import django  # noqa: PLC0415 - only these commands pay for it
    from django.conf import settings  # noqa: PLC0415

    if settings.configured and Path(settings.PENHOLDER_HOME) != found.path:
        raise ConfigurationError(
            f"this process works on {settings.PENHOLDER_HOME}, and was asked for {found.path}",
            hint="run the command in a process of its own",
        )
    django.setup()
    if settings.PENHOLDER_KEEPS_DAYS:
        atexit.register(_settle)
    if check:
        from penholder.custody.selfcheck import check_at_start  # noqa: PLC0415

        check_at_start()
    return found


def _settle() -> None:
    """At the end of a command, where only days are kept: times of files too."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from penholder.custody.day_times import settle_times  # noqa: PLC0415

    connections.close_all()
    settle_times(settings.PENHOLDER_HOME)


def wanted_home(given: Path | None) -> Path:
    """The home that an option names, or PENHOLDER_HOME."""
    return given.absolute() if given else home_path()
