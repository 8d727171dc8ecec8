"""Cases that wait for somebody, and those that are late, among all that waits."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.values import Actor
from penholder.casework.answers import CaseRow, CaseView
from penholder.casework.next_steps import Step, may_do, steps
from penholder.casework.queries import open_cases
from penholder.casework.values import CaseworkPermission
from penholder.entry.waiting import Waiting, says_what_waits

MOST = 200
"""So many open cases are looked at, those that were submitted first: each is read with all that is in it."""


@says_what_waits
def cases(viewer: Actor) -> Iterator[Waiting]:
    """The first thing that the viewer can do in each case that is not decided; else that the case is late."""
    for place, (row, seen) in enumerate(open_cases(viewer=viewer, most=MOST + 1)):
        if place == MOST:
            yield _more()
            return
        step = next((s for s in steps(viewer, seen) if may_do(viewer, s)), None)
        if step is not None:
            yield _mine(row, seen, step)
        elif _is_late(row):
            yield _late(row)


def _mine(row: CaseRow, seen: CaseView, step: Step) -> Waiting:
    text, permission, _, more = step
    due = row.clock.due_on if row.clock else None
    if permission == CaseworkPermission.ADVISE and seen.inside is not None:
        due = next((d.due_on for d in seen.inside.departments if d.id == more[0]), due)
    if permission == CaseworkPermission.ANSWER:
        due = min((q.due_on for q in seen.questions if q.answer is None), default=due)
    late = due is not None and due < seen.as_of.date()
    return Waiting(kind="case", what=text, about=row.id, title=row.title, due=due, is_late=late, mine=True)


def _more() -> Waiting:
    """That there are more open cases than are looked at here: the list of cases has them all."""
    what = f"More than {MOST} cases are open: those submitted first were looked at, the list of cases has all"
    return Waiting(kind="cases", what=what, about="", title="Open cases", due=None, is_late=False, mine=False)


def _late(row: CaseRow) -> Waiting:
    what = "A question to the exporter is past its day" if row.overdue_questions else "The first outcome is late"
    due = row.clock.due_on if row.clock else None
    return Waiting(kind="case", what=what, about=row.id, title=row.title, due=due, is_late=True, mine=False)


def _is_late(row: CaseRow) -> bool:
    return bool(row.overdue_questions) or (row.clock is not None and row.clock.is_late)
