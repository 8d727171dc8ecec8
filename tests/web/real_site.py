"""The true site with the true role table, on one installation with two exporters; tokens name roles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import yaml
from django.conf import settings
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from penholder.actions.action import perform
from penholder.actions.registry import ACTIONS, ActionSpec
from penholder.actions.values import Actor, ActorKind, Door
from penholder.kernel import clock
from penholder.kernel.ids import random_id
from penholder.register import actions as register
from penholder.register.values import LineTerms
from tests.casework import HOME, Casework
from tests.register_ground import NO_CASE

ROLES = Path(__file__).resolve().parents[2] / "src" / "penholder" / "people" / "data" / "roles.yaml"
TERMS = {
    "rating": "ML10",
    "description": "components",
    "destination": "XB",
    "end_user": "forces",
    "value": "50000.00",
    "currency": "GBP",
    "quantity_limit": "100",
    "unit": "item",
}
ONE, OTHER = "O-one", "O-other"
DAY = date(2024, 6, 1)


class RealSite:
    """Made once per process; tests compare before and after."""

    _made: ClassVar[dict[str, Casework]] = {}
    _filled: ClassVar[dict[str, tuple[dict[str, str], dict[str, str]]]] = {}
    issued: ClassVar[dict[str, str]] = {}
    """Organisation -> public id of its licence in force: everybody may know that there is one."""
    drafts: ClassVar[dict[str, str]] = {}
    """Organisation -> public id of a licence that is not issued yet."""

    @classmethod
    @contextmanager
    def open(cls, database: str = "sqlite") -> Iterator[type[RealSite]]:
        """Use it."""
        given = {
            "PENHOLDER_AUTHORITY": "tests.register_ground.RolesAsGiven",
            "PENHOLDER_ACTORS": "tests.web.stage",
        }
        with override_settings(**given):
            if database not in cls._made:
                cls._made[database] = Casework(HOME / f"real-site-{database}", database=database).open()
                cls._fill(database)
            cls._made[database].use()
            cls.drafts, cls.issued = cls._filled[database]
            yield cls
        connections.close_all()

    @classmethod
    def ids(cls) -> dict[str, list[Any]]:
        """Parameter -> values that there are: acts on the licences reach further than `absent`."""
        soon = clock.today() + timedelta(days=20)
        words = "Reports of 12 November on strikes in Velmora are being assessed."
        return {
            "reasons": [words],
            "text": [words],
            "remark": [words],
            "terms": [f"{words} Nothing may leave under these lines; a decision would lift this.", TERMS],
            "limb": ["uk-selc-2021/2c"],
            "review_by": [soon.isoformat()],
            "quantity": ["1"],
            "licence": [*cls.issued.values(), *cls.drafts.values()],
            "exporter": [ONE, OTHER],
            "expected_version": [1, 2, 3, 4, 5],
            "lines": [[1]],
            "line": [1],
            "effective_on": [clock.today().isoformat(), "2026-06-01"],
            "happened_on": ["2025-01-01"],
            "person_id": ["P-clerk"],
            "entry": [1, 2, 3],
        }

    @classmethod
    def _fill(cls, database: str) -> None:
        drafts = {of: _draft(of, "draft") for of in (ONE, OTHER)}
        cls._filled[database] = drafts, {of: _issued(_draft(of, "issued")) for of in (ONE, OTHER)}


def _issued(licence: str) -> str:
    """The licence, issued."""
    manager = Actor("P-manager", ActorKind.PERSON, frozenset({"licensing_manager"}))
    perform(register.issue_licence, manager, licence=licence, effective_on=DAY, expected_version=1)
    return licence


def _draft(organisation: str, name: str) -> str:
    """A licence of one line."""
    clerk = Actor("P-clerk", ActorKind.PERSON, frozenset({"reception"}))
    terms = LineTerms(**TERMS | {"value": Decimal("50000.00"), "quantity_limit": Decimal(100)})  # type: ignore[arg-type]
    entered = perform(
        register.enter_licence,
        clerk,
        reference=f"GBSIEL/2024/{organisation}-{name}/P",
        licence_type="standard_permanent",
        decided_on=DAY,
        valid_from=DAY,
        valid_until=date(2040, 6, 1),
        exporter=organisation,
        lines=(terms,),
        **NO_CASE,
    )
    return str(entered.result.licence)


@cache
def roles() -> dict[str, dict[str, Any]]:
    """The rows of the role table as they stand in the file."""
    rows = yaml.safe_load(ROLES.read_text(encoding="utf-8"))["roles"]
    return {row["id"]: row for row in rows}


def may(held: tuple[str, ...], permission: str) -> bool:
    """What the table says of a signed-in person who holds these roles: read here a second time, from its text."""
    table = roles()
    rows = [table[name] for name in (*held, "person")]

    def named(row: dict[str, Any], key: str) -> bool:
        return any(fnmatchcase(permission, pattern) for pattern in row.get(key, ()))

    if any(named(row, "may_not") for row in rows):
        return False
    if any(
        row.get("nothing_else") and not named(row, "may") and not named(table["person"], "may") for row in rows
    ):
        return False
    return any(named(row, "may") for row in rows)


def our_actions(door: Door) -> list[ActionSpec]:
    """The actions of the project that this door offers, by name; not those of tests."""
    ours = (s for s in ACTIONS.values() if s.function.__module__.startswith("penholder.") and door in s.doors)
    return sorted(ours, key=lambda s: s.name)


def address(spec: ActionSpec, prefix: str) -> str:
    """Where it is."""
    return prefix + spec.name.replace(".", "/").replace("_", "-")


def ask(method: str, path: str, *, who: str = "", body: Any = None) -> Any:
    """Call the API as the bearer of a token."""
    headers = {"Idempotency-Key": random_id()} | ({"Authorization": f"Bearer {who}"} if who else {})
    data = b"" if body is None else json.dumps(body)
    return Client().generic(method, path, data=data, content_type="application/json", headers=headers)


def count_all() -> dict[str, int]:
    """Rows of every table, the ledger's among them."""
    with connection.cursor() as cursor:
        found = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found[name] = int(cursor.fetchone()[0])
    return found


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its route."""
    yield from _inside(get_resolver(settings.ROOT_URLCONF).url_patterns, "/")


def _inside(of: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for route in of:
        if isinstance(route, URLResolver):
            yield from _inside(route.url_patterns, f"{prefix}{route.pattern}")
        else:
            yield f"{prefix}{route.pattern}", route
