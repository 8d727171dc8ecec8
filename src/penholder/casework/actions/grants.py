"""What was granted stands in the register: the system says of which licence, once it is issued."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.casework.actions.locked import lock_case
from penholder.casework.actions.parameters import CaseId, PartId
from penholder.casework.decision_events import LicenceLinked
from penholder.casework.values import CaseworkPermission, Changed, Outcome, PartKind


@action(permission=CaseworkPermission.LINK_LICENCE, events=(LicenceLinked,))
def link_licence(
    run: Run,
    *,
    case: CaseId,
    decision: Annotated[PartId, Field(description="Public id of the decision (DE-…).")],
    licence: Annotated[PartId, Field(description="Public id of the licence in the register (L-…).")],
) -> Changed:
    """Say which licence a grant became. The system does this, once, when the licence is issued."""
    locked = lock_case(run, case, expected_version=None)
    row = locked.dossier.row(decision)
    decided = {PartKind.DECISION, PartKind.APPEAL_DECISION}
    if row is None or row.kind not in decided or row.value.outcome is not Outcome.GRANT:
        raise ConflictError(f"{decision} is no grant of {case}", hint="look at the case")
    if locked.dossier.last(PartKind.LICENCE) is not None:
        raise ConflictError(f"{case} has its licence already", hint="nothing needs to be done")
    locked.record(LicenceLinked(case=case, licence=licence, decision=decision))
    return locked.changed(licence)
