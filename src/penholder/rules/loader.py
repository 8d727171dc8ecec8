"""Reads conditions from YAML records: one operator per mapping, every fact and word checked.

    all:
    - in: {use: [could, unknown]}
    - not: {known: end_user}
    - under: {rating: [ML4, ML10]}
    - at_least: {value: 1000000}
    - within: {decided_on: {from: 2014-03-25, until: 2021-12-08}}

A leaf may carry `source`. No text is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from penholder.kernel.dates import Interval
from penholder.kernel.errors import InputError
from penholder.rules.expr import (
    NO,
    SEPARATOR,
    YES,
    AllOf,
    AnyOf,
    AtLeast,
    Expr,
    Fact,
    FactKind,
    In,
    Known,
    Not,
    Under,
    Within,
)
from penholder.rules.records import Record, did_you_mean

Facts = Mapping[str, Fact]


def load_expr(record: Record, *, facts: Facts) -> Expr:
    """The condition that the record holds. Raises: the record's error, with file and line."""
    given = [k for k in record.keys() if k != "source"]  # noqa: SIM118 - Record is not a dict
    if len(given) != 1:
        said = ", ".join(given) or "none"
        raise record.refusal(None, f"one operator is needed, given: {said}; allowed: {', '.join(_OPERATORS)}")
    record.refuse_unknown({*_OPERATORS, "source"})
    return _OPERATORS[given[0]](record, facts)


def interval_of(record: Record, start: str, end: str) -> Interval:
    """The interval between two keys, either of which may be absent; the end is exclusive."""
    try:
        return Interval(record.opt_day(start), record.opt_day(end))
    except InputError as error:
        if isinstance(error, record.error) and record.name in error.message:
            raise
        raise record.refusal(end, error.message, hint=error.hint) from error


def _all(record: Record, facts: Facts) -> Expr:
    return AllOf(_parts(record, "all", facts))


def _any(record: Record, facts: Facts) -> Expr:
    return AnyOf(_parts(record, "any", facts))


def _parts(record: Record, key: str, facts: Facts) -> tuple[Expr, ...]:
    parts = record.items(key)
    if not parts:
        raise record.refusal(key, f"key {key!r}: at least one condition is needed")
    return tuple(load_expr(part, facts=facts) for part in parts)


def _not(record: Record, facts: Facts) -> Expr:
    return Not(load_expr(record.child("not"), facts=facts))


def _in(record: Record, facts: Facts) -> Expr:
    child, fact = _fact_of(record, "in", facts, FactKind.WORDS, FactKind.FLAG)
    values = _words(child, fact.name)
    allowed = (YES, NO) if fact.kind is FactKind.FLAG else fact.allowed
    for value in values:
        if allowed and value not in allowed:
            said = did_you_mean(value, allowed)
            raise child.refusal(
                fact.name, f"{value!r} is not a word of {fact.name}; allowed: {', '.join(allowed)}{said}"
            )
    return In(fact.name, values, _source(record))


def _under(record: Record, facts: Facts) -> Expr:
    child, fact = _fact_of(record, "under", facts, FactKind.WORDS)
    return Under(fact.name, _words(child, fact.name), _source(record))


def _at_least(record: Record, facts: Facts) -> Expr:
    child, fact = _fact_of(record, "at_least", facts, FactKind.NUMBER, FactKind.DAY)
    minimum: Decimal | date = child.day(fact.name) if fact.kind is FactKind.DAY else child.decimal(fact.name)
    return AtLeast(fact.name, minimum, _source(record))


def _within(record: Record, facts: Facts) -> Expr:
    child, fact = _fact_of(record, "within", facts, FactKind.DAY)
    span = child.child(fact.name)
    span.refuse_unknown({"from", "until"})
    if not span.has("from") and not span.has("until"):
        raise span.refusal(None, "give 'from', 'until' (exclusive), or both")
    return Within(fact.name, interval_of(span, "from", "until"), _source(record))


def _known(record: Record, facts: Facts) -> Expr:
    return Known(_fact(record, "known", record.text("known"), facts).name, _source(record))


def _fact_of(record: Record, key: str, facts: Facts, *kinds: FactKind) -> tuple[Record, Fact]:
    child = record.child(key)
    if len(child.keys()) != 1:
        raise child.refusal(None, f"key {key!r}: one fact is needed, given: {', '.join(child.keys()) or 'none'}")
    fact = _fact(child, child.keys()[0], child.keys()[0], facts)
    if fact.kind not in kinds:
        raise child.refusal(None, f"{key!r} cannot read {fact.name}, which is a {fact.kind}")
    return child, fact


def _fact(record: Record, key: str, name: str, facts: Facts) -> Fact:
    if name not in facts:
        said = did_you_mean(name, facts)
        raise record.refusal(key, f"{name!r} is not a fact; allowed: {', '.join(sorted(facts))}{said}")
    return facts[name]


def _words(child: Record, key: str) -> tuple[str, ...]:
    words = child.words(key)
    if not words or any(not word or SEPARATOR in word for word in words):
        raise child.refusal(key, f"key {key!r}: words without {SEPARATOR!r} are needed")
    return words


def _source(record: Record) -> str:
    return record.opt_text("source") or ""


_OPERATORS: dict[str, Callable[[Record, Facts], Expr]] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "in": _in,
    "under": _under,
    "at_least": _at_least,
    "within": _within,
    "known": _known,
}
