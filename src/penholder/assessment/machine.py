"""Tables of the assessments that are data: which move is allowed from where, and when information is too old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.assessment.values import Conflict, Move, Status
from penholder.kernel.errors import ConfigurationError, RuleError
from penholder.rules.records import Record, parse_record

_MOVE_KEYS = frozenset({"move", "from", "to"})


@dataclass(frozen=True, slots=True)
class Machine:
    """The allowed moves: (move, status before) -> status after."""

    begins: Status
    citable: Status
    moves: Mapping[tuple[Move, Status], Status]
    saved_after: frozenset[Status]

    def allowed_from(self, status: Status) -> tuple[Move, ...]:
        """What may be done with a version in this status."""
        saves = (Move.SAVE,) if status in self.saved_after else ()
        return (*saves, *(m for m in Move if (m, status) in self.moves))


@cache
def machine() -> Machine:
    """The table that ships. Raises: RuleError, with file and line."""
    return read_machine(_data("machine.yaml"))


def read_machine(record: Record) -> Machine:
    """A table from its record. Raises: RuleError: an unknown word, or two answers to one question."""
    record.refuse_unknown({"begins", "citable", "moves", "saved_after"})
    moves: dict[tuple[Move, Status], Status] = {}
    for row in record.items("moves"):
        row.refuse_unknown(_MOVE_KEYS)
        move = Move(row.choice("move", list(Move)))
        for before in _statuses(row, "from"):
            if (move, before) in moves:
                raise row.refusal("from", f"{move} from {before} is given twice")
            moves[move, before] = Status(row.choice("to", list(Status)))
    return Machine(
        begins=Status(record.choice("begins", list(Status))),
        citable=Status(record.choice("citable", list(Status))),
        moves=moves,
        saved_after=frozenset(_statuses(record, "saved_after")),
    )


def _statuses(row: Record, key: str) -> tuple[Status, ...]:
    words = row.words(key)
    for word in words:
        if word not in tuple(Status):
            raise row.refusal(key, f"{word!r} is no status; allowed: {', '.join(Status)}")
    return tuple(Status(word) for word in words)


def limits_of(configured: Mapping[str, object]) -> Mapping[Conflict, int]:
    """Days after which information is too old to be cited without reasons: as configured, else as shipped.

    Raises: ConfigurationError: a name or a number that is not allowed.
    """
    names = [c.value for c in Conflict]
    for name, days in configured.items():
        if name not in names or not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 3_650:
            raise ConfigurationError(
                f"penholder.toml: [staleness] {name} = {days!r} is not allowed",
                hint=f"allowed: {', '.join(names)}, each a whole number of days from 1 to 3650",
            )
    return {c: int(str(configured.get(c.value, _shipped()[c]))) for c in Conflict}


@cache
def _shipped() -> Mapping[Conflict, int]:
    record = _data("staleness.yaml")
    record.refuse_unknown([c.value for c in Conflict])
    return {c: record.integer(c.value) for c in Conflict}


def _data(name: str) -> Record:
    file = Path(str(resources.files("penholder.assessment").joinpath("data", name)))
    return parse_record(file.read_text(encoding="utf-8"), name=name, error=RuleError)
