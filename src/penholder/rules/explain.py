"""Reads a condition on the facts of one case, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

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
    is_under,
    words_of,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """True, False or None (not known), with the reasons that decided and the sources that they cite.

    `missing` names the facts that would have to be known; it is empty unless `truth` is None.
    """

    truth: bool | None
    because: tuple[str, ...]
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def explain(expr: Expr, facts: Mapping[str, object]) -> Finding:
    """Is the condition true of these facts? Absent and None facts are not known (Kleene logic).

    Raises: RuleError: a fact holds a kind of value that the condition cannot read.
    """
    match expr:
        case AllOf(parts):
            return _combined([explain(part, facts) for part in parts], deciding=False)
        case AnyOf(parts):
            return _combined([explain(part, facts) for part in parts], deciding=True)
        case Not(part):
            found = explain(part, facts)
            truth = None if found.truth is None else not found.truth
            return Finding(truth, found.because, found.sources, found.missing)
        case _:
            return _leaf(expr, facts.get(expr.fact))


def _combined(found: list[Finding], *, deciding: bool) -> Finding:
    """AND is decided by a False, OR by a True; only the parts that decided are given as reasons."""
    truths = {part.truth for part in found}
    truth = deciding if deciding in truths else None if None in truths else not deciding
    chosen = [part for part in found if part.truth is truth]
    return Finding(
        truth,
        _once(reason for part in chosen for reason in part.because),
        _once(source for part in chosen for source in part.sources),
        _once(fact for part in chosen for fact in part.missing) if truth is None else (),
    )


def _leaf(leaf: Leaf, value: object) -> Finding:
    sources = (leaf.source,) if leaf.source else ()
    if isinstance(leaf, Known):
        known = value is not None
        return Finding(known, (f"{leaf.fact} is {'known' if known else 'not known'}",), sources)
    if value is None:
        return Finding(None, (f"{leaf.fact} is not known",), sources, (leaf.fact,))
    truth = _holds(leaf, value)
    asked = "" if truth and isinstance(leaf, In | Under) else f"; asked: {words_of(leaf)}"
    return Finding(truth, (f"{leaf.fact} is {_said(value)}{asked}",), sources)


def _holds(leaf: In | Under | AtLeast | Within, value: object) -> bool:
    match leaf:
        case In(fact, values):
            return not set(values).isdisjoint(_words(fact, value))
        case Under(fact, roots):
            return any(is_under(word, root) for word in _words(fact, value) for root in roots)
        case AtLeast(fact, minimum):
            if isinstance(minimum, date):
                return _day(fact, value) >= minimum
            return _number(fact, value) >= minimum
        case Within(fact, interval):
            return interval.covers(_day(fact, value))


def _words(fact: str, value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return (YES if value else NO,)
    if isinstance(value, str):
        return tuple(value.split(SEPARATOR)) if value else ()
    if isinstance(value, list | tuple | set | frozenset) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise _wrong(fact, value, "a word or several words")


def _number(fact: str, value: object) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise _wrong(fact, value, "a whole or decimal number")


def _day(fact: str, value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong(fact, value, "a day")


def _wrong(fact: str, value: object, needed: str) -> RuleError:
    return RuleError(f"fact {fact!r}: {needed} is needed, not a {type(value).__name__}")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | tuple | set | frozenset):
        return " and ".join(sorted(map(str, value))) or "empty"
    return str(value).replace(SEPARATOR, " and ") or "empty"


def _once(items: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))  # type: ignore[call-overload]
