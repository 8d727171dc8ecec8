"""What the filer does, by locator and secret: write, send a file, add a target, contest, accept, withdraw."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.values import FieldClass
from penholder.concerns import filers, keys
from penholder.concerns.cases import Case, add_step, behind_runs, case_of
from penholder.concerns.codes import Codes
from penholder.concerns.events import (
    AnswerAccepted,
    ConcernWithdrawn,
    FileAttached,
    MessageLeft,
    PointsContested,
    TargetAdded,
)
from penholder.concerns.keys import Seats
from penholder.concerns.models import Attachment, Filer, KnownTarget, Message, Target
from penholder.concerns.policy.ladder import NEEDED
from penholder.concerns.values import ATTACHMENT, MOST_POINTS, ConcernPermission, Locator, Move, Secret, Text
from penholder.vault.rows import keep_file

MOST_FILES = 20
MOST_BYTES = 10 << 20


@dataclass(frozen=True, slots=True)
class Done:
    """The concern. Not its state: that counts what others do, too."""

    id: str


@dataclass(frozen=True, slots=True)
class _Way:
    """A filer, the case, and who can open it now."""

    filer: Filer
    case: Case
    seats: Seats


def _come_in(run: Run, locator: str, secret: str) -> _Way:
    """Raises: CodeError, RefusedError."""
    filers.check_unnamed(run.actor)
    filer, key = filers.filer_of(Codes(locator, secret), lock=True)
    case = case_of(filer.concern)
    return _Way(filer, case, keys.reseat(case, key, on=run.now.date()))


def _done(way: _Way) -> Done:
    return Done(way.case.id)


@action(permission=ConcernPermission.RAISE, events=(MessageLeft,), doors=())
def write_message(run: Run, *, locator: Locator, secret: Secret, text: Text) -> Done:
    """Leave a message for the office that has the concern. It moves no clock."""
    way = _come_in(run, locator, secret)
    add_step(run, way.case, Move.MESSAGE, by_officer=False)
    public_id = run.new_id("CM")
    Message.objects.create(
        public_id=public_id,
        concern=way.case.row,
        filer=way.filer,
        text=way.seats.key.seal_text(keys.MESSAGE, public_id, text),
        on=run.now.date(),
        run=run.id,
    )
    run.record(MessageLeft(concern=way.case.id, message=public_id))
    return _done(way)


@action(permission=ConcernPermission.RAISE, events=(FileAttached,), doors=())
def attach_file(
    run: Run,
    *,
    locator: Locator,
    secret: Secret,
    content: Annotated[
        str, Field(description="The file, base64.", min_length=4, max_length=MOST_BYTES * 4 // 3 + 4)
    ],
    name: Annotated[str, Field(description="How the file is called; kept sealed.", min_length=1, max_length=120)],
) -> Done:
    """Send a file. It is kept under the key of the case; what is in it is not changed."""
    way = _come_in(run, locator, secret)
    if Attachment.objects.filter(filer=way.filer).count() >= MOST_FILES:
        raise ConflictError(f"one person sends {MOST_FILES} files at most", hint="put several into one")
    try:
        plain = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidError(
            "the file is not base64", hint="encode it", fields={"content": "is no base64"}
        ) from error
    add_step(run, way.case, Move.ATTACH, by_officer=False)
    public_id = run.new_id(ATTACHMENT)
    stored = keys.files(way.seats.key).put(io.BytesIO(plain), subject=public_id, limit=MOST_BYTES, name=name)
    keep_file(stored, subject=public_id, field_class=FieldClass.RESTRICTED)
    Attachment.objects.create(
        public_id=public_id,
        concern=way.case.row,
        filer=way.filer,
        address=stored.address,
        name=way.seats.key.seal_text(keys.NAME, public_id, name),
        media_type=stored.media_type,
        size=stored.size,
        on=run.now.date(),
        run=run.id,
    )
    run.record(FileAttached(concern=way.case.id, attachment=public_id))
    return _done(way)


@action(permission=ConcernPermission.RAISE, events=(TargetAdded,), doors=())
def add_target(
    run: Run,
    *,
    locator: Locator,
    secret: Secret,
    target: Annotated[str, Field(description="Public id of what it is also about.", max_length=40)],
) -> Done:
    """Say what else the concern is about. Whoever took part in that loses it: the case gets another key.

    Who raised it does: nobody who joined later takes it from those who hear it.
    """
    way = _come_in(run, locator, secret)
    _check_first(way)
    known = KnownTarget.objects.filter(public_id=target).first()
    if known is None or Target.objects.filter(concern=way.case.row, target=known).exists():
        raise InvalidError(
            "this cannot be added",
            hint="choose from the list",
            fields={"target": "is not listed, or is there already"},
        )
    Target.objects.create(concern=way.case.row, target=known, on=run.now.date())
    seats = keys.reseat(way.case, way.seats.key, on=run.now.date())
    levels = seats.levels
    add_step(run, way.case, Move.ADD_TARGET, by_officer=False, levels=levels)
    run.record(TargetAdded(concern=way.case.id, levels=levels, target=target))
    return _done(way)


@action(permission=ConcernPermission.RAISE, events=(PointsContested,), doors=())
def contest_points(
    run: Run,
    *,
    locator: Locator,
    secret: Secret,
    points: Annotated[
        tuple[Annotated[int, Field(ge=1, le=MOST_POINTS)], ...],
        Field(description="Numbers of the points whose answer you contest.", min_length=1),
    ],
    text: Annotated[str, Field(description="Why; kept with the answer.", min_length=2, max_length=8_000)],
) -> Done:
    """Contest the answer to some points. They go up one level, to somebody who had no part in the concern.

    Who raised it does; who joined later can leave messages.
    """
    way = _come_in(run, locator, secret)
    if way.filer.joined:
        raise ConflictError("who raised the concern contests its answer", hint="leave a message instead")
    level, levels = _levels_above(way, run)
    add_step(
        run,
        way.case,
        Move.CONTEST,
        by_officer=False,
        points=tuple(sorted(set(points))),
        levels=levels,
        level=level,
    )
    public_id = run.new_id("CM")
    Message.objects.create(
        public_id=public_id,
        concern=way.case.row,
        filer=way.filer,
        text=way.seats.key.seal_text(keys.MESSAGE, public_id, text),
        on=run.now.date(),
        run=run.id,
    )
    now = way.case.standing(run.now.date())
    run.record(PointsContested(concern=way.case.id, points=now.open_points, level=now.level, levels=levels))
    return _done(way)


def _levels_above(way: _Way, run: Run) -> tuple[int, tuple[int, ...]]:
    """The level that answered, and the levels from there on that have people who had no part yet."""
    now = way.case.standing(run.now.date())
    had_part = behind_runs(s.run for s in way.case.steps if s.person)
    fresh: dict[int, int] = {}
    for officer in way.seats.free:
        fresh[officer.level] = fresh.get(officer.level, 0) + (not officer.persons & had_part)
    top = way.seats.levels[-1]
    above = tuple(n for n in way.seats.levels if n > now.level and (fresh.get(n, 0) >= NEEDED or n == top))
    return now.level, (now.level, *above)


@action(permission=ConcernPermission.RAISE, events=(AnswerAccepted,), doors=())
def accept_answer(run: Run, *, locator: Locator, secret: Secret) -> Done:
    """Accept the answer. The concern is closed once what was promised is done."""
    way = _come_in(run, locator, secret)
    _check_first(way)
    add_step(run, way.case, Move.ACCEPT, by_officer=False)
    run.record(AnswerAccepted(concern=way.case.id))
    return _done(way)


@action(permission=ConcernPermission.RAISE, events=(ConcernWithdrawn,), doors=())
def withdraw_concern(run: Run, *, locator: Locator, secret: Secret) -> Done:
    """Withdraw the concern. Nobody else can, and it cannot be undone."""
    way = _come_in(run, locator, secret)
    _check_first(way)
    add_step(run, way.case, Move.WITHDRAW, by_officer=False)
    run.record(ConcernWithdrawn(concern=way.case.id))
    return _done(way)


def _check_first(way: _Way) -> None:
    if way.filer.joined:
        raise ConflictError("who raised the concern does this", hint="leave a message instead")
