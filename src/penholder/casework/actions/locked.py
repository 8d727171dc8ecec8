"""A case, locked for one act: what every act on cases shares."""

from __future__ import annotations

from datetime import date
from typing import Any

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.events import Event
from penholder.casework.access import may_act_on, reads_official
from penholder.casework.dossier import Dossier, dossier_of
from penholder.casework.effects import Effect, column_of, effect_of
from penholder.casework.errors import HeldError
from penholder.casework.history import dossier, held_of
from penholder.casework.machine import machine
from penholder.casework.models import Case, Change, Part
from penholder.casework.parts import Application
from penholder.casework.policy.facts import direct_destination, places_of
from penholder.casework.policy.readiness import status_for_exporter
from penholder.casework.values import CaseMove, CaseStatus, Changed, PartKind
from penholder.restrictions.queries import held


class Locked:
    """One case, locked until the act is over. `dossier` grows with what the act records."""

    def __init__(self, run: Run, row: Case, found: Dossier) -> None:
        self.run = run
        self.row = row
        self.dossier = found
        self._change: Change | None = None

    @property
    def today(self) -> date:
        """The day of the act."""
        return self.run.now.date()

    @property
    def persons(self) -> frozenset[str]:
        """Who acts: the actor, and everybody for whom they stand in."""
        return self.run.actor.stands_in_for | {self.run.actor.id}

    @property
    def status(self) -> CaseStatus:
        """Where the case stands."""
        return CaseStatus(self.row.status)

    @property
    def change(self) -> Change:
        """The row that links what this act writes to the ledger."""
        if self._change is None:
            self._change = change_of(self.run)
        return self._change

    def check_move(self, move: CaseMove) -> CaseStatus:
        """The status after a move. Raises: ConflictError where it is not allowed.

        How far a case is inside the authority is not told to exporters by what refuses them either.
        """
        shown = status_for_exporter(self.status)
        if (move, self.status) not in machine().moves and not reads_official(self.run.actor):
            raise ConflictError(
                f"{self.row.public_id} is {shown}: {move} is not possible now", hint="look at it again"
            )
        return machine().after(move, self.status, case=self.row.public_id)

    def check_in(self, *statuses: CaseStatus, what: str) -> None:
        """May `what` be done now? Raises: ConflictError where the case stands elsewhere."""
        if self.status not in statuses:
            raise ConflictError(
                f"{self.row.public_id} is {self.status}; {what} only while it is {', '.join(statuses)}",
                hint="look at the case again",
            )

    def check_application(self, expected: int) -> None:
        """Did the exporter see the newest version of the application? Raises: ConflictError."""
        newest = self.dossier.drafted.number
        if newest != expected:
            raise ConflictError(
                f"the application {self.row.public_id} was changed since you looked: it is at version {newest}, "
                f"not {expected}",
                hint="look at it again, and act again if that is still right",
            )

    def refuse_if_held(self) -> None:
        """Nothing goes to a decision while cases of one of its places stand still. Raises: HeldError."""
        for place in places_of(self.dossier.application):
            for hold in held(place, self.today):
                raise HeldError(
                    f"{self.row.public_id} is held: work on cases of {place} stands still since {hold.since} "
                    f"({hold.id})",
                    hint=f"it goes on when the hold is lifted; its review is due by {hold.review_by}",
                    hold=hold.id,
                )

    def record(self, event: Event, *, claimed_at: date | None = None) -> None:
        """Record an event, add its rows, move the case. Raises: ConflictError where the move is not allowed."""
        effect = effect_of(event)
        after = self.check_move(effect.move) if effect.move else self.status
        self.run.record(event, claimed_at=claimed_at)
        number = self.row.version + 1
        made = [self._add(effect, number, place, after) for place in range(1, len(effect.parts) + 1)]
        self._write(number, after, effect)
        self.dossier = dossier_of(
            self.row.public_id, self.row.exporter, (*self.dossier.rows, *(held_of(p) for p in made))
        )

    def _add(self, effect: Effect, number: int, place: int, after: CaseStatus) -> Part:
        new = effect.parts[place - 1]
        made: Part = Part.objects.create(
            case=self.row,
            number=number,
            place=place,
            kind=new.kind.value,
            public_id=new.public_id,
            about=new.about,
            status=after.value,
            on_day=new.on or self.today,
            content=column_of(new.kind, new.value),
            change=self.change,
        )
        return made

    def _write(self, number: int, after: CaseStatus, effect: Effect) -> None:
        columns: dict[str, Any] = {"version": number, "status": after.value}
        for new in effect.parts:
            if new.kind is PartKind.APPLICATION:
                columns |= columns_of(new.value)
            elif new.kind is PartKind.SUBMISSION:
                columns["submitted_at"] = self.run.now
        Case.objects.filter(pk=self.row.pk).update(**columns)
        for name, value in columns.items():
            setattr(self.row, name, value)

    def changed(self, added: str = "", *, said: tuple[str, ...] = ()) -> Changed:
        """What the act gives back."""
        return Changed(self.row.public_id, self.row.version, added, said)


def columns_of(application: Application) -> dict[str, Any]:
    """What the list of cases holds of an application, beside its id."""
    return {
        "licence_type": application.licence_type,
        "destination": direct_destination(application) or "",
        "places": "".join(f";{p}" for p in places_of(application)) + ";",
    }


def change_of(run: Run) -> Change:
    """The row of this act."""
    made: Change = Change.objects.create(run=run.id, act=run.spec.name, recorded_at=run.now)
    return made


def new_case(run: Run, public_id: str, exporter: str, event: Event, application: Application) -> Locked:
    """A case with its first version."""
    change = change_of(run)
    row = Case.objects.create(
        public_id=public_id,
        exporter=exporter,
        status=machine().begins.value,
        change=change,
        **columns_of(application),
    )
    locked = Locked(run, row, dossier_of(public_id, exporter, ()))
    locked._change = change  # noqa: SLF001 - of this very module
    locked.record(event)
    return locked


def lock_case(run: Run, case: str, *, expected_version: int | None) -> Locked:
    """Lock a case.

    Raises: AbsentError: it is not there, or not for this actor. ConflictError: it changed since the actor looked.
    """
    row = Case.objects.select_for_update().filter(public_id=case).first()
    if row is None or not may_act_on(run.actor, exporter=row.exporter, was_submitted=row.submitted_at is not None):
        raise AbsentError(f"there is no case {case}", hint="look it up in the list of cases")
    if expected_version is not None and row.version != expected_version:
        raise ConflictError(
            f"{case} was changed since you looked: it is at version {row.version}, not {expected_version}",
            hint="look at it again, and act again if that is still right",
        )
    found = dossier(row)
    assert found is not None  # noqa: S101 - a case is made with its first row
    return Locked(run, row, found)
