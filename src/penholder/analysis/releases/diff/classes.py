"""Say for every pair what differs, and under which one class it is counted: the strongest difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from penholder.analysis.releases.diff.coding import Coded, coded
from penholder.analysis.releases.diff.pairing import MONTH, Pairing, paired
from penholder.analysis.releases.diff.sides import Side

Mask = npt.NDArray[np.bool_]
PAIRED = ("restated", "precision_changed", "redated", "renamed", "rekeyed")
DIFFERENCES = (*PAIRED, "added", "removed")
CLASSES = (*DIFFERENCES, "unchanged")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and what differs.

    `differs`: class -> which pairs differ in that way; a pair can differ in several. `fields`: column -> which
    pairs differ in it. `main`: per pair the index of its class in CLASSES.
    """

    a: Side
    b: Side
    pairs: Pairing
    differs: dict[str, Mask]
    fields: dict[str, Mask]
    main: npt.NDArray[np.int64]
    not_compared: tuple[str, ...]
    same_keys: bool

    def counts(self) -> dict[str, int]:
        """Class -> how many: each pair, each added and each removed row once."""
        found = np.bincount(self.main, minlength=len(CLASSES))
        counts = {name: int(found[i]) for i, name in enumerate(CLASSES)}
        return counts | {"added": len(self.pairs.added), "removed": len(self.pairs.removed)}

    def also(self) -> dict[str, int]:
        """Class -> pairs that differ in that way beside the class under which they are counted."""
        return {
            name: int(np.count_nonzero(self.differs[name] & (self.main != i))) for i, name in enumerate(PAIRED)
        }

    @property
    def is_equal(self) -> bool:
        """Is there no difference at all?"""
        counts = self.counts()
        return not any(counts[name] for name in DIFFERENCES)


def compare(a: Side, b: Side) -> Comparison:
    """Pair the lines of two sides and class every pair.

    Shape: n and m rows -> k pairs, n - k removed, m - k added rows.
    """
    data = coded(a.lines, b.lines)
    same_keys = not a.licence_key or not b.licence_key or a.licence_key == b.licence_key
    pairs = paired(data, total=a.lines.num_rows + b.lines.num_rows, same_keys=same_keys)
    left, right = pairs.a, pairs.b + data.split
    fields = {name: data.columns[name][left] != data.columns[name][right] for name in data.content}
    differs = _differences(data, left, right, fields, same_keys=same_keys)
    named = {
        "decided_on": differs["precision_changed"] | differs["redated"],
        "destination": _unequal(data, "destination", left, right),
        "destination_name": _unequal(data, "destination_name", left, right),
        "licence": differs["rekeyed"],
    }
    main = np.full(len(left), CLASSES.index("unchanged"), np.int64)
    for i, name in reversed(list(enumerate(PAIRED))):
        main[differs[name]] = i
    return Comparison(a, b, pairs, differs, named | fields, main, data.not_compared, same_keys)


def _differences(
    data: Coded,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    fields: dict[str, Mask],
    *,
    same_keys: bool,
) -> dict[str, Mask]:
    none = np.zeros(len(left), np.bool_)
    moved = _unequal(data, "destination", left, right)
    both_countries = data.is_country[left] & data.is_country[right]
    restated = np.logical_or.reduce(list(fields.values())) if fields else none
    precision = data.precision[left] != data.precision[right]
    coarser = np.maximum(data.precision[left], data.precision[right])
    inside = np.where(coarser == MONTH, data.month[left] == data.month[right], data.year[left] == data.year[right])
    dated = precision | (data.day[left] != data.day[right])
    return {
        "restated": restated | (moved & both_countries),
        "precision_changed": precision & inside,
        "redated": dated & ~(precision & inside),
        "renamed": (moved | _unequal(data, "destination_name", left, right)) & ~(moved & both_countries),
        "rekeyed": _unequal(data, "licence", left, right) if same_keys else none,
    }


def _unequal(data: Coded, name: str, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Mask:
    return np.asarray(data.columns[name][left] != data.columns[name][right])
