"""Which lines are in scope, against one line at a time in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from penholder.analysis.stocktake.cells import NO_DAY, Array, Words
from penholder.analysis.stocktake.scope import InScope, ScopeColumns, ScopeRules, assumed_expiry, lines_in_scope
from penholder.analysis.stocktake.vocabulary import Flag, Scope, Status
from penholder.kernel.dates import EPOCH, add_months

ON = date(2015, 3, 31)
MONTHS = {"standard_permanent": 24, "standard_temporary": 12, "open": None}


@dataclass(frozen=True)
class Line:
    """One line as the definitions speak of it."""

    decided: date = date(2014, 6, 1)
    expires: date | None = None
    licence_type: str = "standard_permanent"
    outcome: str = "issued"
    suspension: str = "none"
    suspended_on: date | None = None
    reinstated_on: date | None = None
    revocation: str = "none"
    revoked_on: date | None = None
    exported: bool | None = None


def _day(day: date | None) -> int:
    return NO_DAY if day is None else (day - EPOCH).days


def _days(days: list[date | None]) -> Array:
    return np.array([_day(d) for d in days], np.int32)


def _words(cells: list[str]) -> Words:
    values = (*dict.fromkeys(cells), None)
    return Words(np.array([values.index(c) for c in cells], np.int32), values)


def select(*lines: Line, scope: Scope = Scope.IN_FORCE, on: date = ON) -> InScope:
    columns = ScopeColumns(
        decided=_days([x.decided for x in lines]),
        expires=_days([x.expires for x in lines]),
        licence_type=_words([x.licence_type for x in lines]),
        outcome=_words([x.outcome for x in lines]),
        suspension=_words([x.suspension for x in lines]),
        suspended_on=_days([x.suspended_on for x in lines]),
        reinstated_on=_days([x.reinstated_on for x in lines]),
        revocation=_words([x.revocation for x in lines]),
        revoked_on=_days([x.revoked_on for x in lines]),
        exported=np.array([{True: 2, False: 0, None: 1}[x.exported] for x in lines], np.uint8),
    )
    return lines_in_scope(columns, ScopeRules(on, scope, MONTHS))


def status_of(line: Line, *, scope: Scope = Scope.IN_FORCE, on: date = ON) -> Status | None:
    found = select(line, scope=scope, on=on)
    return Status(int(found.status[0])) if len(found.rows) else None


def test_a_line_is_in_force_from_its_decision_to_the_day_before_it_expires() -> None:
    line = Line(decided=date(2014, 6, 1), expires=date(2015, 6, 1))

    assert status_of(line, on=date(2014, 5, 31)) is None
    assert status_of(line, on=date(2014, 6, 1)) is Status.IN_FORCE
    assert status_of(line, on=date(2015, 5, 31)) is Status.IN_FORCE
    assert status_of(line, on=date(2015, 6, 1)) is None


def test_an_expiry_that_is_not_stated_is_assumed_from_the_type_and_flagged() -> None:
    permanent, temporary = (
        Line(decided=date(2013, 4, 1)),
        Line(date(2014, 3, 31), licence_type="standard_temporary"),
    )

    found = select(permanent, temporary, Line(date(2000, 1, 1), licence_type="open"))

    assert found.rows.tolist() == [0, 2]
    assert found.flags.tolist() == [Flag.ASSUMED, Flag.NO_END_KNOWN]


def test_a_stated_expiry_has_no_flag() -> None:
    assert select(Line(expires=date(2016, 1, 1))).flags.tolist() == [0]


def test_refused_lines_are_in_no_scope() -> None:
    assert status_of(Line(outcome="refused")) is None
    assert status_of(Line(outcome="refused"), scope=Scope.GRANTED) is None


def test_suspended_lines_stay_in_scope_and_are_told_apart() -> None:
    line = Line(suspension="dated", suspended_on=date(2015, 1, 1), reinstated_on=date(2015, 2, 1))

    assert status_of(line, on=date(2014, 12, 31)) is Status.IN_FORCE
    assert status_of(line, on=date(2015, 1, 1)) is Status.SUSPENDED
    assert status_of(line, on=date(2015, 1, 31)) is Status.SUSPENDED
    assert status_of(line, on=date(2015, 2, 1)) is Status.IN_FORCE


def test_a_suspension_after_the_reinstatement_is_not_lifted_by_it() -> None:
    line = Line(suspension="dated", suspended_on=date(2015, 2, 1), reinstated_on=date(2015, 1, 31))

    assert status_of(line) is Status.SUSPENDED


@pytest.mark.parametrize("on", [date.min, date(2, 12, 31), date(9998, 1, 1), date(9999, 12, 30)])
def test_the_ends_of_the_calendar_are_days_like_others(on: date) -> None:
    lines = [Line(decided=d) for d in (date.min, date(9998, 6, 1), on)]

    assert [status_of(x, on=on) is not None for x in lines] == [
        x.decided <= on and (on - x.decided).days < 731 for x in lines
    ]  # fmt: skip


def test_an_undated_suspension_or_revocation_leaves_the_status_unknown() -> None:
    assert status_of(Line(suspension="undated")) is Status.UNKNOWN
    assert status_of(Line(suspension="dated")) is Status.UNKNOWN
    assert status_of(Line(revocation="dated")) is Status.UNKNOWN
    assert status_of(Line(revocation="dated"), scope=Scope.GRANTED) is Status.UNKNOWN
    assert status_of(Line(revocation="undated")) is Status.UNKNOWN
    assert status_of(Line(outcome="revoked")) is Status.UNKNOWN


def test_revoked_lines_are_out_of_force_and_granted_unless_they_were_not_shipped() -> None:
    def revoked(*, exported: bool | None) -> Line:
        return Line(outcome="revoked", revocation="dated", revoked_on=date(2015, 1, 1), exported=exported)

    assert status_of(revoked(exported=None)) is None
    assert status_of(revoked(exported=None), on=date(2014, 12, 31)) is Status.IN_FORCE
    assert status_of(revoked(exported=False), scope=Scope.GRANTED) is None
    assert status_of(revoked(exported=None), scope=Scope.GRANTED) is Status.UNKNOWN
    assert status_of(revoked(exported=True), scope=Scope.GRANTED) is Status.REVOKED


def test_granted_lines_stay_after_they_expired() -> None:
    assert status_of(Line(decided=date(2008, 1, 2)), scope=Scope.GRANTED) is Status.EXPIRED
    assert status_of(Line(decided=date(2015, 4, 1)), scope=Scope.GRANTED) is None


def test_granted_is_counted_whatever_was_asked() -> None:
    lines = (Line(decided=date(2008, 1, 2)), Line(), Line(outcome="refused"))

    assert [select(*lines, scope=s).granted for s in Scope] == [2, 2]


days = st.dates(date(2010, 1, 1), date(2017, 12, 31))
maybe_days = st.none() | days


@given(decided=days, months=st.integers(0, 60))
@example(decided=date(2012, 1, 31), months=1)
@example(decided=date(2012, 2, 29), months=12)
def test_assumed_expiry_is_add_months(decided: date, months: int) -> None:
    given_days = np.array([_day(decided)], np.int32)

    assert assumed_expiry(given_days, np.array([months]))[0] == _day(add_months(decided, months))


@given(decided=days, on=days, kind=st.sampled_from(["standard_permanent", "standard_temporary"]))
@example(decided=date(2012, 2, 29), on=date(2014, 2, 28), kind="standard_permanent")
@example(decided=date(2012, 2, 29), on=date(2014, 2, 27), kind="standard_permanent")
def test_the_threshold_is_the_assumed_expiry(decided: date, on: date, kind: str) -> None:
    expected = decided <= on < add_months(decided, MONTHS[kind] or 0)

    assert (status_of(Line(decided, licence_type=kind), on=on) is Status.IN_FORCE) == expected


@given(
    line=st.builds(
        Line,
        decided=days,
        expires=maybe_days,
        licence_type=st.sampled_from(sorted(MONTHS)),
        outcome=st.sampled_from(["issued", "refused", "revoked"]),
        suspension=st.sampled_from(["none", "dated", "undated"]),
        suspended_on=maybe_days,
        reinstated_on=maybe_days,
        revocation=st.sampled_from(["none", "dated", "undated"]),
        revoked_on=maybe_days,
        exported=st.none() | st.booleans(),
    ),
    scope=st.sampled_from(list(Scope)),
)
def test_the_arrays_agree_with_the_definitions(line: Line, scope: Scope) -> None:
    assert status_of(line, scope=scope) == _by_the_words(line, scope)


def _by_the_words(line: Line, scope: Scope) -> Status | None:  # noqa: PLR0911 - one return per sentence
    """The definitions, sentence by sentence."""
    months = MONTHS[line.licence_type]
    expiry = line.expires or (add_months(line.decided, months) if months else None)
    expired = expiry is not None and expiry <= ON
    revoked = line.revoked_on is not None and line.revoked_on <= ON
    if line.outcome == "refused" or line.decided > ON:
        return None
    if scope is Scope.IN_FORCE and (expired or revoked):
        return None
    if revoked:
        return {True: Status.REVOKED, False: None, None: Status.UNKNOWN}[line.exported]
    if line.revoked_on is None and (line.outcome == "revoked" or line.revocation != "none"):
        return Status.UNKNOWN
    if expired:
        return Status.EXPIRED
    lifted = line.reinstated_on is not None and (line.suspended_on or date.min) <= line.reinstated_on <= ON
    if line.suspended_on is not None and line.suspended_on <= ON and not lifted:
        return Status.SUSPENDED
    if line.suspended_on is None and line.suspension != "none" and not lifted:
        return Status.UNKNOWN
    return Status.IN_FORCE


def test_ten_years_of_days_have_one_threshold_each() -> None:
    line = Line(decided=date(2012, 2, 29))
    last = [
        ON0 for n in range(800) if status_of(line, on=(ON0 := date(2012, 2, 29) + timedelta(n))) is Status.IN_FORCE
    ][-1]

    assert last == date(2014, 2, 27)
