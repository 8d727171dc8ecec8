"""An assessment and its newest version, locked for one act: what every act on assessments shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError, ConflictError, SeparationError
from penholder.actions.events import Event
from penholder.assessment import policy
from penholder.assessment.models import Assessment, Step, Version
from penholder.assessment.rows import content_of
from penholder.assessment.values import Content, Move, Status


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act on an assessment gives back. `version`: to name in the next act as `expected_version`."""

    assessment: str
    version: int
    about: str = ""
    """Public id of the version, request or link that it was about, or that it made."""
    said: tuple[str, ...] = ()
    """What else the actor must know, in sentences without their stop."""


class Locked:
    """One assessment, locked until the act is over, with its newest version."""

    def __init__(self, run: Run, row: Assessment) -> None:
        self.run = run
        self.row = row
        self.newest = row.versions.order_by("-number").first()

    @property
    def today(self) -> date:
        """The day of the act."""
        return self.run.now.date()

    @property
    def version(self) -> Version:
        """The newest version. Raises: ConflictError: none was saved yet."""
        if self.newest is None:
            raise ConflictError(f"{self.row.public_id} has no version yet", hint="save the first one")
        return self.newest

    @property
    def content(self) -> Content | None:
        """What the newest version says; None before the first."""
        return content_of(self.newest) if self.newest else None

    def move(self, move: Move, version: Version, *, on: date | None = None) -> Status:
        """Move a version on. Raises: ConflictError where it may not."""
        after = policy.next_status(move, status_of(version), version=name_of(version))
        self.step(move, version, after, on=on)
        return after

    def step(self, move: Move, version: Version, status: Status, *, on: date | None = None) -> None:
        """One more row of the history of a version."""
        Step.objects.create(
            version=version,
            number=version.steps.count() + 1,
            move=move.value,
            status=status.value,
            on=on or self.today,
            at=self.run.now,
            run=self.run.id,
        )

    def record(self, event: Event, *, claimed_at: date | None = None) -> None:
        """Record an event and let the state of the assessment grow."""
        self.run.record(event, claimed_at=claimed_at)
        self.row.version += 1
        Assessment.objects.filter(pk=self.row.pk).update(version=self.row.version)

    def changed(self, about: str = "", *, said: tuple[str, ...] = ()) -> Changed:
        """What the act gives back."""
        return Changed(self.row.public_id, self.row.version, about, said)

    def refuse_contributors(self) -> None:
        """Whoever contributed to a version may not judge it, as whoever saved one may not (`apart_from`).

        Raises: SeparationError.
        """
        persons = {self.run.actor.id, *self.run.actor.stands_in_for}
        for version in self.row.versions.order_by("number"):
            if persons & set(content_of(version).contributors):
                raise SeparationError(
                    f"{self.run.spec.name} must be done by somebody who wrote none of it: "
                    f"the actor contributed to {name_of(version)}",
                    hint="ask a colleague with the same permission",
                )


def status_of(version: Version) -> Status:
    """Where a version stands: the status of its last step."""
    return Status(version.steps.order_by("-number").values_list("status", flat=True)[0])


def name_of(version: Version) -> str:
    """How messages name a version."""
    return f"version {version.number} ({version.public_id})"


def lock_assessment(run: Run, assessment: str, *, expected_version: int | None) -> Locked:
    """Lock an assessment. Raises: AbsentError. ConflictError: it changed since the actor looked."""
    row = Assessment.objects.select_for_update().filter(public_id=assessment).first()
    if row is None:
        raise AbsentError(f"there is no assessment {assessment}", hint="look it up in the list of assessments")
    if expected_version is not None and row.version != expected_version:
        raise ConflictError(
            f"{assessment} was changed since you looked: it is at state {row.version}, not {expected_version}",
            hint="look at it again, and act again if that is still right",
        )
    return Locked(run, row)
