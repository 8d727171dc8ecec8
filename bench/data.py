"""Made-up lines and incidents of the shape described in docs/explanation/performance.md, written once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 1  # gives about 10 million pairs of a line and an attributed incident at size m; other seeds give more
OUT = Path(__file__).parent / "out"
RATINGS, REACHING, STATES, MEANS, ACTORS = 600, 360, 200, 48, 2_000
NOT_STATED = MEANS  # the reach table lets every rating reach this, so that SQL needs one join for three columns
FIRST_DAY, LAST_DAY = 13_879, 20_088  # 2008-01-01 to 2024-12-31, days since 1970
_BATCH = 1 << 20


@dataclass(frozen=True, slots=True)
class Size:
    """How many lines and incidents."""

    name: str
    lines: int
    incidents: int

    @property
    def folder(self) -> Path:
        """Where its Parquet files are."""
        return OUT / self.name


SIZES = {s.name: s for s in (Size("s", 10**5, 10**4), Size("m", 10**6, 10**5), Size("l", 10**7, 10**6))}


def written(size: Size) -> Path:
    """The folder with lines, incidents, masks (rating -> bits) and reach (rating, means); made if absent."""
    done = size.folder / "done"
    if not done.exists():
        size.folder.mkdir(parents=True, exist_ok=True)
        _write_reach(size.folder, np.random.default_rng((SEED, 1)))
        _write_incidents(size, np.random.default_rng((SEED, 2)))
        _write_lines(size, np.random.default_rng((SEED, 3)))
        done.touch()
    return size.folder


def _zipf(n: int, exponent: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    weights = 1 / np.arange(1, n + 1) ** exponent
    return rng.permutation(weights / weights.sum())


def _write_reach(folder: Path, rng: np.random.Generator) -> None:
    reached = np.zeros((RATINGS, MEANS), np.bool_)
    for rating in rng.permutation(RATINGS)[:REACHING]:
        reached[rating, rng.permutation(MEANS)[: rng.integers(1, MEANS + 1)]] = True
    masks = (reached * (1 << np.arange(MEANS, dtype=np.int64))).sum(axis=1)
    ids = np.arange(RATINGS, dtype=np.int16)
    pq.write_table(pa.table({"rating": ids, "mask": masks}), folder / "masks.parquet")
    rating, means = np.nonzero(np.hstack([reached, np.ones((RATINGS, 1), np.bool_)]))
    table = pa.table({"rating": rating.astype(np.int16), "means": means.astype(np.int16)})
    pq.write_table(table, folder / "reach.parquet")


def _write_incidents(size: Size, rng: np.random.Generator) -> None:
    # What does not depend on n is drawn first, so that all sizes show the same world.
    n = size.incidents
    actor_state = rng.choice(STATES, ACTORS, p=_zipf(STATES, 0.9, rng)).astype(np.int16)
    activity = _zipf(ACTORS, 0.9, rng)
    favourite = rng.integers(0, MEANS, (ACTORS, 8))
    # Bursts: each actor has three times of activity, with incidents spread around them.
    centres = rng.integers(FIRST_DAY, LAST_DAY + 1, (ACTORS, 3))
    widths = rng.integers(20, 300, (ACTORS, 3))
    actor, burst = rng.choice(ACTORS, n, p=activity), rng.integers(0, 3, n)
    start = np.clip(rng.normal(centres[actor, burst], widths[actor, burst]), FIRST_DAY, LAST_DAY).astype(np.int32)
    length = np.where(rng.random(n) < 0.1, rng.integers(1, 31, n), 0).astype(np.int32)
    means = favourite[actor, np.minimum(rng.geometric(0.35, n) - 1, 7)].astype(np.int16)
    table = pa.table(
        {
            "state": actor_state[actor],
            "attributed": pa.array(rng.random(n) < 0.87),
            "means": np.where(rng.random(n) < 0.08, np.int16(NOT_STATED), means),
            "starts_on": pa.array(start, pa.date32()),
            "ends_on": pa.array(start + length, pa.date32()),
        }
    )
    pq.write_table(table, size.folder / "incidents.parquet")


def _write_lines(size: Size, rng: np.random.Generator) -> None:
    places, ratings = _zipf(STATES, 0.9, rng), _zipf(RATINGS, 0.6, rng)
    with pq.ParquetWriter(size.folder / "lines.parquet", _LINES) as writer:
        for first in range(0, size.lines, _BATCH):
            writer.write_table(_lines(first, min(_BATCH, size.lines - first), places, ratings, rng))


_LINES = pa.schema(
    [
        ("line", pa.int32()),
        ("destination", pa.int16()),
        ("rating", pa.int16()),
        ("decided_on", pa.date32()),
        ("expires_on", pa.date32()),
    ]
)


def _lines(
    first: int,
    n: int,
    places: npt.NDArray[np.float64],
    ratings: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> pa.Table:
    licence = np.repeat(np.arange(n), rng.geometric(0.25, n))[:n]  # about four lines a licence
    decided = rng.integers(FIRST_DAY, LAST_DAY + 1, n)[licence].astype(np.int32)
    valid = rng.integers(365, 5 * 365 + 1, n)[licence].astype(np.int32)
    columns = [
        np.arange(first, first + n, dtype=np.int32),
        rng.choice(STATES, n, p=places)[licence].astype(np.int16),
        rng.choice(RATINGS, n, p=ratings).astype(np.int16),
        pa.array(decided, pa.date32()),
        pa.array(decided + valid, pa.date32()),
    ]
    return pa.table(columns, schema=_LINES)
