"""Two reports of one event: joined by a person, who says why; and separated again."""

from __future__ import annotations

from typing import Annotated

from django.db.models import F, OuterRef, Subquery
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.actions.locked import lock_incident, next_number
from penholder.evidence.actions.parameters import IncidentId, Reason, Version
from penholder.evidence.events import IncidentsJoined, IncidentsSeparated
from penholder.evidence.models import Incident, Joining
from penholder.evidence.values import Changed, EvidencePermission


@action(permission=EvidencePermission.JOIN, events=(IncidentsJoined,))
def join_incidents(
    run: Run,
    *,
    incident: IncidentId,
    same_as: Annotated[
        str,
        Field(description="The report that stands for the event from now on (IN-…): its findings are the event's.",
              min_length=1, max_length=40),
    ],
    reason: Reason,
    expected_version: Version,
) -> Changed:  # fmt: skip
    """Say that a report tells of the same event as another: the two count once.

    No program joins reports: suggestions of likeness decide nothing. What was found about the joined report stays
    with it; counts take the findings of the one that stands for the event.
    """
    check_words(reason=reason)
    policy.check_texts(reason=reason)
    locked = lock_incident(run, incident, expected_version=expected_version)
    other = Incident.objects.select_for_update().filter(public_id=same_as).first()
    if other is None:
        raise InvalidError(
            "there is no such report", hint="look it up in the list", fields={"same_as": "is no incident"}
        )
    policy.check_joining(_leaders(), incident, same_as)
    rows = Joining.objects.filter(incident=locked.row)
    Joining.objects.create(
        incident=locked.row, number=next_number(rows), same_as=other, reason=reason, change=locked.change
    )
    return locked.record(
        IncidentsJoined(incident=incident, version=locked.version, same_as=same_as, reason=reason)
    )


@action(permission=EvidencePermission.JOIN, events=(IncidentsSeparated,))
def separate_incidents(run: Run, *, incident: IncidentId, reason: Reason, expected_version: Version) -> Changed:
    """Undo a joining: the report stands for itself again, and counts again."""
    check_words(reason=reason)
    policy.check_texts(reason=reason)
    locked = lock_incident(run, incident, expected_version=expected_version)
    rows = Joining.objects.filter(incident=locked.row)
    newest = rows.order_by("-number").select_related("same_as").first()
    if newest is None or newest.same_as is None:
        raise ConflictError(f"{incident} is not joined to another report", hint="nothing is left to do")
    Joining.objects.create(
        incident=locked.row, number=next_number(rows), same_as=None, reason=reason, change=locked.change
    )
    event = IncidentsSeparated(
        incident=incident, version=locked.version, same_as=newest.same_as.public_id, reason=reason
    )
    return locked.record(event)


def _leaders() -> dict[str, str]:
    """Every report that is joined now -> the one to which it was joined."""
    newest = Joining.objects.filter(incident=OuterRef("incident")).order_by("-number").values("pk")[:1]
    rows = Joining.objects.filter(pk=Subquery(newest), same_as__isnull=False)
    return dict(rows.annotate(one=F("incident__public_id"), to=F("same_as__public_id")).values_list("one", "to"))
