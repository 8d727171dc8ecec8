"""Which lines are in scope on a day: in force (what can still be stopped) or granted (what may already be there).

Source of the rules: docs/reference/definitions.md. Where the expiry is not stated it is assumed from the licence
type; month arithmetic is `kernel.dates.add_months` (31 January + 1 month = the last day of February).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from penholder.analysis.stocktake.cells import NO_DAY, Array, Words
from penholder.analysis.stocktake.vocabulary import Flag, Scope, Status
from penholder.kernel.dates import EPOCH, add_months

NO_END = np.iinfo(np.int32).max
"""Stands for a day that never comes."""
REFUSED = "refused"
REVOKED = "revoked"
NO_DATE = {"dated", "undated"}
"""Words for a suspension or a revocation whose day, if none is given beside them, is not known."""


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """The question about scope. `assumed_months`: licence type -> months of assumed validity (None: none)."""

    on: date
    scope: Scope
    assumed_months: Mapping[str, int | None]

    @property
    def day(self) -> int:
        """`on` as a day number."""
        return (self.on - EPOCH).days


@dataclass(frozen=True, slots=True)
class ScopeColumns:
    """What the question needs of n lines. Days are int32 day numbers; `exported` is Truth (uint8)."""

    decided: Array
    expires: Array
    licence_type: Words
    outcome: Words
    suspension: Words
    suspended_on: Array
    reinstated_on: Array
    revocation: Words
    revoked_on: Array
    exported: Array


@dataclass(frozen=True, slots=True)
class InScope:
    """The lines in scope: their row numbers, and per such line a Status and Flag bits (uint8).

    `granted`: how many lines the scope `granted` would hold, whatever was asked.
    """

    rows: Array
    status: Array
    flags: Array
    granted: int


def lines_in_scope(columns: ScopeColumns, rules: ScopeRules) -> InScope:
    """Select the lines in scope on `rules.on`.

    Shape: n lines -> k <= n rows, in order. Units: days.
    """
    granted = (columns.decided <= rules.day) & _per_word(columns.outcome, {REFUSED}, inverse=True)
    revoked, shipped = _revoked(columns, rules.day)
    granted &= ~(revoked & (shipped == 0))
    running, flags = _running(columns, rules)
    in_force = granted & running & ~revoked
    rows = np.flatnonzero(in_force if rules.scope is Scope.IN_FORCE else granted)
    status = np.where(running[rows], np.uint8(Status.IN_FORCE), np.uint8(Status.EXPIRED))
    _mark_suspended(status, columns, rows, day=rules.day)
    status[revoked[rows]] = Status.REVOKED
    status[revoked[rows] & (shipped[rows] == 1)] = Status.UNKNOWN
    return InScope(rows, status, flags[rows], int(np.count_nonzero(granted)))


def lines_decided(columns: ScopeColumns, rules: ScopeRules) -> InScope:
    """Every line decided by the day and not refused, with its status on the day; expired and revoked ones too."""
    decided = (columns.decided <= rules.day) & _per_word(columns.outcome, {REFUSED}, inverse=True)
    revoked, shipped = _revoked(columns, rules.day)
    running, flags = _running(columns, rules)
    rows = np.flatnonzero(decided)
    status = np.where(running[rows], np.uint8(Status.IN_FORCE), np.uint8(Status.EXPIRED))
    _mark_suspended(status, columns, rows, day=rules.day)
    status[revoked[rows]] = Status.REVOKED
    granted = decided & ~(revoked & (shipped == 0))
    return InScope(rows, status, flags[rows], int(np.count_nonzero(granted)))


def last_days(columns: ScopeColumns, rules: ScopeRules, *, scope: Scope) -> Array:
    """The last day of each line's window (int32): the last day in force, or no end for the scope granted."""
    if scope is Scope.GRANTED:
        return np.full(len(columns.decided), NO_END, np.int32)
    months = np.array([rules.assumed_months.get(t or "") or 0 for t in columns.licence_type.values], np.int32)
    assumed = months.take(columns.licence_type.codes)
    expiry = np.where(assumed > 0, assumed_expiry(columns.decided, assumed), NO_END)
    expiry = np.where(columns.expires != NO_DAY, columns.expires, expiry)
    revoked = np.where(columns.revoked_on != NO_DAY, columns.revoked_on, NO_END)
    return np.asarray(np.minimum(expiry, revoked) - 1, np.int32)


def _per_word(words: Words, wanted: set[str], *, inverse: bool = False) -> Array:
    table = np.array([(value in wanted) != inverse for value in words.values])
    return table.take(words.codes) if len(set(table.tolist())) > 1 else np.full(len(words.codes), table[0])


def _revoked(columns: ScopeColumns, day: int) -> tuple[Array, Array]:
    """Which lines are revoked with a date by `day`, and whether their goods were shipped before (Truth)."""
    revoked = (columns.revoked_on != NO_DAY) & (columns.revoked_on <= day)
    return revoked, columns.exported


def _running(columns: ScopeColumns, rules: ScopeRules) -> tuple[Array, Array]:
    """Which lines have not expired on the day, and Flag bits for how that is known."""
    months = [rules.assumed_months.get(t or "") for t in columns.licence_type.values]
    first_running = np.array([_first_running(rules.on, m) for m in months], np.int32)
    flag = np.array([Flag.NO_END_KNOWN if m is None else Flag.ASSUMED for m in months], np.uint8)
    running = columns.decided >= first_running.take(columns.licence_type.codes)
    flags = flag.take(columns.licence_type.codes)
    stated = columns.expires != NO_DAY
    if stated.any():
        running = np.where(stated, columns.expires > rules.day, running)
        flags = np.where(stated, np.uint8(0), flags)
    return running, flags


def _first_running(on: date, months: int | None) -> int:
    """The first day of decision whose assumed expiry, `months` later, is after `on`.

    add_months never decreases when the day grows, so one threshold stands for a look-up per line.
    """
    if months is None:
        return NO_DAY
    day = max(add_months(on, -months).toordinal() - 3, 1)
    while day < date.max.toordinal() and add_months(date.fromordinal(day), months) <= on:
        day += 1
    return day - EPOCH.toordinal()


def _mark_suspended(status: Array, columns: ScopeColumns, rows: Array, *, day: int) -> None:
    """Put SUSPENDED and UNKNOWN over IN_FORCE where a suspension or a revocation without a day says so."""
    running = status == Status.IN_FORCE
    suspended_on, reinstated_on = columns.suspended_on[rows], columns.reinstated_on[rows]
    lifted = (reinstated_on != NO_DAY) & (reinstated_on <= day) & (reinstated_on >= suspended_on)
    dated = (suspended_on != NO_DAY) & (suspended_on <= day) & ~lifted
    undated = _per_word(columns.suspension, NO_DATE)[rows] & (suspended_on == NO_DAY) & ~lifted
    status[running & dated] = Status.SUSPENDED
    status[running & undated] = Status.UNKNOWN
    gone = _per_word(columns.revocation, NO_DATE)[rows] | _per_word(columns.outcome, {REVOKED})[rows]
    status[gone & (columns.revoked_on[rows] == NO_DAY)] = Status.UNKNOWN


def assumed_expiry(decided: Array, months: Array) -> Array:
    """Day numbers of `decided` plus `months`, as kernel.dates.add_months gives them. Both int32, same shape."""
    days = decided.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    offset = (days - month.astype("datetime64[D]")).astype(np.int64)
    target = month + months.astype("timedelta64[M]")
    first = target.astype("datetime64[D]").astype(np.int64)
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - 1
    return np.asarray(np.minimum(first + offset, last), np.int32)
