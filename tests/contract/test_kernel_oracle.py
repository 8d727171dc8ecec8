"""The kernel against plain SQL over the same tables: an independent second implementation of the counts."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from penholder.analysis.stocktake.kernel import Incidents, Lines, count_sets

GROUPS, MEANS, RATINGS = 7, 11, 25
PAIRS = """
    SELECT l.line,
        count(i.start) FILTER (i.attributed AND i.mask IS NOT NULL) AS attributed,
        count(i.start) FILTER (NOT i.attributed AND i.mask IS NOT NULL) AS unattributed,
        count(i.start) FILTER (i.mask IS NULL) AS means_not_stated
    FROM lines l JOIN masks m USING (rating) LEFT JOIN incidents i
        ON i.state = l.destination AND i.start <= l.until AND i.until >= l.first AND l.first <= l.until
        AND (i.mask IS NULL OR (i.mask & m.mask) <> 0)
    GROUP BY l.line ORDER BY l.line
"""


def _tables(seed: int, *, lines: int, incidents: int, days: int) -> dict[str, pa.Table]:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, days, lines).astype(np.int32)
    start = rng.integers(0, days, incidents).astype(np.int32)
    length = np.where(rng.random(incidents) < 0.3, rng.integers(1, 31, incidents), 0).astype(np.int32)
    bits = 1 << rng.integers(0, MEANS, (3, incidents))
    several = np.where(rng.random(incidents) < 0.4, bits[0] | bits[1] | bits[2], bits[0])
    return {
        "lines": pa.table(
            {
                "line": np.arange(lines),
                "destination": rng.integers(-1, GROUPS, lines),  # -1: no group
                "rating": rng.integers(0, RATINGS, lines),
                "first": first,
                "until": first + rng.integers(-5, days // 3, lines).astype(np.int32),  # some are empty
            }
        ),
        "masks": pa.table({"rating": np.arange(RATINGS), "mask": rng.integers(0, 1 << MEANS, RATINGS)}),
        "incidents": pa.table(
            {
                "state": rng.integers(0, GROUPS, incidents),
                "attributed": pa.array(rng.random(incidents) < 0.8),
                "mask": pa.array(several, mask=rng.random(incidents) < 0.15),
                "start": start,
                "until": start + length,
            }
        ),
    }


def _by_sql(tables: dict[str, pa.Table]) -> list[list[int]]:
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        columns = connection.execute(PAIRS).fetchnumpy()
    return [columns[c].tolist() for c in ("attributed", "unattributed", "means_not_stated")]


def _by_kernel(tables: dict[str, pa.Table]) -> list[list[int]]:
    def column(table: str, name: str) -> Any:
        return tables[table][name].to_numpy()

    masks = tables["incidents"]["mask"].fill_null(0).to_numpy()
    stated = tables["incidents"]["mask"].is_valid().to_numpy()
    attributed = column("incidents", "attributed")

    def chosen(rows: Any, *, masked: bool) -> Incidents:
        state, start, until = (column("incidents", n)[rows] for n in ("state", "start", "until"))
        return Incidents(state, start, until, masks[rows] if masked else None)

    counts = count_sets(
        Lines(*(column("lines", n) for n in ("destination", "first", "until", "rating"))),
        [
            chosen(attributed & stated, masked=True),
            chosen(~attributed & stated, masked=True),
            chosen(~stated, masked=False),
        ],
        groups=GROUPS,
        reach_masks=column("masks", "mask"),
    )
    return [c.tolist() for c in counts]


@pytest.mark.parametrize(
    ("seed", "lines", "incidents", "days"), [(1, 3_000, 2_000, 2_000), (2, 20_000, 500, 40), (3, 50, 5_000, 6_000)]
)
def test_the_kernel_counts_what_sql_counts(seed: int, lines: int, incidents: int, days: int) -> None:
    tables = _tables(seed, lines=lines, incidents=incidents, days=days)
    counted = _by_kernel(tables)
    assert counted == _by_sql(tables)
    assert all(sum(c) > 0 for c in counted)
