"""Start an assessment, and save its versions: each save is a version of its own, and none is ever changed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.assessment import policy
from penholder.assessment.actions.locked import Changed, Locked, lock_assessment, status_of
from penholder.assessment.actions.parameters import AssessmentId, Expected
from penholder.assessment.events import AssessmentStarted, VersionSaved
from penholder.assessment.evidence import check_evidence
from penholder.assessment.machine import machine
from penholder.assessment.models import Assessment, ChangeRequest, Version
from penholder.assessment.places import code_of
from penholder.assessment.rows import column_of
from penholder.assessment.values import (
    ASSESSMENT,
    VERSION,
    AssessmentPermission,
    Content,
    Move,
    Name,
    Status,
)
from penholder.people.queries import titles
from penholder.restrictions.limbs import limbs_on


@action(permission=AssessmentPermission.START, events=(AssessmentStarted,))
def start_assessment(
    run: Run,
    *,
    destination: Annotated[Name, Field(description="Code of two letters, or the name: it is kept as its code.")],
    party: Annotated[
        Name, Field(description="Whose conduct is assessed, for example: armed forces of Velmora. No person.")
    ],
    conflict: Annotated[str, Field(description="In which conflict, where there is one.", max_length=200)] = "",
) -> Changed:
    """Start the assessment of a party at a destination. It holds all versions; the first is saved next."""
    check_words(party=party)
    code = code_of(destination, on=run.now.date())
    there = Assessment.objects.filter(destination=code, party=party, conflict=conflict).first()
    if there is not None:
        raise ConflictError(
            f"{there.public_id} is about this party and conflict already", hint="save its next version"
        )
    public_id = run.new_id(ASSESSMENT)
    row = Assessment.objects.create(
        public_id=public_id, destination=code, party=party, conflict=conflict, run=run.id
    )
    run.record(AssessmentStarted(assessment=public_id, destination=code, party=party, conflict=conflict))
    return Changed(public_id, row.version, public_id)


@action(permission=AssessmentPermission.SAVE, events=(VersionSaved,))
def save_version(
    run: Run,
    *,
    assessment: AssessmentId,
    content: Annotated[Content, Field(description="All that the version says. What is left out is gone.")],
    expected_version: Expected,
    answers: Annotated[
        str,
        Field(description="Public id of the change request that it answers (CR-…).", max_length=40),
    ] = "",
) -> Changed:
    """Save the next version. It is never changed; evidence that it drops is named, apart from what is worded anew.

    While a version is with the legal adviser, the countersigner or the decider, none can be saved: it is returned
    first, with who wants what changed and why.
    """
    locked = lock_assessment(run, assessment, expected_version=expected_version)
    _check(locked, content)
    _check_answer(locked, answers)
    before, newest = locked.content, locked.newest
    if newest is not None:
        policy.check_may_follow(status_of(newest), version=newest.public_id)
        if status_of(newest) is Status.DRAFTING:
            locked.move(Move.SUPERSEDE, newest)
    lost = policy.dropped(before, content)
    row = Version.objects.create(
        public_id=run.new_id(VERSION),
        assessment=locked.row,
        number=(newest.number if newest else 0) + 1,
        cutoff=content.cutoff,
        content=column_of(content),
        dropped=list(lost),
        answers=answers,
        saved_at=run.now,
        run=run.id,
    )
    locked.step(Move.SAVE, row, machine().begins)
    locked.record(
        VersionSaved(
            assessment=assessment,
            version=row.public_id,
            number=row.number,
            content=content,
            answers=answers,
            dropped=lost,
        )
    )
    return locked.changed(row.public_id, said=_dropped_words(lost))


def _check(locked: Locked, content: Content) -> None:
    """What is said holds together, and what is named is there. Raises: InvalidError."""
    limbs = limbs_on(min(content.cutoff, locked.today))
    policy.check_content(content, limbs=limbs, today=locked.today)
    check_evidence(content.evidence(), field="content.evidence")
    known = titles(content.contributors)
    strangers = [c for c in content.contributors if c not in known]
    if strangers:
        raise InvalidError(
            f"nobody here has the id {', '.join(strangers)}",
            hint="the directory of people shows their ids",
            fields={"content.contributors": "must be ids of people of the authority"},
        )


def _check_answer(locked: Locked, answers: str) -> None:
    """Raises: InvalidError: there is no such request on this assessment."""
    asked = ChangeRequest.objects.filter(version__assessment=locked.row, public_id=answers)
    if answers and not asked.exists():
        raise InvalidError(
            f"nobody made a change request {answers} here",
            hint="the page of the assessment lists them",
            fields={"answers": "is no change request on this assessment"},
        )


def _dropped_words(lost: tuple[str, ...]) -> tuple[str, ...]:
    if not lost:
        return ()
    named = f"{', '.join(lost[:5])}{' and others' if len(lost) > 5 else ''}"
    pieces = f"{len(lost)} piece{'' if len(lost) == 1 else 's'} of evidence"
    return (f"this version no longer cites {pieces} that the one before cites: {named}",)


__all__ = ["save_version", "start_assessment"]
