"""Routes and acts of the sites of concerns and of the public x every role: as declared, and nothing is written.

(test_access_matrix.py has the authority's.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory, override_settings
from django.urls import clear_url_caches

from penholder.actions.errors import RefusedError
from penholder.actions.values import NOBODY, Actor, ActorKind, Door
from penholder.concerns.api import FILER_ACTS
from penholder.entry.access import ONE_FACTOR, PUBLIC, SIGNED_IN, access_of, check
from penholder.entry.actor import WAYS_KEY
from penholder.entry.errors import NotSignedInError
from penholder.site.capabilities import capabilities
from tests.web.real_site import RealSite, address, ask, count_all, may, our_actions, roles, routes

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

GRANTED = tuple(name for name, row in roles().items() if row["family"] != "base")


SITES = ("concerns", "public")
EACH = pytest.mark.parametrize(
    "held", [(), *((name,) for name in GRANTED)], ids=lambda held: "+".join(held) or "no-role"
)


@contextmanager
def addresses_of(name: str) -> Iterator[None]:
    """Within it, addresses are those of a site."""
    with override_settings(ROOT_URLCONF=f"penholder.site.urls_{name}"):
        clear_url_caches()
        yield
    clear_url_caches()


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    with addresses_of(request.param):
        yield request.param


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


# story: Every route and action x role on all three sites as the table says; closed by default.
@EACH
def test_each_route_lets_in_whom_the_table_says(site: str, held: tuple[str, ...]) -> None:
    actor = Actor("P-1", ActorKind.PERSON, frozenset(held))
    wrong = []
    for path, route in routes():
        access = access_of(route.callback)
        assert access is not None
        expected = access.permission in {PUBLIC, SIGNED_IN, ONE_FACTOR} or may(held, access.permission)
        if lets_in(actor, route) != expected:
            wrong.append(path)
    assert wrong == []


# story: Every route and action x role on all three sites as the table says; closed by default.
@EACH
def test_each_act_of_the_site_is_done_by_whom_the_table_says_and_by_nobody_else(
    site: str, held: tuple[str, ...]
) -> None:
    ours = [s for s in our_actions(Door.API) if s.name.partition(".")[0] in capabilities(site)]
    assert len(ours) > 20
    wrong = {}
    with RealSite.open():
        before = count_all()
        for spec in ours:
            path = address(spec, "/api/v1/acts/")
            answer = ask("POST", path, who=f"P-1/{','.join(held)}", body={"no_such_parameter": 1})
            # Who may is told that the parameter is wrong; who may not is told nothing of parameters.
            expected = 422 if may(held, spec.permission) else 403
            if answer.status_code != expected:
                wrong[spec.name] = answer.status_code
        assert count_all() == before
    assert wrong == {}


def test_what_is_open_to_everybody_is_what_the_filer_needs_and_no_more() -> None:
    with addresses_of("concerns"):
        found = {a for a, route in routes() if lets_in(NOBODY, route) and not a.startswith("/account/")}
    api = {
        f"/api/v1/concerns/{name}" for name in ("raise", "return", "receipt", "channel", "figures", *FILER_ACTS)
    }
    pages = {f"/{name}" for name in ("", "raise", "return", "leave", "ladder", "figures", "healthz")}
    raising = {"/acts/concerns/raise-concern"} & found  # offered nowhere
    assert found == api | pages | {"/api/v1/openapi.json", "/api/v1/"} | raising
