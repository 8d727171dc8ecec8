"""Questions that are open elsewhere about what a decision rests on: who decides while one is open says why.

Who raised them is not known here: the channel for concerns is a site of its own, and what reaches the authority is
that a question is open, since which day, and at which level.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run
from penholder.actions.errors import AbsentError, InvalidError
from penholder.actions.values import ActorKind
from penholder.actions.words import check_words
from penholder.restrictions.models import GateRow
from penholder.restrictions.stakes import stakes

GateReasons = Annotated[
    str,
    Field(
        description="Why the answer to an open question about it is not awaited; needed while one is open.",
        max_length=4_000,
    ),
]


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


def open_about(subjects: Collection[str], *, places: Collection[str], on: date) -> tuple[Gate, ...]:
    """The open questions about some things and places, and about all on which an act on them rests, oldest first.

    Where no question is open at all, nobody is asked what it rests on: one statement.
    """
    if not GateRow.objects.filter(closed_on=None).exists():
        return ()
    return open_gates(stakes(subjects, places=places, on=on))


def refuse_if_open(
    subjects: Collection[str], *, places: Collection[str], run: Run, reasons: str
) -> tuple[str, ...]:
    """Refuse an act while a question about it is open, unless it says why the answer is not awaited.

    The system is not asked: it does what somebody decided, who was.
    Returns: ids of the open questions; the act records them with its reasons. Raises: InvalidError.
    """
    if reasons:
        check_words(gate_reasons=reasons)
    found = tuple(gate.id for gate in open_about(subjects, places=places, on=run.now.date()))
    if found and not reasons and run.actor.kind is not ActorKind.SYSTEM:
        raise InvalidError(
            "a question about it is open, which somebody raised as a concern",
            hint="wait for the answer, or say why it is not awaited: this is kept with the act",
            fields={"gate_reasons": f"is needed: a question about it is open: {', '.join(found)}"},
        )
    return found


def _gate(row: GateRow) -> Gate:
    return Gate(row.public_id, row.target, row.question, row.since, row.level)
