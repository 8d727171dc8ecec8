"""Clocks of casework, pure: working days with a cut-off hour, pauses, and what is elapsed beside what is counted.

A day counts for a working-days clock if it is a working day and the clock was running at the cut-off hour of it:
begun before it, not ended, not paused. So a case that comes in after the cut-off begins to count on the next
working day, and a question that is asked and answered between two cut-offs stops nothing. Hours are those of the
authority's time zone, also across a change to or from summer time. A clock is late from the day after the one on
which its target is reached. A calendar-days clock begins with the day after.
Source: regime notes, sections 3.5 and 8.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError
from penholder.regime.types import TextStatus
from penholder.rules.records import Record, parse_record

_KEYS = frozenset(
    {
        "id", "title", "starts", "ends", "unit", "target", "limit", "cut_off", "pauses", "most_paused",
        "valid_from", "valid_until", "text_status", "source",
    }
)  # fmt: skip
_DAY = timedelta(days=1)
_LONGEST = 3_660
"""Days that a clock is followed: ten years."""


class Unit(StrEnum):
    """What a clock counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    LATE = "late"
    """Past its target, and running or paused."""
    ENDED = "ended"
    ENDED_LATE = "ended_late"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One row of the table. starts, ends: kinds of parts of a case. cut_off None: the end of the day.

    most_paused: days that pauses take from the count, all of them together; beyond it the clock runs on.
    """

    id: str
    title: str
    starts: str
    ends: str
    unit: Unit
    target: int
    limit: int
    cut_off: time | None
    pauses: tuple[str, ...]
    most_paused: int
    valid: Interval
    text_status: TextStatus
    source: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The authority's time zone and its working days. holidays: which are left out; empty: none are known."""

    zone: ZoneInfo
    is_working: Callable[[date], bool]
    holidays: str = ""

    def day_of(self, moment: datetime) -> date:
        """The day on which a moment lies, there."""
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment up to another (None: still)."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock at a moment. elapsed: calendar days since it began. counted: days that count towards the target.

    paused: working days that did not count because it stood still, at most most_paused. due_on, last_on: day on
    which the target and the limit are reached if nothing stops it any more; of a clock that stands still: as if it
    went on now.
    """

    clock: str
    title: str
    unit: Unit
    began: datetime
    ended: datetime | None
    elapsed: int
    counted: int
    paused: int
    most_paused: int
    target: int
    limit: int
    due_on: date
    last_on: date
    state: ClockState
    holidays: str

    @property
    def is_late(self) -> bool:
        """Is it, or was it, past its target?"""
        return self.state in {ClockState.LATE, ClockState.ENDED_LATE}

    @property
    def is_paused(self) -> bool:
        """Does it stand still?"""
        return self.state is ClockState.PAUSED

    @property
    def is_paused_out(self) -> bool:
        """Was it stopped for as many days as it may be? Then nothing stops it any more."""
        return 0 < self.most_paused <= self.paused


def read_clock(
    rule: ClockRule,
    *,
    began: datetime,
    now: datetime,
    calendar: Calendar,
    ended: datetime | None = None,
    pauses: Sequence[Span] = (),
) -> Reading:
    """How a clock stands at a moment. Pauses may overlap; what lies outside of the clock's time is left out.

    They stop it until `most_paused` days did not count; from then on every day counts, paused or not.
    """
    stop = max(began, now if ended is None else min(now, ended))
    days = list(_days(rule, calendar, began=began, after=None, until=stop))
    paused = {day for day, _ in islice((d for d in days if _is_paused(d[1], pauses)), rule.most_paused)}
    counted = [day for day, _ in days if day not in paused]
    stands = len(paused) < rule.most_paused and _is_paused(now, pauses)
    over = ended is not None and ended <= now
    due, last = (_reached(rule, calendar, counted, wanted, began=began, stop=stop) for wanted in _wanted(rule))
    is_late = calendar.day_of(stop) > due
    return Reading(
        clock=rule.id,
        title=rule.title,
        unit=rule.unit,
        began=began,
        ended=ended if over else None,
        elapsed=(calendar.day_of(stop) - calendar.day_of(began)).days,
        counted=len(counted),
        paused=len(paused),
        most_paused=rule.most_paused,
        target=rule.target,
        limit=rule.limit,
        due_on=due,
        last_on=last,
        state=_state(is_late=is_late, is_over=over, is_paused=stands),
        holidays=calendar.holidays,
    )


def due_day(rule: ClockRule, *, began: datetime, calendar: Calendar) -> date:
    """The day on which the target is reached if nothing stops the clock."""
    return _reached(rule, calendar, [], rule.target, began=began, stop=began)


def _wanted(rule: ClockRule) -> tuple[int, int]:
    return rule.target, rule.limit


def _state(*, is_late: bool, is_over: bool, is_paused: bool) -> ClockState:
    if is_over:
        return ClockState.ENDED_LATE if is_late else ClockState.ENDED
    if is_late:
        return ClockState.LATE
    return ClockState.PAUSED if is_paused else ClockState.RUNNING


def _cut_off(rule: ClockRule, calendar: Calendar, day: date) -> datetime:
    """The moment of a day at which it counts: the cut-off hour, or the beginning of the next day."""
    if rule.cut_off is None:
        return datetime.combine(day + _DAY, time(), calendar.zone).astimezone(UTC)
    return datetime.combine(day, rule.cut_off, calendar.zone).astimezone(UTC)


def _days(
    rule: ClockRule, calendar: Calendar, *, began: datetime, after: datetime | None, until: datetime | None
) -> Iterator[tuple[date, datetime]]:
    """The days that count, with their cut-off moments, from the beginning on.

    after, until: only cut-offs later than, and up to, these moments.
    """
    day = calendar.day_of(began) + (_DAY if rule.unit is Unit.CALENDAR_DAYS else timedelta())
    for _ in range(_LONGEST):
        moment = _cut_off(rule, calendar, day)
        if until is not None and moment > until:
            return
        is_in = moment > began and (after is None or moment > after)
        if is_in and (rule.unit is Unit.CALENDAR_DAYS or calendar.is_working(day)):
            yield day, moment
        day += _DAY


def _is_paused(moment: datetime, pauses: Sequence[Span]) -> bool:
    return any(p.start <= moment and (p.end is None or moment < p.end) for p in pauses)


def _reached(
    rule: ClockRule, calendar: Calendar, counted: Sequence[date], wanted: int, *, began: datetime, stop: datetime
) -> date:
    """The day on which so many days are counted: one that was, or one to come if nothing stops the clock."""
    if len(counted) >= wanted:
        return counted[wanted - 1]
    coming = (day for day, _ in _days(rule, calendar, began=began, after=stop, until=None))
    return next(islice(coming, wanted - len(counted) - 1, None), date.max)


@cache
def clock_rules() -> Mapping[str, ClockRule]:
    """The table that ships, by id. Raises: RuleError, with file and line."""
    file = Path(str(resources.files("penholder.casework").joinpath("data", "clocks.yaml")))
    return read_clock_rules(parse_record(file.read_text(encoding="utf-8"), name="clocks.yaml", error=RuleError))


def read_clock_rules(record: Record) -> Mapping[str, ClockRule]:
    """A table from its record. Raises: RuleError."""
    record.refuse_unknown({"version", "clocks"})
    found: dict[str, ClockRule] = {}
    for row in record.items("clocks"):
        rule = _rule(row)
        if rule.id in found:
            raise row.refusal("id", f"clock {rule.id!r} is given twice")
        found[rule.id] = rule
    return found


def _rule(row: Record) -> ClockRule:
    row.refuse_unknown(_KEYS)
    target, limit = row.integer("target"), row.integer("limit")
    if not 1 <= target <= limit <= 1_000:
        raise row.refusal("target", f"target {target} and limit {limit} must be 1 to 1000, the limit not below")
    pauses = tuple(p for p in row.words("pauses") if p) if row.has("pauses") else ()
    return ClockRule(
        id=row.text("id"),
        title=row.text("title"),
        starts=row.text("starts"),
        ends=row.text("ends"),
        unit=Unit(row.choice("unit", list(Unit))),
        target=target,
        limit=limit,
        cut_off=_hour(row),
        pauses=pauses,
        most_paused=_most_paused(row, pauses),
        valid=Interval(row.day("valid_from"), row.opt_day("valid_until")),
        text_status=TextStatus(row.choice("text_status", list(TextStatus))),
        source=row.text("source"),
    )


def _most_paused(row: Record, pauses: tuple[str, ...]) -> int:
    """A clock that something stops says for how long at most; no other does. Raises: RuleError."""
    if not pauses:
        if row.has("most_paused"):
            raise row.refusal("most_paused", "most_paused is for clocks that something stops: name it in pauses")
        return 0
    most = row.integer("most_paused")
    if not 1 <= most <= 1_000:
        raise row.refusal("most_paused", f"most_paused {most} must be 1 to 1000")
    return most


def _hour(row: Record) -> time | None:
    said = row.text("cut_off")
    if said == "24:00":
        return None
    try:
        return time.fromisoformat(said)
    except ValueError as error:
        raise row.refusal("cut_off", f"cut_off {said!r} is no hour; write 18:00, or 24:00") from error
