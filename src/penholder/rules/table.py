"""Builds a condition as a boolean column of an Ibis table: DuckDB and Spark read it as `explain` does."""

from __future__ import annotations

from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir

from penholder.kernel.errors import RuleError
from penholder.rules.expr import (
    NO,
    SEPARATOR,
    YES,
    AllOf,
    AnyOf,
    AtLeast,
    Expr,
    In,
    Known,
    Leaf,
    Not,
    Under,
    Within,
)

_META = frozenset(r"\.^$*+?{}[]|()")
_DIGITS = frozenset("0123456789")


def column(expr: Expr, t: ir.Table) -> ir.BooleanValue:
    """The condition over the rows of `t`: true, false, or NULL where a fact is not known.

    Facts are columns of `t`; a fact without a column is not known in any row. Lists are `;`-joined cells.
    Raises: RuleError: a column holds a kind of value that the condition cannot read.
    """
    match expr:
        case AllOf(parts):
            return _joined([column(part, t) for part in parts], empty=True)
        case AnyOf(parts):
            return _joined([column(part, t) for part in parts], empty=False)
        case Not(part):
            return ~column(part, t)
        case _:
            return _leaf(expr, t)


def _joined(parts: list[ir.BooleanValue], *, empty: bool) -> ir.BooleanValue:
    """SQL's own AND and OR are Kleene's."""
    if not parts:
        return ibis.literal(empty)
    return reduce((lambda a, b: a & b) if empty else (lambda a, b: a | b), parts)


def _leaf(leaf: Leaf, t: ir.Table) -> ir.BooleanValue:
    given = leaf.fact in t.columns
    if isinstance(leaf, Known):
        return t[leaf.fact].notnull() if given else ibis.literal(value=False)
    if not given:
        return ibis.null("boolean")
    cell = t[leaf.fact]
    # A test that ignores its cell (no values, an unbounded interval) must still be NULL where the cell is.
    return ibis.ifelse(cell.isnull(), ibis.null("boolean"), _holds(leaf, cell))


def _holds(leaf: In | Under | AtLeast | Within, cell: ir.Column) -> ir.BooleanValue:
    match leaf:
        case In(fact, values):
            text = _text(fact, cell)
            return _joined([text.contains(f"{SEPARATOR}{value}{SEPARATOR}") for value in values], empty=False)
        case Under(fact, roots):
            text = _text(fact, cell)
            return _joined([text.re_search(_pattern(root)) for root in roots], empty=False)
        case AtLeast(fact, minimum):
            return _typed(fact, cell, day=isinstance(minimum, date)) >= minimum
        case Within(fact, interval):
            day = _typed(fact, cell, day=True)
            bounds = [day >= interval.start] if interval.start else []
            bounds += [day < interval.end] if interval.end else []
            return _joined(bounds, empty=True)


def _text(fact: str, cell: ir.Column) -> ir.StringValue:
    """`;word;word;`: every word stands between two separators."""
    kind = cell.type()
    if kind.is_boolean():
        cell = ibis.ifelse(cell, YES, NO)
    elif not kind.is_string():
        raise RuleError(f"column {fact!r}: words are needed, not {kind}")
    return ibis.literal(SEPARATOR) + cell + ibis.literal(SEPARATOR)


def _typed(fact: str, cell: ir.Column, *, day: bool) -> ir.Column:
    kind = cell.type()
    if kind.is_date() if day else kind.is_integer() or kind.is_decimal():
        return cell
    needed = "days" if day else "whole or decimal numbers"
    raise RuleError(f"column {fact!r}: {needed} are needed, not {kind}")


def _pattern(root: str) -> str:
    """A word that is `root` or goes on below it; a digit never continues a number. RE2 and Java read it alike."""
    quoted = "".join(f"\\{c}" if c in _META else c for c in root)
    below = "([^0-9;][^;]*)?" if root[-1:] in _DIGITS else "[^;]*"
    return f"{SEPARATOR}{quoted}{below}{SEPARATOR}"
