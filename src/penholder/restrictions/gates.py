"""Questions that are open elsewhere about what a decision rests on: who decides while one is open says why.

Who raised them is not known here: the channel for concerns is a site of its own, and what reaches the authority is
that a question is open, since which day, and at which level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from penholder.actions.errors import AbsentError
from penholder.restrictions.models import GateRow


@dataclass(frozen=True, slots=True)
class Gate:
    """An open question in neutral words. target: what it is about. level: the office that owes an answer."""

    id: str
    target: str
    question: str
    since: date
    level: str


def gate(id: str) -> Gate:  # noqa: A002 - the public id
    """One question, open or closed. Raises: AbsentError."""
    row = GateRow.objects.filter(public_id=id).first()
    if row is None:
        raise AbsentError(f"there is no question {id}", hint="look at what it was about")
    return _gate(row)


def open_gates(targets: Iterable[str]) -> tuple[Gate, ...]:
    """The open questions about some targets, oldest first. Open ones are few; targets may be many."""
    wanted, rows = set(targets), GateRow.objects.filter(closed_on=None).order_by("since", "public_id")
    return tuple(_gate(r) for r in rows if r.target in wanted)


def _gate(row: GateRow) -> Gate:
    return Gate(row.public_id, row.target, row.question, row.since, row.level)
