"""Whether an incident is assessed at all."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.actions.locked import lock_incident, next_number
from penholder.evidence.actions.parameters import IncidentId, Reason, Version
from penholder.evidence.events import ScopeSet
from penholder.evidence.models import Scope
from penholder.evidence.values import Changed, EvidencePermission


@action(permission=EvidencePermission.SCOPE, events=(ScopeSet,))
def set_scope(
    run: Run,
    *,
    incident: IncidentId,
    in_scope: Annotated[
        bool, Field(description="It is assessed. Unticked: it is left out, for the reason below.")
    ],
    reason: Reason,
    expected_version: Version,
) -> Changed:
    """Take an incident into the assessment, or leave it out, with the reason. What is left out stays counted."""
    check_words(reason=reason)
    policy.check_texts(reason=reason)
    locked = lock_incident(run, incident, expected_version=expected_version)
    rows = Scope.objects.filter(incident=locked.row)
    if rows.order_by("-number").values_list("in_scope", flat=True).first() is in_scope:
        raise ConflictError(
            f"{incident} is {'in' if in_scope else 'out of'} scope already", hint="nothing is left to do"
        )
    Scope.objects.create(
        incident=locked.row, number=next_number(rows), in_scope=in_scope, reason=reason, change=locked.change
    )
    return locked.record(ScopeSet(incident=incident, version=locked.version, in_scope=in_scope, reason=reason))
