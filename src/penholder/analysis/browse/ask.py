"""What is asked of the register, read from words, and which lines it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import numpy as np

from penholder.analysis.browse.held import Held
from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.analysis.stocktake.cells import Array
from penholder.analysis.stocktake.scope import ScopeRules, lines_in_scope
from penholder.analysis.stocktake.vocabulary import Flag, Scope, Status
from penholder.kernel.dates import EPOCH
from penholder.kernel.errors import InputError
from penholder.regime.licence_types import licence_types

OUTCOMES = ("issued", "refused", "revoked")
_CODE = re.compile(r"[A-Za-z0-9.*]{1,40}\Z")


class FigureKind(StrEnum):
    """What is counted."""

    DECIDED = "decided"
    IN_FORCE = "in-force"


class Measure(StrEnum):
    """In what it is counted."""

    LICENCES = "licences"
    LINES = "lines"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. Empty words: all. `start`, `end`: for decided, both included. `on`: for in force.

    rating: a code as published, or the beginning of codes with `*` at its end. onward: a final destination.
    """

    kind: FigureKind = FigureKind.DECIDED
    measure: Measure = Measure.LICENCES
    destination: str = ""
    onward: str = ""
    rating: str = ""
    outcome: str = ""
    start: date | None = None
    end: date | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lines that an answer counts, as row numbers in the order of `Held.order`, and which are suspended."""

    rows: Array
    suspended: Array
    assumed: int = 0
    no_end_known: int = 0
    status_unknown: int = 0


def checked(held: Held, asked: Asked) -> Asked:
    """The question with codes for places. Raises: InputError for what the data cannot mean."""
    if asked.kind is FigureKind.IN_FORCE and (asked.start or asked.end or asked.outcome):
        raise InputError(
            "licences in force are asked for by one day, without a period or an outcome",
            hint="give `on`, or ask for licences decided",
        )
    if asked.start and asked.end and asked.end < asked.start:
        raise InputError(f"{asked.end} is before {asked.start}", hint="exchange the two days")
    if asked.rating and not _CODE.match(asked.rating):
        raise InputError(f"{asked.rating[:40]!r} is no code of a control list", hint="for example ML10, or ML10*")
    if asked.outcome and asked.outcome not in OUTCOMES:
        raise InputError(f"there is no outcome {asked.outcome[:40]!r}", hint=f"allowed: {', '.join(OUTCOMES)}")
    for name in (asked.destination, asked.onward):
        if name and place_code(held, name) != name:
            raise InputError(f"these data have no place {name[:60]!r}", hint="see the list of destinations")
    return asked


def place_code(held: Held, text: str) -> str | None:
    """The code of a place that the data name, from its code or a name of it; None: they do not name it."""
    stated = _stated(held)
    if text in stated:
        return text
    by_name = {held.name(code).casefold(): code for code in stated}
    if (found := by_name.get(text.casefold())) is not None:
        return found
    if text.upper() in stated:
        return text.upper()
    resolved = resolve(text)
    return resolved.code if resolved.kind is PlaceKind.COUNTRY and resolved.code in stated else None


def _stated(held: Held) -> frozenset[str]:
    """Codes of all places that are a destination or a final destination of a line."""
    stated = {v for v in held.words("destination").values if v}
    return frozenset(stated | {p for v in held.words("onward").values if v for p in v.split(LIST_SEPARATOR)})


def choose(held: Held, asked: Asked) -> Chosen:
    """The lines that a question means."""
    keep = _filters(held, asked)
    none = np.zeros(0, np.int64)
    if asked.kind is FigureKind.DECIDED:
        if asked.start:
            keep &= held.decided >= _day(asked.start)
        if asked.end:
            keep &= held.decided <= _day(asked.end)
        return Chosen(held.order[keep[held.order]], none)
    found = lines_in_scope(held.scope, rules_on(asked.on or held.last_day))
    here = keep[found.rows]
    rows, status, flags = found.rows[here], found.status[here], found.flags[here]
    wanted = np.zeros(held.table.num_rows, bool)
    wanted[rows] = True
    return Chosen(
        held.order[wanted[held.order]],
        rows[status == Status.SUSPENDED],
        assumed=int(np.count_nonzero(flags & Flag.ASSUMED)),
        no_end_known=int(np.count_nonzero(flags & Flag.NO_END_KNOWN)),
        status_unknown=int(np.count_nonzero(status == Status.UNKNOWN)),
    )


def rules_on(day: date) -> ScopeRules:
    """The scope rules of a day, with the assumed validity of each licence type."""
    return ScopeRules(day, Scope.IN_FORCE, _months())


@cache
def _months() -> dict[str, int | None]:
    return {kind.id: kind.assumed_months for kind in licence_types().values()}


def longest_validity(held: Held) -> int:
    """Months for which a licence of these types is assumed to be valid at most."""
    months = _months()
    return max((months.get(kind or "") or 0 for kind in held.words("licence_type").values), default=0)


def _filters(held: Held, asked: Asked) -> Array:
    keep = np.ones(held.table.num_rows, bool)
    for column, wanted in (
        ("destination", asked.destination),
        ("outcome", asked.outcome),
        ("onward", asked.onward),
        ("rating", asked.rating),
    ):
        if wanted:
            words = held.words(column)
            keep &= np.array([_has(value, wanted) for value in words.values])[words.codes]
    return keep


def _has(cell: str | None, wanted: str) -> bool:
    """Is it among the values of a cell? `ML10*`: is there one that begins so?"""
    if cell is None:
        return False
    if wanted.endswith("*"):
        return any(v.upper().startswith(wanted[:-1].upper()) for v in cell.split(LIST_SEPARATOR))
    return any(v.casefold() == wanted.casefold() for v in cell.split(LIST_SEPARATOR))


def _day(day: date) -> int:
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """A day number as a date."""
    return EPOCH + timedelta(days=number)
