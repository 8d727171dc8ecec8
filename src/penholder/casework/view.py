"""From a case to what somebody sees of it."""

from __future__ import annotations

from datetime import date, datetime

from penholder.casework.access import Sight
from penholder.casework.answers import (
    AdviceView,
    CaseRow,
    CaseView,
    DepartmentView,
    DissentView,
    Inside,
    MatchView,
    RatingView,
    SavedVersion,
    ScreeningView,
)
from penholder.casework.dossier import Dossier
from penholder.casework.machine import departments, machine
from penholder.casework.policy import clocks, facts
from penholder.casework.policy.advice import addressed_limbs
from penholder.casework.policy.complete import missing
from penholder.casework.policy.difference import silent_before_change
from penholder.casework.policy.readiness import open_before_departments, status_for_exporter
from penholder.casework.rule_set import limbs_in_force, rule_set_on
from penholder.casework.values import CaseStatus, PartKind
from penholder.casework.working_days import calendar
from penholder.restrictions.queries import held as holds_on
from penholder.restrictions.values import Hold


def view_of(
    held: Dossier,
    seen: Sight,
    *,
    known: datetime | None,
    now: datetime,
    lists: tuple[str, ...],
    places: HeldPlaces | None = None,
) -> CaseView:
    """One case for somebody who may know of it. places: shared by several."""
    days = calendar()
    today = days.day_of(now)
    return CaseView(
        id=held.id,
        version=held.version if seen.official else held.drafted.number,
        exporter=held.exporter,
        status=held.status if seen.official else status_for_exporter(held.status),
        application=held.application,
        application_version=held.drafted.number,
        versions=_versions(held),
        missing=missing(held.application),
        submitted_at=held.submitted.at if held.submitted else None,
        clock=clocks.first_outcome(held, now=now, calendar=days),
        questions=clocks.asked(held, today=today),
        holds=holds_of(held, today, places),
        inside=_inside(held, lists, today) if seen.official else None,
        known=known,
        as_of=now,
    )


class HeldPlaces(dict[str, tuple[Hold, ...]]):
    """Place -> holds on a day, each looked up once."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today

    def __missing__(self, place: str) -> tuple[Hold, ...]:
        self[place] = holds_on(place, self.today)
        return self[place]


def row_view(held: Dossier, seen: Sight, *, now: datetime, places: HeldPlaces) -> CaseRow:
    """One row of a list. places: shared by all rows."""
    days = calendar()
    today = days.day_of(now)
    asked = clocks.asked(held, today=today)
    official = seen.official
    return CaseRow(
        id=held.id,
        title=held.application.title,
        exporter=held.exporter,
        licence_type=held.application.licence_type,
        destination=facts.direct_destination(held.application) or "",
        onward=facts.onward_places(held.application),
        status=held.status if official else status_for_exporter(held.status),
        submitted_at=held.submitted.at if held.submitted else None,
        clock=clocks.first_outcome(held, now=now, calendar=days),
        missing=len(missing(held.application)),
        open_questions=sum(q.answer is None for q in asked),
        overdue_questions=sum(q.is_overdue for q in asked),
        unjudged=sum(v is None for _, v in held.matches) if official else 0,
        awaited=held.awaited if official else (),
        is_held=bool(holds_of(held, today, places)),
    )


def holds_of(held: Dossier, today: date, places: HeldPlaces | None = None) -> tuple[Hold, ...]:
    """Holds on a case that is not decided, by any of its places."""
    if held.status not in machine().pending and held.status is not CaseStatus.DRAFT:
        return ()
    found = HeldPlaces(today) if places is None else places
    return tuple(h for place in facts.places_of(held.application) for h in found[place])


def _versions(held: Dossier) -> tuple[SavedVersion, ...]:
    submitted = {s.value.application for s in held.of(PartKind.SUBMISSION)}
    return tuple(SavedVersion(r.number, r.at, r.run, r.number in submitted) for r in held.of(PartKind.APPLICATION))


def _inside(held: Dossier, lists: tuple[str, ...], today: date) -> Inside:
    return Inside(
        status=held.status,
        version=held.version,
        ratings=_ratings(held),
        screening=_screening(held),
        open=open_before_departments(held, lists=lists),
        departments=_departments(held, today),
        awaited=held.awaited,
        older=tuple(silent_before_change(held)),
        rule_set=rule_set_on(today).id,
        limbs=addressed_limbs(held, limbs_in_force(today)),
        dissents=tuple(DissentView(d.id, d.value.target, d.value.digest, d.at, d.run) for d in held.dissents),
        may=machine().allowed_from(held.status),
    )


def _ratings(held: Dossier) -> tuple[RatingView, ...]:
    newest = {r.value.line: r for r in held.of(PartKind.RATING)}
    goods = held.application.goods
    return tuple(
        RatingView(
            rating=row.value,
            at=row.at,
            stated=goods[line - 1].stated_ratings if line <= len(goods) else (),
            is_current=line in held.ratings,
        )
        for line, row in sorted(newest.items())
    )


def _screening(held: Dossier) -> ScreeningView | None:
    newest = held.screening
    if newest is None:
        return None
    found = tuple(MatchView(m.id, m.value, v.value if v else None, v.at if v else None) for m, v in held.matches)
    return ScreeningView(newest.id, newest.at, newest.value, found)


def _departments(held: Dossier, today: date) -> tuple[DepartmentView, ...]:
    named = departments()
    return tuple(_department(held, d, named[d].title if d in named else d, today) for d in held.asked)


def _department(held: Dossier, department: str, title: str, today: date) -> DepartmentView:
    asked, waived = held.asked[department], held.waived.get(department)
    rows = held.advice.get(department, ())
    return DepartmentView(
        id=department,
        title=title,
        asked_on=asked.on,
        due_on=asked.value.due_on,
        is_overdue=department in held.awaited and today > asked.value.due_on,
        waived=waived.value.reasons if waived else "",
        versions=tuple(
            AdviceView(
                id=r.id,
                advice=r.value,
                at=r.at,
                run=r.run,
                is_newest=r is rows[-1],
                is_on_earlier=r.value.application != held.drafted.number,
            )
            for r in rows
        ),
    )
