"""The scope of a restriction as a sentence: `destination Norland (XN), and rating ML10`."""

from __future__ import annotations

from penholder.analysis.sources.places import name_and_code
from penholder.regime.end_users import end_user_classes
from penholder.regime.licence_types import licence_types
from penholder.restrictions.policy import EVERYTHING, PLACES
from penholder.rules.expr import AllOf, AnyOf, Expr, In, Known, Not, Under, words_of

_FACTS = {
    "destination": "destination",
    "onward": "going on to",
    "ratings": "rating",
    "end_user_class": "end user",
    "licence_type": "licence type",
    "roles": "goods for",
    "programmes": "pool of supply",
}


def scope_words(scope: Expr) -> str:
    """A condition on lines in words; the codes of its facts and values are not in them."""
    return "every line" if scope == EVERYTHING else _said(scope, inside=False)


def _said(expr: Expr, *, inside: bool) -> str:
    match expr:
        case AllOf(parts):
            return _joined(parts, ", and ", inside=inside) or "every line"
        case AnyOf(parts):
            return _joined(parts, ", or ", inside=inside) or "no line"
        case Not(part):
            return f"not {_said(part, inside=True)}"
        case In(fact, values) | Under(fact, values):
            return f"{_FACTS.get(fact, fact)} {' or '.join(_value(fact, v) for v in values)}"
        case Known(fact):
            return f"{_FACTS.get(fact, fact)} is known"
        case _:
            return words_of(expr)


def _joined(parts: tuple[Expr, ...], word: str, *, inside: bool) -> str:
    said = word.join(_said(p, inside=True) for p in parts)
    return f"({said})" if inside and len(parts) > 1 else said


def _value(fact: str, value: str) -> str:
    if fact in PLACES:
        return name_and_code(value)
    if fact == "end_user_class" and value in end_user_classes():
        title = end_user_classes()[value].title
        return title[0].lower() + title[1:]
    if fact == "licence_type" and value in licence_types():
        return licence_types()[value].title
    return value
