"""Every action and every route x every role: as the role table says, else refused, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from penholder.actions.errors import AbsentError, RefusedError
from penholder.actions.values import Door
from penholder.entry.access import ONE_FACTOR, PUBLIC, SIGNED_IN, access_of, check
from penholder.entry.actor import WAYS_KEY
from penholder.entry.errors import MethodError, NotSignedInError, SecondFactorError
from penholder.kernel.errors import PenholderError
from tests.web.real_site import ONE, OTHER, RealSite, address, ask, count_all, may, our_actions, roles, routes

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

GRANTED = tuple(name for name, row in roles().items() if row["family"] != "base")
HOLDERS: tuple[tuple[str, ...], ...] = ((), *((name,) for name in GRANTED))
PAIRS = (
    ("licensing_manager", "statistician"),
    ("auditor", "licensing_manager"),
    ("administrator", "reception"),
    ("reception", "customs_liaison"),
)
"""Refusals of one role outweigh what the other gives."""
NO_BODY = {"no_such_parameter": 1}


@pytest.fixture(autouse=True)
def site() -> Iterator[type[RealSite]]:
    with RealSite.open() as made:
        yield made


# story: Every route and action x role on all three sites as the table says; closed by default.
@pytest.mark.parametrize("held", [*HOLDERS, *PAIRS], ids=lambda held: "+".join(held) or "no-role")
def test_the_api_lets_each_role_do_what_the_table_says_and_nothing_else(held: tuple[str, ...]) -> None:
    before = count_all()
    wrong = {}
    for spec in our_actions(Door.API):
        answer = ask("POST", address(spec, "/api/v1/acts/"), who=f"P-1/{','.join(held)}", body=NO_BODY)
        # Who may is told that the parameter is wrong; who may not is told nothing of parameters.
        expected = 422 if may(held, spec.permission) else 403
        if answer.status_code != expected:
            wrong[spec.name] = answer.status_code
    assert wrong == {}
    assert count_all() == before


def test_nobody_may_anything_over_the_api() -> None:
    before = count_all()
    answers = {ask("POST", address(s, "/api/v1/acts/"), body=NO_BODY).status_code for s in our_actions(Door.API)}
    assert answers == {401}
    assert count_all() == before


def test_the_matrix_is_neither_all_open_nor_all_closed() -> None:
    cells = [may(held, spec.permission) for held in HOLDERS for spec in our_actions(Door.API)]
    assert len(cells) > 600
    assert 0.1 < sum(cells) / len(cells) < 0.6


class _Person(SimpleNamespace):
    """A signed-in user whose roles stand in the title (tests.web.stage.actor_of)."""

    is_authenticated = True


def browser(method: str, path: str, held: tuple[str, ...] | None, *, ways: tuple[str, ...]) -> Any:
    """A request as the middleware would have made it."""
    request = RequestFactory().generic(method, path)
    request.session = {WAYS_KEY: [{"method": way} for way in ways]}  # type: ignore[assignment]
    person = _Person(public_id="P-1", title=" ".join(held or ()))
    request.user = person if held is not None else SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    return request


def outcome(request: Any, view: Any) -> type[PenholderError] | None:
    access = access_of(view)
    assert access is not None
    try:
        check(request, access)
    except PenholderError as error:
        return type(error)
    return None


# story: Every route and action x role on all three sites as the table says; closed by default.
@pytest.mark.parametrize(
    "held", [None, *HOLDERS, *PAIRS], ids=lambda h: "nobody" if h is None else "+".join(h) or "-"
)
def test_every_route_lets_in_whom_it_declares(held: tuple[str, ...] | None) -> None:
    wrong = {}
    for path, route in routes():
        access = access_of(route.callback)
        assert access is not None, path
        if path.startswith(("/acts/stage", "/api/v1/acts/stage", "/acts/test_", "/api/v1/acts/test_")):
            continue
        permission = access.permission
        expected: type[PenholderError] | None = None
        if permission != PUBLIC and held is None:
            expected = NotSignedInError
        elif permission not in {PUBLIC, ONE_FACTOR, SIGNED_IN} and not may(held or (), permission):
            expected = RefusedError
        found = outcome(browser("GET", path, held, ways=("mfa",)), route.callback)
        if found is not expected:
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("held", HOLDERS, ids=lambda held: "+".join(held) or "no-role")
def test_a_role_that_needs_two_factors_gets_nowhere_with_one(held: tuple[str, ...]) -> None:
    needs = any(roles()[name]["needs_mfa"] for name in held)
    for path, route in routes():
        access = access_of(route.callback)
        assert access is not None
        found = outcome(browser("GET", path, held, ways=("password",)), route.callback)
        if access.permission in {PUBLIC, ONE_FACTOR}:
            assert found is None, path
        else:
            assert (found is SecondFactorError) == needs, path


@pytest.mark.parametrize("held", HOLDERS, ids=lambda held: "+".join(held) or "no-role")
def test_the_pages_of_acts_refuse_whom_the_table_refuses_and_write_nothing(held: tuple[str, ...]) -> None:
    before = count_all()
    views = {path: route.callback for path, route in routes()}
    for spec in our_actions(Door.SITE):
        path = address(spec, "/acts/")
        if may(held, spec.permission):
            continue
        for method in ("GET", "POST"):
            with pytest.raises(RefusedError):
                views[path](browser(method, path, held, ways=("mfa",)))
    assert count_all() == before


# What belongs to somebody else is not there at all.

MINE, THEIRS = f"P-1/exporter/{ONE}", f"P-2/exporter/{OTHER}"
LICENCE_ACTS = {
    "register.surrender_lines": {
        "lines": [1],
        "reason": "order_cancelled",
        "effective_on": "2024-06-02",
        "expected_version": 2,
    },
    "register.record_draw": {
        "line": 1,
        "source": "exporter",
        "message": "m-1",
        "happened_on": "2024-06-02",
        "origin": "return",
        "quantity": "1",
    },
}


def is_absent(answer: Any) -> bool:
    return (answer.status_code, answer.content, answer.get("Content-Type")) == (404, b"", None)


@pytest.mark.parametrize("name", LICENCE_ACTS)
def test_an_exporter_does_not_reach_another_exporters_licence(site: type[RealSite], name: str) -> None:
    before = count_all()
    path = address(next(s for s in our_actions(Door.API) if s.name == name), "/api/v1/acts/")
    body = LICENCE_ACTS[name]
    for foreign in (site.issued[OTHER], site.drafts[OTHER], "L-there-is-none"):
        assert is_absent(ask("POST", path, who=MINE, body=body | {"licence": foreign})), foreign
    assert count_all() == before


def reads() -> list[str]:
    """Addresses of the API that hold an id."""
    return sorted(p for p, _ in routes() if p.startswith("/api/v1/") and "<" in p)


def test_every_address_with_an_id_is_absent_for_whom_the_id_is_foreign(site: type[RealSite]) -> None:
    before = count_all()
    found = reads()
    assert "/api/v1/receipts/<run>" in found
    for path in found:
        for foreign in (site.drafts[OTHER], "none"):
            filled = re.sub(r"<[^>]+>", foreign, path)
            assert is_absent(ask("GET", filled, who=MINE)), filled
    assert count_all() == before


def pages_with_ids() -> list[tuple[str, Any]]:
    """Pages of the site whose address holds an id."""
    left_out = ("/api/", "/account/", "/acts/", "/ledger/")
    return [(p, r.callback) for p, r in routes() if "<" in p and not p.startswith(left_out)]


BLIND = {
    "/inbox/<str:task>/done",
    "/me/absences/<str:absence>/end",
    "/me/delegations/<str:delegation>/end",
    "/me/tokens/<str:token>/withdraw",
}
"""Forms that show nothing of their subject, for any id: only the act says that there is none."""
FORM = {
    "idempotency_key": "k",
    "form_made_at": "2026-11-22T10:00:00Z",
    "expected_version": "1",
    "remark": "Done so.",
}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_page_with_an_id_is_absent_for_whom_the_id_is_foreign(site: type[RealSite], method: str) -> None:
    before, found = count_all(), {}
    for path, view in pages_with_ids():
        names = re.findall(r"<(\w+):(\w+)>", path)
        for foreign in (site.drafts[OTHER], "X-none", "none"):
            given = {name: 1 if kind == "int" else foreign for kind, name in names}
            request = browser(method, path, (f"exporter/{ONE}",), ways=("mfa",))
            request.POST = FORM  # as the form was sent, past the check of its origin
            request.csrf_processing_done = True
            try:
                found[path] = view(request, **given).status_code
            except (AbsentError, RefusedError, MethodError):
                continue
    assert {path: status for path, status in found.items() if method == "POST" or path not in BLIND} == {}
    assert count_all() == before


def test_an_exporter_reads_what_is_their_own(site: type[RealSite]) -> None:
    own = [p for p in reads() if "licence" in p]
    for path in own:
        filled = re.sub(r"<[^>]+>", site.drafts[OTHER], path, count=1)
        if "<" not in filled:
            assert ask("GET", filled, who=THEIRS).status_code == 200, filled


def test_a_receipt_is_absent_for_everybody_else(site: type[RealSite]) -> None:
    from penholder.ledger.models import Entry

    run = Entry.objects.order_by("id")[0].run
    for who in (MINE, "P-9/auditor", "P-9/administrator", "P-9/licensing_manager"):
        assert is_absent(ask("GET", f"/api/v1/receipts/{run}", who=who))
