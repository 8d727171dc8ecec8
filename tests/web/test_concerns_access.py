"""Every route of the site of concerns x every role: as declared; few are open to everybody, and these are they."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory, override_settings
from django.urls import clear_url_caches

from penholder.actions.errors import RefusedError
from penholder.actions.values import NOBODY, Actor, ActorKind
from penholder.concerns.api import FILER_ACTS
from penholder.entry.access import ONE_FACTOR, PUBLIC, SIGNED_IN, access_of, check
from penholder.entry.actor import WAYS_KEY
from penholder.entry.errors import NotSignedInError
from tests.web.real_site import may, roles, routes

GRANTED = tuple(name for name, row in roles().items() if row["family"] != "base")


@pytest.fixture(autouse=True)
def site() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="penholder.site.urls_concerns"):
        clear_url_caches()
        yield
    clear_url_caches()


def asked(actor: Actor) -> Any:
    request: Any = RequestFactory().get("/")
    request.penholder_actor = actor
    request.session = {WAYS_KEY: [{"method": "mfa"}]}
    request.user = SimpleNamespace(is_authenticated=True)
    return request


def lets_in(actor: Actor, route: Any) -> bool:
    access = access_of(route.callback)
    assert access is not None
    try:
        check(asked(actor), access)
    except (RefusedError, NotSignedInError):
        return False
    return True


@pytest.mark.parametrize(
    "held", [(), *((name,) for name in GRANTED)], ids=lambda held: "+".join(held) or "no-role"
)
def test_each_route_lets_in_whom_the_table_says(held: tuple[str, ...]) -> None:
    actor = Actor("P-1", ActorKind.PERSON, frozenset(held))
    wrong = []
    for address, route in routes():
        access = access_of(route.callback)
        assert access is not None
        expected = access.permission in {PUBLIC, SIGNED_IN, ONE_FACTOR} or may(held, access.permission)
        if lets_in(actor, route) != expected:
            wrong.append(address)
    assert wrong == []


def test_what_is_open_to_everybody_is_what_the_filer_needs_and_no_more() -> None:
    found = {a for a, route in routes() if lets_in(NOBODY, route) and not a.startswith("/account/")}
    api = {
        f"/api/v1/concerns/{name}" for name in ("raise", "return", "receipt", "channel", "figures", *FILER_ACTS)
    }
    pages = {f"/{name}" for name in ("", "raise", "return", "leave", "ladder", "figures", "healthz")}
    raising = {"/acts/concerns/raise-concern"} & found  # offered nowhere
    assert found == api | pages | {"/api/v1/openapi.json", "/api/v1/"} | raising
