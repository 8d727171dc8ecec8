"""What the demonstration does with a sample: learn one more fact, and say which lines it moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.releases.store import ReleaseFacts, store_release
from penholder.analysis.sample.edges import LATER_STEP, STEPS, edges_table
from penholder.analysis.sample.write import ATTRIBUTION, DATA_LICENCE, EDGES_SERIES, RELEASED
from penholder.analysis.stocktake.run import Stocktake, stocktake
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.kernel.truth import Truth

LEARNED = date(2026, 2, 1)
USES = ("excluded", "unknown", "could")


@dataclass(frozen=True, slots=True)
class Moved:
    """One line whose use is another one with the new fact than without it."""

    line: str
    rating: str
    description: str
    destination: str
    before: str
    after: str


def learn_one_fact(folder: Path) -> str:
    """Add a release of edges with one step more, released on LEARNED. Gives the fact in words."""
    facts = ReleaseFacts(
        kind="sample", series=EDGES_SERIES, released=LEARNED, attribution=ATTRIBUTION, data_licence=DATA_LICENCE
    )
    store_release(folder, facts, {"edges": edges_table((*STEPS, LATER_STEP))})
    step = LATER_STEP
    return f"{step.from_id} are part of the {step.to_id} ({step.citation}, grade {step.grade}, {step.basis})"


def moved_lines(catalogue: Catalogue, profile: OperationProfile, *, on: date) -> tuple[Moved, ...]:
    """The lines granted so far whose use differs between what was known on RELEASED and on LEARNED."""
    before, after = (
        stocktake(catalogue, profile, on=on, scope=Scope.GRANTED, known=day) for day in (RELEASED, LEARNED)
    )
    changed = np.flatnonzero(before.use != after.use)
    columns = after.columns("line", "rating", "description", "destination_name")
    rows = columns.take(changed).to_pylist()
    return tuple(_moved(row, before, after, int(i)) for i, row in zip(changed, rows, strict=True))


def _moved(row: dict[str, str | None], before: Stocktake, after: Stocktake, position: int) -> Moved:
    was, now = (USES[Truth(int(answer.use[position]))] for answer in (before, after))
    return Moved(
        line=row["line"] or "",
        rating=row["rating"] or "",
        description=row["description"] or "",
        destination=row["destination_name"] or "",
        before=was,
        after=now,
    )
