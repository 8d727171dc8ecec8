"""What is said about a version beside its own words: dissent, the published gist."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.words import check_words
from penholder.assessment.actions.locked import Changed, Locked, lock_assessment, status_of
from penholder.assessment.actions.parameters import AssessmentId, Expected, VersionId
from penholder.assessment.events import DissentLinked, GistPublished
from penholder.assessment.models import DissentLink, Gist, Version
from penholder.assessment.rows import content_of
from penholder.assessment.values import TEXT_LENGTH, AssessmentPermission, Status


@action(permission=AssessmentPermission.LINK_DISSENT, events=(DissentLinked,))
def link_dissent(
    run: Run,
    *,
    assessment: AssessmentId,
    version: VersionId,
    dissent: Annotated[
        str, Field(description="Public id of the dissent note (DS-…).", pattern=r"^DS-[0-9a-z]{1,36}$")
    ],
) -> Changed:
    """Link a dissent note to the version that it is about. The note itself stands apart."""
    locked = lock_assessment(run, assessment, expected_version=None)
    row = _version(locked, version)
    if DissentLink.objects.filter(version=row, dissent=dissent).exists():
        raise ConflictError(f"{dissent} is linked to {version} already", hint="nothing is left to do")
    DissentLink.objects.create(version=row, dissent=dissent, run=run.id)
    locked.record(DissentLinked(assessment=assessment, version=version, dissent=dissent))
    return locked.changed(dissent)


@action(permission=AssessmentPermission.PUBLISH_GIST, events=(GistPublished,))
def publish_gist(
    run: Run,
    *,
    assessment: AssessmentId,
    version: VersionId,
    gist: Annotated[
        str,
        Field(
            description="What may be known of it, in open words. It is published at once, for ever: "
            "no names, nothing from closed material.",
            min_length=20,
            max_length=TEXT_LENGTH,
        ),
    ],
    expected_version: Expected,
) -> Changed:
    """Publish the gist of an accepted version: its findings per use class, its cut-off, and these words."""
    check_words(gist=gist)
    locked = lock_assessment(run, assessment, expected_version=expected_version)
    row = _version(locked, version)
    if status_of(row) not in {Status.ACCEPTED, Status.SUPERSEDED} or not _was_accepted(row):
        raise ConflictError(f"{version} was never accepted; only an accepted version has a gist")
    if Gist.objects.filter(version=row).exists():
        raise ConflictError(f"the gist of {version} is published already", hint="what is published stays")
    Gist.objects.create(version=row, text=gist, published_on=locked.today, run=run.id)
    content = content_of(row)
    locked.record(
        GistPublished(
            assessment=assessment,
            version=version,
            number=row.number,
            destination=locked.row.destination,
            cutoff=row.cutoff,
            attitude=content.attitude,
            findings=tuple((r.use_class, r.limb, r.finding) for r in content.risks),
            gist=gist,
            published_on=locked.today,
        )
    )
    return locked.changed(version)


def _version(locked: Locked, version: str) -> Version:
    row = locked.row.versions.filter(public_id=version).first()
    if row is None:
        raise AbsentError(f"{locked.row.public_id} has no version {version}", hint="look at the assessment")
    return row


def _was_accepted(version: Version) -> bool:
    return version.steps.filter(status=Status.ACCEPTED).exists()
