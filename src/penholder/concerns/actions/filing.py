"""A concern is raised, by nobody who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.concerns import codes as made
from penholder.concerns import filers, keys, officers, sealing
from penholder.concerns.codes import Codes
from penholder.concerns.errors import ChannelClosedError
from penholder.concerns.events import ConcernRaised
from penholder.concerns.matters import matters
from penholder.concerns.models import Concern, Filer, KnownTarget, Step, Target
from penholder.concerns.officers import Officer
from penholder.concerns.policy.clocks import policy_on
from penholder.concerns.policy.ladder import NEEDED, levels_for
from penholder.concerns.receipt import commitment
from penholder.concerns.sealing import CaseKey
from penholder.concerns.values import CONCERN, MOST_POINTS, MOST_TARGETS, ConcernPermission, Move, Point

_POINTS: TypeAdapter[tuple[Point, ...]] = TypeAdapter(tuple[Point, ...])
Id = Annotated[str, Field(min_length=2, max_length=40)]


@dataclass(frozen=True, slots=True)
class Raised:
    """What came of it. Locator and secret are in the details, shown once."""

    id: str
    raised_on: date


@action(permission=ConcernPermission.RAISE, events=(ConcernRaised,), doors=())
def raise_concern(
    run: Run,
    *,
    points: Annotated[
        tuple[Point, ...],
        Field(
            description="What is wrong, point by point: each is answered.", min_length=1, max_length=MOST_POINTS
        ),
    ],
    matter: Annotated[str, Field(description="What kind of matter it is (data/matters.yaml).", max_length=30)],
    targets: Annotated[
        tuple[Id, ...],
        Field(description="Public ids of what it is about; may be left out.", max_length=MOST_TARGETS),
    ] = (),
    kept_out: Annotated[
        tuple[Id, ...], Field(description="Public ids of people of the ladder who must not see it.", max_length=40)
    ] = (),
    asks_decider: Annotated[
        bool,
        Field(
            description="Is whoever decides on it next asked the neutral question of the matter, and must answer?"
        ),
    ] = False,
    locator: Annotated[str, Field(description="One that a form has made; else it is made.", max_length=40)] = "",
    secret: Annotated[str, Field(description="One that a form has made; else it is made.", max_length=80)] = "",
) -> Raised:
    """Raise a concern: each point gets an answer with grounds, by a day, and goes up by itself where it gets none.

    No account, no address and no time finer than the day is kept. Gives locator and secret, once.
    """
    filers.check_unnamed(run.actor)
    codes = _codes(locator, secret)
    on = run.now.date()
    about = _targets(targets)
    _check(matter, kept_out)
    free = officers.free_of_conflict(
        officers.officers(on=on), partaking=officers.partakers(about), kept_out=kept_out
    )
    levels = open_levels(free)
    public_id, key = run.new_id(CONCERN), sealing.new_key()
    content = {
        "points": _POINTS.dump_python(points, mode="json"),
        "matter": matter,
        "targets": list(targets),
        "kept_out": sorted(set(kept_out)),
        "raised_on": on.isoformat(),
    }
    opened = filers.opened(codes)
    row = Concern.objects.create(
        public_id=public_id,
        policy=policy_on(on).id,
        raised_on=on,
        matter=matter,
        points=len(points),
        content=CaseKey(public_id, key).seal(keys.CONTENT, public_id, content),
        commitment=commitment(content, blinding=opened.blinding),
        asks_decider=asks_decider,
    )
    for target in about:
        Target.objects.create(concern=row, target=target, on=on)
    _give(row, CaseKey(public_id, key), codes, free, on=on)
    _first_step(run, row, levels)
    run.record(
        ConcernRaised(
            concern=public_id, policy=row.policy, levels=levels, points=len(points), commitment=row.commitment
        )
    )
    run.details.update(locator=codes.locator, secret=codes.secret)
    return Raised(public_id, on)


def open_levels(free: Sequence[Officer]) -> tuple[int, ...]:
    """The levels that can hear it. Raises: ChannelClosedError: at the top, outside, there are too few."""
    by_level = officers.count_by_level(free)
    if by_level.get(officers.ladder()[-1].number, 0) < NEEDED:
        raise ChannelClosedError(
            "the channel is not open: there are not two people with keys at the instance outside the authority",
            hint="nothing was kept; an administrator of the concerns site names them, and they make their keys",
        )
    return levels_for(by_level, officers.ladder())


def _codes(locator: str, secret: str) -> Codes:
    codes = Codes(locator, secret) if locator or secret else made.new_codes()
    if not made.is_whole(codes):
        raise InvalidError(
            "locator and secret are not ones that we made",
            hint="leave both out: they are made, and shown once",
            fields={"secret": "is not one that we made"},
        )
    return codes


def _targets(named: Sequence[str]) -> list[KnownTarget]:
    found = {t.public_id: t for t in KnownTarget.objects.filter(public_id__in=named)}
    if unknown := [n for n in named if n not in found]:
        raise InvalidError(
            "a concern is about something that the authority has listed, or about nothing that is listed",
            hint="leave it out and say it in a point; the list is brought up to date once a day",
            fields={"targets": f"there is no {', '.join(unknown)}"},
        )
    return list(found.values())


def _check(matter: str, kept_out: Sequence[str]) -> None:
    wrong = {}
    if matter not in matters():
        wrong["matter"] = f"must be one of: {', '.join(matters())}"
    known = {r for r in kept_out if r.startswith("P-")}
    if len(known) < len(set(kept_out)):
        wrong["kept_out"] = "names somebody who is not of the ladder"
    if wrong:
        raise InvalidError("some values are not allowed", hint="mend the named fields", fields=wrong)


def _give(row: Concern, key: CaseKey, codes: Codes, free: Sequence[Officer], *, on: date) -> None:
    for officer in free:
        keys.give(row, key, officer)
    add_filer(row, key, codes, on=on, joined=False)


def add_filer(row: Concern, key: CaseKey, codes: Codes, *, on: date, joined: bool) -> Filer:
    """A way back for somebody."""
    public, lookup = filers.opened(codes).public, made.lookup(codes.locator)
    boxed = sealing.box(key.key, to=public, binding=sealing.of_case(row.public_id, lookup))
    return Filer.objects.create(concern=row, lookup=lookup, public=public, boxed=boxed, joined=joined, on=on)


def _first_step(run: Run, row: Concern, levels: tuple[int, ...]) -> None:
    given: dict[str, Any] = {"points": list(range(1, row.points + 1)), "levels": list(levels)}
    Step.objects.create(concern=row, number=1, move=Move.RAISE, on=row.raised_on, run=run.id, **given)
