"""Tables of the register that are data: which act is allowed from which status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.kernel.errors import RuleError
from penholder.register.values import LineAct, LineStatus
from penholder.rules.records import Record, parse_record

_SAME = "same"
_MOVE_KEYS = frozenset({"act", "from", "to"})


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """The allowed moves: (act, status before) -> status after."""

    begins: LineStatus
    moves: Mapping[tuple[LineAct, LineStatus], LineStatus]

    def allowed_from(self, status: LineStatus) -> tuple[LineAct, ...]:
        """What may be done to a line in this status, in the order of LineAct."""
        return tuple(act for act in LineAct if (act, status) in self.moves)


@cache
def life_cycle() -> LifeCycle:
    """The table that ships. Raises: RuleError, with file and line."""
    return read_life_cycle(_data("life_cycle.yaml"))


def read_life_cycle(record: Record) -> LifeCycle:
    """A table from its record. Raises: RuleError: an unknown word, or two answers to one question."""
    record.refuse_unknown({"begins", "moves"})
    moves: dict[tuple[LineAct, LineStatus], LineStatus] = {}
    for move in record.items("moves"):
        move.refuse_unknown(_MOVE_KEYS)
        act = LineAct(move.choice("act", list(LineAct)))
        to = move.choice("to", [*LineStatus, _SAME])
        for word in move.words("from"):
            if word not in tuple(LineStatus):
                raise move.refusal("from", f"{word!r} is no status; allowed: {', '.join(LineStatus)}")
            before = LineStatus(word)
            if (act, before) in moves:
                raise move.refusal("from", f"{act} from {before} is given twice")
            moves[act, before] = before if to == _SAME else LineStatus(to)
    return LifeCycle(LineStatus(record.choice("begins", list(LineStatus))), moves)


@cache
def acknowledge_within_days() -> int:
    """In how many days customs acknowledge a message."""
    return _data("customs.yaml").integer("acknowledge_within_days")


def _data(name: str) -> Record:
    file = Path(str(resources.files("penholder.register").joinpath("data", name)))
    return parse_record(file.read_text(encoding="utf-8"), name=name, error=RuleError)
