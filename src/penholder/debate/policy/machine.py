"""The life of comments and members as data: which move is allowed from which state (data/machine.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Generic, TypeVar

from penholder.actions.errors import ConflictError
from penholder.debate.values import CommentMove, CommentState, Measure, MemberMove, MemberState
from penholder.kernel.errors import RuleError
from penholder.rules.records import Record, parse_record

M = TypeVar("M", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Machine(Generic[M, S]):
    """The allowed moves: (move, state before) -> state after."""

    begins: S
    moves: Mapping[tuple[M, S], S]

    def after(self, move: M, state: S, *, what: str) -> S:
        """The state after a move. Raises: ConflictError where it is not allowed."""
        found = self.moves.get((move, state))
        if found is None:
            raise ConflictError(
                f"{what} is {state.replace('_', ' ')}: {move} is not possible", hint="look at it again"
            )
        return found


@dataclass(frozen=True, slots=True)
class Machines:
    """Both tables, and in which states everybody reads a comment."""

    comment: Machine[CommentMove, CommentState]
    member: Machine[MemberMove, MemberState]
    shown: frozenset[CommentState]


@cache
def machines() -> Machines:
    """The tables that ship. Raises: RuleError, with file and line."""
    record = data("machine.yaml")
    record.refuse_unknown({"comment", "member"})
    comment, member = record.child("comment"), record.child("member")
    comment.refuse_unknown({"begins", "shown", "moves"})
    member.refuse_unknown({"begins", "moves"})
    return Machines(
        _machine(comment, CommentMove, CommentState),
        _machine(member, MemberMove, MemberState),
        frozenset(CommentState(s) for s in comment.words("shown")),
    )


def data(name: str) -> Record:
    """A file of the folder `data`. Raises: RuleError."""
    file = Path(str(resources.files("penholder.debate").joinpath("data", name)))
    return parse_record(file.read_text(encoding="utf-8"), name=name, error=RuleError)


def _machine(record: Record, moves: type[M], states: type[S]) -> Machine[M, S]:
    found: dict[tuple[M, S], S] = {}
    for row in record.items("moves"):
        row.refuse_unknown({"move", "from", "to"})
        move = moves(row.choice("move", list(moves)))
        for before in row.words("from"):
            if before not in list(states) or (move, states(before)) in found:
                raise row.refusal("from", f"{before} is no state, or is given twice for {move}")
            found[move, states(before)] = states(row.choice("to", list(states)))
    return Machine(states(record.choice("begins", list(states))), found)


_MAKES = (
    (Measure.BAN, MemberState.BANNED),
    (Measure.SUSPEND, MemberState.RESTRICTED),
    (Measure.WARN, MemberState.WARNED),
)


def member_state(holding: Iterable[Measure]) -> MemberState:
    """Where a member stands, from the measures that hold: the gravest counts."""
    held = set(holding)
    return next((state for measure, state in _MAKES if measure in held), MemberState.ACTIVE)
