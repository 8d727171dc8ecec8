"""What is allowed with statements, decided from given facts alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import plain
from penholder.assessment.values import Area, Aspect
from penholder.regime.hints import means
from penholder.rules.records import did_you_mean
from penholder.statements.values import ATTITUDE, RISK, Claim, PromiseState


def parts() -> tuple[str, ...]:
    """All parts of an assessment of which a claim can speak."""
    cells = (f"{area}/{aspect}" for area in Area for aspect in Aspect)
    return (ATTITUDE, *cells, *(f"{RISK}/{m.id}" for m in means()))


def check_claims(claims: Iterable[Claim], *, words: str) -> None:
    """Each claim quotes the statement, and speaks of parts that there are. Raises: InvalidError."""
    wrong: dict[str, str] = {}
    known = parts()
    for n, claim in enumerate(claims):
        if not is_quote(claim.words, words):
            wrong[f"claims.{n}.words"] = "is not in the words of the statement: quote it as it was said"
        lost = [p for p in claim.about if p not in known]
        if lost:
            near = did_you_mean(lost[0], known)
            wrong[f"claims.{n}.about"] = f"no part of an assessment is called {', '.join(lost)}{near}"
    if wrong:
        raise InvalidError("the claims do not fit what was said", hint="mend the named claims", fields=wrong)


def is_quote(part: str, words: str) -> bool:
    """Are these words in those, apart from case, punctuation and spaces?"""
    return bool(plain(part)) and f" {plain(part)} " in f" {plain(words)} "


def check_quote(part: str, *, words: str, field: str) -> None:
    """Raises: InvalidError where it was not said."""
    if not is_quote(part, words):
        raise InvalidError(
            "these words are not in the statement",
            hint="quote what was promised as it was said",
            fields={field: "is not in the words of the statement"},
        )


def check_day(given: date, *, field: str, first: date | None = None, last: date | None = None) -> None:
    """A day in the world. Raises: InvalidError: before `first` or after `last`."""
    if (first and given < first) or (last and given > last):
        bounds = " and ".join(
            [*([f"not before {first}"] if first else []), *([f"not after {last}"] if last else [])]
        )
        raise InvalidError(
            f"{field} {given} must be {bounds}", hint="check the day", fields={field: f"must be {bounds}"}
        )


def days_overdue(due: date, state: PromiseState, *, on: date) -> int:
    """How many days a promise is late on a day; 0: it is not. No worker is needed for it."""
    return max(0, (on - due).days) if state is PromiseState.OPEN else 0


def check_open(state: PromiseState, *, promise: str) -> None:
    """Raises: ConflictError where something became of it already."""
    if state is not PromiseState.OPEN:
        raise ConflictError(f"{promise} is {state} already", hint="look at the promise")
