"""The tables of the reviews against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from penholder.actions.errors import ConflictError
from penholder.actions.replay import Difference, Recorded, replays
from penholder.review import events, policy
from penholder.review.loading import name_of
from penholder.review.machine import machine
from penholder.review.models import Circumstance, Classification, Decision, Execution, Stocktake
from penholder.review.values import Move, State

_MOVES = {
    "TriggerDeclined": Move.DECLINE,
    "ChangeOpened": Move.ACCEPT,
    "HoldOrdered": Move.HOLD,
    "StocktakeRun": Move.STOCKTAKE,
    "LinesClassified": Move.CLASSIFY,
    "ChangeAssessed": Move.ASSESS,
    "OptionsSet": Move.OPTIONS,
    "ChangeDecided": Move.DECIDE,
    "DecisionExecuted": Move.EXECUTE,
    "ChangeReviewed": Move.REVIEW,
}


@dataclass(slots=True)
class _Folded:
    """What the events of one change of circumstances amount to."""

    state: State
    version: int = 1
    said: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    decided: tuple[object, ...] | None = None
    done: tuple[object, ...] | None = None


@replays(
    events.TriggerProposed,
    events.TriggerDeclined,
    events.ChangeOpened,
    events.HoldOrdered,
    events.StocktakeRun,
    events.LinesClassified,
    events.ChangeAssessed,
    events.OptionsSet,
    events.ChangeDecided,
    events.DecisionExecuted,
    events.ChangeReviewed,
)
def circumstances(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every change of circumstances: its state and version, its runs, what was said of lines, what was decided."""
    folded: dict[str, _Folded] = {}
    for record in recorded:
        try:
            _apply(folded, record)
        except ConflictError as error:
            yield Difference(f"{record.about}, entry {record.number}", f"{record.name}: {error.message}")
    left = set(folded)
    for row in Circumstance.objects.order_by("pk").iterator(chunk_size=500):
        left.discard(row.public_id)
        where = f"change of circumstances {row.public_id}"
        if row.public_id not in folded:
            yield Difference(where, "is in the tables and not in the ledger")
        elif said := _differs(folded[row.public_id], row):
            yield Difference(where, f"the ledger and the tables differ in {said}")
    for public_id in sorted(left):
        yield Difference(f"change of circumstances {public_id}", "is in the ledger and not in the tables")


def _apply(folded: dict[str, _Folded], record: Recorded) -> None:
    name, said = record.name.rpartition(".")[2], record.values
    if name == "TriggerProposed":
        folded[record.about] = _Folded(machine().begins)
        return
    found = folded.setdefault(record.about, _Folded(machine().begins))
    found.state = policy.next_state(_MOVES[name], found.state, change=record.about)
    found.version += 1
    if name == "StocktakeRun":
        found.runs[said["stocktake"]] = said["rows_digest"]
    elif name == "LinesClassified":
        found.said |= dict.fromkeys(said["lines"], said["use"])
    elif name == "ChangeDecided":
        found.decided = (
            said["option"],
            list(said["stopped"]),
            sorted(said["left_lines"]),
            said["review_by"],
            list(said.get("gates", ())),
            said.get("gate_reasons", ""),
        )
    elif name == "DecisionExecuted":
        found.done = (list(said["stopped"]), list(said["skipped_lines"]), said["moratorium"])


def _differs(folded: _Folded, row: Circumstance) -> str:
    """Names of what differs; empty: nothing."""
    said = {
        name_of((c.licence, c.number)): c.use
        for c in Classification.objects.filter(circumstance=row).order_by("pk")
    }
    runs = dict(Stocktake.objects.filter(circumstance=row).values_list("public_id", "rows_digest"))
    decision = Decision.objects.filter(circumstance=row).first()
    done = Execution.objects.filter(circumstance=row).first()
    decided = decision and (
        decision.option,
        list(decision.stopped),
        sorted(decision.left),
        decision.review_by.isoformat(),
        list(decision.gates),
        decision.gate_reasons,
    )
    executed = done and (list(done.stopped), list(done.skipped), done.moratorium)
    pairs = {
        "state": (folded.state.value, row.state),
        "version": (folded.version, row.version),
        "runs": (folded.runs, runs),
        "classifications": (folded.said, said),
        "decision": (folded.decided, decided),
        "execution": (folded.done, executed),
    }
    return ", ".join(name for name, (one, other) in pairs.items() if one != other)
