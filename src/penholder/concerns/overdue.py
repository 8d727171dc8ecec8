"""Every concern level by level: who owed an answer until when, and what was closed without one. Opens nothing.

For who runs the site: it reads days, levels and numbers of points, and no key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from penholder.concerns import officers
from penholder.concerns.cases import Case, case_of
from penholder.concerns.models import AnsweredPoint, Concern, Reader
from penholder.concerns.policy.clocks import Standing, standing
from penholder.concerns.values import Move, State
from penholder.people.queries import titles


@dataclass(frozen=True, slots=True)
class Stage:
    """One level that owed an answer. owners: functions of those who hold the key there.

    answered_on: when it gave one, to so many points. to: the office above, to which it went because the due day
    passed. is_open: it owes the answer still.
    """

    level: int
    office: str
    owners: tuple[str, ...]
    due: date
    answered_on: date | None
    points: int
    to: str
    is_overdue: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One concern. ended_on: None while it is open.

    unanswered: of one that has ended, points without a signed finding; of one that was withdrawn none is owed.
    """

    concern: str
    raised_on: date
    state: State
    ended_on: date | None
    stages: tuple[Stage, ...]
    unanswered: tuple[int, ...]

    @property
    def is_open(self) -> bool:
        """Has it not ended?"""
        return self.ended_on is None


def courses(*, on: date) -> tuple[Course, ...]:
    """Every concern that was raised by a day, as it stood at its end; open ones first, then the oldest first."""
    cases = [
        _until(case_of(row), on) for row in Concern.objects.filter(raised_on__lte=on).order_by("raised_on", "pk")
    ]
    found = [_course(case, on) for case in cases]
    return tuple(sorted(found, key=lambda c: not c.is_open))


def _until(case: Case, on: date) -> Case:
    return Case(case.row, [step for step in case.steps if step.on <= on])


def _course(case: Case, on: date) -> Course:
    now = case.standing(on)
    return Course(
        concern=case.id,
        raised_on=case.row.raised_on,
        state=now.state,
        ended_on=now.ended_on,
        stages=tuple(_stages(case, now)),
        unanswered=_unanswered(case, on) if now.ended_on and now.state is not State.WITHDRAWN else (),
    )


def _stages(case: Case, now: Standing) -> Iterator[Stage]:
    """The levels in order: those that let their day pass, those that answered, and the one that owes now."""
    told: list[tuple[date, Stage]] = []
    owners = _owners(case)
    for lapse in now.lapses:
        to = officers.level_named(lapse.to).name if lapse.to is not None else ""
        stage = _stage(lapse.level, lapse.due, owners)
        told.append((lapse.due, replace(stage, to=to, is_overdue=True, is_open=not to and now.due is not None)))
    for number, step in enumerate(case.steps):
        if step.move == Move.ANSWER:
            before = standing(case.moves[:number], policy=case.policy, on=step.on)
            if before.due is not None:
                stage = _stage(before.level, before.due, owners)
                late = step.on > before.due
                told.append(
                    (step.on, replace(stage, answered_on=step.on, points=len(step.points), is_overdue=late))
                )
    if now.due is not None and not now.is_overdue:
        told.append((now.due, replace(_stage(now.level, now.due, owners), is_open=True)))
    yield from (stage for _, stage in sorted(told, key=lambda t: (t[0], t[1].level)))


def _stage(level: int, due: date, owners: dict[int, tuple[str, ...]]) -> Stage:
    name = officers.level_named(level).name
    return Stage(level, name, owners.get(level, ()), due, None, 0, "", is_overdue=False, is_open=False)


def _owners(case: Case) -> dict[int, tuple[str, ...]]:
    """Level -> functions of those who hold the key of the concern there."""
    rows = Reader.objects.filter(concern=case.row, level__gt=0).order_by("level", "user__public_id")
    pairs = [(row.level, row.user.public_id) for row in rows.select_related("user")]
    named = titles([person for _, person in pairs])
    return {
        level: tuple(sorted(named.get(person, person) for of, person in pairs if of == level))
        for level, _ in pairs
    }


def _unanswered(case: Case, on: date) -> tuple[int, ...]:
    """Points of which no signed answer by then has a finding."""
    signed = AnsweredPoint.objects.filter(answer__concern=case.row, answer__signature__on__lte=on)
    answered = set(signed.values_list("point", flat=True))
    return tuple(n for n in range(1, case.row.points + 1) if n not in answered)


def days_late(stage: Stage, *, on: date) -> int:
    """Days after the due day: of an answer that came late, or is owed still; 0: it is, or was, in time."""
    until = stage.answered_on or (on if stage.is_open else stage.due)
    return max(until - stage.due, timedelta()).days
