"""The statuses of versions, as of a day in the world and as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from penholder.assessment.models import Assessment, ChangeRequest, DissentLink, Gist, Step, Version
from penholder.assessment.rows import content_of
from penholder.assessment.values import Content, Move, Status
from penholder.ledger.known import runs_known


@dataclass(frozen=True, slots=True)
class Taken:
    """A version took a status."""

    status: Status
    move: Move
    on: date
    at: datetime
    run: str


@dataclass(slots=True)
class Life:
    """One version with all that was known of it. `steps` oldest first; never empty."""

    row: Version
    content: Content
    steps: list[Taken] = field(default_factory=list)
    requests: list[ChangeRequest] = field(default_factory=list)
    dissents: list[str] = field(default_factory=list)
    gist: Gist | None = None

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self.steps[-1].status

    def first(self, status: Status) -> Taken | None:
        """When it took a status, if it did."""
        return next((s for s in self.steps if s.status is status), None)

    def status_on(self, day: date) -> Status | None:
        """Where it stood at the end of a day; None: it was not there."""
        found = [s.status for s in self.steps if s.on <= day]
        return found[-1] if found else None


def lives(row: Assessment, *, known: datetime | None = None) -> list[Life]:
    """All versions of one assessment, oldest first. Five statements, and with `known` a few more."""
    return lives_of([row], known=known).get(row.pk, [])


def lives_of(rows: Iterable[Assessment], *, known: datetime | None = None) -> dict[int, list[Life]]:
    """The same for several assessments, by primary key."""
    versions = list(Version.objects.filter(assessment__in=list(rows)).order_by("assessment_id", "number"))
    ids = [v.pk for v in versions]
    steps = list(Step.objects.filter(version__in=ids).order_by("version_id", "number"))
    requests = list(ChangeRequest.objects.filter(version__in=ids).order_by("pk"))
    links = list(DissentLink.objects.filter(version__in=ids).order_by("pk"))
    gists = list(Gist.objects.filter(version__in=ids))
    later: list[Any] = [*steps, *requests, *links, *gists]
    held = None
    if known is not None:
        held = runs_known([r.run for r in (*versions, *later)], known)
    made = {v.pk: Life(v, content_of(v)) for v in versions if held is None or v.run in held}
    for found in later:
        if found.version_id in made and (held is None or found.run in held):
            _add(made[found.version_id], found)
    by: dict[int, list[Life]] = {}
    for life in made.values():
        by.setdefault(life.row.assessment_id, []).append(life)
    return by


def _add(life: Life, found: Step | ChangeRequest | DissentLink | Gist) -> None:
    if isinstance(found, Step):
        life.steps.append(Taken(Status(found.status), Move(found.move), found.on, found.at, found.run))
    elif isinstance(found, ChangeRequest):
        life.requests.append(found)
    elif isinstance(found, DissentLink):
        life.dissents.append(found.dissent)
    else:
        life.gist = found


def accepted_on(found: list[Life], day: date) -> Life | None:
    """The version that was accepted and not yet superseded at the end of a day."""
    return next((x for x in reversed(found) if x.status_on(day) is Status.ACCEPTED), None)


def loops_before(found: list[Life], life: Life) -> int:
    """How often a version was returned after the last acceptance before this version, up to this version."""
    earlier = [x.row.number for x in found if x.row.number < life.row.number and x.first(Status.ACCEPTED)]
    since = max(earlier, default=0)
    return sum(len(x.requests) for x in found if since < x.row.number <= life.row.number)
