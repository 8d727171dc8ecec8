"""Questions to casework. What the core asks is not filtered; what people ask names the viewer first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet

from penholder.actions import moment
from penholder.actions.behind import Participants, participants_of
from penholder.actions.errors import AbsentError
from penholder.actions.models import Act
from penholder.actions.values import Actor
from penholder.casework.access import Sight, is_official, reads_official, sight
from penholder.casework.answers import (
    CaseRow,
    CaseView,
    DifferenceView,
    LimbsView,
    PartyListView,
    Pending,
)
from penholder.casework.dossier import Dossier
from penholder.casework.history import dossier, dossiers
from penholder.casework.machine import departments, machine
from penholder.casework.models import Case, Part, PartyList
from penholder.casework.policy import facts
from penholder.casework.policy.advice import addressed_limbs
from penholder.casework.policy.difference import difference
from penholder.casework.policy.readiness import status_for_exporter
from penholder.casework.rule_set import limbs_in_force, rule_set_on
from penholder.casework.values import CaseStatus, ListKind, PartKind
from penholder.casework.view import HeldPlaces, row_view, view_of
from penholder.entry.paging import USUAL, Page, page_of
from penholder.people.desks import members_on
from penholder.restrictions.values import LineFacts

ACTS: dict[str, tuple[str, ...]] = {
    "wrote": (
        "casework.ask_exporter",
        "casework.rate_goods",
        "casework.screen_parties",
        "casework.judge_match",
        "casework.propose_outcome",
    ),
    "advised": ("casework.record_advice",),
    "countersigned": ("casework.countersign_proposal",),
    "decided": ("casework.decide_case", "casework.return_proposal", "casework.decide_appeal"),
}
"""In which part of the work an act counts, for conflicts of interest."""


def case_facts(case: str, *, known: datetime | None = None) -> tuple[LineFacts, ...]:
    """What is known of each goods line of a case, for the core: nothing is filtered. Raises: AbsentError."""
    return facts.facts_of(_found(case, known=known)[1])


def pending(destination: str, *, known: datetime | None = None) -> tuple[Pending, ...]:
    """Cases that were applied for and are not decided, of which goods reach a place, directly or onward.

    For the core: nothing is filtered. In the order of their submission.
    """
    rows = Case.objects.filter(submitted_at__isnull=False).select_related("change")
    if known is None:
        rows = rows.filter(places__contains=f";{destination};", status__in=sorted(machine().pending))
    found = dossiers(rows, known=known).values()
    made = [_pending(d) for d in found if d.status in machine().pending and d.submitted is not None]
    kept = [p for p in made if destination in (p.destination, *p.onward)]
    return tuple(sorted(kept, key=lambda p: (p.submitted_at, p.id)))


def participants(target: str) -> Participants:
    """Who took part, by staff id: in a case (AP-…), in an advice and its earlier versions, in a decision.

    Raises: AbsentError.
    """
    part = Part.objects.filter(public_id=target).select_related("case").first() if target else None
    case = part.case.public_id if part else target
    held = _found(case)[1]
    found = participants_of(Act.objects.filter(about=case, run__in=_runs(held, target, part)), parts=ACTS)
    if part is not None and part.kind == PartKind.ADVICE:
        return Participants(found.advised, frozenset(), frozenset(), frozenset())
    return found


def _runs(held: Dossier, target: str, part: Part | None) -> set[str]:
    """The acts that count for a target: of an advice, those that wrote it and its versions before; else all."""
    if part is None:
        return {r.run for r in held.rows}
    row = held.row(target)
    assert row is not None  # noqa: S101 - the part was found
    until = [r for r in held.rows if r.number <= row.number]
    if row.kind is PartKind.ADVICE:
        department = row.value.department
        return {r.run for r in until if r.kind is PartKind.ADVICE and r.value.department == department}
    return {r.run for r in until}


def cases(
    *,
    viewer: Actor,
    status: CaseStatus | None = None,
    destination: str = "",
    exporter: str = "",
    statuses: Collection[CaseStatus] = (),
    open_only: bool = False,
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[CaseRow]:
    """Cases that the viewer may know of, newest first. destination: goods reach it, directly or onward."""
    rows = _visible(viewer)
    if status is not None:
        rows = rows.filter(status__in=_shown_as(viewer, {status}))
    if statuses:
        rows = rows.filter(status__in=_shown_as(viewer, statuses))
    if open_only:
        rows = rows.filter(status__in=sorted({*machine().pending, CaseStatus.DRAFT}))
    if destination:
        rows = rows.filter(places__contains=f";{destination};")
    if exporter:
        rows = rows.filter(exporter=exporter)
    page = page_of(rows, order=("-id",), cursor=cursor, limit=limit)
    held = dossiers(page.items)
    now, places = moment.now(), HeldPlaces(moment.today())
    return page.map(lambda row: row_view(held[row.public_id], _sight(viewer, row), now=now, places=places))


def case_titles(*, viewer: Actor, ids: Collection[str], known: datetime | None = None) -> dict[str, str]:
    """Public id -> title of the application, of cases that the viewer may know of."""
    found = dossiers(_visible(viewer).filter(public_id__in=sorted(ids)), known=known)
    return {name: held.application.title for name, held in found.items()}


def late_cases(*, viewer: Actor) -> tuple[CaseRow, ...]:
    """Cases that are not decided and whose clock is late, or whose question is overdue; oldest first.

    Every case that is not decided is read: no column knows what day it is.
    """
    rows = list(_visible(viewer).filter(status__in=sorted(machine().pending)).order_by("submitted_at", "id"))
    held, now, places = dossiers(rows), moment.now(), HeldPlaces(moment.today())
    found = (row_view(held[r.public_id], _sight(viewer, r), now=now, places=places) for r in rows)
    return tuple(r for r in found if r.overdue_questions or (r.clock is not None and r.clock.is_late))


def open_cases(*, viewer: Actor, most: int) -> Iterator[tuple[CaseRow, CaseView]]:
    """Cases of which the viewer may know that are not decided or are under appeal, and their own drafts.

    Those that were submitted first come first. most: so many are read.
    """
    open_now = {*machine().pending, CaseStatus.UNDER_APPEAL}
    found = _visible(viewer).filter(Q(status__in=sorted(open_now)) | Q(status=CaseStatus.DRAFT))
    rows = list(found.order_by("submitted_at", "id")[:most])
    held, now, places, lists = dossiers(rows), moment.now(), HeldPlaces(moment.today()), lists_in_force()
    for row in rows:
        one, seen = held[row.public_id], _sight(viewer, row)
        view = view_of(one, seen, known=None, now=now, lists=lists, places=places)
        yield row_view(one, seen, now=now, places=places), view


def case(*, viewer: Actor, id: str, known: datetime | None = None) -> CaseView:  # noqa: A002 - the public id
    """One case, as known at a moment (None: now). Raises: AbsentError where the viewer may not know of it."""
    _, held, seen = _seen(viewer, id, known=known)
    return view_of(held, seen, known=known, now=known or moment.now(), lists=lists_in_force())


def limbs(
    *,
    viewer: Actor,
    case: str,
    on: date | None = None,
    known: datetime | None = None,
) -> LimbsView:
    """For every limb of the rule set in force on a day: was it addressed in a case, by whom, on what evidence?

    Raises: AbsentError for whoever is no official.
    """
    _, held, seen = _seen(viewer, case, known=known)
    if not seen.official:
        raise _absent(case)
    day = on or moment.today()
    found = addressed_limbs(held, limbs_in_force(day))
    return LimbsView(case, rule_set_on(day).id, day, known, found)


def application_difference(
    *, viewer: Actor, case: str, before: int | None = None, after: int | None = None
) -> DifferenceView:
    """What changed between two versions of an application (None: the newest, and the one before it).

    Raises: AbsentError: no such version.
    """
    _, held, seen = _seen(viewer, case, known=None)
    saved = {r.number: r.value for r in held.of(PartKind.APPLICATION)}
    last = after if after is not None else held.drafted.number
    first = before if before is not None else max((n for n in saved if n < last), default=last)
    if not seen.commercial or first not in saved or last not in saved:
        raise AbsentError(f"{case} has no two versions {first} and {last}", hint="its page lists them")
    return DifferenceView(case, first, last, difference(saved[first], saved[last]))


def party_lists(*, viewer: Actor) -> tuple[PartyListView, ...]:
    """Lists of parties that were loaded, newest first; for officials."""
    if not is_official(viewer):
        return ()
    current = set(lists_in_force())
    rows = PartyList.objects.select_related("change").order_by("-id")
    return tuple(
        PartyListView(
            id=r.public_id,
            name=r.name,
            kind=ListKind(r.kind),
            source=r.source,
            as_of=r.as_of,
            read=r.read,
            loaded=r.loaded,
            reasons=dict(sorted(Counter(reason for _, reason in r.refused).items())),
            in_force=r.public_id in current,
            loaded_at=r.change.recorded_at,
        )
        for r in rows
    )


def departments_of(viewer: Actor) -> tuple[str, ...]:
    """Departments for which the viewer writes advice: of whose teams they, or whom they stand in for, are."""
    persons = {viewer.id, *viewer.stands_in_for}
    today = moment.today()
    return tuple(d.id for d in departments().values() if persons & members_on(d.team, today))


def lists_in_force() -> tuple[str, ...]:
    """Public ids of the newest load of each list, by name."""
    newest: dict[str, str] = {}
    for name, public_id in PartyList.objects.order_by("id").values_list("name", "public_id"):
        newest[name] = public_id
    return tuple(newest[name] for name in sorted(newest))


def _visible(viewer: Actor) -> QuerySet[Case]:
    own = Q(exporter__in=sorted(viewer.organisations))
    if is_official(viewer):
        return Case.objects.filter(own | Q(submitted_at__isnull=False))
    return Case.objects.filter(own)


def _shown_as(viewer: Actor, asked: Collection[CaseStatus]) -> list[str]:
    """The statuses that the viewer is shown as one of these: no filter tells where a case stands inside."""
    if reads_official(viewer):
        return sorted(asked)
    return sorted(s for s in CaseStatus if status_for_exporter(s) in asked)


def _sight(viewer: Actor, row: Case) -> Sight:
    return sight(viewer, exporter=row.exporter, was_submitted=row.submitted_at is not None)


def _seen(viewer: Actor, case: str, *, known: datetime | None) -> tuple[Case, Dossier, Sight]:
    row, held = _found(case, known=known)
    seen = sight(viewer, exporter=row.exporter, was_submitted=held.submitted is not None)
    if not seen.any:
        raise _absent(case)
    return row, held, seen


def seen_dossier(viewer: Actor, case: str, *, known: datetime | None = None) -> tuple[Dossier, Sight]:
    """A case, and what the viewer may see of it: for the queries of decisions. Raises: AbsentError."""
    _, held, seen = _seen(viewer, case, known=known)
    return held, seen


def _found(case: str, *, known: datetime | None = None) -> tuple[Case, Dossier]:
    row = Case.objects.filter(public_id=case).first()
    held = dossier(row, known=known) if row else None
    if row is None or held is None:
        raise _absent(case)
    return row, held


def _absent(case: str) -> AbsentError:
    return AbsentError(f"there is no case {case}", hint="look it up in the list of cases")


def _pending(held: Dossier) -> Pending:
    assert held.submitted is not None  # noqa: S101 - asked before
    return Pending(
        id=held.id,
        status=held.status,
        licence_type=held.application.licence_type,
        destination=facts.direct_destination(held.application) or "",
        onward=facts.onward_places(held.application),
        submitted_at=held.submitted.at,
        version=held.version,
    )


__all__ = [
    "application_difference",
    "case",
    "case_facts",
    "case_titles",
    "cases",
    "departments_of",
    "late_cases",
    "limbs",
    "lists_in_force",
    "participants",
    "party_lists",
    "pending",
    "seen_dossier",
]
