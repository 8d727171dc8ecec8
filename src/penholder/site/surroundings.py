"""Who is signed in, as what, and where they can go: the shell of every page, worked out when a page draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from penholder.actions.permissions import authority
from penholder.actions.values import Actor, FieldClass
from penholder.entry.actor import actor_of_request, is_signed_in, lacks_second_factor
from penholder.kernel.errors import PenholderError
from penholder.people import queries as people
from penholder.people.roles import role_name
from penholder.people.sealed import title_of
from penholder.people.values import PeoplePermission
from penholder.site.capabilities import rooms
from penholder.site.shell import MenuItem, Shell

_ACCOUNT = (
    ("My account", "me"),
    ("Second factors and security keys", "mfa_index"),
    ("Change password", "account_change_password"),
)
_FOOTER = (("Ledger, and how to verify it", "ledger"), ("All acts", "acts"))
_MANAGES = (PeoplePermission.INVITE, PeoplePermission.GRANT, PeoplePermission.ORGANISE, PeoplePermission.ARRANGE)


class Surroundings:
    """Sets `request.shell`. Placed after authentication. The database is asked only once a page is drawn."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        request.shell = SimpleLazyObject(lambda: shell_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def shell_of(request: HttpRequest) -> Shell:
    """Header, menu and footer for whoever asks. Where the database is away: without a person."""
    try:
        actor = actor_of_request(request)
        if not is_signed_in(actor):
            return _shell_of_anybody(request)
        complete = not lacks_second_factor(request, actor)
        menu = _menu(request, actor) if complete else ()
        called = title_of(request.user) if request.user.is_authenticated else actor.id
    except (DatabaseError, PenholderError):
        return Shell(authority=settings.PENHOLDER_NAME)
    return Shell(
        authority=settings.PENHOLDER_NAME,
        person=called,
        roles=tuple(role_name(r) for r in sorted(actor.roles)),
        menu=menu,
        account=tuple(MenuItem(text, href) for text, name in _ACCOUNT if (href := _address(name))),
        home=_address("home") or "/",
        sign_out=_address("account_logout"),
        footer=_footer(),
    )


def _shell_of_anybody(request: HttpRequest) -> Shell:
    """Nobody is signed in: the places that are open to everybody, where the site has any."""
    # From the highest floor down: what is published comes before what is said below it.
    offers = [getattr(room, "open_places", tuple) for room in [*rooms("web", settings.PENHOLDER_SITE)][::-1]]
    open_ones = [place for offer in offers for place in offer()]
    found = [(text, _address(name)) for text, name in open_ones]
    here = _here(request.path, [href for _, href in found])
    places = tuple(MenuItem(text, href, is_current=href == here) for text, href in found if href)
    return Shell(
        authority=settings.PENHOLDER_NAME,
        menu=places,
        sign_in=None if places else _address("account_login"),
        sign_in_text="Sign in" if settings.PENHOLDER_SITE == "authority" else "Sign in (officers)",
        is_for_everybody=bool(places),
        scripts=settings.PENHOLDER_SCRIPTS and not places,
    )


def _footer() -> tuple[MenuItem, ...]:
    return tuple(MenuItem(text, href) for text, name in _FOOTER if (href := _address(name)))


def _menu(request: HttpRequest, actor: Actor) -> tuple[MenuItem, ...]:
    """The places of a person. A site that has not one of the pages leaves it out."""
    waiting = people.waiting(viewer=actor)
    places: list[tuple[str, str, int | None]] = [
        ("Home", "home", None),
        ("Inbox", "inbox", waiting or None),
        ("Register", "register", None),
    ]
    for room in rooms("web", settings.PENHOLDER_SITE):
        places += getattr(room, "menu", _nothing)(actor)
    if knows_people(actor):
        places.append(("People", "people", None))
    found = [(text, _address(name), number) for text, name, number in places]
    here = _here(request.path, [href for _, href, _ in found])
    return tuple(
        MenuItem(text, href, is_current=href == here, count=number) for text, href, number in found if href
    )


def _nothing(_actor: Actor) -> list[tuple[str, str, int | None]]:
    """A capability without a place in the menu. Those that have one offer `menu(actor)` in their room `web`:
    text, name of the route, a number or None; only what the actor may see.
    """
    return []


def knows_people(actor: Actor) -> bool:
    """Is the directory for this person? The staff see each other; whoever arranges people sees them too."""
    table = authority()
    reads = (FieldClass.COMMERCIAL, FieldClass.OFFICIAL, FieldClass.PERSONAL)
    return any(table.may_read(actor, c) for c in reads) or any(table.role_for(actor, p) for p in _MANAGES)


def _here(path: str, places: Iterable[str | None]) -> str | None:
    """The place of the menu that a page belongs to: of several the nearest."""
    return max((href for href in places if href and _is_here(path, href)), key=len, default=None)


def _is_here(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href.rstrip('/')}/"))


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
