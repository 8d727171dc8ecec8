"""Events, not reports: what a set of reports amounts to, from given facts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from penholder.evidence.answers import Counts, Month
from penholder.evidence.policy import stands_for
from penholder.evidence.tables import scales
from penholder.evidence.values import NOT_LOOKED_AT, Axis
from penholder.kernel.canonical import sha256_of


@dataclass(frozen=True, slots=True)
class Report:
    """One report as counting needs it. findings: axis -> value. parties: that it or its attribution names."""

    id: str
    starts_on: date
    ends_on: date
    joined_to: str
    in_scope: bool | None
    findings: Mapping[Axis, str]
    parties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events: of a party ("" : all), within a period (None: open; both ends inclusive), as known when."""

    party: str = ""
    start: date | None = None
    end: date | None = None
    known: datetime | None = None

    def has(self, day: date) -> bool:
        """Does the day lie in the period?"""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Event:
    """What joined reports tell of: it has the findings of the report that stands for it."""

    lead: Report
    reports: int
    parties: frozenset[str]


def events_of(reports: Iterable[Report]) -> tuple[Event, ...]:
    """The events that the reports tell of, each once, in the order of their ids."""
    every = {r.id: r for r in reports}
    leaders = {r.id: r.joined_to for r in every.values() if r.joined_to}
    groups: dict[str, list[Report]] = {}
    for report in every.values():
        groups.setdefault(stands_for(leaders, report.id), []).append(report)
    return tuple(
        Event(every[lead], len(of), frozenset(p for r in of for p in r.parties))
        for lead, of in sorted(groups.items())
        if lead in every
    )


def count(reports: Iterable[Report], asked: Asked) -> Counts:
    """Count events. Shape: n reports -> at most n events; none counts twice."""
    party = asked.party.casefold()
    found = [
        e
        for e in events_of(reports)
        if asked.has(e.lead.starts_on) and (not party or party in {p.casefold() for p in e.parties})
    ]
    inside = [e for e in found if e.lead.in_scope]
    by_axis = {axis: _values(inside, axis) for axis in Axis}
    legal = by_axis[Axis.LEGAL]
    attributed = scales()[Axis.ATTRIBUTION].attributed
    return Counts(
        party=asked.party,
        start=asked.start,
        end=asked.end,
        known=asked.known,
        received=len(found),
        reports=sum(e.reports for e in found),
        in_scope=len(inside),
        out_of_scope=sum(e.lead.in_scope is False for e in found),
        scope_not_set=sum(e.lead.in_scope is None for e in found),
        attributed=sum(n for v, n in by_axis[Axis.ATTRIBUTION].items() if v in attributed),
        possible=legal["possible"],
        unlikely=legal["unlikely"],
        insufficient=legal["insufficient"],
        not_looked_at=legal[NOT_LOOKED_AT],
        by_axis=by_axis,
        by_month=_months(inside),
        crosses_border=sum(asked.has(e.lead.starts_on) != asked.has(e.lead.ends_on) for e in found),
        ids=tuple(e.lead.id for e in found),
        data_sha256=sha256_of([_said(e) for e in found]),
    )


def _values(events: list[Event], axis: Axis) -> dict[str, int]:
    """Value -> how many, in the order of the scale; all of them, and those that nobody has looked at."""
    counted = Counter(e.lead.findings.get(axis, NOT_LOOKED_AT) for e in events)
    return {v: counted[v] for v in (*scales()[axis].values, NOT_LOOKED_AT)}


def _months(events: list[Event]) -> tuple[Month, ...]:
    by_month: dict[str, list[Event]] = {}
    for event in events:
        first, last = event.lead.starts_on, event.lead.ends_on
        month = f"{first:%Y-%m}" if (first.year, first.month) == (last.year, last.month) else ""
        by_month.setdefault(month, []).append(event)
    known = [m for m in sorted(by_month) if m]
    return tuple(
        Month(m, _values(by_month.get(m, []), Axis.LEGAL))
        for m in (*_each(known), *([""] if "" in by_month else []))
    )


def _each(months: list[str]) -> list[str]:
    """Every month from the first to the last, those without an event too; of long spans only those with one."""
    if not months:
        return []
    first, last = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (months[0], months[-1]))
    if last - first > 240:
        return months
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]


def _said(event: Event) -> list[object]:
    lead = event.lead
    days = [lead.starts_on.isoformat(), lead.ends_on.isoformat()]
    return [lead.id, event.reports, days, lead.in_scope, {a.value: v for a, v in lead.findings.items()}]
