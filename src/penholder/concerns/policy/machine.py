"""The life of a concern as data: which move is allowed from which state (data/machine.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.concerns.values import Move, State
from penholder.kernel.errors import RuleError
from penholder.rules.records import Record, parse_record

SAME = "same"


@dataclass(frozen=True, slots=True)
class Machine:
    """The allowed moves: (move, state before) -> state after."""

    begins: State
    owed: frozenset[State]
    """States in which somebody owes an answer."""
    window: State
    """The state in which the days to contest run."""
    ended: frozenset[State]
    moves: Mapping[tuple[Move, State], State]

    def after(self, move: Move, state: State) -> State | None:
        """The state after a move; None: it is not allowed."""
        return self.moves.get((move, state))

    def ways_to_an_end(self) -> frozenset[tuple[Move, State]]:
        """Every (move, state before) that ends a concern."""
        return frozenset(k for k, after in self.moves.items() if after in self.ended and k[1] not in self.ended)


@cache
def machine() -> Machine:
    """The table that ships. Raises: RuleError, with file and line."""
    return read_machine(data("machine.yaml"))


def read_machine(record: Record) -> Machine:
    """A table from its record. Raises: RuleError."""
    record.refuse_unknown({"begins", "owed", "window", "ended", "moves"})
    moves: dict[tuple[Move, State], State] = {}
    for row in record.items("moves"):
        row.refuse_unknown({"move", "from", "to"})
        move = Move(row.choice("move", list(Move)))
        for before in _states(row, "from"):
            if (move, before) in moves:
                raise row.refusal("from", f"{move} from {before} is given twice")
            to = row.choice("to", [SAME, *State])
            moves[move, before] = before if to == SAME else State(to)
    return Machine(
        begins=State(record.choice("begins", list(State))),
        owed=frozenset(_states(record, "owed")),
        window=State(record.choice("window", list(State))),
        ended=frozenset(_states(record, "ended")),
        moves=moves,
    )


def _states(row: Record, key: str) -> tuple[State, ...]:
    words = row.words(key)
    for word in words:
        if word not in tuple(State):
            raise row.refusal(key, f"{word!r} is no state; allowed: {', '.join(State)}")
    return tuple(State(word) for word in words)


def data(name: str) -> Record:
    """A table of this package. Raises: RuleError."""
    file = Path(str(resources.files("penholder.concerns").joinpath("data", name)))
    return parse_record(file.read_text(encoding="utf-8"), name=name, error=RuleError)
