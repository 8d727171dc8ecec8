"""The public figures of the debate, counted again from the public log alone: whoever has the log gets the same.

An installation counts its tables (queries.report); this counts the entries. A test compares the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from penholder.debate.policy.clocks import is_overdue
from penholder.debate.values import Measure, Outcome

POSTED, REPORTED, APPEALED, OPEN, OVERDUE = "posted", "reported", "appealed", "appeals_open", "appeals_overdue"
BY_MACHINE = "decided_by_machine"
MEDIAN = "median_minutes_to_decision"
FIGURES = (
    POSTED, REPORTED, *(m.value for m in Measure), BY_MACHINE, MEDIAN, APPEALED, *(o.value for o in Outcome), OPEN,
    OVERDUE,
)  # fmt: skip
"""In the order of the page."""
BY_RULE = frozenset({REPORTED, *(m.value for m in Measure if m is not Measure.KEEP)})

Counts = Counter[tuple[str, str]]
"""(figure, rule or "") -> number."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report. rule: of the house rules; empty: all. number None: nothing to take a median of."""

    name: str
    rule: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the log."""

    event: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(slots=True)
class _Tally:
    first: date
    last: date
    counts: Counts = field(default_factory=Counter)
    reported: dict[str, datetime] = field(default_factory=dict)
    minutes: list[int] = field(default_factory=list)
    lodged: dict[str, datetime] = field(default_factory=dict)

    def add(self, name: str, rule: str = "") -> None:
        self.counts[name, ""] += 1
        if rule:
            self.counts[name, rule] += 1


def recount(entries: Iterable[Said], *, first: date, last: date, now: datetime) -> tuple[Figure, ...]:
    """The figures of the days `first` to `last` (inclusive), from the entries of the log in order."""
    tally, decided = _Tally(first, last), {}
    for entry in entries:
        if entry.event == "debate.AppealLodged":
            tally.lodged[entry.data["appeal"]] = entry.at
        if entry.event == "debate.AppealDecided":
            decided[entry.data["appeal"]] = entry.at
        if entry.event == "debate.CommentReported":
            tally.reported[entry.data["report"]] = entry.at
        if first <= entry.at.date() <= last:
            _count(tally, entry)
    appeals = [(at, decided.get(name)) for name, at in tally.lodged.items()]
    count_appeals(tally.counts, appeals, first=first, last=last, now=now)
    return figures_of(tally.counts, tally.minutes)


def count_appeals(
    counts: Counts,
    appeals: Iterable[tuple[datetime, datetime | None]],
    *,
    first: date,
    last: date,
    now: datetime,
) -> None:
    """Add those lodged in the days that wait for a decision, and those that were, or are, decided too late."""
    for lodged, decided in appeals:
        if first <= lodged.date() <= last:
            counts[OPEN, ""] += decided is None
            counts[OVERDUE, ""] += is_overdue(lodged, decided, now=now)


def figures_of(counts: Counts, minutes: list[int]) -> tuple[Figure, ...]:
    """In the order of the page: each figure, then by rule where rules are named."""
    rules = sorted({rule for _, rule in counts if rule})
    found = []
    for name in FIGURES:
        number = (sorted(minutes)[(len(minutes) - 1) // 2] if minutes else None) if name == MEDIAN else None
        found.append(Figure(name, "", number if name == MEDIAN else counts[name, ""]))
        if name in BY_RULE:
            found += [Figure(name, rule, counts[name, rule]) for rule in rules if counts[name, rule]]
    return tuple(found)


def _count(tally: _Tally, entry: Said) -> None:
    data = entry.data
    match entry.event.removeprefix("debate."):
        case "CommentPosted":
            tally.add(POSTED)
        case "CommentReported":
            tally.add(REPORTED, data["rule"])
        case "CommentKept":
            tally.add(Measure.KEEP)
            _answered(tally, entry)
        case "CommentRestricted" | "MemberRestricted":
            tally.add(data["kind"], data["rule"])
            tally.counts[BY_MACHINE, ""] += data["decided_by_machine"]
            _answered(tally, entry)
        case "AppealLodged":
            tally.add(APPEALED)
        case "AppealDecided":
            tally.add(data["outcome"])
        case _:
            pass


def _answered(tally: _Tally, entry: Said) -> None:
    asked = [tally.reported[r] for r in entry.data.get("reports", ()) if r in tally.reported]
    tally.minutes += [int((entry.at - at).total_seconds() // 60) for at in asked]
