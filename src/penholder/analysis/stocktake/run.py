"""The stocktake of a data folder: read, judge, count. See docs/reference/stocktake.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

import numpy as np

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.stocktake import batch, incidents
from penholder.analysis.stocktake.batch import Evaluated, Goods, evaluate
from penholder.analysis.stocktake.cells import Array
from penholder.analysis.stocktake.incidents import LineCounts, ProfileIncidents, count_for_lines, select_incidents
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.reader import LinesReader
from penholder.analysis.stocktake.scope import ScopeRules
from penholder.analysis.stocktake.use import truth
from penholder.analysis.stocktake.vocabulary import Exclusion, Scope
from penholder.analysis.tracing.closure import Closure, build
from penholder.analysis.tracing.graph import Graph, edges_from_table, edges_of_hints
from penholder.kernel.errors import NotKnownError
from penholder.kernel.truth import Truth
from penholder.regime.control_lists import is_military
from penholder.regime.end_users import end_user_classes
from penholder.regime.licence_types import licence_types


@dataclass(frozen=True)
class Stocktake:
    """The answer as arrays, one element per line in scope, in the order of `reader`.

    rows: numbers of the lines in `reader`. codes: bytes as in `use`. direct: the stated destination alone gives the
    use. groups: bits of the groups of parties through which a line could have been used. status, flags: as in
    `vocabulary`. decided: day numbers. goods: position in `goods_values`. parties: position in `party_sets`.
    counts: incidents that can have happened in the window of the line.
    """

    catalogue: Catalogue
    reader: LinesReader
    judge: Judge
    rules: ScopeRules
    known: date | None
    incidents: ProfileIncidents
    granted: int
    rows: Array
    codes: Array
    direct: Array
    groups: Array
    status: Array
    flags: Array
    decided: Array
    goods: Array
    goods_values: tuple[Goods, ...]
    parties: Array
    party_sets: tuple[int, ...]
    counts: LineCounts

    @property
    def profile(self) -> OperationProfile:
        """The operation profile that was asked about."""
        return self.judge.profile

    @property
    def lines(self) -> int:
        """How many lines are in scope."""
        return len(self.rows)

    @cached_property
    def use(self) -> Array:
        """Use per line (uint8)."""
        return truth(self.codes)

    def keep(self, kept: Array) -> Stocktake:
        """The same answer for some of its lines (a mask over them)."""
        names = ("rows", "codes", "direct", "groups", "status", "flags", "decided", "goods", "parties")
        counts = LineCounts(
            self.counts.attributed[kept], self.counts.unattributed[kept], self.counts.means_not_stated[kept]
        )
        return replace(self, counts=counts, **{name: getattr(self, name)[kept] for name in names})


def stocktake(
    catalogue: Catalogue,
    profile: OperationProfile,
    *,
    on: date,
    scope: Scope = Scope.IN_FORCE,
    known: date | None = None,
    threads: int | None = None,
) -> Stocktake:
    """Say for every licence line in scope whether its goods could have been used in the operations of `profile`.

    Args:
        on: date in the world. known: use the newest releases out by that day; None: the newest.
        threads: at most this many; None: one for each core.
    Shape: one element per line in scope; nothing is dropped, unknown stays unknown.
    Raises: NotKnownError where the folder holds no lines, or none was released by `known`; TraceError for edges that
        form a cycle; ProfileError for a profile with too many parties.
    Source: docs/reference/definitions.md.
    """
    reader = LinesReader(catalogue, known=known, threads=threads)
    _check_lines(catalogue)
    judge = judge_of(catalogue, profile, on=on, known=known)
    rules = scope_rules(on, scope)
    parts = reader.each(batch.COLUMNS, partial(evaluate, judge, rules))
    reported = select_incidents(
        read_rows(catalogue, "incidents", columns=incidents.COLUMNS, known=known),
        profile,
        on=on,
        means=judge.closure.means,
    )
    return _together(parts, reader, judge, rules, catalogue=catalogue, known=known, reported=reported)


def judge_of(catalogue: Catalogue, profile: OperationProfile, *, on: date, known: date | None = None) -> Judge:
    """The judge of a profile, with the hints and the edges of the data folder that hold on the day."""
    return Judge(profile, closure_of(catalogue, on=on, known=known), on, _forces(), is_military)


def closure_of(catalogue: Catalogue, *, on: date, known: date | None = None) -> Closure:
    """What goods reach on a day: the hint table and the edges of the data folder. Raises: TraceError for a cycle."""
    edges = edges_of_hints()
    if catalogue.holding("edges"):
        edges += edges_from_table(read_rows(catalogue, "edges", known=known))
    return build(Graph(edges).on(on))


def scope_rules(on: date, scope: Scope) -> ScopeRules:
    """The question about scope, with the assumed validity of each licence type."""
    return ScopeRules(on, scope, {t.id: t.assumed_months for t in licence_types().values()})


def _forces() -> dict[str, Truth]:
    return {c.id: c.forces for c in end_user_classes().values()}


def _check_lines(catalogue: Catalogue) -> None:
    if not catalogue.holding("lines"):
        raise NotKnownError(
            f"{catalogue.folder} holds no licence lines",
            hint="import some first: penholder import uk-licences SOURCE --into FOLDER",
        )


def _together(
    parts: Sequence[Evaluated],
    reader: LinesReader,
    judge: Judge,
    rules: ScopeRules,
    *,
    catalogue: Catalogue,
    known: date | None,
    reported: ProfileIncidents,
) -> Stocktake:
    """Join the pieces: number rows, goods and sets of parties through; then count incidents over all lines."""
    goods_values = tuple(dict.fromkeys(g for p in parts for g in p.goods_values))
    party_sets = tuple(dict.fromkeys(s for p in parts for s in p.party_sets)) or (0,)
    goods = _renumbered([(p.goods, p.goods_values) for p in parts], goods_values)
    parties = _renumbered([(p.parties, p.party_sets) for p in parts], party_sets)
    rows = _joined([p.rows + piece.first for p, piece in zip(parts, reader.pieces, strict=True)], np.int64)
    codes = _joined([p.codes for p in parts], np.uint8)
    decided = _joined([p.decided for p in parts], np.int32)
    counts = count_for_lines(
        reported,
        first=decided,
        last=np.broadcast_to(np.int32(rules.day), decided.shape),
        parties=parties,
        party_sets=party_sets,
        possible=codes != Exclusion.DESTINATION_OPERATES_NO_PARTY,
        goods=goods,
        reach=np.array([judge.goods(*g).reach for g in goods_values] or [0], np.uint64),
        threads=reader.threads,
    )
    return Stocktake(
        catalogue=catalogue, reader=reader, judge=judge, rules=rules, known=known, incidents=reported,
        granted=sum(p.granted for p in parts), rows=rows, codes=codes,
        direct=_joined([p.direct for p in parts], np.bool_), groups=_joined([p.groups for p in parts], np.uint8),
        status=_joined([p.status for p in parts], np.uint8), flags=_joined([p.flags for p in parts], np.uint8),
        decided=decided, goods=goods, goods_values=goods_values, parties=parties, party_sets=party_sets,
        counts=counts,
    )  # fmt: skip


def _joined(arrays: list[Array], kind: type[np.generic]) -> Array:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def _renumbered(parts: list[tuple[Array, tuple[object, ...]]], values: tuple[object, ...]) -> Array:
    """Positions among `values` instead of among the values of each part."""
    place = {value: i for i, value in enumerate(values)}
    moved = [np.array([place[v] for v in own] or [0], np.int32).take(codes) for codes, own in parts]
    return _joined(moved, np.int32)
