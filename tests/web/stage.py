"""A stage for tests of the doors: two actions that need no table, tokens that name a role, a site of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from ninja import Router
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, RefusedError
from penholder.actions.events import Event
from penholder.actions.models import Act
from penholder.actions.values import Actor, ActorKind, FieldClass, Visibility
from penholder.entry.access import PUBLIC, requires
from penholder.entry.actor import WAYS_KEY
from penholder.entry.api import acts_router, own
from penholder.entry.rest import Api
from penholder.entry.views import ActPage, act_routes, act_view, receipt_page
from penholder.kernel.ids import random_id
from penholder.ledger.door import migration_door
from penholder.people.models import User
from tests.casework import HOME, Casework


class Permit(StrEnum):
    NOTE = "stage.note"
    CHANGE = "stage.change"


class Colour(StrEnum):
    RED = "red"
    SEA_GREEN = "sea-green"


class ThingNoted(
    Event, visibility=Visibility.PUBLIC, about="thing", public=("thing", "count"), official=("title",)
):
    thing: str
    count: int
    title: str


class ThingChanged(Event, visibility=Visibility.PUBLIC, about="thing", public=("thing",)):
    thing: str


@action(permission=Permit.NOTE, events=(ThingNoted,))
def note_thing(
    run: Run,
    *,
    title: Annotated[str, Field(min_length=3, max_length=80, description="As people call it.")],
    colour: Colour,
    day: date | None = None,
    price: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)] | None = None,
    count: Annotated[int, Field(ge=0, le=99)] = 1,
    lines: tuple[int, ...] = (),
    is_urgent: bool = False,
) -> str:
    """Note a thing.

    It is only written down.
    """
    thing = run.new_id("T")
    run.record(ThingNoted(thing=thing, count=count, title=title))
    run.details["said"] = f"{colour.value} {day} {price} {lines} {is_urgent}"
    return thing


@action(permission=Permit.CHANGE, events=(ThingChanged,))
def change_thing(run: Run, *, thing: Annotated[str, Field(max_length=40)], expected_version: int, why: str) -> int:
    """Change a thing."""
    version = version_of(thing)
    if version == 0:
        raise AbsentError("there is no such thing")
    if version != expected_version:
        raise ConflictError(f"the thing is at version {version}, not {expected_version}")
    run.record(ThingChanged(thing=thing))
    return version + 1


def version_of(thing: str) -> int:
    """How often something happened to it."""
    return Act.objects.filter(about=thing).count()


class NotersMay:
    """An authority: noters may note, changers may change; nobody needs a second factor but changers."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        wanted = {Permit.NOTE: "noter", Permit.CHANGE: "changer"}.get(permission)  # type: ignore[call-overload]
        return wanted if wanted in actor.roles else None

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return False

    def needs_second_factor(self, actor: Actor) -> bool:
        return "changer" in actor.roles


def actor_of(user: Any, *, on: date) -> Actor:
    """Roles and organisations of a test user stand in their title: `noter changer`, `exporter/O-1`."""
    roles, _, organisations = user.title.partition("/")
    return Actor(user.public_id, ActorKind.PERSON, frozenset(roles.split()), frozenset(organisations.split()))


def actor_of_token(text: str) -> Actor:
    """A token names a person, roles and organisations: `P-1/noter`, `P-2/exporter/O-1`, `P-3/` (no role)."""
    person, *rest = text.split("/")
    if not rest:
        raise RefusedError("the token is not known")
    roles, organisations = (frozenset(filter(None, part.split(","))) for part in (*rest, "")[:2])
    return Actor(person, ActorKind.PERSON, roles, organisations)


def _state(_request: object, *, thing: str) -> dict[str, Any]:
    return {"expected_version": version_of(thing)}


@requires(PUBLIC, why="a page that breaks")
def broken(_request: object) -> HttpResponse:
    """Fail, with a text that must not be logged."""
    raise RuntimeError("secret of officer-1@ardenia.invalid")


pairs = Router()


@pairs.get("/pair", response=list[str])
@requires(PUBLIC, why="a list of two")
def pair(request: HttpRequest) -> tuple[str, ...]:
    """Two texts: for ninja, a status and a body."""
    return ("a", "b")


api = Api(title="Stage", version="1", urls_namespace="stage-api")
api.add_router("", own)
api.add_router("", pairs, auth=None)
api.add_router("/acts", acts_router())
urlpatterns = [
    path("api/v1/", api.urls),
    path("receipts/<str:run>", receipt_page, name="receipt"),
    path("things/<str:thing>/change", act_view(change_thing, ActPage(state=_state)), name="change"),
    path("acts/", include(act_routes())),
    path("broken", broken, name="broken"),
]
handler404 = "penholder.site.problems.absent"
handler500 = "penholder.site.problems.broken"
handler403 = "penholder.site.problems.refused"
handler400 = "penholder.site.problems.bad_request"


def signed_in(roles: str, *, ways: tuple[str, ...] = ("password", "mfa"), check_csrf: bool = False) -> Client:
    """A browser in which a person with these roles has signed in, in these ways."""
    person = random_id("P")
    with migration_door():
        user = User.objects.create(public_id=person, email=f"{person}@ardenia.invalid", title=roles)
    client = Client(enforce_csrf_checks=check_csrf)
    client.force_login(user)
    session = client.session
    session[WAYS_KEY] = [{"method": way} for way in ways]
    session.save()
    return client


class Stage:
    """One installation for all tests of a process that use the stage: they compare before and after."""

    _made: Casework | None = None

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Casework]:
        """Use it, with this module as its site."""
        if cls._made is None:
            cls._made = Casework(HOME / "stage").open()
        with override_settings(
            ROOT_URLCONF=__name__,
            PENHOLDER_AUTHORITY=f"{__name__}.NotersMay",
            PENHOLDER_ACTORS=__name__,
            LOGIN_URL="/in",
            PENHOLDER_SECOND_FACTOR_URL="/second",
        ):
            yield cls._made.use()
        connections.close_all()
