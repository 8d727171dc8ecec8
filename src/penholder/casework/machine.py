"""Tables of casework that are data: which move is allowed from where, and which departments advise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.actions.errors import ConflictError
from penholder.casework.values import CaseMove, CaseStatus
from penholder.kernel.errors import RuleError
from penholder.rules.records import Record, parse_record

_MOVE_KEYS = frozenset({"move", "from", "to"})


@dataclass(frozen=True, slots=True)
class Machine:
    """The allowed moves: (move, status before) -> status after."""

    begins: CaseStatus
    moves: Mapping[tuple[CaseMove, CaseStatus], CaseStatus]
    pending: frozenset[CaseStatus]
    """Applied for and not decided."""

    def allowed_from(self, status: CaseStatus) -> tuple[CaseMove, ...]:
        """What may be done with a case in this status."""
        return tuple(m for m in CaseMove if (m, status) in self.moves)

    def after(self, move: CaseMove, status: CaseStatus, *, case: str) -> CaseStatus:
        """The status after a move. Raises: ConflictError with what is allowed from here."""
        found = self.moves.get((move, status))
        if found is None:
            allowed = ", ".join(self.allowed_from(status)) or "nothing: this status is final"
            raise ConflictError(
                f"{case} is {status}; {move} is not allowed. Allowed: {allowed}", hint="look at the case again"
            )
        return found


@dataclass(frozen=True, slots=True)
class Department:
    """Who can be asked for advice. Its people are the members of the team of that name.

    leads: roles of lead advisers that it has (`lead_adviser_role` of rules).
    """

    id: str
    title: str
    team: str
    leads: tuple[str, ...] = ()


@cache
def machine() -> Machine:
    """The table that ships. Raises: RuleError, with file and line."""
    return read_machine(_data("machine.yaml"))


def read_machine(record: Record) -> Machine:
    """A table from its record. Raises: RuleError: an unknown word, or two answers to one question."""
    record.refuse_unknown({"begins", "moves", "pending"})
    moves: dict[tuple[CaseMove, CaseStatus], CaseStatus] = {}
    for row in record.items("moves"):
        row.refuse_unknown(_MOVE_KEYS)
        move = CaseMove(row.choice("move", list(CaseMove)))
        for before in _statuses(row, "from"):
            if (move, before) in moves:
                raise row.refusal("from", f"{move} from {before} is given twice")
            moves[move, before] = CaseStatus(row.choice("to", list(CaseStatus)))
    return Machine(
        begins=CaseStatus(record.choice("begins", list(CaseStatus))),
        moves=moves,
        pending=frozenset(_statuses(record, "pending")),
    )


def _statuses(row: Record, key: str) -> tuple[CaseStatus, ...]:
    words = row.words(key)
    for word in words:
        if word not in tuple(CaseStatus):
            raise row.refusal(key, f"{word!r} is no status; allowed: {', '.join(CaseStatus)}")
    return tuple(CaseStatus(word) for word in words)


@cache
def departments() -> Mapping[str, Department]:
    """Id -> department, in the order of the table. Raises: RuleError."""
    return read_departments(_data("departments.yaml"))


def read_departments(record: Record) -> Mapping[str, Department]:
    """A table from its record. Raises: RuleError: an id or a team is given twice."""
    record.refuse_unknown({"departments"})
    found: dict[str, Department] = {}
    for row in record.items("departments"):
        row.refuse_unknown({"id", "title", "team", "leads"})
        leads = row.words("leads") if row.has("leads") else ()
        one = Department(row.text("id"), row.text("title"), row.text("team"), leads)
        if one.id in found or one.team in {d.team for d in found.values()}:
            raise row.refusal("id", f"department {one.id!r}, or its team, is given twice")
        found[one.id] = one
    return found


def _data(name: str) -> Record:
    file = Path(str(resources.files("penholder.casework").joinpath("data", name)))
    return parse_record(file.read_text(encoding="utf-8"), name=name, error=RuleError)
