"""Conditions of rules as immutable trees. `explain` reads one case, `table` builds a column; both three-valued.

A fact is a cell: a word or several (`;`-joined, or a tuple), a whole or decimal number, a day, or yes/no.
A fact that is None, NULL or absent is *not known*, and every leaf but `Known` is then unknown, never false.
A cell of no words (`""`, `()`) is known and empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError

SEPARATOR = ";"
YES, NO = "yes", "no"


class FactKind(StrEnum):
    """What kind of value a fact holds."""

    WORDS = "words"
    NUMBER = "number"
    DAY = "day"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that rules may ask for. `allowed` empty: any word."""

    name: str
    kind: FactKind
    meaning: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class In:
    """Is any word of the fact one of `values`? A flag has the words yes and no."""

    fact: str
    values: tuple[str, ...]
    source: str = ""

    def __post_init__(self) -> None:
        _check_words(self.values)


@dataclass(frozen=True, slots=True)
class Under:
    """Is any word of the fact one of the control-list codes `roots`, or an entry below one of them?

    ML10a is under ML10; ML10 is not under ML1; 6A003 is under 6A and under 6.
    """

    fact: str
    roots: tuple[str, ...]
    source: str = ""

    def __post_init__(self) -> None:
        _check_words(self.roots)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Is the number (or day) at least `minimum`?"""

    fact: str
    minimum: int | Decimal | date
    source: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """Is the day inside the interval, whose end is exclusive?"""

    fact: str
    interval: Interval
    source: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Is the fact known? The only leaf that is never unknown."""

    fact: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Kleene AND; of nothing: true."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Kleene OR; of nothing: false."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene NOT: unknown stays unknown."""

    part: Expr


Leaf = In | Under | AtLeast | Within | Known
Expr = Leaf | AllOf | AnyOf | Not


def _check_words(words: tuple[str, ...]) -> None:
    """A word with the separator in it, or an empty one, could never be found in a cell."""
    if any(not word or SEPARATOR in word for word in words):
        raise RuleError(f"words without {SEPARATOR!r} are needed, not {words!r}")


def leaves(expr: Expr) -> tuple[Leaf, ...]:
    """All leaves, from left to right."""
    match expr:
        case AllOf(parts) | AnyOf(parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
        case Not(part):
            return leaves(part)
        case _:
            return (expr,)


def is_under(code: str, root: str) -> bool:
    """Is a control-list code `root` itself, or an entry below it? A digit never continues a number."""
    if not code.startswith(root):
        return False
    rest = code[len(root) :]
    return not (rest[:1] in _DIGITS and root[-1:] in _DIGITS) if rest else True


_DIGITS = frozenset("0123456789")


def words_of(expr: Expr) -> str:
    """The condition in plain words, for people."""
    match expr:
        case AllOf(parts):
            return "(" + " and ".join(map(words_of, parts)) + ")" if parts else "always"
        case AnyOf(parts):
            return "(" + " or ".join(map(words_of, parts)) + ")" if parts else "never"
        case Not(part):
            return f"not {words_of(part)}"
        case _:
            return _leaf_words(expr)


def _leaf_words(leaf: Leaf) -> str:
    match leaf:
        case In(fact, values):
            return f"{fact} is {_or(values)}"
        case Under(fact, roots):
            return f"{fact} is under {_or(roots)}"
        case AtLeast(fact, minimum):
            return f"{fact} is {minimum} or more"
        case Within(fact, interval):
            return f"{fact} is {_span(interval)}"
        case Known(fact):
            return f"{fact} is known"


def _or(values: tuple[str, ...]) -> str:
    return " or ".join(values) if values else "one of no values"


def _span(interval: Interval) -> str:
    parts = [f"from {interval.start}"] if interval.start else []
    parts += [f"before {interval.end}"] if interval.end else []
    return " and ".join(parts) or "any day"
