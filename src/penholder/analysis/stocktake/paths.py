"""The best-graded path of every line that could have been used, and the lines that share one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from penholder.analysis.stocktake.cells import Array
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.vocabulary import Use
from penholder.analysis.tracing.closure import Path
from penholder.regime.hints import means

FINDING = "finding"
_DENSE = 1 << 22


@dataclass(frozen=True, slots=True)
class LinePaths:
    """`of_line`: position of the path of each line in `paths`, -1 for lines that could not have been used.

    Paths are in order of strength: by grade, findings before hints, then by number of lines.
    """

    of_line: Array
    paths: tuple[Path, ...]

    def lines(self) -> Array:
        """How many lines each path has."""
        return np.bincount(self.of_line[self.of_line >= 0], minlength=len(self.paths))


def paths_of(answer: Stocktake) -> LinePaths:
    """The best path of each line: over the means that its goods reach and its parties used."""
    could = np.flatnonzero(answer.use == Use.COULD)
    sets, of_set = _distinct(answer.groups[could])
    keys, inverse = _distinct(answer.goods[could].astype(np.int64) * max(len(sets), 1) + of_set)
    best = [_best(answer, key // len(sets), int(sets[key % len(sets)])) for key in keys.tolist()]
    counts: dict[Path, int] = {}
    for path, lines in zip(best, np.bincount(inverse, minlength=len(keys)).tolist(), strict=True):
        counts[path] = counts.get(path, 0) + lines
    ordered = sorted(counts, key=lambda p: (p.grade, p.basis != FINDING, -counts[p], title_of(p)))
    place = {path: i for i, path in enumerate(ordered)}
    of_line = np.full(answer.lines, -1, np.int32)
    of_line[could] = np.array([place[p] for p in best] or [0], np.int32).take(inverse)
    return LinePaths(of_line, tuple(ordered))


def _distinct(keys: Array) -> tuple[Array, Array]:
    if len(keys) and int(keys.max()) < _DENSE:
        keys = keys.astype(np.int64, copy=False)
        used = np.flatnonzero(np.bincount(keys))
        number = np.zeros(int(keys.max()) + 1, np.int32)
        number[used] = np.arange(len(used))
        return used, number.take(keys)
    return np.unique(keys, return_inverse=True)


def _best(answer: Stocktake, goods: int, groups: int) -> Path:
    rating, description = answer.goods_values[goods]
    matched = answer.judge.matched(rating, description, groups=groups)
    path = answer.judge.best_path(rating, description, means=matched)
    if path is None:
        msg = f"goods {rating!r}, {description!r} reach a means without a path"
        raise ValueError(msg)
    return path


def title_of(path: Path) -> str:
    """`ML10 > military aircraft > air strikes`."""
    names = [
        path.steps[0].from_id,
        *(means_title(s.to_id) if s.to_kind == "means" else s.to_id for s in path.steps),
    ]
    return " > ".join(names)


def sources_of(path: Path) -> tuple[str, ...]:
    """What each step rests on: `hint, row 10 ...` or the citation of the edge."""
    return tuple(f"{s.basis}, {s.citation}, grade {s.grade}" for s in path.steps)


@cache
def _titles() -> dict[str, str]:
    return {m.id: m.title for m in means()}


def means_title(means_id: str) -> str:
    """`air_strike` -> `air strikes`; an id that is not in the vocabulary as it is."""
    title = _titles().get(means_id)
    return means_id if title is None else title[:1].lower() + title[1:]
