"""What stands around every page: whose site this is, who is signed in as what, and where one can go."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest

from penholder import __version__


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One place to go. `count` is a number beside it (things waiting), or None."""

    text: str
    href: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """Header, menu and footer of a page."""

    authority: str
    person: str | None = None
    """How the signed-in person is called; None: nobody is signed in."""
    roles: tuple[str, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    account: tuple[MenuItem, ...] = ()
    """Pages about the person's own account; signing out is a button of its own."""
    home: str = "/"
    sign_in: str | None = None
    sign_in_text: str = "Sign in"
    sign_out: str | None = None
    footer: tuple[MenuItem, ...] = ()
    is_for_everybody: bool = False
    """A page that may be found by search engines."""
    version: str = __version__
    product: str = "Penholder"
    scripts: bool = field(default_factory=lambda: settings.PENHOLDER_SCRIPTS)
    """May the page load scripts?"""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell`. That of the request where a middleware has set one."""
    given = getattr(request, "shell", None)
    return {"shell": given if isinstance(given, Shell) else Shell(authority=settings.PENHOLDER_NAME)}
