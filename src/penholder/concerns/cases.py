"""A concern as it stands: its row, its steps and what follows from them, for acts and for questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from penholder.actions.action import Run
from penholder.actions.behind import behind, behind_act
from penholder.actions.errors import AbsentError, ConflictError, SeparationError
from penholder.actions.models import Act
from penholder.actions.values import Actor
from penholder.concerns import officers, sealing, unlocked
from penholder.concerns.models import Concern, Reader, Step
from penholder.concerns.policy.clocks import Moved, Policy, Standing, policies, standing
from penholder.concerns.sealing import CaseKey
from penholder.concerns.values import Move

_TAKES_PART = frozenset({Move.ACKNOWLEDGE, Move.ALLOCATE, Move.PROPOSE, Move.ANSWER, Move.EXTEND, Move.MESSAGE})


@dataclass
class Case:
    """One concern with its steps, in order."""

    row: Concern
    steps: list[Step]
    moves: list[Moved] = field(init=False)

    def __post_init__(self) -> None:
        self.moves = [moved_of(s) for s in self.steps]

    @property
    def id(self) -> str:
        """Public id."""
        return self.row.public_id

    @property
    def policy(self) -> Policy:
        """The policy of the day when it was raised."""
        return policies()[self.row.policy]

    def standing(self, on: date) -> Standing:
        """Where it stands on a day."""
        return standing(self.moves, policy=self.policy, on=on)

    def before_contest(self) -> frozenset[str]:
        """Persons who had a part before the points that are open were contested; none where none were."""
        last = max((n for n, s in enumerate(self.steps) if s.move == Move.CONTEST), default=0)
        return behind_runs(s.run for s in self.steps[:last] if s.person and Move(s.move) in _TAKES_PART)


def behind_runs(runs: Iterable[str]) -> frozenset[str]:
    """Persons whose acts these were: what a deputy does counts as done by both."""
    return frozenset(p for act in Act.objects.filter(run__in=list(runs)) for p in behind_act(act))


def moved_of(step: Step) -> Moved:
    """The step as the policy reads it."""
    return Moved(
        Move(step.move),
        step.on,
        points=tuple(step.points),
        levels=tuple(step.levels),
        measures=tuple(step.measures),
        until=step.until,
    )


def load(concern: str, *, lock: bool = False) -> Case:
    """A concern by its public id. Raises: AbsentError."""
    rows = Concern.objects.select_for_update() if lock else Concern.objects.all()
    row = rows.filter(public_id=concern).first()
    if row is None:
        raise absent()
    return case_of(row)


def case_of(row: Concern) -> Case:
    """The case of a row."""
    return Case(row, list(row.steps.order_by("number")))


def absent() -> AbsentError:
    """There is none, or it is not for this person: the same words."""
    return AbsentError("there is no such concern", hint="look it up in your list")


def reader_of(case: Case, actor: Actor, *, on: date, level: int | None = None) -> Reader:
    """The box of an officer of the level that has the concern. Raises: AbsentError: it is not for this person.

    level: another level than the one that has it (that next above it extends the time).
    """
    wanted = case.standing(on).level if level is None else level
    row = Reader.objects.filter(concern=case.row, user__public_id=actor.id, level=wanted).first()
    if row is None or officers.level_of(actor) is None or officers.has_taken_part(actor, case.row):
        raise absent()
    return row


def key_of(case: Case, actor: Actor, row: Reader) -> CaseKey:
    """The key of the case, by the unlocked key of the officer. Raises: LockedError, VaultIntegrityError."""
    binding = sealing.of_case(case.id, actor.id)
    return CaseKey(case.id, sealing.unbox(bytes(row.boxed), private=unlocked.private_of(actor), binding=binding))


def check_version(case: Case, expected: int) -> None:
    """Raises: ConflictError: it changed since the actor looked."""
    if case.row.version != expected:
        raise ConflictError(
            f"the concern was changed since you looked: it is at state {case.row.version}, not {expected}",
            hint="look at it again, and act again if that is still right",
        )


def check_new_here(case: Case, actor: Actor) -> None:
    """What was contested is decided by somebody who had no part in it. Raises: SeparationError."""
    if behind(actor) & case.before_contest():
        raise SeparationError(
            "points that were contested are dealt with by somebody who had no part in the concern before",
            hint="ask a colleague of the same level",
        )


def add_step(run: Run, case: Case, move: Move, *, by_officer: bool = True, level: int = 0, **given: Any) -> Step:
    """Let it happen, where the policy allows it. Raises: ConflictError, InvalidError."""
    on = run.now.date()
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    step = Step(
        concern=case.row,
        number=len(case.steps) + 1,
        move=move.value,
        on=on,
        level=level,
        person=run.actor.id if by_officer else "",
        run=run.id,
        **plain,
    )
    standing([*case.moves, moved_of(step)], policy=case.policy, on=on)
    step.save(force_insert=True)
    case.steps.append(step)
    case.moves.append(moved_of(step))
    case.row.version += 1
    case.row.save(update_fields=["version", "has_stale_key"])
    return step
