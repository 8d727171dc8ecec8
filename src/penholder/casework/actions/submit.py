"""Apply, take back, take in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.words import check_words
from penholder.casework.actions.locked import lock_case
from penholder.casework.actions.parameters import ApplicationVersion, CaseId, Expected, Reasons
from penholder.casework.errors import IncompleteError
from penholder.casework.events import ApplicationSubmitted, ApplicationWithdrawn, CaseAccepted
from penholder.casework.policy.complete import missing
from penholder.casework.values import CaseMove, CaseworkPermission, Changed


@action(permission=CaseworkPermission.SUBMIT, events=(ApplicationSubmitted,))
def submit_application(run: Run, *, case: CaseId, expected_version: ApplicationVersion) -> Changed:
    """Apply. From now on the authority sees the application, and its clock runs.

    While an answer is missing it is refused with the list of what is missing.
    """
    locked = lock_case(run, case, expected_version=None)
    locked.check_application(expected_version)
    locked.check_move(CaseMove.SUBMIT)
    left = missing(locked.dossier.application)
    if left:
        raise IncompleteError(
            f"{case} cannot be submitted: {len(left)} answers are missing",
            hint="; ".join(m.words for m in left),
            fields={m.field: m.words for m in left},
        )
    number = locked.dossier.drafted.number
    locked.record(ApplicationSubmitted(case=case, application=number))
    return Changed(case, number)


@action(permission=CaseworkPermission.WITHDRAW, events=(ApplicationWithdrawn,))
def withdraw_application(
    run: Run, *, case: CaseId, reasons: Reasons, expected_version: ApplicationVersion
) -> Changed:
    """Take an application back before it is decided. It stays on record."""
    locked = lock_case(run, case, expected_version=None)
    locked.check_application(expected_version)
    locked.check_move(CaseMove.WITHDRAW)
    check_words(reasons=reasons)
    locked.record(ApplicationWithdrawn(case=case, reasons=reasons))
    return Changed(case, locked.dossier.drafted.number)


@action(permission=CaseworkPermission.ACCEPT, events=(CaseAccepted,))
def accept_case(
    run: Run,
    *,
    case: CaseId,
    expected_version: Expected,
    remark: Annotated[str, Field(description="What others should know of it.", max_length=4_000)] = "",
) -> Changed:
    """Take an application in: it is whole, and those who rate and screen can begin."""
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_move(CaseMove.ACCEPT)
    locked.record(CaseAccepted(case=case, remark=remark))
    return locked.changed()
