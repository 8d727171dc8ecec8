"""The same stocktake on Spark: workers run `batch.evaluate` and the counting kernel over Arrow batches.

What they give back is put into the order of the files, so that every figure, row and report is made by the same
code as on one machine. Extra: penholder[spark].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.engines.choose import open_engine
from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.stocktake.batch import COLUMNS, evaluate
from penholder.analysis.stocktake.cells import Array, words_of
from penholder.analysis.stocktake.incidents import LineCounts, ProfileIncidents
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.reader import LinesReader
from penholder.analysis.stocktake.run import (
    Stocktake,
    count_beside,
    incidents_of,
    judge_of,
    lines_of,
    scope_rules,
)
from penholder.analysis.stocktake.scope import ScopeRules
from penholder.analysis.stocktake.vocabulary import Scope

KEY = ("line", "source", "source_line")
"""What names a line among all lines in use."""
_ARRAYS = {
    "codes": np.uint8, "direct": np.bool_, "groups": np.uint64, "apart": np.uint8, "status": np.uint8,
    "flags": np.uint8, "decided": np.int32,
}  # fmt: skip
_COUNTS = ("attributed", "unattributed", "means_not_stated")
EVALUATED = pa.schema(
    [
        ("line", pa.string()),
        ("source", pa.string()),
        ("source_line", pa.int64()),
        ("rating", pa.string()),
        ("description", pa.string()),
        ("parties", pa.int64()),
        *((name, pa.int64()) for name in (*_ARRAYS, *_COUNTS)),
    ]
)
"""What workers give back: one row per line in scope, and one row without a line, whose `decided` is the number of
granted lines of the batch. Signed 64-bit numbers, because Spark has no unsigned ones."""


_NUMBERED = EVALUATED.append(pa.field("row", pa.int64()))


@dataclass(frozen=True)
class BatchTables:
    """Everything that a worker needs beside its lines. Small and picklable."""

    judge: Judge
    rules: ScopeRules
    incidents: ProfileIncidents


def evaluate_batch(tables: BatchTables, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Judge and count the lines of one batch: KEY and COLUMNS in, EVALUATED out."""
    found = evaluate(tables.judge, tables.rules, batch)
    counts = count_beside(tables.judge, tables.rules, tables.incidents, found, threads=1)
    goods = pa.array(found.goods)
    columns: dict[str, pa.Array] = {name: batch.column(name).take(pa.array(found.rows)) for name in KEY}
    columns["rating"] = pa.array([r for r, _ in found.goods_values], pa.string()).take(goods)
    columns["description"] = pa.array([d for _, d in found.goods_values], pa.string()).take(goods)
    columns["parties"] = pa.array(np.array(found.party_sets, np.int64).take(found.parties))
    columns |= {name: pa.array(getattr(found, name).astype(np.int64)) for name in _ARRAYS}
    columns |= {name: pa.array(getattr(counts, name).astype(np.int64)) for name in _COUNTS}
    rows = pa.table(
        {name: columns[name].cast(kind) for name, kind in zip(EVALUATED.names, EVALUATED.types, strict=True)}
    )
    last = pa.Table.from_pylist([{"decided": found.granted}], schema=EVALUATED)
    return pa.concat_tables([rows, last]).combine_chunks().to_batches()[0]


def stocktake_on_spark(
    catalogue: Catalogue,
    profile: OperationProfile,
    *,
    on: date,
    scope: Scope = Scope.IN_FORCE,
    known: date | None = None,
    master: str | None = None,
) -> Stocktake:
    """As `run.stocktake`, with the lines judged by Spark workers.

    Args:
        master: address of the cluster; None: two threads of this machine.
    Raises: MissingExtraError without the extra `spark`; else as `run.stocktake`.
    """
    reader = lines_of(catalogue, known=known)
    judge = judge_of(catalogue, profile, on=on, scope=scope, known=known)
    rules = scope_rules(on, scope)
    reported = incidents_of(catalogue, judge, known=known)
    work = partial(evaluate_batch, BatchTables(judge, rules, reported))
    with open_engine("spark", master=master) as engine:
        parts = [_collected(engine, reader, path, work) for path in dict.fromkeys(p.path for p in reader.pieces)]
    rows = pa.concat_tables(parts or [_NUMBERED.empty_table()])
    return _in_order(rows, catalogue, reader, judge, rules, known=known, reported=reported)


def _collected(
    engine: Any, reader: LinesReader, path: Path, work: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> pa.Table:
    """What workers say of the lines of one file, each with its `row` in the reader (null: not a line).

    File by file, because KEY names a line within its series only.
    """
    found = engine.map_batches([path], (*KEY, *COLUMNS), work, EVALUATED).toArrow().cast(EVALUATED)
    is_line = found.column("line").is_valid()
    counts = found.filter(pc.invert(is_line))
    lines = _numbered(found.filter(is_line), reader, path)
    counts = counts.append_column("row", pa.nulls(counts.num_rows, pa.int64()))
    return pa.concat_tables([lines, counts])


def _in_order(
    found: pa.Table,
    catalogue: Catalogue,
    reader: LinesReader,
    judge: Judge,
    rules: ScopeRules,
    *,
    known: date | None,
    reported: ProfileIncidents,
) -> Stocktake:
    """Number the lines as the reader does, and make an answer of them."""
    is_line = np.asarray(found.column("line").is_valid().to_numpy())
    granted = int(_numbers(found, "decided")[~is_line].sum())
    lines = found.filter(pa.array(is_line)).sort_by("row")
    rating, description = (words_of(lines.column(n).combine_chunks()) for n in ("rating", "description"))
    pairs = list(
        zip(
            (rating.values[c] for c in rating.codes),
            (description.values[c] for c in description.codes),
            strict=True,
        )
    )
    goods_values = tuple(dict.fromkeys(pairs))
    place = {value: i for i, value in enumerate(goods_values)}
    party_sets, parties = np.unique(_numbers(lines, "parties"), return_inverse=True)
    return Stocktake(
        catalogue=catalogue, reader=reader, judge=judge, rules=rules, known=known, incidents=reported,
        granted=granted, rows=_numbers(lines, "row"), goods=np.array([place[p] for p in pairs], np.int32),
        goods_values=goods_values, parties=parties.astype(np.int32), party_sets=tuple(party_sets.tolist()) or (0,),
        counts=LineCounts(*(_numbers(lines, n).astype(np.int32) for n in _COUNTS)),
        **{name: _numbers(lines, name).astype(kind) for name, kind in _ARRAYS.items()},
    )  # fmt: skip


def _numbers(table: pa.Table, name: str) -> Array:
    return np.asarray(table.column(name).to_numpy())


def _numbered(found: pa.Table, reader: LinesReader, path: Path) -> pa.Table:
    """`found` with the number of each row in the reader; all rows are of the file `path`."""
    rows = np.concatenate([np.arange(p.first, p.first + p.rows) for p in reader.pieces if p.path == path])
    keys = reader.take(KEY, rows)
    keys = pa.table({name: keys.column(name).cast(found.schema.field(name).type) for name in KEY})
    keys = keys.append_column("row", pa.array(rows))
    return found.join(keys, keys=list(KEY), join_type="inner").select(_NUMBERED.names)
