"""The tables of the concerns against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.replay import Difference, Recorded, replays
from penholder.concerns import events
from penholder.concerns.cases import Case, case_of
from penholder.concerns.models import Concern
from penholder.concerns.policy.clocks import Moved
from penholder.concerns.policy.tally import MOVES, PublicEntry, moved_of
from penholder.concerns.values import Move

_TOLD = frozenset(MOVES.values())


@replays(
    events.ConcernRaised,
    events.ConcernAcknowledged,
    events.TargetAdded,
    events.TimeExtended,
    events.AnswerIssued,
    events.PointsContested,
    events.AnswerAccepted,
    events.ConcernWithdrawn,
    events.MeasureFinished,
)
def concerns(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every concern as the public entries tell of it, and as its steps say."""
    told: dict[str, list[Moved]] = {}
    raised: dict[str, str] = {}
    for record in recorded:
        move = MOVES[record.name.removeprefix("concerns.")]
        entry = PublicEntry(record.name, record.at.date(), record.about, record.values)
        told.setdefault(record.about, []).append(moved_of(move, entry))
        if move is Move.RAISE:
            raised[record.about] = str(record.values["commitment"])
    for row in Concern.objects.order_by("pk").iterator(chunk_size=200):
        said = told.pop(row.public_id, None)
        where = f"concern {row.public_id}"
        if said is None:
            yield Difference(where, "is in the tables and not in the ledger")
        elif raised.get(row.public_id) != row.commitment:
            yield Difference(where, "the ledger and the tables differ in what was filed")
        elif [_bare(m) for m in said] != [_bare(m) for m in _moves(case_of(row))]:
            yield Difference(where, "the ledger and the tables differ in a step")
    for public_id in sorted(told):
        yield Difference(f"concern {public_id}", "is in the ledger and not in the tables")


def _moves(case: Case) -> list[Moved]:
    return [m for m in case.moves if m.move in _TOLD]


def _bare(moved: Moved) -> tuple[object, ...]:
    return (moved.move, moved.on, moved.points, moved.levels, moved.measures, moved.until)
