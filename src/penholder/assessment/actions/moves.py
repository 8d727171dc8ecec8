"""From the drafter to the decider, and back: legal check, countersignature, acceptance, requests for change."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.actions.words import check_words
from penholder.assessment import policy
from penholder.assessment.actions.locked import Changed, Locked, lock_assessment, name_of, status_of
from penholder.assessment.actions.parameters import AssessmentId, Expected, Remark
from penholder.assessment.events import (
    ChangeRequested,
    VersionAccepted,
    VersionChecked,
    VersionCountersigned,
    VersionSent,
    VersionSuperseded,
)
from penholder.assessment.models import ChangeRequest, Version
from penholder.assessment.rows import content_of
from penholder.assessment.values import (
    REQUEST,
    TEXT_LENGTH,
    AssessmentPermission,
    EvidenceId,
    Move,
    Name,
    Status,
)

_WRITES = "assessment.save_version"


@action(permission=AssessmentPermission.SEND, events=(VersionSent,))
def send_version(run: Run, *, assessment: AssessmentId, expected_version: Expected) -> Changed:
    """Send the newest draft to the legal check. It must be whole: a finding in every cell, gaps said as such."""
    locked = lock_assessment(run, assessment, expected_version=expected_version)
    version = locked.version
    locked.move(Move.SEND, version)
    policy.check_whole(content_of(version))
    locked.record(VersionSent(assessment=assessment, version=version.public_id, number=version.number))
    return locked.changed(version.public_id)


@action(permission=AssessmentPermission.CHECK, events=(VersionChecked,), apart_from=(_WRITES,))
def finish_legal_check(
    run: Run,
    *,
    assessment: AssessmentId,
    note: Annotated[
        str,
        Field(description="The privileged note. Sealed; each reading leaves an entry.", max_length=20_000),
    ],
    expected_version: Expected,
) -> Changed:
    """Finish the legal check of a version, with a note. Whoever wrote any of it cannot do it."""
    check_words(note=note)
    locked = lock_assessment(run, assessment, expected_version=expected_version)
    locked.refuse_contributors()
    version = locked.version
    locked.move(Move.CHECK, version)
    locked.record(
        VersionChecked(assessment=assessment, version=version.public_id, number=version.number, note=note)
    )
    return locked.changed(version.public_id)


@action(permission=AssessmentPermission.COUNTERSIGN, events=(VersionCountersigned,), apart_from=(_WRITES,))
def countersign_version(
    run: Run, *, assessment: AssessmentId, expected_version: Expected, remark: Remark = ""
) -> Changed:
    """Countersign a version and put it before the decider. Whoever wrote any of it cannot do it."""
    locked = lock_assessment(run, assessment, expected_version=expected_version)
    locked.refuse_contributors()
    version = locked.version
    locked.move(Move.COUNTERSIGN, version)
    locked.record(
        VersionCountersigned(
            assessment=assessment, version=version.public_id, number=version.number, remark=remark
        )
    )
    return locked.changed(version.public_id)


@action(permission=AssessmentPermission.REQUEST_CHANGE, events=(ChangeRequested,))
def request_change(
    run: Run,
    *,
    assessment: AssessmentId,
    requested_by: Annotated[
        Name, Field(description="Who wants the change: the function or the office, not the name of a person.")
    ],
    what: Annotated[str, Field(description="What is to be changed.", min_length=1, max_length=TEXT_LENGTH)],
    why: Annotated[str, Field(description="Why it is to be changed.", min_length=1, max_length=TEXT_LENGTH)],
    expected_version: Expected,
    drops: Annotated[
        tuple[EvidenceId, ...],
        Field(description="Evidence that is to be cited no more, where that is asked.", max_length=200),
    ] = (),
) -> Changed:
    """Return a version to its drafter. Who wants it, what and why are all needed; it counts as one loop.

    The drafter answers with the next version; what that drops of the evidence is shown apart from its wording.
    """
    check_words(requested_by=requested_by, what=what, why=why)
    locked = lock_assessment(run, assessment, expected_version=expected_version)
    version = locked.version
    locked.move(Move.REQUEST_CHANGE, version)
    _check_cited(version, drops)
    request = ChangeRequest.objects.create(
        public_id=run.new_id(REQUEST),
        version=version,
        requested_by=requested_by,
        what=what,
        why=why,
        drops=list(drops),
        at=run.now,
        run=run.id,
    )
    loops = ChangeRequest.objects.filter(version__assessment=locked.row).count()
    locked.record(
        ChangeRequested(
            assessment=assessment,
            version=version.public_id,
            number=version.number,
            request=request.public_id,
            requested_by=requested_by,
            what=what,
            why=why,
            drops=drops,
            loops=loops,
        )
    )
    asked = (f"this request asks to cite no more: {', '.join(drops)}",) if drops else ()
    return locked.changed(request.public_id, said=asked)


def _check_cited(version: Version, drops: tuple[str, ...]) -> None:
    """Raises: InvalidError: what is to be dropped is not cited."""
    lost = [e for e in drops if e not in content_of(version).evidence()]
    if lost:
        raise InvalidError(
            f"{name_of(version)} does not cite {', '.join(lost)}",
            hint="name evidence that it cites",
            fields={"drops": f"not cited: {', '.join(lost)}"},
        )


@action(
    permission=AssessmentPermission.ACCEPT,
    events=(VersionAccepted, VersionSuperseded),
    apart_from=(_WRITES, "assessment.countersign_version"),
)
def accept_version(
    run: Run,
    *,
    assessment: AssessmentId,
    accepted_on: Annotated[date, Field(description="Day from which it may be cited; today or earlier.")],
    expected_version: Expected,
    remark: Remark = "",
) -> Changed:
    """Accept a version: it may be cited from then on. Whoever wrote any of it, or signed it, cannot do it."""
    locked = lock_assessment(run, assessment, expected_version=expected_version)
    locked.refuse_contributors()
    version, before = locked.version, accepted_before(locked)
    _check_day(locked, version, before, accepted_on)
    locked.move(Move.ACCEPT, version, on=accepted_on)
    since = before.number if before else 0
    loops = ChangeRequest.objects.filter(version__assessment=locked.row, version__number__gt=since).count()
    locked.record(
        VersionAccepted(
            assessment=assessment,
            version=version.public_id,
            number=version.number,
            destination=locked.row.destination,
            cutoff=version.cutoff,
            accepted_on=accepted_on,
            loops=loops,
            remark=remark,
        ),
        claimed_at=accepted_on,
    )
    if before is not None:
        _supersede(locked, before, by=version, on=accepted_on)
    return locked.changed(version.public_id)


def accepted_before(locked: Locked) -> Version | None:
    """The version that is accepted now."""
    for version in locked.row.versions.order_by("-number"):
        if status_of(version) is Status.ACCEPTED:
            return version
    return None


def _supersede(locked: Locked, version: Version, *, by: Version, on: date) -> None:
    locked.move(Move.SUPERSEDE, version, on=on)
    locked.run.record(
        VersionSuperseded(
            assessment=locked.row.public_id,
            version=version.public_id,
            number=version.number,
            by=by.public_id,
            effective_on=on,
        ),
        claimed_at=on,
    )


def _check_day(locked: Locked, version: Version, before: Version | None, day: date) -> None:
    """Raises: InvalidError: in the future, before it was put before the decider, or before what it supersedes."""
    shown = version.steps.filter(status=Status.SUBMITTED).values_list("on", flat=True).first()
    first = shown or locked.today
    if before is not None:
        first = max(first, before.steps.order_by("-number").values_list("on", flat=True)[0])
    if not first <= day <= locked.today:
        raise InvalidError(
            f"accepted_on {day} is not between {first} and today, {locked.today}",
            hint="a version counts from the day on which it was accepted, never from before the decider had it",
            fields={"accepted_on": f"must be from {first} to {locked.today}"},
        )
