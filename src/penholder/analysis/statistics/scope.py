"""Which lines are counted: in force on a day, or decided in a period. The same definition as the stocktake's.

In force on D: not refused; decided by D; D before the expiry. Without a stated expiry the licence type gives the
number of months (flag `assumed`); a type without a figure has no known end (flag `no_end_known`). Revoked by D:
out. Suspended on D: in, and counted apart. A revocation or suspension whose day is missing (`undated`, or `dated`
without a date) leaves the line in, its status not known. Source of the definition: docs/reference/definitions.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ibis

from penholder.analysis.statistics.question import Scope
from penholder.kernel.dates import add_months

FLAGS = ("is_assumed", "is_no_end_known", "is_suspended", "is_status_unknown")
_SAID = ("dated", "undated")
_NO = ibis.literal(value=False)


def in_scope(lines: Any, scope: Scope, *, assumed_months: Mapping[str, int | None]) -> Any:
    """The lines in scope, with the true-or-false columns FLAGS (all false unless `scope.on` is given).

    Args:
        lines: an `ibis.Table` with the columns of schemas.LICENCE_LINES.
        assumed_months: licence type -> months of validity where no expiry is stated (None: no figure).
    """
    if scope.on is not None:
        return in_force(lines, on=scope.on, assumed_months=assumed_months)
    kept = lines
    if scope.start is not None:
        kept = kept.filter(kept.decided_on >= ibis.literal(scope.start))
    if scope.end is not None:
        kept = kept.filter(kept.decided_on <= ibis.literal(scope.end))
    return kept.mutate(**dict.fromkeys(FLAGS, _NO))


def in_force(lines: Any, *, on: date, assumed_months: Mapping[str, int | None]) -> Any:
    """The lines in force on a day, with FLAGS. See the head of this module."""
    day = ibis.literal(on)
    running = ibis.ifelse(
        lines.expires_on.isnull(), _runs_by_type(lines, on, assumed_months), day < lines.expires_on
    )
    kept = lines.filter(
        lines.outcome != "refused",
        lines.decided_on <= day,
        ~_by(lines.revoked_on, day),
        running,
    )
    types = [kind for kind, months in assumed_months.items() if months is not None]
    has_figure = kept.licence_type.isin(types) if types else _NO
    # What lifts a suspension cannot come before it: such a date is about an earlier one.
    too_early = (kept.reinstated_on < kept.suspended_on).fill_null(_NO)
    lifted = _by(kept.reinstated_on, day) & ~too_early
    undated_end = (kept.revocation.isin(_SAID) | (kept.outcome == "revoked")) & kept.revoked_on.isnull()
    undated_stop = kept.suspension.isin(_SAID) & kept.suspended_on.isnull() & ~lifted
    return kept.mutate(
        is_assumed=kept.expires_on.isnull() & has_figure,
        is_no_end_known=kept.expires_on.isnull() & ~has_figure,
        is_suspended=_by(kept.suspended_on, day) & ~lifted & ~undated_end,
        is_status_unknown=undated_end | undated_stop,
    )


def _by(column: Any, day: Any) -> Any:
    """Is there a date, and is it no later than the day? Never null."""
    return (column <= day).fill_null(_NO)


def _runs_by_type(lines: Any, on: date, assumed_months: Mapping[str, int | None]) -> Any:
    # A bound on the day of decision, found here: month arithmetic differs between engines, comparing does not.
    branches = [
        (lines.licence_type == kind, lines.decided_on >= ibis.literal(first_running(on, months=months)))
        for kind, months in sorted(assumed_months.items())
        if months is not None
    ]
    yes = ibis.literal(value=True)
    return ibis.cases(*branches, else_=yes) if branches else yes


def first_running(on: date, *, months: int) -> date:
    """The first day d for which `on` is before d plus `months` months (the last day of a shorter month)."""
    day = add_months(on, -months) - timedelta(days=3)
    while add_months(day, months) <= on:
        day += timedelta(days=1)
    return day
