"""What comes next in a case: one's own task first, and who waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.casework.answers import CaseView, Inside
from penholder.casework.queries import departments_of
from penholder.casework.values import CaseStatus, CaseworkPermission
from penholder.casework.web.decision_tasks import after_decision
from penholder.casework.web.words import department_words
from penholder.people.roles import role_book


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. href: where the viewer does it; None: it waits for somebody in one of the roles."""

    text: str
    href: str | None
    roles: tuple[str, ...]


_Found = tuple[str, str, str, tuple[str, ...]]
"""Words, permission, name of the route, further parts of the address."""


def next_tasks(viewer: Actor, seen: CaseView) -> tuple[Task, ...]:
    """What is to be done now, what the viewer may do first."""
    found = [*(_inside(seen, seen.inside) if seen.inside else _outside(seen)), *after_decision(viewer, seen)]
    made = [_task(viewer, seen.id, one) for one in found]
    return tuple(sorted(made, key=lambda t: t.href is None))


def _task(viewer: Actor, case: str, found: _Found) -> Task:
    text, permission, name, more = found
    may = authority().role_for(viewer, permission) is not None
    if permission == CaseworkPermission.ADVISE:
        may = may and more[0] in departments_of(viewer)
    roles = tuple(r.name for r in role_book().roles.values() if permission in r.may and r.is_granted)
    return Task(text, _address(name, case, *more) if may else None, roles)


def _address(name: str, *parts: str) -> str | None:
    with suppress(NoReverseMatch):
        return reverse(name, args=parts)
    return None


def _outside(seen: CaseView) -> Iterator[_Found]:
    permission = CaseworkPermission
    if seen.status is CaseStatus.DRAFT:
        first = next((m for m in seen.missing), None)
        if first is None:
            yield "Submit the application", permission.SUBMIT, "case-submit", ()
        else:
            names = {"declaration": "case-declare", "end_use": "case-end-use"}
            name = names.get(first.part, f"case-{first.part}")
            yield f"Answer: {first.words}", permission.DRAFT, name, ()
    for question in seen.questions:
        if question.answer is None:
            yield "Answer the question of the authority", permission.ANSWER, "case-answer", (question.id,)


def _inside(seen: CaseView, inside: Inside) -> Iterator[_Found]:
    permission = CaseworkPermission
    match inside.status:
        case CaseStatus.SUBMITTED:
            yield "Take the application in", permission.ACCEPT, "case-accept", ()
        case CaseStatus.UNDER_REVIEW:
            yield from _review(inside)
        case CaseStatus.DEPARTMENTS_ADVISING:
            for department in inside.awaited:
                text = f"Advise for {department_words(department)}"
                yield text, permission.ADVISE, "case-advise", (department,)
        case CaseStatus.FINAL_REVIEW:
            yield "Propose an outcome", permission.PROPOSE, "case-propose", ()
        case CaseStatus.COUNTERSIGN:
            yield "Countersign the proposal", permission.COUNTERSIGN, "case-countersign", ()
        case CaseStatus.FOR_DECISION:
            yield "Decide", permission.DECIDE, "case-decide", ()
            yield "Send the proposal back", permission.DECIDE, "case-return", ()
        case _:
            return
    if any(q.answer is None for q in seen.questions):
        yield "Answer of the exporter", permission.ANSWER, "case-answer", ()


def _review(inside: Inside) -> Iterator[_Found]:
    permission, open_ = CaseworkPermission, {o.what for o in inside.open}
    if "ratings" in open_:
        yield "Rate the goods", permission.RATE, "case-rate", ()
    if "screening" in open_:
        yield "Screen the parties", permission.SCREEN, "case-screen", ()
    if inside.screening and "matches" in open_:
        first = next(m for m in inside.screening.matches if m.verdict is None)
        yield "Judge a possible match", permission.JUDGE_MATCH, "case-judge", (first.id,)
    if not open_:
        yield "Ask departments for advice", permission.CIRCULATE, "case-circulate", ()
