"""The table of moves of a change of circumstances, and how long a trigger may wait for its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.kernel.errors import RuleError
from penholder.review.values import Move, State
from penholder.rules.records import Record, parse_record

_SAME = "same"


@dataclass(frozen=True, slots=True)
class Machine:
    """The allowed moves: (act, state before) -> state after."""

    begins: State
    answer_within_days: int
    moves: Mapping[tuple[Move, State], State]

    def allowed_from(self, state: State) -> tuple[Move, ...]:
        """What may be done in this state, in the order of Move."""
        return tuple(move for move in Move if (move, state) in self.moves)


@cache
def machine() -> Machine:
    """The table that ships. Raises: RuleError, with file and line."""
    file = Path(str(resources.files("penholder.review").joinpath("data", "machine.yaml")))
    return read_machine(parse_record(file.read_text(encoding="utf-8"), name=file.name, error=RuleError))


def read_machine(record: Record) -> Machine:
    """A table from its record. Raises: RuleError: an unknown word, or two answers to one question."""
    record.refuse_unknown({"begins", "answer_within_days", "moves"})
    moves: dict[tuple[Move, State], State] = {}
    for row in record.items("moves"):
        row.refuse_unknown({"act", "from", "to"})
        act = Move(row.choice("act", list(Move)))
        to = row.choice("to", [*State, _SAME])
        for word in row.words("from"):
            if word not in tuple(State):
                raise row.refusal("from", f"{word!r} is no state; allowed: {', '.join(State)}")
            if (act, State(word)) in moves:
                raise row.refusal("from", f"{act} from {word} is given twice")
            moves[act, State(word)] = State(word) if to == _SAME else State(to)
    days = record.integer("answer_within_days")
    if not 1 <= days <= 365:
        raise record.refusal("answer_within_days", "1 to 365 days are allowed")
    return Machine(State(record.choice("begins", list(State))), days, moves)
