"""The dimensions that figures can be asked by, each as an Ibis column of a licence line.

A dimension with several values in one cell (ratings, criteria, final destinations, end users, routes) is spread
over several rows: one for each value. The counts that follow take each line once per value, and the total once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.kernel.errors import InputError

CATEGORIES = ("military", "dual_use", "other")
ROUTES = ("direct", "onward")
READ = (
    "decided_on", "decided_precision", "destination", "onward", "rating", "criteria", "end_user", "outcome",
    "licence_type",
)  # fmt: skip
"""The columns that dimensions are made of. Ibis takes time for every column that it carries along."""
_SPREAD = ("rating", "criterion", "onward", "end_user")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: its name, what it means, and whether a line can have several values of it."""

    name: str
    meaning: str
    many: bool = False


DIMENSIONS = {
    d.name: d
    for d in (
        Dimension("year", "Year of the decision."),
        Dimension("quarter", "Quarter of the decision, YYYY-Qn; not stated where only the year is known."),
        Dimension("month", "Month of the decision, YYYY-MM; not stated where only the year is known."),
        Dimension("destination", "Stated destination; with the route, the destination that the route leads to."),
        Dimension("rating", "Control-list code.", many=True),
        Dimension(
            "military", "military, dual_use, or other (other lists, and codes on none), for each code.", many=True
        ),
        Dimension("route", "direct: the stated destination; onward: the final destinations.", many=True),
        Dimension("outcome", "issued, refused or revoked, as published."),
        Dimension("criterion", "Criterion of refusal or revocation, as published.", many=True),
        Dimension("end_user", "Class of the stated end user.", many=True),
        Dimension("licence_type", "Type of the licence."),
        Dimension("onward", "Final destination of incorporated or re-exported goods.", many=True),
    )
}


def dimension(name: str) -> Dimension:
    """The dimension of that name. Raises: InputError, listing what is allowed."""
    if name not in DIMENSIONS:
        raise InputError(f"there is no dimension {name!r}", hint=f"allowed: {', '.join(DIMENSIONS)}")
    return DIMENSIONS[name]


def with_dimensions(lines: Any, names: Collection[str], *, kinds: Mapping[str, Sequence[str]]) -> Any:
    """`lines` with one column `by_<name>` for each dimension; several rows for a line with several values.

    Args:
        lines: an `ibis.Table` in schemas.LICENCE_LINES.
        names: of DIMENSIONS. kinds: kind of control list -> its codes among the ratings (see `kinds_of`); only for
        the dimension `military`.
    Shape: n lines -> n or more rows; no line is dropped: a cell that states nothing gives one row with null.
    """
    table = _with_route(lines) if "route" in names else lines.mutate(by_destination=lines.destination)
    for name in _SPREAD:
        if name in names or (name == "rating" and "military" in names):
            table = spread(table, cell=_CELLS[name], into=f"by_{name}")
    if "military" in names:
        table = table.mutate(by_military=_kind(table, kinds))
    simple = {f"by_{n}": column(table) for n, column in _SIMPLE.items() if n in names}
    return table.mutate(**simple) if simple else table


_CELLS = {"rating": "rating", "criterion": "criteria", "onward": "onward", "end_user": "end_user"}


def spread(table: Any, *, cell: str, into: str) -> Any:
    """One row for each value of the `;`-joined column `cell`, in the new column `into`; null stays one null."""
    values = table[cell].fill_null("").split(LIST_SEPARATOR).unnest()
    wide = table.mutate(**{into: values})
    return wide.mutate(**{into: wide[into].nullif("")})


def _with_route(lines: Any) -> Any:
    """Each line once as direct, to its stated destination, and once as onward for each final destination."""
    direct = lines.mutate(by_destination=lines.destination, by_route=ibis.literal("direct"))
    through = lines.filter(lines.onward.notnull())
    onward = spread(through, cell="onward", into="by_destination").mutate(by_route=ibis.literal("onward"))
    return ibis.union(direct, onward.select(direct.columns), distinct=False)


def _quarter(table: Any) -> Any:
    day = table.decided_on
    name = day.year().cast("string") + ibis.literal("-Q") + day.quarter().cast("string")
    return _if_month_known(table, name)


def _if_month_known(table: Any, name: Any) -> Any:
    return ibis.ifelse(table.decided_precision == "year", ibis.null("string"), name)


_SIMPLE: dict[str, Callable[[Any], Any]] = {
    "year": lambda t: t.decided_on.year().cast("int64"),
    "quarter": _quarter,
    "month": lambda t: _if_month_known(t, t.decided_on.strftime("%Y-%m")),
    "outcome": lambda t: t.outcome,
    "licence_type": lambda t: t.licence_type,
}


def codes(lines: Any) -> Any:
    """Each control-list code of the lines once, in the column `code`."""
    return spread(lines.select("rating"), cell="rating", into="code").select("code").distinct()


def kinds_of(found: Iterable[str | None], *, kind_of: Callable[[str], str]) -> dict[str, list[str]]:
    """CATEGORIES -> codes. `kind_of`: the category of a code."""
    kinds: dict[str, list[str]] = {c: [] for c in CATEGORIES}
    for code in sorted(c for c in found if c is not None):
        kinds[kind_of(code)].append(code)
    return kinds


def _kind(table: Any, kinds: Mapping[str, Sequence[str]]) -> Any:
    branches = [(table.by_rating.isin(kinds[c]), ibis.literal(c)) for c in CATEGORIES if kinds[c]]
    return ibis.cases(*branches, else_=ibis.null("string")) if branches else ibis.null("string")
