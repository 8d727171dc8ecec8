"""What all acts on restrictions share: the row, locked; its steps; days and places that can be used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.restrictions import policy
from penholder.restrictions.gates import refuse_if_open
from penholder.restrictions.loading import Held, places_of
from penholder.restrictions.lock import lock_to_change
from penholder.restrictions.models import Change, Restriction
from penholder.restrictions.models import Step as StepRow
from penholder.restrictions.values import Kind, StepKind


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act on a restriction gives back. `version`: to name in the next act."""

    id: str
    version: int


class Open:
    """A restriction, locked until the act is over."""

    def __init__(self, run: Run, held: Held, change: Change) -> None:
        self.run = run
        self.row = held.row
        self.held = held
        self.change = change
        self.gates: tuple[str, ...] = ()
        self.gate_reasons = ""

    @property
    def steps(self) -> tuple[policy.Step, ...]:
        """Its steps before this act."""
        return tuple(policy.Step(StepKind(s.kind), s.on, s.destination) for s in self.held.steps)

    def ask(self, reasons: str, *, places: Collection[str] = ()) -> tuple[str, ...]:
        """Questions that are open about it, its cause and its places; its steps keep them.

        Raises: InvalidError.
        """
        about = (self.row.public_id, self.row.cause)
        every = {*places, *places_of(self.held)}
        self.gates = refuse_if_open(about, places=every, run=self.run, reasons=reasons)
        self.gate_reasons = reasons
        return self.gates

    def step(self, kind: StepKind, *, on: date, destination: str = "", where: str = "", reasons: str = "") -> None:
        """One more step."""
        made = StepRow.objects.create(
            restriction=self.row,
            kind=kind.value,
            on=on,
            destination=destination,
            where=where,
            reasons=reasons,
            gates=list(self.gates),
            gate_reasons=self.gate_reasons,
            change=self.change,
        )
        self.held = Held(self.row, (*self.held.steps, made))

    def changed(self) -> Changed:
        """Let the version grow."""
        self.row.version += 1
        Restriction.objects.filter(pk=self.row.pk).update(version=self.row.version)
        return Changed(self.row.public_id, self.row.version)


def change_of(run: Run) -> Change:
    """The row of this act."""
    made: Change = Change.objects.create(run=run.id, act=run.spec.name, recorded_at=run.now)
    return made


def make(run: Run, kind: Kind, prefix: str, **columns: object) -> Open:
    """A new restriction, without steps."""
    lock_to_change()
    change = change_of(run)
    row = Restriction.objects.create(public_id=run.new_id(prefix), kind=kind.value, change=change, **columns)
    return Open(run, Held(row, ()), change)


def lock(run: Run, kind: Kind, public_id: str, *, expected_version: int) -> Open:
    """Lock a restriction that is not over.

    Raises: AbsentError: there is none of that kind. ConflictError: it changed in the meantime, or is over.
    """
    lock_to_change()
    row = Restriction.objects.select_for_update().filter(public_id=public_id, kind=kind.value).first()
    if row is None:
        raise AbsentError(f"there is no {kind} {public_id}", hint="look it up in the list of restrictions")
    if row.version != expected_version:
        raise ConflictError(
            f"{public_id} was changed since you looked: it is at version {row.version}, not {expected_version}",
            hint="look at it again, and act again if that is still right",
        )
    steps = tuple(StepRow.objects.filter(restriction=row).order_by("pk"))
    if any(s.kind in {StepKind.LIFT, StepKind.END} for s in steps):
        raise ConflictError(f"{public_id} is over already", hint="nothing is left to do; set a new one if needed")
    return Open(run, Held(row, steps), change_of(run))


def check_review(review_by: date, *, after: date) -> None:
    """A review lies ahead. Raises: InvalidError."""
    if review_by <= after:
        raise InvalidError(
            f"review_by {review_by} is not after {after}",
            hint="give the day by which it is looked at again",
            fields={"review_by": f"must be after {after}"},
        )


def check_not_ahead(day: date, *, name: str, today: date, not_before: date | None = None) -> None:
    """A day that is today or earlier, and not before what it follows. Raises: InvalidError."""
    if day > today or (not_before is not None and day < not_before):
        said = f"must not be after {today}" if day > today else f"must not be before {not_before}"
        raise InvalidError(f"{name} {day} {said}", hint="give a day on or before today", fields={name: said})
