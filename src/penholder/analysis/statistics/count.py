"""Count lines, licences and value of a question: `ibis.Table` in, `ibis.Table` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from penholder.analysis.statistics.dimensions import DIMENSIONS, READ, with_dimensions
from penholder.analysis.statistics.question import Filter, Question
from penholder.analysis.statistics.scope import FLAGS, in_scope

_CARRIED = ("line_key", "licence_key", "value", "currency", "decided_precision", "outcome", *FLAGS)
_NEEDED = tuple(dict.fromkeys((*_CARRIED, "line", *READ)))


def chosen(
    lines: Any,
    question: Question,
    *,
    assumed_months: Mapping[str, int | None],
    kinds: Mapping[str, Sequence[str]],
) -> Any:
    """The lines in scope that pass every filter: what is counted of them, and the dimension columns `by_*`.

    Shape: one row per line and combination of dimension values. The caller makes lines distinct again.
    """
    table = in_scope(lines, question.scope, assumed_months=assumed_months).select(_NEEDED)
    table = with_dimensions(table, question.used, kinds=kinds)
    for condition in question.where:
        table = table.filter(_passes(table[f"by_{condition.dimension}"], condition))
    return table


def _passes(column: Any, condition: Filter) -> Any:
    stated = [v for v in condition.values if v is not None]
    tests = [column.isin(stated)] if stated else []
    tests += [column.upper().startswith(prefix.upper()) for prefix in condition.prefixes]
    passed = tests[0] if tests else ibis.literal(value=False)
    for test in tests[1:]:
        passed = passed | test
    passed = passed.fill_null(ibis.literal(value=False))
    return passed | column.isnull() if None in condition.values else passed


def cells(table: Any, question: Question) -> Any:
    """Lines and distinct licences for each combination of the dimensions asked by; a line counts once in each.

    Args: table: what `chosen` gave. Returns: `by_*`, lines, licences.
    """
    names = _columns(question.by)
    return _counts(_once(table, question, names), names)


def totals(table: Any, question: Question) -> Any:
    """One row: lines and licences, each once."""
    return _counts(_once(table, question, []), [])


def cells_by_currency(table: Any, question: Question) -> Any:
    """Value for each combination of the dimensions asked by, and for each currency; a line counts once in each.

    Args: table: what `chosen` gave.
    Returns: `by_*`, currency, lines, value (null: no line states one), lines_without_value.
    """
    names = _columns(question.by)
    return _sums(_once(table, question, names), [*names, "currency"])


def totals_by_currency(table: Any, question: Question) -> Any:
    """One row for each currency, each line once: the columns of `cells_by_currency` without `by_*`."""
    return _sums(_once(table, question, []), ["currency"])


def largest(table: Any) -> Any:
    """For each stated destination and currency: the valued lines, their sum, and the largest with its line.

    Args: table: what `chosen` gave. Returns: destination, currency, lines, value, largest, line.
    """
    once = table.select("line_key", "line", "destination", "currency", "value").distinct()
    once = once.filter(once.value.notnull())
    return once.group_by(["destination", "currency"]).aggregate(
        lines=once.count(),
        value=once.value.sum().cast("decimal(38, 2)"),
        largest=once.value.max(),
        line=once.line.argmax(once.value),
    )


def remarks(table: Any, question: Question) -> Any:
    """One row about all chosen lines, each once: how many are refused, assumed, suspended, coarsely dated, ..."""
    once = _once(table, question, [])
    flags = {flag.removeprefix("is_"): _number(once[flag]) for flag in FLAGS}
    return once.aggregate(
        lines=once.count(),
        licences=once.licence_key.nunique(),
        lines_without_value=_number(once.value.isnull()),
        refused=_number(once.outcome == "refused"),
        coarsely_dated=_number(once.decided_precision != "day"),
        **flags,
    )


def _once(table: Any, question: Question, names: list[str]) -> Any:
    kept = table.select(*_CARRIED, *names)
    return kept.distinct() if any(DIMENSIONS[name].many for name in question.used) else kept


def _columns(names: tuple[str, ...]) -> list[str]:
    return [f"by_{name}" for name in names]


def _counts(table: Any, keys: list[str]) -> Any:
    return _grouped(table, keys).aggregate(lines=table.count(), licences=table.licence_key.nunique())


def _sums(table: Any, keys: list[str]) -> Any:
    return _grouped(table, keys).aggregate(
        lines=table.count(),
        value=table.value.sum().cast("decimal(38, 2)"),
        lines_without_value=_number(table.value.isnull()),
    )


def _grouped(table: Any, keys: list[str]) -> Any:
    return table.group_by(keys) if keys else table


def _number(condition: Any) -> Any:
    return condition.fill_null(ibis.literal(value=False)).sum().fill_null(0).cast("int64")
