"""What is not known and should be: opened as a question, closed with an answer, or because none can be had."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.actions.locked import lock_incident
from penholder.evidence.actions.parameters import IncidentId, Version
from penholder.evidence.events import GapClosed, GapOpened
from penholder.evidence.models import Gap, GapClosing
from penholder.evidence.values import GAP, Axis, Changed, EvidencePermission


@action(permission=EvidencePermission.GAP, events=(GapOpened,))
def open_gap(
    run: Run,
    *,
    incident: IncidentId,
    axis: Annotated[Axis, Field(description="Which of the four questions it stands in the way of.")],
    question: Annotated[
        str,
        Field(description="What is not known, as a question that can be answered. Official: never published.",
              min_length=1, max_length=4_000),
    ],
    expected_version: Version,
    due: Annotated[date | None, Field(description="By when an answer is wanted; empty: no day is set.")] = None,
) -> Changed:  # fmt: skip
    """Say what is not known about an incident and should be. Gives the id of the gap."""
    check_words(question=question)
    policy.check_texts(question=question)
    locked = lock_incident(run, incident, expected_version=expected_version)
    gap = run.new_id(GAP)
    Gap.objects.create(
        public_id=gap, incident=locked.row, axis=axis.value, question=question, due=due, change=locked.change
    )
    event = GapOpened(incident=incident, version=locked.version, gap=gap, axis=axis, due=due, question=question)
    return locked.record(event, added=gap)


@action(permission=EvidencePermission.GAP, events=(GapClosed,))
def close_gap(
    run: Run,
    *,
    incident: IncidentId,
    gap: Annotated[str, Field(description="Public id of the gap (GA-…).", min_length=1, max_length=40)],
    is_answered: Annotated[
        bool, Field(description="There is an answer. Unticked: none can be had, and the text says why.")
    ],
    answer: Annotated[
        str,
        Field(description="The answer and where it is from, or why there is none. Official: never published.",
              min_length=1, max_length=4_000),
    ],
    expected_version: Version,
) -> Changed:  # fmt: skip
    """Close a gap: with the answer, or because none can be had."""
    check_words(answer=answer)
    policy.check_texts(answer=answer)
    locked = lock_incident(run, incident, expected_version=expected_version)
    row = Gap.objects.filter(incident=locked.row, public_id=gap).first()
    if row is None:
        raise AbsentError(f"there is no gap {gap} on {incident}", hint="look at the incident")
    if GapClosing.objects.filter(gap=row).exists():
        raise ConflictError(f"{gap} is closed already", hint="nothing is left to do")
    GapClosing.objects.create(gap=row, is_answered=is_answered, answer=answer, change=locked.change)
    event = GapClosed(incident=incident, version=locked.version, gap=gap, is_answered=is_answered, answer=answer)
    return locked.record(event, added=gap)
