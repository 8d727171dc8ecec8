"""Draw sample incidents: reports about invented operations, in bursts."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from penholder.analysis.sample import tables
from penholder.analysis.sample.lines import as_schema, days_column, words_column
from penholder.analysis.sample.states import CODES, NAMES, invented_states
from penholder.analysis.schemas import INCIDENTS
from penholder.kernel.dates import EPOCH

SERIES = "sample-reports"
SOURCE = "sample-incidents"
THEATRES = (
    ("XC", "XA", date(2015, 3, 26), 6),
    ("XE", "XD", date(2019, 6, 1), 3),
    ("XG", "XF", date(2011, 2, 1), 1),
)
"""(territory, state whose forces are alleged to act, first day, weight). Bursts of about two months each."""
LAST_DAY = date(2025, 12, 30)

Array = np.ndarray[Any, np.dtype[Any]]


def incidents_table(count: int, *, rng: np.random.Generator) -> pa.Table:
    """The rows of INCIDENTS."""
    weights = np.array([t[3] for t in THEATRES], dtype=float)
    theatre = rng.choice(len(THEATRES), size=count, p=weights / weights.sum())
    start = _burst_days(theatre, rng=rng)
    end = start + np.where(rng.integers(0, 100, count) < 7, rng.integers(1, 15, count), 0)
    order = np.argsort(start, kind="stable")
    theatre, start, end = theatre[order], start[order], end[order]
    killed = np.where(rng.integers(0, 10, count) < 6, 0, rng.geometric(0.25, count))
    attacks = rng.geometric(0.6, count)
    means = np.array([share for _, share in tables.MEANS], dtype=float)
    columns = {
        "incident": pa.array([f"S{i + 1}" for i in range(count)]),
        "series": words_column([SERIES], np.zeros(count)),
        "starts_on": days_column(start),
        "ends_on": days_column(end),
        "date_precision": words_column(["day", "range"], end > start),
        **_place_columns(theatre, rng=rng),
        "actors": _actors(theatre, rng=rng),
        "means": words_column(
            [name for name, _ in tables.MEANS], rng.choice(len(means), size=count, p=means / means.sum())
        ),
        "object": words_column(list(tables.OBJECTS), rng.integers(0, len(tables.OBJECTS), count)),
        "attacks_min": pa.array(np.ones(count), pa.int32()),
        "attacks_max": pa.array(attacks, pa.int32()),
        "killed_min": pa.array(killed, pa.int32()),
        "killed_max": pa.array(killed + rng.integers(0, 3, count), pa.int32()),
        "certainty": words_column(["confirmed", "probable", "possible"], rng.integers(0, 3, count)),
        "source": words_column([SOURCE], np.zeros(count)),
        "source_line": pa.array(np.arange(count) + 2, pa.int64()),
    }
    return as_schema(columns, INCIDENTS.arrow, count)


def _burst_days(theatre: Array, *, rng: np.random.Generator) -> Array:
    """Days in bursts of about sixty days, eight bursts a theatre, none after LAST_DAY."""
    first = np.array([(t[2] - EPOCH).days for t in THEATRES])[theatre]
    last = (LAST_DAY - EPOCH).days
    centre = rng.integers(0, 1200, (len(THEATRES), 8))[theatre, rng.integers(0, 8, len(theatre))]
    day = first + np.maximum(centre + rng.normal(0, 20, len(theatre)), 0).astype(np.int64)
    return np.asarray(np.minimum(day, last))


def _place_columns(theatre: Array, *, rng: np.random.Generator) -> dict[str, pa.Array]:
    centres = {s.code: (s.longitude, s.latitude) for s in invented_states()}
    codes = [t[0] for t in THEATRES]
    district = rng.integers(1, 9, len(theatre))
    longitude = np.array([centres[c][0] for c in codes])[theatre] + (district % 3 - 1) * 1.6
    latitude = np.array([centres[c][1] for c in codes])[theatre] + (district // 3 - 1) * 1.2
    return {
        "place": words_column(codes, theatre),
        "admin1": words_column([f"District {k}" for k in range(1, 9)], district - 1),
        "latitude": pa.array(latitude + rng.normal(0, 0.25, len(theatre))),
        "longitude": pa.array(longitude + rng.normal(0, 0.25, len(theatre))),
        "place_precision": words_column(["exact", "district"], rng.integers(0, 2, len(theatre))),
    }


def _actors(theatre: Array, *, rng: np.random.Generator) -> pa.Array:
    """The forces of the acting state for 55 in 100, others for 10, not stated for the rest."""
    names = [f"Armed forces of {NAMES[CODES.index(t[1])]}" for t in THEATRES]
    die = rng.integers(0, 100, len(theatre))
    return words_column(
        [*names, "Local armed group"], np.where(die < 55, theatre, np.where(die < 65, len(names), -1))
    )
