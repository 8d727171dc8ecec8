"""Grades on two axes, judged apart; and whose account a report repeats."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.actions.locked import lock_incident, next_number, optional_source
from penholder.evidence.actions.parameters import IncidentId, Reason, Version
from penholder.evidence.events import IncidentGraded, OriginStated
from penholder.evidence.models import Grade, Origin
from penholder.evidence.values import Changed, Credibility, EvidencePermission, GradeAxis, Reliability

_SCALES = {GradeAxis.RELIABILITY: tuple(Reliability), GradeAxis.CREDIBILITY: tuple(Credibility)}


@action(permission=EvidencePermission.GRADE, events=(IncidentGraded,))
def grade_incident(
    run: Run,
    *,
    incident: IncidentId,
    axis: Annotated[GradeAxis, Field(description="Which axis: one at a time, apart from the other.")],
    value: Annotated[
        str,
        Field(description="Reliability of the source: A to F. Credibility of what is said: 1 to 6.",
              min_length=1, max_length=1),
    ],
    reason: Reason,
    expected_version: Version,
) -> Changed:  # fmt: skip
    """Grade one axis of a report anew. The earlier grade stays, with who gave it and why."""
    check_words(reason=reason)
    policy.check_texts(reason=reason)
    if value not in _SCALES[axis]:
        allowed = ", ".join(_SCALES[axis])
        raise InvalidError(
            f"{value!r} is no {axis.value}",
            hint=f"allowed: {allowed}",
            fields={"value": f"must be one of {allowed}"},
        )
    locked = lock_incident(run, incident, expected_version=expected_version)
    rows = Grade.objects.filter(incident=locked.row, axis=axis.value)
    if rows.order_by("-number").values_list("value", flat=True).first() == value:
        raise ConflictError(f"its {axis.value} is {value} already", hint="nothing is left to do")
    Grade.objects.create(
        incident=locked.row,
        axis=axis.value,
        number=next_number(rows),
        value=value,
        reason=reason,
        change=locked.change,
    )
    return locked.record(
        IncidentGraded(incident=incident, version=locked.version, axis=axis, value=value, reason=reason)
    )


@action(permission=EvidencePermission.GRADE, events=(OriginStated,))
def state_origin(
    run: Run,
    *,
    incident: IncidentId,
    reason: Reason,
    expected_version: Version,
    origin: Annotated[
        str,
        Field(description="The source whose account it repeats (SR-…); empty: its own source found it out.",
              max_length=40),
    ] = "",
) -> Changed:  # fmt: skip
    """Say whose account a report repeats. Reports that quote one another are one origin, however many they are."""
    check_words(reason=reason)
    policy.check_texts(reason=reason)
    locked = lock_incident(run, incident, expected_version=expected_version)
    body = optional_source(origin, field="origin")
    if body is not None and body.pk == locked.row.source_id:
        raise InvalidError(
            "a report does not repeat its own source",
            hint="leave the origin empty where it is the source's own account",
            fields={"origin": "is the source of the report itself"},
        )
    rows = Origin.objects.filter(incident=locked.row)
    Origin.objects.create(
        incident=locked.row, number=next_number(rows), origin=body, reason=reason, change=locked.change
    )
    return locked.record(OriginStated(incident=incident, version=locked.version, origin=origin, reason=reason))
