"""What comes next in a case, and what of it somebody may do: for its page, and for lists of what waits."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.casework.after_decision import after_decision
from penholder.casework.answers import CaseView, Inside
from penholder.casework.decided import decisions_of
from penholder.casework.machine import departments
from penholder.casework.queries import departments_of
from penholder.casework.values import CaseStatus, CaseworkPermission

Step = tuple[str, str, str, tuple[str, ...]]
"""Words, permission, name of the route, further parts of its address (of an advice: the department first)."""


def steps(viewer: Actor, seen: CaseView) -> Iterator[Step]:
    """What is to be done now, by whomever."""
    yield from _inside(viewer, seen, seen.inside) if seen.inside else _outside(seen)
    yield from after_decision(viewer, seen)


def may_do(viewer: Actor, step: Step) -> bool:
    """Does a role of the viewer give it? An advice is that of their own department alone."""
    _, permission, _, more = step
    may = authority().role_for(viewer, permission) is not None
    return may and (permission != CaseworkPermission.ADVISE or more[0] in departments_of(viewer))


def _outside(seen: CaseView) -> Iterator[Step]:
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


def _inside(viewer: Actor, seen: CaseView, inside: Inside) -> Iterator[Step]:
    permission = CaseworkPermission
    match inside.status:
        case CaseStatus.SUBMITTED:
            yield "Take the application in", permission.ACCEPT, "case-accept", ()
        case CaseStatus.UNDER_REVIEW:
            yield from _review(inside)
        case CaseStatus.DEPARTMENTS_ADVISING:
            for department in inside.awaited:
                text = f"Advise for {_department(department)}"
                yield text, permission.ADVISE, "case-advise", (department,)
        case CaseStatus.FINAL_REVIEW:
            yield "Propose an outcome", permission.PROPOSE, "case-propose", ()
        case CaseStatus.COUNTERSIGN:
            if not _has_signed(viewer, seen.id):
                yield "Countersign the proposal", permission.COUNTERSIGN, "case-countersign", ()
        case CaseStatus.FOR_DECISION:
            yield "Decide", permission.DECIDE, "case-decide", ()
            yield "Send the proposal back", permission.DECIDE, "case-return", ()
        case _:
            return
    if any(q.answer is None for q in seen.questions):
        yield "Answer of the exporter", permission.ANSWER, "case-answer", ()


def _review(inside: Inside) -> Iterator[Step]:
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


def _has_signed(viewer: Actor, case: str) -> bool:
    """Have they signed the proposal that counts? Another signature that it needs is another person's."""
    proposals = decisions_of(viewer=viewer, case=case).proposals
    signed = {person for s in proposals[-1].signatures for person in s.by} if proposals else set()
    return bool(signed & {viewer.id, *viewer.stands_in_for})


def _department(department: str) -> str:
    known = departments()
    return known[department].title if department in known else department
