"""The invented states as rows of PLACES."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from penholder.analysis.sample.lines import as_schema, words_column
from penholder.analysis.sample.states import invented_states
from penholder.analysis.schemas import PLACES


def places_table() -> pa.Table:
    """One row per invented state, with its boundary."""
    states = invented_states()
    columns = {
        "place": pa.array([s.code for s in states]),
        "name": pa.array([s.name for s in states]),
        "boundary": pa.array([s.boundary for s in states]),
        "source": words_column(["sample-places"], np.zeros(len(states))),
        "source_line": pa.array(range(2, len(states) + 2), pa.int64()),
    }
    return as_schema(columns, PLACES.arrow, len(states))
