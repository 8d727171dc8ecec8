"""Departments are asked for advice; where one does not advise, the case goes on without it, for stated reasons."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.casework.actions.locked import lock_case
from penholder.casework.actions.parameters import CaseId, Expected, Reasons
from penholder.casework.errors import IncompleteError
from penholder.casework.events import AdviceWaived, CaseCirculated
from penholder.casework.machine import departments as known_departments
from penholder.casework.parts import Circulation, Waiver
from penholder.casework.policy.difference import silent_before_change
from penholder.casework.policy.readiness import open_before_departments
from penholder.casework.queries import lists_in_force
from penholder.casework.values import CaseMove, CaseStatus, CaseworkPermission, Changed, DepartmentId
from penholder.people.desks import members_on
from penholder.rules.records import did_you_mean


@action(permission=CaseworkPermission.CIRCULATE, events=(CaseCirculated,))
def circulate_case(
    run: Run,
    *,
    case: CaseId,
    departments: Annotated[
        tuple[DepartmentId, ...],
        Field(description="Who is asked: foreign_affairs, defence, …", min_length=1, max_length=10),
    ],
    due_on: Annotated[date, Field(description="Day by which they advise.")],
    expected_version: Expected,
) -> Changed:
    """Ask departments for their advice. Refused while goods are not rated or a possible match is not judged."""
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_move(CaseMove.CIRCULATE)
    _check(departments, due_on, today=locked.today)
    left = open_before_departments(locked.dossier, lists=lists_in_force())
    if left:
        raise IncompleteError(
            f"{case} cannot go to departments: {'; '.join(o.words for o in left)}",
            hint="do what is listed first",
            fields={o.what: o.words for o in left},
        )
    asked = Circulation(departments=departments, due_on=due_on)
    locked.record(CaseCirculated(case=case, circulation=asked))
    return locked.changed()


def _check(departments: tuple[str, ...], due_on: date, *, today: date) -> None:
    """Raises: InvalidError: no such department, one without people, or a day that is past."""
    known, wrong = known_departments(), {}
    strange = [d for d in departments if d not in known]
    if strange:
        wrong["departments"] = f"{strange[0]} is no department{did_you_mean(strange[0], known)}"
    elif len(set(departments)) != len(departments):
        wrong["departments"] = "one is named twice"
    else:
        empty = [known[d].team for d in departments if not members_on(known[d].team, today)]
        if empty:
            wrong["departments"] = (
                f"nobody is in the team {', '.join(empty)}: an administrator makes it and fills it"
            )
    if due_on <= today:
        wrong["due_on"] = "must be after today"
    if wrong:
        raise InvalidError("departments cannot be asked so", hint="mend the named fields", fields=wrong)


@action(permission=CaseworkPermission.WAIVE_ADVICE, events=(AdviceWaived,))
def waive_advice(
    run: Run,
    *,
    case: CaseId,
    department: Annotated[DepartmentId, Field(description="Department that is waited for no more.")],
    reasons: Reasons,
    expected_version: Expected,
) -> Changed:
    """Go on without the advice of a department, and say why. Its limbs stay unaddressed, and are shown so.

    So, too, where it advised and found nothing under any limb, and the application changed since.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(CaseStatus.DEPARTMENTS_ADVISING, CaseStatus.FINAL_REVIEW, what="advice is waived")
    awaited = locked.dossier.awaited
    waivable = (*awaited, *silent_before_change(locked.dossier))
    if department not in waivable:
        waited = ", ".join(waivable) or "nobody"
        raise ConflictError(f"{department} is not waited for; waited for: {waited}", hint="look at the case again")
    check_words(reasons=reasons)
    completes = awaited == (department,)
    said = Waiver(department=department, reasons=reasons)
    locked.record(AdviceWaived(case=case, waiver=said, completes=completes))
    return locked.changed()
