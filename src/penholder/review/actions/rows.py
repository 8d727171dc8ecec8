"""A change of circumstances, locked for one act: what every act of a review shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.review import policy
from penholder.review.models import Change, Circumstance, Step
from penholder.review.values import Move, State


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act gives back. `version`: to name in the next act."""

    id: str
    version: int
    state: State


class Open:
    """A change of circumstances, locked until the act is over."""

    def __init__(self, run: Run, row: Circumstance) -> None:
        self.run = run
        self.row = row
        self.change: Change = Change.objects.create(run=run.id, act=run.spec.name, recorded_at=run.now)

    @property
    def today(self) -> date:
        """The day of the act."""
        return self.run.now.date()

    @property
    def destinations(self) -> tuple[str, ...]:
        """Codes."""
        return tuple(self.row.destinations)

    def move(self, move: Move, *, text: str = "", review_by: date | None = None) -> Changed:
        """Go on to the next state, and let the version grow. Raises: ConflictError: not allowed from here."""
        after = policy.next_state(move, State(self.row.state), change=self.row.public_id)
        Step.objects.create(
            circumstance=self.row,
            move=move.value,
            state=after.value,
            on=self.today,
            text=text,
            review_by=review_by,
            change=self.change,
        )
        self.row.state, self.row.version = after.value, self.row.version + 1
        Circumstance.objects.filter(pk=self.row.pk).update(state=self.row.state, version=self.row.version)
        return Changed(self.row.public_id, self.row.version, after)


def lock(run: Run, change: str, move: Move, *, expected_version: int | None) -> Open:
    """Lock a change of circumstances from whose state the move is allowed.

    Raises: AbsentError: there is none. ConflictError: it changed since the actor looked, or it may not.
    """
    row = Circumstance.objects.select_for_update().filter(public_id=change).first()
    if row is None:
        raise AbsentError(f"there is no change of circumstances {change}", hint="look it up in the list")
    if expected_version is not None and row.version != expected_version:
        raise ConflictError(
            f"{change} was changed since you looked: it is at version {row.version}, not {expected_version}",
            hint="look at it again, and act again if that is still right",
        )
    policy.next_state(move, State(row.state), change=change)
    return Open(run, row)


def check_ahead(review_by: date, *, today: date) -> None:
    """A review lies ahead. Raises: InvalidError."""
    if review_by <= today:
        raise InvalidError(
            f"review_by {review_by} is not after today",
            hint="give the day by which it is looked at again",
            fields={"review_by": "must be after today"},
        )
