"""A licence and its lines, locked for one act: what every act on lines shares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.events import Event
from penholder.register import policy
from penholder.register.access import may_act_on
from penholder.register.models import Change, Licence, Line, LineVersion
from penholder.register.open_questions import places_of_lines
from penholder.register.rows import columns_of, state_of
from penholder.register.values import LineAct, LineState, LineStatus, LineTerms
from penholder.restrictions.gates import refuse_if_open


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act on a licence gives back. `version`: to name in the next act."""

    licence: str
    version: int
    lines: tuple[int, ...]
    said: tuple[str, ...] = ()
    """What was kept otherwise than it was given (a name as its code), in sentences without their stop."""


class Locked:
    """One licence with some or all of its lines, locked until the act is over."""

    def __init__(self, run: Run, licence: Licence, lines: Sequence[Line]) -> None:
        self.run = run
        self.licence = licence
        self.lines = {line.number: line for line in lines}
        self._change: Change | None = None

    @property
    def today(self) -> date:
        """The day of the act."""
        return self.run.now.date()

    @property
    def change(self) -> Change:
        """The row that links what this act writes to the ledger."""
        if self._change is None:
            self._change = change_of(self.run)
        return self._change

    def ask(self, reasons: str, *terms: LineTerms) -> tuple[str, ...]:
        """The questions that are open about the licence and the places of its lines; terms: those it is to have.

        Raises: InvalidError: one is open, and it is not said why the answer is not awaited.
        """
        places = places_of_lines(list(self.lines.values()), *terms)
        return refuse_if_open((self.licence.public_id,), places=places, run=self.run, reasons=reasons)

    def state(self, number: int) -> LineState:
        """The state of a line today: expired where it has run out, whether or not the sweep has come by."""
        line = self.lines[number]
        state = state_of(line)
        status = policy.status_on(state.status, valid_until=line.valid_until, on=self.today)
        return state if status is state.status else replace(state, status=status)

    def statuses(self) -> tuple[LineStatus, ...]:
        """The status of each line today, in the order of their numbers."""
        return tuple(self.state(n).status for n in self.lines)

    def begins(self) -> date | None:
        """The last day on which one of the lines took the status that it has now."""
        return max((line.since for line in self.lines.values() if line.since), default=None)

    def move(
        self, act: LineAct, *, on: date, changes: Mapping[str, object] | None = None, limb: str = ""
    ) -> LineStatus:
        """Do an act to every line. Gives the status after it. Raises: ConflictError where one may not."""
        after = [self.move_line(act, n, on=on, changes=changes, limb=limb) for n in self.lines]
        return after[-1].status

    def move_line(
        self, act: LineAct, number: int, *, on: date, changes: Mapping[str, object] | None = None, limb: str = ""
    ) -> LineState:
        """Do an act to one line: its row, and one more row of its history."""
        line = self.lines[number]
        keeps = act is LineAct.AMEND
        said = {} if keeps else {"since": on}
        after = policy.moved(self.state(number), act, line=self.name(number), changes={**said, **(changes or {})})
        self._write(line, after)
        LineVersion.objects.create(
            line=line,
            version=after.version,
            act=act.value,
            status=after.status.value,
            effective_on=on,
            review_by=after.review_by,
            power=str(after.power),
            limb=limb,
            change=self.change,
        )
        return after

    def _write(self, line: Line, after: LineState) -> None:
        columns = columns_of(after)
        Line.objects.filter(pk=line.pk).update(**columns)
        for name, value in columns.items():
            setattr(line, name, value)

    def record(self, event: Event, *, claimed_at: date | None = None) -> None:
        """Record an event and let the version of the licence grow."""
        self.run.record(event, claimed_at=claimed_at)
        self.licence.version += 1
        Licence.objects.filter(pk=self.licence.pk).update(version=self.licence.version)

    def name(self, number: int) -> str:
        """How messages name a line."""
        return f"line {number} of {self.licence.public_id}"

    def changed(self, *, said: tuple[str, ...] = ()) -> Changed:
        """What the act gives back."""
        return Changed(self.licence.public_id, self.licence.version, tuple(self.lines), said)


def change_of(run: Run) -> Change:
    """The row of this act."""
    made: Change = Change.objects.create(run=run.id, act=run.spec.name, recorded_at=run.now)
    return made


def lock_licence(
    run: Run, licence: str, *, expected_version: int | None, lines: Collection[int] | None = None
) -> Locked:
    """Lock a licence and some of its lines (None: all).

    Raises: AbsentError: it is not there, or not for this actor. ConflictError: it changed since the actor looked.
    InvalidError: it has no such line.
    """
    row = Licence.objects.select_for_update().filter(public_id=licence).first()
    if row is None or not may_act_on(run.actor, row.exporter):
        raise AbsentError(f"there is no licence {licence}", hint="look it up in the register")
    if expected_version is not None and row.version != expected_version:
        raise ConflictError(
            f"{licence} was changed since you looked: it is at version {row.version}, not {expected_version}",
            hint="look at it again, and act again if that is still right",
        )
    found = Line.objects.select_for_update().filter(licence=row).order_by("number")
    if lines is not None:
        found = found.filter(number__in=set(lines))
    locked = Locked(run, row, list(found))
    missing = sorted(set(lines or ()) - set(locked.lines))
    if missing:
        raise InvalidError(
            f"{licence} has no line {', '.join(map(str, missing))}",
            hint="name lines that the licence has",
            fields={"lines": f"not on this licence: {', '.join(map(str, missing))}"},
        )
    return locked
