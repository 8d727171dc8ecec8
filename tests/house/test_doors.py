"""Every door is closed unless it says otherwise, and every error has one answer."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

import penholder
from penholder.kernel.errors import PenholderError
from tests.casework import start_django

start_django()

from penholder.actions.registry import ACTIONS  # noqa: E402 - after Django is set up
from penholder.actions.values import Door  # noqa: E402
from penholder.entry.access import ONE_FACTOR, PUBLIC, SIGNED_IN, access_of  # noqa: E402
from penholder.entry.errors import ANSWERS  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
WORDS = {PUBLIC, SIGNED_IN, ONE_FACTOR}
OF_THE_FILER = (
    "raise_concern", "write_message", "attach_file", "add_target", "contest_points", "accept_answer",
    "withdraw_concern",
)  # fmt: skip


def errors() -> list[type[PenholderError]]:
    """Every class of errors of the project."""
    for module in pkgutil.walk_packages(penholder.__path__, "penholder."):
        if re.search(r"errors|authority|policy", module.name):
            importlib.import_module(module.name)
    found, waiting = [], [PenholderError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return [kind for kind in dict.fromkeys(found) if kind.__module__.startswith("penholder.")]


def routes(of: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the authority's site."""
    for route in get_resolver(settings.ROOT_URLCONF).url_patterns if of is None else of:
        if isinstance(route, URLResolver):
            yield from routes(route.url_patterns, f"{prefix}{route.pattern}")
        else:
            yield f"{prefix}{route.pattern}", route


def test_every_error_code_has_one_answer() -> None:
    assert sorted({k.code for k in errors()} - ANSWERS.keys()) == []
    assert sorted(ANSWERS.keys() - {k.code for k in errors()}) == []


def test_every_error_code_is_in_the_reference_with_its_status() -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \|.*\| (\d{3}) \|", page, re.MULTILINE))
    assert {c: str(a.status) for c, a in ANSWERS.items() if rows.get(c) != str(a.status)} == {}


def test_every_route_declares_who_may_come_in_and_why() -> None:
    found = {address: access_of(route.callback) for address, route in routes()}
    assert len(found) > 20
    open_ones = [address for address, access in found.items() if access is None or len(access.why) < 10]
    assert [a for a in open_ones if "acts/test" not in a] == []  # acts that tests declare have short words


def test_a_route_asks_for_a_permission_of_the_role_table_or_one_of_three_words() -> None:
    from penholder.people.roles import role_book

    of_tests = {s.permission for s in ACTIONS.values() if not s.function.__module__.startswith("penholder.")}
    known = role_book().permissions | WORDS | of_tests
    asked = {address: access_of(route.callback) for address, route in routes()}
    assert [a for a, access in asked.items() if access and access.permission not in known] == []


def test_few_routes_are_public_and_these_are_they() -> None:
    public = {a for a, r in routes() if (found := access_of(r.callback)) and found.permission == PUBLIC}
    ours = {a for a in public if not a.startswith("account/")}
    register = {f"api/v1/{name}" for name in ("licences", "licences/<id>", "licences/<id>/timeline", "lines")}
    assert ours <= {"healthz", "api/v1/openapi.json", "api/v1/"} | register


def test_every_action_has_an_address_in_the_api_and_a_page() -> None:
    addresses = {address for address, _ in routes()}
    ours = [s for s in ACTIONS.values() if s.function.__module__.startswith("penholder.")]
    for door, prefix in ((Door.API, "api/v1/acts/"), (Door.SITE, "acts/")):
        offered = {prefix + s.name.replace(".", "/").replace("_", "-") for s in ours if door in s.doors}
        assert offered <= addresses
        assert len(offered) > 30


def test_few_actions_are_not_offered_everywhere_and_these_are_they() -> None:
    ours = [s for s in ACTIONS.values() if s.function.__module__.startswith("penholder.")]
    fewer = {s.name: s.doors for s in ours if s.doors != frozenset(Door)}
    assert fewer == {
        "register.announce_release": {Door.COMMAND},
        "register.load_release": {Door.COMMAND},
        "people.issue_token": {Door.SITE},  # asks again who it is
        "people.change_sign_in": frozenset(),  # its pages alone
        "people.bootstrap_administrator": frozenset(),  # `penholder init` alone
        "people.confirm_sign_in_reset_on_server": frozenset(),  # `penholder confirm-reset` alone
        "people.lapse_sign_in_resets": frozenset(),  # the worker alone
        "debate.forget_members": frozenset(),  # after an erasure
        # By locator and secret, without an account: pages, API and commands of their own.
        **{f"concerns.{name}": frozenset() for name in OF_THE_FILER},
        "concerns.import_targets": frozenset(),  # `penholder concerns exchange` alone
        "concerns.note_lapses": frozenset(),  # the worker alone
        "concerns.count_empty_answer": frozenset(),  # after a refusal
        "restrictions.import_gates": frozenset(),  # `penholder exchange` alone
    }
