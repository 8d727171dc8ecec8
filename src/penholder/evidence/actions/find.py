"""Findings: four questions about each incident, each answered apart."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.actions.locked import lock_incident, next_number
from penholder.evidence.actions.parameters import IncidentId, Reason, Version
from penholder.evidence.events import FindingRecorded
from penholder.evidence.links import unknown_links
from penholder.evidence.models import Finding
from penholder.evidence.values import MOST_LINKS, Axis, Changed, Confidence, EvidencePermission, Id


@action(permission=EvidencePermission.FIND, events=(FindingRecorded,))
def record_finding(
    run: Run,
    *,
    incident: IncidentId,
    axis: Annotated[Axis, Field(description="Which of the four questions. None follows from another.")],
    value: Annotated[
        str, Field(description="An answer of its scale; `insufficient` is an answer of its own.", max_length=40)
    ],
    confidence: Annotated[Confidence, Field(description="How sure you are of this finding.")],
    grounds: Reason,
    expected_version: Version,
    evidence: Annotated[
        tuple[Id, ...],
        Field(description="What it rests on: ids of incidents, explanations, facts, gaps, sources, imports.",
              max_length=MOST_LINKS),
    ] = (),
    party: Annotated[
        str,
        Field(description="Of an attribution: to whom. Forces, state or group, never a person.", max_length=200),
    ] = "",
    reason: Annotated[
        str,
        Field(description="Why an earlier finding is changed; empty for the first. Official: never published.",
              max_length=4_000),
    ] = "",
) -> Changed:  # fmt: skip
    """Answer one of the four questions: occurrence, attribution, legal evaluation, seriousness.

    A new answer is a new version with its reason; the earlier one stays. Value and confidence are published.
    """
    check_words(grounds=grounds)
    policy.check_texts(grounds=grounds, reason=reason, party=party)
    policy.check_finding(axis, value, party=party)
    locked = lock_incident(run, incident, expected_version=expected_version)
    number = next_number(Finding.objects.filter(incident=locked.row, axis=axis.value))
    policy.check_change(number, reason)
    if reason:
        check_words(reason=reason)
    links = tuple(dict.fromkeys(evidence))
    if missing := unknown_links(links):
        raise InvalidError(
            f"there is no evidence {', '.join(missing)}",
            hint="name ids of incidents, explanations, facts, gaps, sources or imports",
            fields={"evidence": f"not known: {', '.join(missing)}"},
        )
    Finding.objects.create(
        incident=locked.row, axis=axis.value, number=number, value=value, confidence=confidence.value, party=party,
        grounds=grounds, evidence=list(links), reason=reason if number > 1 else "", change=locked.change,
    )  # fmt: skip
    event = FindingRecorded(
        incident=incident, version=locked.version, axis=axis, number=number, value=value, confidence=confidence,
        party=party, grounds=grounds, evidence=links, reason=reason if number > 1 else "",
    )  # fmt: skip
    return locked.record(event)
