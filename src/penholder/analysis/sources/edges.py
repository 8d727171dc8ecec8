"""Graph edges: rows of a component or supply table -> schemas.EDGES. One row may name several ends."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from penholder.analysis.schemas import EDGES, LIST_SEPARATOR
from penholder.analysis.sources.arrays import column_of, dates_of, sourced
from penholder.analysis.sources.convert import Ints, Parsed, hashes_of

_DATES = ("valid_from", "valid_until")


class EdgeAssembler:
    """Makes the edges of one release. `to_id` holds `;`-joined ids until `finish`."""

    schema = EDGES
    unique_keys = True

    def rows(self, parsed: Parsed, source: str) -> tuple[Parsed, pa.RecordBatch, Ints]:
        """The batch and the hash of each edge's id."""
        columns = {c.name: column_of(parsed, c.name, c.type) for c in EDGES.columns if c.name not in _DATES}
        for name in _DATES:
            columns[name] = dates_of(parsed, name)
        if "edge" not in parsed.arrays:
            ids = [f"{source}:{line}" for line in parsed.lines.tolist()]
            columns["edge"] = pa.array(ids, pa.string())
        return parsed, sourced(EDGES, columns, source, parsed.lines), hashes_of(columns["edge"].to_pylist())

    def finish(self, batch: pa.RecordBatch, _ordinals: Ints, _lines: Ints) -> pa.Table:
        """One row for each end that a row names."""
        ends = [cell.split(LIST_SEPARATOR) for cell in batch.column("to_id").to_pylist()]
        rows = np.repeat(np.arange(len(ends)), [len(e) for e in ends])
        table = pa.Table.from_batches([batch]).take(pa.array(rows))
        ids = [
            edge if len(some) == 1 else f"{edge}:{n}"
            for edge, some in zip(batch.column("edge").to_pylist(), ends, strict=True)
            for n in range(1, len(some) + 1)
        ]
        to_ids = [end for some in ends for end in some]
        for name, values in (("edge", ids), ("to_id", to_ids)):
            table = table.set_column(table.schema.get_field_index(name), name, pa.array(values, pa.string()))
        return table
