"""All that bears on what a person may do, read with the account itself: one statement, whatever there is.

Grants, delegations, absences and organisations come as JSON lists beside the columns of the account. What of them
counts on a day is said by `people.policy`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Func, JSONField, OuterRef, QuerySet, Subquery

from penholder.people.models import Absence, Agent, Delegation, OrganisationMember, RoleGrant, User
from penholder.people.policy import Granted, Holdings, Lent, Period

_DATES = ("valid_from", "valid_until")
_NAMES = ("read_grants", "read_lent", "read_of_givers", "read_absences", "read_firms", "read_agencies")
Row = Sequence[Any]


class _Rows(Func):
    """A JSON list of the rows of a subquery, each a list of these columns.

    It is no `Aggregate`, so that Django groups by nothing: the whole subquery is one list.
    """

    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        given = {"template": "json_group_array(json_array(%(expressions)s))"}
        return super().as_sql(compiler, connection, **given, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        given = {"template": "jsonb_agg(jsonb_build_array(%(expressions)s))"}
        return super().as_sql(compiler, connection, **given, **more)


def whole_accounts() -> QuerySet[User]:
    """All accounts with what bears on what they may do: for what is read beside something else."""
    return with_holdings(User.objects.all())


def with_holdings(accounts: QuerySet[User]) -> QuerySet[User]:
    """The accounts, each with what bears on what it may do: still one statement."""
    return accounts.annotate(**_what_bears())


@cache
def _what_bears() -> dict[str, Subquery]:
    """Expressions are copied where they are used; to make them anew takes longer than the statement itself."""
    me = OuterRef("pk")
    return {
        "read_grants": _rows(RoleGrant.objects.filter(user=me), "pk", "role", *_DATES),
        "read_lent": _rows(
            Delegation.objects.filter(taker=me),
            "pk", "giver__public_id", "giver__is_active", "roles", *_DATES,
        ),
        "read_of_givers": _rows(
            RoleGrant.objects.filter(user__delegations_given__taker=me), "pk", "user__public_id", "role", *_DATES
        ),
        "read_absences": _rows(Absence.objects.filter(user=me), *_DATES),
        "read_firms": _rows(
            OrganisationMember.objects.filter(user=me, organisation__is_active=True),
            "organisation__public_id", *_DATES,
        ),
        "read_agencies": _rows(
            Agent.objects.filter(agent__members__user=me, agent__is_active=True, exporter__is_active=True),
            "exporter__public_id", "agent__members__valid_from", "agent__members__valid_until", *_DATES,
        ),
    }  # fmt: skip


def _rows(rows: QuerySet[Any], *columns: str) -> Subquery:
    return Subquery(rows.annotate(listed=_Rows(*columns)).values("listed"))


def read_with_holdings(user: User) -> User:
    """The account with what `with_holdings` adds: itself, or read anew."""
    if all(hasattr(user, name) for name in _NAMES):
        return user
    return with_holdings(User.objects.filter(pk=user.pk)).get()


def holdings_of(user: User) -> Holdings:
    """Own grants, lent roles with the grants of their givers, absences. Needs `with_holdings`."""
    given: dict[str, dict[int, Granted]] = defaultdict(dict)  # one giver may have lent several times
    for key, giver, role, *dates in _read(user, "read_of_givers"):
        given[giver][key] = Granted(role, _period(dates))
    lent = [
        Lent(giver, role, _period(dates), bool(active), tuple(given[giver].values()))
        for _, giver, active, roles, *dates in sorted(_read(user, "read_lent"), key=lambda row: row[0])
        for role in (json.loads(roles) if isinstance(roles, str) else roles)
    ]
    own = sorted(_read(user, "read_grants"), key=lambda row: row[0])
    return Holdings(
        granted=tuple(Granted(role, _period(dates)) for _, role, *dates in own),
        lent=tuple(lent),
        absences=tuple(_period(dates) for dates in _read(user, "read_absences")),
    )


def organisations_on(user: User, day: date) -> frozenset[str]:
    """Public ids of the exporters for which the person acts on a day: their own organisations, and those as whose
    agents these act. Needs `with_holdings`."""
    own = {firm for firm, *dates in _read(user, "read_firms") if _period(dates).holds_on(day)}
    for exporter, start, end, *dates in _read(user, "read_agencies"):
        if _period((start, end)).holds_on(day) and _period(dates).holds_on(day):
            own.add(exporter)
    return frozenset(own)


def _read(user: User, name: str) -> list[Row]:
    found: list[Row] | None = getattr(user, name)
    return found or []


def _period(dates: Row) -> Period:
    start, end = dates
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)
