"""Figures of the public site: a number, the rows behind it, how it came about, and what moved it since. Pure.

A figure takes licences and a day; where they come from (a published log, a data folder) it does not know.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from penholder.publication.fold import OPEN, goods_on, shown, turns
from penholder.publication.sentences import day_words, place_words
from penholder.publication.values import Goods, Licence
from penholder.register.bridge import Bridge, Lives, bridge_of_licences, counts_on, licence_of
from penholder.register.values import LineStatus, WithoutCase

MONTHS = 24


class FigureKind(StrEnum):
    """The figures that have a page."""

    IN_FORCE = "licences-in-force"
    SUSPENDED = "licences-suspended"


_STATUSES = {FigureKind.IN_FORCE: OPEN, FigureKind.SUSPENDED: (LineStatus.SUSPENDED,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a figure is asked for: everything is in its address."""

    kind: FigureKind
    on: date
    destination: str = ""
    rating: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One licence behind a figure: its lines that count, and of them those that are suspended."""

    licence: str
    licence_type: str
    lines: tuple[int, ...]
    suspended: tuple[int, ...]
    destinations: tuple[str, ...]
    ratings: tuple[str, ...]
    end_users: tuple[str, ...]
    since: date | None
    valid_until: date | None
    without_case: WithoutCase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One bar of the chart: the last day of a month (or the day asked for), and the counts on it."""

    on: date
    count: int
    suspended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with all that its page says. unknown: licences of which the log does not say what they are for."""

    asked: Asked
    count: int
    suspended: int
    rows: tuple[Row, ...]
    months: tuple[Month, ...]
    bridge: Bridge | None
    unknown: tuple[str, ...]

    @property
    def in_part(self) -> int:
        """Of the suspended ones: those of which another line is not."""
        return sum(0 < len(r.suspended) < len(r.lines) for r in self.rows)

    @property
    def suspended_lines(self) -> int:
        """Lines that are suspended, of all that are counted."""
        return sum(len(r.suspended) for r in self.rows)

    @property
    def without_case(self) -> int:
        """Of all that are counted: those that come from no case of the authority."""
        return sum(r.without_case is not None for r in self.rows)

    @property
    def sentence(self) -> str:
        """`Licences in force for Velmora on 2 September 2024: 368, of them 16 suspended (3 in part)`."""
        where = f" for {place_words(self.asked.destination)}" if self.asked.destination else ""
        what = f" for goods under {self.asked.rating}" if self.asked.rating else ""
        day = day_words(self.asked.on)
        if self.asked.kind is FigureKind.SUSPENDED:
            lines = f"{self.suspended_lines:,} suspended line{'' if self.suspended_lines == 1 else 's'}"
            return f"Licences suspended{where}{what} on {day}: {self.count:,}, with {lines}"
        stopped = f"{self.suspended:,} suspended" + (f" ({self.in_part:,} in part)" if self.in_part else "")
        return f"Licences in force{where}{what} on {day}: {self.count:,}, of them {stopped}"


def figure(licences: Mapping[str, Licence], asked: Asked, *, then: Mapping[str, Licence] | None = None) -> Figure:
    """The figure.

    Args:
        licences: as known at the moment from which it is looked at.
        then: as known when the count of `since` was made; None: all that is known now was known then.
    """
    lives = lives_of(licences.values(), asked)
    stopped = lives_of(licences.values(), asked, statuses=(LineStatus.SUSPENDED,))
    rows = tuple(_rows(licences, lives, stopped, asked))
    bridge = None
    if asked.since is not None:
        before = lives if then is None else lives_of(then.values(), asked)
        bridge = bridge_of_licences(before, lives, first=asked.since, last=asked.on)
    return Figure(
        asked=asked,
        count=len(rows),
        suspended=sum(bool(r.suspended) for r in rows),
        rows=rows,
        months=_months(month_ends(asked.on), lives, stopped),
        bridge=bridge,
        unknown=tuple(_unknown(licences, asked)),
    )


def lives_of(licences: Iterable[Licence], asked: Asked, *, statuses: Sequence[LineStatus] | None = None) -> Lives:
    """Id of a line -> its turns, of lines that count at any time."""
    counted = _STATUSES[asked.kind] if statuses is None else statuses
    found = {
        line.id: turns(line, counted, place=asked.destination, rating=asked.rating)
        for licence in licences
        for line in licence.lines
    }
    return {line: made for line, made in found.items() if made}


def _rows(licences: Mapping[str, Licence], lives: Lives, stopped: Lives, asked: Asked) -> Iterable[Row]:
    counting: dict[str, list[int]] = {}
    for line, made in lives.items():
        if counts_on(made, asked.on):
            counting.setdefault(licence_of(line), []).append(int(line.rpartition(":")[2]))
    for name, numbers in sorted(counting.items()):
        licence = licences[name]
        lines = [line for line in licence.lines if line.number in numbers]
        goods = [g for line in lines if (g := goods_on(line, asked.on)) is not None]
        stands = [s for line in lines if (s := shown(line, asked.on)) is not None]
        yield Row(
            licence=name,
            licence_type=licence.licence_type,
            lines=tuple(sorted(numbers)),
            suspended=tuple(n for n in sorted(numbers) if counts_on(stopped.get(f"{name}:{n}", ()), asked.on)),
            destinations=_all(g.destination for g in goods),
            ratings=_all(r for g in goods for r in g.ratings),
            end_users=_all(g.end_user for g in goods),
            since=min((s.step.on for s in stands), default=None),
            valid_until=licence.valid_until,
            without_case=licence.without_case,
        )


def _all(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _unknown(licences: Mapping[str, Licence], asked: Asked) -> Iterable[str]:
    """Licences in force of which a line has no published goods: they may or may not belong to the figure."""
    if not (asked.destination or asked.rating):
        return
    for name, licence in sorted(licences.items()):
        for line in licence.lines:
            found = shown(line, asked.on)
            if found and found.status in _STATUSES[asked.kind] and _is_silent(found.goods, asked):
                yield name
                break


def _is_silent(goods: Goods | None, asked: Asked) -> bool:
    if goods is None:
        return True
    return (
        bool(asked.rating) and not goods.ratings and goods.destination == (asked.destination or goods.destination)
    )


def _months(days: Sequence[date], lives: Lives, stopped: Lives) -> tuple[Month, ...]:
    counts, of_them = _per_day(days, lives), _per_day(days, stopped)
    return tuple(Month(on=d, count=c, suspended=s) for d, c, s in zip(days, counts, of_them, strict=True))


def _per_day(days: Sequence[date], lives: Lives) -> list[int]:
    """Licences that count on each of some days, in order: each line is looked at once, whatever their number."""
    held: dict[str, set[int]] = {}
    for line, made in lives.items():
        on = held.setdefault(licence_of(line), set())
        for turn, following in pairwise([*made, None]):
            if turn is not None and turn.counts:
                end = len(days) if following is None else bisect_left(days, following.on)
                on.update(range(bisect_left(days, turn.on), end))
    counted = Counter(n for on in held.values() for n in on)
    return [counted[n] for n in range(len(days))]


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """One destination: licences in force, of them suspended in part or whole."""

    count: int
    suspended: int


def by_place(licences: Iterable[Licence], *, on: date) -> tuple[dict[str, PlaceCount], tuple[str, ...]]:
    """Every destination of lines in force on a day, in one pass; and the licences of which the log says none."""
    held: dict[str, dict[str, bool]] = {}
    unknown: set[str] = set()
    for licence in licences:
        for line in licence.lines:
            found = shown(line, on)
            if found is None or found.status not in OPEN:
                continue
            if found.goods is None:
                unknown.add(licence.id)
                continue
            of_place = held.setdefault(found.goods.destination, {})
            stopped = found.status is LineStatus.SUSPENDED
            of_place[licence.id] = of_place.get(licence.id, False) or stopped
    counts = {place: PlaceCount(len(of), sum(of.values())) for place, of in held.items()}
    return counts, tuple(sorted(unknown))


def month_ends(on: date, months: int = MONTHS) -> list[date]:
    """The last days of the months before a day, oldest first, and the day itself."""
    found = [on]
    first = on.replace(day=1)
    for _ in range(months - 1):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found[::-1]


HOW = (
    "A licence is counted once, if on that day any of its lines was issued and had not ended.",
    "Ended is: revoked, given back, exhausted or expired. Suspended lines are in force, and are counted apart.",
    "It is suspended if any of these lines is; in part, if another one is not.",
    "A line is counted at the destination to which its goods go first, not at places to which they go on.",
    "A licence that comes from no case of the authority is counted like any other; how many these are is said.",
    "Counted from the entries of the published log, by the days from which they say that something holds.",
    "What was recorded later than the entries that are known here is not counted.",
)
"""How it is counted, in sentences."""
