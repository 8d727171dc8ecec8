"""Sourced steps from sample goods towards means: findings about descriptions, beside the hints about ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from penholder.analysis.sample.lines import as_schema, words_column
from penholder.analysis.schemas import EDGES

SOURCE = "sample-edges"


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of the sample graph."""

    from_kind: str
    from_id: str
    to_kind: str
    to_id: str
    relation: str
    grade: str
    citation: str
    valid_from: date | None = None
    basis: str = "finding"


_ASSESSED = "Invented technical assessment"
_REPORTED = "Invented recovery report"
STEPS = (
    Step(
        "goods",
        "components for combat aircraft",
        "platform",
        "Kestrel strike aircraft",
        "part_of",
        "B2",
        f"{_ASSESSED} 11",
    ),
    Step("platform", "Kestrel strike aircraft", "means", "air_strike", "carried_by", "A2", f"{_ASSESSED} 12"),
    Step("platform", "Kestrel strike aircraft", "means", "surveillance", "carried_by", "B3", f"{_ASSESSED} 12"),
    Step("goods", "guided bombs", "platform", "Harrow bomb", "part_of", "A1", f"{_ASSESSED} 4"),
    Step("platform", "Harrow bomb", "means", "air_strike", "used_for", "B1", f"{_REPORTED} 7"),
    Step(
        "goods",
        "components for air-launched missiles",
        "component",
        "seeker head",
        "part_of",
        "C2",
        f"{_ASSESSED} 19",
    ),
    Step(
        "component",
        "seeker head",
        "platform",
        "Lance missile",
        "found_inside",
        "B2",
        f"{_REPORTED} 3",
        date(2016, 5, 1),
    ),
    Step("platform", "Lance missile", "means", "air_strike", "used_for", "B2", f"{_REPORTED} 3", date(2016, 5, 1)),
    Step(
        "goods", "pumps for patrol vessels", "platform", "Tern patrol vessel", "part_of", "B2", f"{_ASSESSED} 23"
    ),
    Step(
        "goods",
        "components for patrol vessels",
        "platform",
        "Tern patrol vessel",
        "part_of",
        "B3",
        f"{_ASSESSED} 23",
    ),
    Step("platform", "Tern patrol vessel", "means", "siege_obstruction", "used_for", "C3", f"{_REPORTED} 14"),
)
LATER_STEP = Step(
    "goods",
    "forgings for aero-engines",
    "platform",
    "Kestrel strike aircraft",
    "part_of",
    "B2",
    f"{_ASSESSED} 31",
)
"""The fact that the demonstration adds, to show which lines it moves."""


def edges_table(steps: Sequence[Step] = STEPS) -> pa.Table:
    """The rows of EDGES for these steps."""
    count = len(steps)

    def words(name: str) -> pa.DictionaryArray:
        return words_column([getattr(s, name) for s in steps], np.arange(count))

    columns = {
        "edge": pa.array([f"e{i + 1}" for i in range(count)]),
        "from_id": pa.array([s.from_id for s in steps]),
        "to_id": pa.array([s.to_id for s in steps]),
        "valid_from": pa.array([s.valid_from for s in steps], pa.date32()),
        "source": words_column([SOURCE], np.zeros(count)),
        "source_line": pa.array(range(2, count + 2), pa.int64()),
        **{name: words(name) for name in ("from_kind", "to_kind", "relation", "basis", "grade", "citation")},
    }
    return as_schema(columns, EDGES.arrow, count)
