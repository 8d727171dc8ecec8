"""What an office does with a concern beside answering it. Only an extension moves a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.concerns import keys
from penholder.concerns.cases import (
    Case,
    add_step,
    check_new_here,
    check_version,
    key_of,
    load,
    reader_of,
)
from penholder.concerns.events import (
    ConcernAcknowledged,
    ConcernAllocated,
    ConcernMarked,
    MeasureFinished,
    MessageLeft,
    TimeExtended,
)
from penholder.concerns.keys import Seats
from penholder.concerns.models import Message, Reader
from penholder.concerns.values import MOST_POINTS, ConcernId, ConcernPermission, Mark, Move, State, Text

Expected = Annotated[
    int, Field(description="State of the concern that you saw; the act is refused if it has changed.", ge=1)
]


@dataclass(frozen=True, slots=True)
class Handled:
    """The concern, and its state after the act."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at a case of their level: unlocked, and with who can open it brought up to date."""

    case: Case
    seats: Seats
    level: int


def at_desk(run: Run, concern: str, expected_version: int, *, decides: bool = True) -> Desk:
    """Raises: AbsentError: not for this person; ConflictError; LockedError; SeparationError."""
    on = run.now.date()
    case = load(concern, lock=True)
    reader = reader_of(case, run.actor, on=on)
    check_version(case, expected_version)
    if decides:
        check_new_here(case, run.actor)
    key = key_of(case, run.actor, reader)
    return Desk(case, keys.reseat(case, key, on=on), case.standing(on).level)


def handled(desk: Desk) -> Handled:
    """What the act gives."""
    return Handled(desk.case.id, desk.case.row.version)


@action(permission=ConcernPermission.HANDLE, events=(ConcernAcknowledged,))
def acknowledge_concern(run: Run, *, concern: ConcernId, expected_version: Expected) -> Handled:
    """Say that the concern has arrived and will be answered. It is no answer, and stops no clock."""
    desk = at_desk(run, concern, expected_version)
    add_step(run, desk.case, Move.ACKNOWLEDGE, level=desk.level)
    run.record(ConcernAcknowledged(concern=concern, level=desk.level))
    return handled(desk)


@action(permission=ConcernPermission.HANDLE, events=(ConcernAllocated,))
def allocate_concern(
    run: Run,
    *,
    concern: ConcernId,
    person_id: Annotated[str, Field(description="Who takes it on: a colleague of the same level.", max_length=40)],
    expected_version: Expected,
) -> Handled:
    """Give the concern to a colleague of the level, or take it on. It stops no clock."""
    desk = at_desk(run, concern, expected_version)
    found = Reader.objects.filter(concern=desk.case.row, user__public_id=person_id, level=desk.level).exists()
    if not found:
        raise InvalidError(
            "this person cannot take the concern on",
            hint="choose somebody of the level who has a key and took no part in what it is about",
            fields={"person_id": "is not among those who can hear it at this level"},
        )
    add_step(run, desk.case, Move.ALLOCATE, level=desk.level)
    run.record(ConcernAllocated(concern=concern, level=desk.level, person=person_id))
    return handled(desk)


@action(permission=ConcernPermission.HANDLE, events=(ConcernMarked,))
def mark_concern(
    run: Run,
    *,
    concern: ConcernId,
    mark: Annotated[Mark, Field(description="On hold, taken up again, or dealt with together with another.")],
    reasons: Annotated[str, Field(description="Why; whoever raised it reads this.", max_length=2_000)],
    expected_version: Expected,
    merged_with: Annotated[
        str, Field(description="The other concern (CN-…), where two go together.", max_length=40)
    ] = "",
) -> Handled:
    """Put it on hold, take it up again, or deal with it together with another. It stops no clock.

    Whoever raised it reads why.
    """
    check_words(reasons=reasons)
    desk = at_desk(run, concern, expected_version)
    if (mark is Mark.MERGE) != bool(merged_with):
        raise InvalidError(
            "two concerns that go together are both named",
            hint="name the other one",
            fields={"merged_with": "is needed"},
        )
    if merged_with:
        other = load(merged_with)
        reader_of(other, run.actor, on=run.now.date())
    add_step(run, desk.case, Move(mark.value), level=desk.level)
    say(run, desk, reasons)
    run.record(ConcernMarked(concern=concern, level=desk.level, mark=mark.value, merged_with=merged_with))
    return handled(desk)


