"""The tables of the restrictions against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from penholder.actions.replay import Difference, Recorded, replays
from penholder.restrictions import events
from penholder.restrictions.models import GateRow, Restriction, Step
from penholder.restrictions.values import StepKind

_OF_ROW = ("limb", "scope", "legal_basis", "reasons", "advice_for", "advice_against", "conditions", "review_by",
           "cause")  # fmt: skip
_Step = tuple[str, str, str, tuple[str, ...], str]


@replays(
    events.MoratoriumSet,
    events.MoratoriumDestinationsChanged,
    events.MoratoriumLifted,
    events.ExemptionProposed,
    events.ExemptionAnnounced,
    events.ExemptionEnded,
    events.HoldPlaced,
    events.HoldLifted,
)
def restrictions(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every restriction: what was said of it, its steps and its version."""
    rows: dict[str, dict[str, Any]] = {}
    steps: dict[str, list[_Step]] = {}
    versions: dict[str, int] = {}
    for record in recorded:
        versions[record.about] = versions.get(record.about, 0) + 1
        rows.setdefault(record.about, record.values)
        steps.setdefault(record.about, []).extend(_steps(record.name, record.values))
    held_steps: dict[str, list[_Step]] = {}
    for step in Step.objects.select_related("restriction").order_by("pk").iterator(chunk_size=2_000):
        held_steps.setdefault(step.restriction.public_id, []).append(
            (step.kind, step.on.isoformat(), step.destination, tuple(step.gates), step.gate_reasons)
        )
    left = set(rows)
    for row in Restriction.objects.order_by("pk").iterator(chunk_size=2_000):
        left.discard(row.public_id)
        said = rows.get(row.public_id)
        where = f"restriction {row.public_id}"
        if said is None:
            yield Difference(where, "is in the tables and not in the ledger")
            continue
        differs = [n for n in _OF_ROW if n in said and str(getattr(row, n)) != str(said[n])]
        if steps[row.public_id] != held_steps.get(row.public_id, []):
            differs.append("steps")
        if versions[row.public_id] != row.version:
            differs.append("version")
        if differs:
            yield Difference(where, f"the ledger and the tables differ in {', '.join(differs)}")
    for public_id in sorted(left):
        yield Difference(f"restriction {public_id}", "is in the ledger and not in the tables")


def _steps(name: str, said: dict[str, Any]) -> list[_Step]:
    """The steps that an event makes, with the questions that were open about it."""
    asked = (tuple(said.get("gates", ())), said.get("gate_reasons", ""))
    return [(*made, *asked) for made in _moves(name, said)]


def _moves(name: str, said: dict[str, Any]) -> list[tuple[str, str, str]]:
    kind = name.rpartition(".")[2]
    if kind == "MoratoriumSet":
        day = said["valid_from"]
        return [(StepKind.SET, day, ""), *((StepKind.ADD, day, d) for d in said["destinations"])]
    if kind == "MoratoriumDestinationsChanged":
        day = said["effective_on"]
        gone = [(StepKind.REMOVE.value, day, d) for d in said["removed"]]
        return [*gone, *((StepKind.ADD.value, day, d) for d in said["added"])]
    one = {
        "MoratoriumLifted": (StepKind.LIFT, "lifted_on"),
        "ExemptionProposed": (StepKind.PROPOSE, "proposed_on"),
        "ExemptionAnnounced": (StepKind.ANNOUNCE, "announced_on"),
        "ExemptionEnded": (StepKind.END, "ended_on"),
        "HoldPlaced": (StepKind.PLACE, "placed_on"),
        "HoldLifted": (StepKind.LIFT, "lifted_on"),
    }[kind]
    place = said["destination"] if kind == "HoldPlaced" else ""
    return [(one[0], said[one[1]], place)]


@replays(events.GatesImported)
def gates(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """The open questions: what the lists opened and did not close again."""
    held: set[str] = set()
    for record in recorded:
        held |= set(record.values["opened"])
        held -= set(record.values["closed"])
    rows = set(GateRow.objects.filter(closed_on=None).values_list("public_id", flat=True))
    for gate in sorted(held ^ rows):
        where = "in the tables and not in the ledger" if gate in rows else "in the ledger and not in the tables"
        yield Difference(f"open question {gate}", f"is {where}")
