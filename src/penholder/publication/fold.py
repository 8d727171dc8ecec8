"""From facts to things: a licence and its lines, as public entries leave them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from penholder.publication.values import Fact, Goods, Licence, Line, LineShown, Step
from penholder.register.bridge import Mover, Turn
from penholder.register.policy import status_on
from penholder.register.values import LineStatus, WithoutCase, standing_of

OPEN = (LineStatus.ISSUED, LineStatus.SUSPENDED)
"""Statuses in which a line is in force: goods may leave, or may once the suspension is lifted."""
_BY = {
    "LicenceIssued": Mover.ISSUED,
    "LinesSuspended": Mover.SUSPENDED,
    "LinesReinstated": Mover.REINSTATED,
    "LinesRevoked": Mover.REVOKED,
    "LinesSurrendered": Mover.SURRENDERED,
    "LineExhausted": Mover.EXHAUSTED,
    "LinesExpired": Mover.EXPIRED,
}


@dataclass(slots=True)
class _Made:
    """A licence while its entries are read."""

    first: Fact | None = None
    lines: dict[int, Line] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)


def licences_of(facts: Iterable[Fact]) -> dict[str, Licence]:
    """Public id -> licence, of entries in the order of the log. A licence counts once it was issued."""
    made: dict[str, _Made] = {}
    for fact in facts:
        if fact.kind != "licence":
            continue
        licence = str(fact.fields.get("licence") or "")
        found = made.setdefault(licence, _Made())
        found.facts.append(fact)
        _take(found, licence, fact)
    return {
        name: Licence(
            id=name,
            licence_type=str(m.first.fields["licence_type"]),
            issued_on=_day(m.first.fields["effective_on"]),
            valid_from=_day(m.first.fields["valid_from"]),
            valid_until=m.first.day("valid_until"),
            lines=tuple(line for _, line in sorted(m.lines.items())),
            facts=tuple(m.facts),
            case=str(m.first.fields.get("case") or ""),
            without_case=_without_case(m.first),
        )
        for name, m in made.items()
        if m.first is not None
    }


def _without_case(issued: Fact) -> WithoutCase | None:
    given = issued.fields.get("without_case")
    return WithoutCase(given) if given else None


def _take(made: _Made, licence: str, fact: Fact) -> None:
    if fact.name == "LicenceIssued":
        made.first = made.first or fact
    if fact.name in _BY:
        for number, status in _statuses(fact):
            line = made.lines.get(number) or Line(licence, number)
            if fact.name == "LicenceIssued":
                until = fact.day("valid_until")
                line = replace(line, valid_until=until, end_is_stated=until is not None)
            made.lines[number] = replace(line, steps=(*line.steps, _step(fact, status)))
    for given in fact.fields.get("goods") or ():
        for number in given["lines"]:
            line = made.lines.get(number) or Line(licence, number)
            goods = (*line.goods, (_day(fact.fields["effective_on"]), _goods(given)))
            made.lines[number] = replace(line, goods=goods)


def _statuses(fact: Fact) -> list[tuple[int, LineStatus]]:
    numbers = fact.fields["lines"] if "lines" in fact.fields else [fact.fields["line"]]
    after = fact.fields.get("after", LineStatus.ISSUED.value)
    each = after if isinstance(after, list | tuple) else [after] * len(numbers)
    return [(int(n), LineStatus(a)) for n, a in zip(numbers, each, strict=True)]


def _step(fact: Fact, status: LineStatus) -> Step:
    return Step(
        on=_day(fact.fields["effective_on"]),
        status=status,
        by=_BY[fact.name].value,
        number=fact.number,
        review_by=fact.day("review_by"),
        power=str(fact.fields.get("power") or ""),
        limb=str(fact.fields.get("limb") or ""),
        exemptions=fact.words("exemptions"),
    )


def _goods(given: Mapping[str, Any]) -> Goods:
    return Goods(
        destination=str(given["destination"]),
        onward=tuple(given["onward"]),
        end_user=str(given["end_user"]),
        end_user_state=str(given["end_user_state"]),
        ratings=tuple(given["ratings"]),
    )


def _day(text: Any) -> date:
    return date.fromisoformat(str(text))


def step_on(line: Line, day: date) -> Step | None:
    """The step that holds on a day, as the log tells them in their order; None: it was not issued by then."""
    found = None
    for step in line.steps:
        if step.on <= day:
            found = step
    return found


def status_of(line: Line, day: date) -> LineStatus | None:
    """The status at the end of a day, whether or not somebody wrote down yet that it ran out."""
    step = step_on(line, day)
    return None if step is None else status_on(step.status, valid_until=line.valid_until, on=day)


def goods_on(line: Line, day: date) -> Goods | None:
    """What the line is for on a day; before the first, the first. None: not published."""
    held = [g for since, g in line.goods if since <= day] or [g for _, g in line.goods[:1]]
    return held[-1] if held else None


def shown(line: Line, day: date) -> LineShown | None:
    """A line on a day; None: it was not issued by then."""
    step, status = step_on(line, day), status_of(line, day)
    if step is None or status is None:
        return None
    if status is not step.status and line.valid_until is not None:
        step = Step(on=line.valid_until, status=status, by=Mover.EXPIRED.value, number=None)
    overdue = status is LineStatus.SUSPENDED and step.review_by is not None and step.review_by < day
    return LineShown(
        number=line.number,
        standing=standing_of(status, line.valid_until),
        status=status,
        step=step,
        goods=goods_on(line, day),
        overdue=overdue,
    )


def parts(line: Line, until: date) -> list[tuple[date, date | None, LineStatus]]:
    """The statuses of a line one after the other: from, until (exclusive; None: it lasts), status."""
    days = sorted(d for d in change_days(line) if d <= until)
    found: list[tuple[date, date | None, LineStatus]] = []
    for day in days:
        status = status_of(line, day)
        if status is None or (found and found[-1][2] is status):
            continue
        if found:
            found[-1] = (found[-1][0], day, found[-1][2])
        found.append((day, None, status))
    return found


def change_days(line: Line) -> set[date]:
    """Days on which something about a line may change."""
    days = {s.on for s in line.steps} | {since for since, _ in line.goods}
    return days | ({line.valid_until} if line.valid_until else set())


def turns(line: Line, counts: Sequence[LineStatus], *, place: str = "", rating: str = "") -> list[Turn]:
    """From which days on a line counts: its status is one of `counts`, and its goods go to `place`."""
    found: list[Turn] = []
    was = False
    for day in sorted(change_days(line)):
        now = status_of(line, day) in counts and goes_to(goods_on(line, day), place=place, rating=rating)
        if now is not was:
            was = now
            found.append(Turn(on=day, counts=now, by=_mover(line, day)))
    return found


def _mover(line: Line, day: date) -> Mover:
    """By what a line was moved on a day."""
    if line.valid_until == day and not any(s.on == day for s in line.steps):
        return Mover.EXPIRED
    steps = [s for s in line.steps if s.on == day]
    return Mover(steps[-1].by) if steps else Mover.AMENDED


def goes_to(goods: Goods | None, *, place: str = "", rating: str = "") -> bool:
    """Do goods go directly to a place ("": anywhere), and are they of a rating (`ML10` has `ML10a` under it)?"""
    if goods is None:
        return not place and not rating
    if place and goods.destination != place:
        return False
    return not rating or any(is_under(code, rating) for code in goods.ratings)


def is_under(code: str, rating: str) -> bool:
    """`ML10a` is under `ML10`; `ML10` is not under `ML1`."""
    return code == rating or (code.startswith(rating) and not code[len(rating)].isdigit())
