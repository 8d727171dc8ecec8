"""The figures of a stocktake: counts, licences and values by use, causes, reasons, routes, paths."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.stocktake.cells import Array
from penholder.analysis.stocktake.incidents import Kind
from penholder.analysis.stocktake.money import Money, money_of, only
from penholder.analysis.stocktake.paths import FINDING, LinePaths, paths_of, sources_of, title_of
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.use import YES_NOT_STATED, causes
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion, Flag, Status, Use, code_of

PATHS_SHOWN = 10
USES = (Use.COULD, Use.EXCLUDED, Use.UNKNOWN)


@dataclass(frozen=True)
class Figures:
    """Figures of an answer, computed when they are first asked for."""

    answer: Stocktake

    @cached_property
    def paths(self) -> LinePaths:
        """Best paths."""
        return paths_of(self.answer)

    @cached_property
    def money(self) -> Money:
        """Values of the lines."""
        return money_of(self.answer.columns("value", "currency"))

    @cached_property
    def masks(self) -> dict[Use, Array]:
        """The lines of each use."""
        return {use: self.answer.use == use for use in Use}

    @cached_property
    def use(self) -> dict[str, int]:
        """Lines by use."""
        return {code_of(use): int(np.count_nonzero(self.masks[use])) for use in USES}

    @cached_property
    def values(self) -> dict[str, dict[str, Decimal]]:
        """Use -> currency -> sum."""
        return {code_of(use): self.money.totals(self.masks[use]) for use in USES}

    @cached_property
    def licences(self) -> dict[str, int]:
        """Distinct licences: all in scope, and with a line of each use. Each series has keys of its own."""
        found = {"all": self.licences_among(np.ones(self.answer.lines, bool))}
        return found | {code_of(use): self.licences_among(self.masks[use]) for use in USES}

    def licences_among(self, wanted: Array) -> int:
        """Distinct licences of some lines (a mask)."""
        keys, series = self.answer.columns("licence").column(0), range(len(self.answer.reader.series))
        if len(series) < 2:
            return _distinct(keys.filter(pa.array(wanted)))
        return sum(_distinct(keys.filter(pa.array(wanted & (self.answer.release == s)))) for s in series)

    @cached_property
    def unknown_because(self) -> dict[Cause, int]:
        """Unknown lines by their first open cause; causes without a line are left out."""
        counts = _counts(causes(self.answer.codes)[self.masks[Use.UNKNOWN]], len(Cause) + 1)
        return {cause: counts[cause] for cause in Cause if counts[cause]}

    def unknown_mask(self, cause: Cause) -> Array:
        """The lines that are unknown under this first open cause."""
        return np.asarray(self.masks[Use.UNKNOWN] & (causes(self.answer.codes) == cause))

    @cached_property
    def excluded_because(self) -> dict[Exclusion, int]:
        """Excluded lines by their reason; reasons without a line are left out."""
        counts = _counts(causes(self.answer.codes)[self.masks[Use.EXCLUDED]], len(Exclusion))
        return {reason: counts[reason] for reason in Exclusion if counts[reason]}

    @cached_property
    def basis(self) -> dict[str, int]:
        """Lines that could have been used, by what their best path rests on."""
        lines = self.paths.lines().tolist()
        finding = sum(n for n, p in zip(lines, self.paths.paths, strict=True) if p.basis == FINDING)
        return {"finding": finding, "hint": sum(lines) - finding}

    @cached_property
    def route(self) -> dict[str, int]:
        """Lines that could have been used, by route."""
        direct = int(np.count_nonzero(self.masks[Use.COULD] & self.answer.direct))
        return {"direct": direct, "onward": self.use["could"] - direct}

    @cached_property
    def status(self) -> dict[str, int]:
        """Lines by status on the day; states without a line are left out."""
        counts = _counts(self.answer.status, len(Status))
        return {code_of(s): counts[s] for s in Status if counts[s]}

    def flagged(self, flag: Flag) -> int:
        """Lines with a flag; the end user counts for lines that could have been used only because of it."""
        if flag is Flag.END_USER_NOT_STATED:
            return int(np.count_nonzero(self.answer.codes == YES_NOT_STATED))
        return int(np.count_nonzero(self.answer.flags & flag))

    @cached_property
    def incidents(self) -> dict[str, int | None]:
        """Incidents of the profile by kind; null where none are loaded."""
        kinds = (Kind.ATTRIBUTED, Kind.UNATTRIBUTED, Kind.MEANS_NOT_STATED)
        reported = self.answer.incidents
        return {code_of(k): reported.count(k) if reported.loaded else None for k in kinds}

    @cached_property
    def path_values(self) -> list[dict[str, Decimal]]:
        """Currency -> sum, for each path."""
        return self.money.by(self.paths.of_line, len(self.paths.paths))

    def path_rows(self) -> list[dict[str, Any]]:
        """The strongest paths, as in JSON."""
        lines = self.paths.lines().tolist()
        rows = []
        for i, path in enumerate(self.paths.paths[:PATHS_SHOWN]):
            value, currency = only(self.path_values[i])
            rows.append(
                {
                    "path": title_of(path), "basis": path.basis, "grade": str(path.grade), "lines": lines[i],
                    "value": value, "currency": currency, "steps": list(sources_of(path)),
                }
            )  # fmt: skip
        return rows


def _distinct(keys: pa.ChunkedArray) -> int:
    return int(pc.count_distinct(keys).as_py()) if len(keys) else 0


def _counts(codes: Array, count: int) -> list[int]:
    return list(np.bincount(codes, minlength=count).tolist())