@action(permission=ConcernPermission.HANDLE, events=(MessageLeft,))
def write_to_filer(run: Run, *, concern: ConcernId, text: Text, expected_version: Expected) -> Handled:
    """Leave a message for whoever raised or joined the concern. It is no answer, and stops no clock."""
    check_words(text=text)
    desk = at_desk(run, concern, expected_version)
    add_step(run, desk.case, Move.MESSAGE, level=desk.level)
    run.record(MessageLeft(concern=concern, message=say(run, desk, text)))
    return handled(desk)


def say(run: Run, desk: Desk, text: str) -> str:
    """Write a message of the office; gives its id."""
    public_id = run.new_id("CM")
    Message.objects.create(
        public_id=public_id,
        concern=desk.case.row,
        level=desk.level,
        text=desk.seats.key.seal_text(keys.MESSAGE, public_id, text),
        on=run.now.date(),
        run=run.id,
    )
    return public_id


@action(permission=ConcernPermission.EXTEND, events=(TimeExtended,))
def extend_time(
    run: Run,
    *,
    concern: ConcernId,
    until: Annotated[date, Field(description="The new last day for the answer.")],
    reasons: Annotated[str, Field(description="Why; whoever raised it reads this.", max_length=2_000)],
    expected_version: Expected,
) -> Handled:
    """Give the level below more time: once, before its due day, as an officer of the next level, with reasons."""
    check_words(reasons=reasons)
    on = run.now.date()
    case = load(concern, lock=True)
    above = level_above(case, on)
    reader = reader_of(case, run.actor, on=on, level=above)
    check_version(case, expected_version)
    seats = keys.reseat(case, key_of(case, run.actor, reader), on=on)
    add_step(run, case, Move.EXTEND, until=until, level=above)
    desk = Desk(case, seats, above)
    say(run, desk, reasons)
    run.record(TimeExtended(concern=concern, level=case.standing(on).level, until=until))
    return handled(desk)


def level_above(case: Case, on: date) -> int:
    """The next level that can hear the case. Raises: ConflictError: there is none."""
    now = case.standing(on)
    levels = next((m.levels for m in reversed(case.moves) if m.levels), ())
    found = next((n for n in levels if n > now.level), None)
    if found is None:
        raise ConflictError(
            "nobody can extend the time of the level at the top", hint="answer; the lapse shows in public"
        )
    return found


@action(permission=ConcernPermission.HANDLE, events=(MeasureFinished,))
def finish_measure(
    run: Run,
    *,
    concern: ConcernId,
    point: Annotated[
        int, Field(description="Number of the point for which it was promised.", ge=1, le=MOST_POINTS)
    ],
    words: Annotated[
        str, Field(description="What was done and where it can be seen; the filer reads it.", max_length=2_000)
    ],
    expected_version: Expected,
) -> Handled:
    """Say that what was promised for a point is done, and where that can be seen."""
    check_words(words=words)
    desk = at_desk(run, concern, expected_version, decides=False)
    if desk.case.standing(run.now.date()).state is State.WITHDRAWN:
        raise ConflictError("the concern was withdrawn", hint="nothing is left to do")
    add_step(run, desk.case, Move.FINISH_MEASURE, points=(point,), level=desk.level)
    say(run, desk, words)
    run.record(MeasureFinished(concern=concern, points=(point,)))
    return handled(desk)
