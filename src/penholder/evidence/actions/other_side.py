"""What the party says itself, and what can speak for it: each form asks for both sides."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.actions.locked import lock_incident, optional_source
from penholder.evidence.actions.parameters import (
    IncidentId,
    IsCredible,
    OptionalSource,
    Party,
    Version,
    WhyCredible,
)
from penholder.evidence.events import ExculpatoryFactRecorded, ExplanationRecorded
from penholder.evidence.models import ExculpatoryFact, Explanation
from penholder.evidence.values import (
    EXPLANATION,
    FACT,
    Changed,
    EvidencePermission,
    ExplanationKind,
    FactKind,
    Position,
)


@action(permission=EvidencePermission.EXPLAIN, events=(ExplanationRecorded,))
def record_explanation(
    run: Run,
    *,
    incident: IncidentId,
    party: Party,
    kind: Annotated[ExplanationKind, Field(description="Its own investigation, a statement, a decision.")],
    position: Annotated[Position, Field(description="What the party says of it.")],
    given_on: Annotated[date, Field(description="Day on which it was given.")],
    text: Annotated[
        str,
        Field(description="What it says and how that was found. No names of persons. Official: not published.",
              min_length=1, max_length=4_000),
    ],
    credibility: IsCredible,
    credibility_reason: WhyCredible,
    expected_version: Version,
    source: OptionalSource = "",
) -> Changed:  # fmt: skip
    """Record the party's own investigation or explanation, with its day and how credible it is. Gives its id."""
    check_words(party=party, text=text, credibility_reason=credibility_reason)
    policy.check_texts(party=party, text=text, credibility_reason=credibility_reason)
    locked = lock_incident(run, incident, expected_version=expected_version)
    policy.check_day(given_on, name="given_on", today=run.now.date())
    explanation = run.new_id(EXPLANATION)
    Explanation.objects.create(
        public_id=explanation, incident=locked.row, party=party, kind=kind.value, position=position.value,
        given_on=given_on, source=optional_source(source), text=text, credibility=credibility.value,
        credibility_reason=credibility_reason, change=locked.change,
    )  # fmt: skip
    event = ExplanationRecorded(
        incident=incident, version=locked.version, explanation=explanation, kind=kind, position=position,
        given_on=given_on, credibility=credibility, party=party, source=source, text=text,
        credibility_reason=credibility_reason,
    )  # fmt: skip
    return locked.record(event, added=explanation, claimed_at=given_on)


@action(permission=EvidencePermission.EXCULPATE, events=(ExculpatoryFactRecorded,))
def record_exculpatory_fact(
    run: Run,
    *,
    incident: IncidentId,
    kind: Annotated[FactKind, Field(description="What can speak for the party.")],
    text: Annotated[
        str,
        Field(description="What is said, and by which body. No names of persons. Official: not published.",
              min_length=1, max_length=4_000),
    ],
    credibility: IsCredible,
    credibility_reason: WhyCredible,
    expected_version: Version,
    disputed: Annotated[
        str,
        Field(description="What is said against that; empty: nothing is known. Official: never published.",
              max_length=4_000),
    ] = "",
    source: OptionalSource = "",
) -> Changed:  # fmt: skip
    """Record what can speak for the party: military use that is alleged, warnings, precautions. Gives its id."""
    check_words(text=text, credibility_reason=credibility_reason)
    policy.check_texts(text=text, disputed=disputed, credibility_reason=credibility_reason)
    locked = lock_incident(run, incident, expected_version=expected_version)
    fact = run.new_id(FACT)
    ExculpatoryFact.objects.create(
        public_id=fact, incident=locked.row, kind=kind.value, source=optional_source(source), text=text,
        disputed=disputed, credibility=credibility.value, credibility_reason=credibility_reason,
        change=locked.change,
    )  # fmt: skip
    event = ExculpatoryFactRecorded(
        incident=incident, version=locked.version, fact=fact, kind=kind, credibility=credibility, source=source,
        text=text, disputed=disputed, credibility_reason=credibility_reason,
    )  # fmt: skip
    return locked.record(event, added=fact)
