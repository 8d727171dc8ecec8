"""Conditions read from YAML, and the complaints about what cannot be one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError
from penholder.rules.expr import AllOf, AnyOf, AtLeast, Expr, Fact, FactKind, In, Known, Not, Under, Within
from penholder.rules.loader import load_expr
from penholder.rules.records import parse_record

FACTS = {
    f.name: f
    for f in (
        Fact("use", FactKind.WORDS, "", ("could", "excluded", "unknown")),
        Fact("rating", FactKind.WORDS, ""),
        Fact("stated", FactKind.FLAG, ""),
        Fact("value", FactKind.NUMBER, ""),
        Fact("decided_on", FactKind.DAY, ""),
    )
}


def load(text: str) -> Expr:
    return load_expr(parse_record(text, name="r.yaml", error=RuleError), facts=FACTS)


def test_every_operator() -> None:
    text = """
all:
- any:
  - in: {use: [could, unknown]}
    source: treaty
  - not: {in: {stated: yes}}
- under: {rating: ML4}
- at_least: {value: 1000000.50}
- at_least: {decided_on: 2014-01-01}
- within: {decided_on: {from: 2014-03-25, until: 2021-12-08}}
- known: rating
"""
    assert load(text) == AllOf(
        (
            AnyOf((In("use", ("could", "unknown"), "treaty"), Not(In("stated", ("yes",))))),
            Under("rating", ("ML4",)),
            AtLeast("value", Decimal("1000000.50")),
            AtLeast("decided_on", date(2014, 1, 1)),
            Within("decided_on", Interval(date(2014, 3, 25), date(2021, 12, 8))),
            Known("rating"),
        )
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source: x", ("r.yaml:1: one operator is needed, given: none; "
         "allowed: all, any, not, in, under, at_least, within, known")),
        ("in: {use: could}\nany: []", ("r.yaml:1: one operator is needed, given: in, any; "
         "allowed: all, any, not, in, under, at_least, within, known")),
        ("inn: {use: could}", ("r.yaml:1: key 'inn' is not allowed; "
         "allowed: all, any, at_least, in, known, not, source, under, within; did you mean 'in'?")),
        ("all: []", "r.yaml:1: key 'all': at least one condition is needed"),
        ("in: {uze: could}", ("r.yaml:1: 'uze' is not a fact; "
         "allowed: decided_on, rating, stated, use, value; did you mean 'use'?")),
        ("in: {use: coud}", ("r.yaml:1: 'coud' is not a word of use; "
         "allowed: could, excluded, unknown; did you mean 'could'?")),
        ("in: {stated: maybe}", "r.yaml:1: 'maybe' is not a word of stated; allowed: yes, no"),
        ("in: {value: 1}", "r.yaml:1: 'in' cannot read value, which is a number"),
        ("in: {use: could, rating: ML1}", "r.yaml:1: key 'in': one fact is needed, given: use, rating"),
        ("under: {rating: 'ML1;ML2'}", "r.yaml:1: key 'rating': words without ';' are needed"),
        ("at_least: {value: 1e3}", "r.yaml:1: key 'value': a number is needed, not '1e3'"),
        ("within: {decided_on: {}}", "r.yaml:1: give 'from', 'until' (exclusive), or both"),
        ("within:\n  decided_on:\n    from: 2014-01-02\n    until: 2014-01-02", ("r.yaml:4: the interval ends "
         "(2014-01-02) before it begins (2014-01-02)")),
        ("known: rate", "r.yaml:1: 'rate' is not a fact; allowed: decided_on, rating, stated, use, value"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_condition(text: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        load(text)
    assert caught.value.message.startswith(message)
