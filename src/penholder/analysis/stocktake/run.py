"""The stocktake of a data folder: read, judge, count. See docs/reference/stocktake.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property, partial

import numpy as np
import pyarrow as pa

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.stocktake import batch, incidents
from penholder.analysis.stocktake.batch import LINE_ARRAYS, Evaluated, evaluate
from penholder.analysis.stocktake.cells import Array
from penholder.analysis.stocktake.incidents import LineCounts, ProfileIncidents, count_for_lines, select_incidents
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.reader import LinesReader, rows_known
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
class Stocktake(Evaluated):
    """The answer: what was evaluated for the lines in scope, and what it was evaluated with.

    rows: numbers of the lines in `reader`, in its order. status, flags: as in `vocabulary`. counts: incidents that
    can have happened in the window of each line.
    """

    catalogue: Catalogue
    reader: LinesReader
    judge: Judge
    rules: ScopeRules
    known: date | None
    incidents: ProfileIncidents
    counts: LineCounts

    @property
    def profile(self) -> OperationProfile:
        """The operation profile that was asked about."""
        return self.judge.profile

    @property
    def lines(self) -> int:
        """How many lines are in scope."""
        return len(self.rows)

    def columns(self, *names: str) -> pa.Table:
        """Columns of LICENCE_LINES of the lines, read when they are first asked for."""
        missing = [n for n in names if n not in self.read]
        if missing:
            table = self.reader.take(missing, self.rows)
            self.read.update({n: table.column(n) for n in missing})
        return pa.table([self.read[n] for n in names], names=list(names))

    @cached_property
    def read(self) -> dict[str, pa.ChunkedArray]:
        """The columns that were read so far."""
        return {}

    @cached_property
    def release(self) -> Array:
        """The release of each line: its position in `reader.releases`."""
        return self.reader.release_of(self.rows)

    @cached_property
    def use(self) -> Array:
        """Use per line (uint8)."""
        return truth(self.codes)

    def keep(self, kept: Array) -> Stocktake:
        """The same answer for some of its lines (a mask over them)."""
        counts = LineCounts(
            self.counts.attributed[kept], self.counts.unattributed[kept], self.counts.means_not_stated[kept]
        )
        return replace(self, counts=counts, **{name: getattr(self, name)[kept] for name in LINE_ARRAYS})


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
    Raises: NotKnownError where the folder holds no lines, or none was released by `known`; TraceError for edges
        that form a cycle; ProfileError for a profile with too many parties.
    Source: docs/reference/definitions.md.
    """
    reader = lines_of(catalogue, known=known, threads=threads)
    judge = judge_of(catalogue, profile, on=on, scope=scope, known=known)
    rules = scope_rules(on, scope)
    parts = reader.each(batch.COLUMNS, partial(evaluate, judge, rules))
    whole = joined_parts(parts, reader)
    reported = incidents_of(catalogue, judge, known=known)
    counts = count_beside(judge, rules, reported, whole, threads=reader.threads)
    return answer_of(whole, catalogue, reader, judge, rules, known=known, reported=reported, counts=counts)


def answer_of(
    whole: Evaluated,
    catalogue: Catalogue,
    reader: LinesReader,
    judge: Judge,
    rules: ScopeRules,
    *,
    known: date | None,
    reported: ProfileIncidents,
    counts: LineCounts,
) -> Stocktake:
    """Make an answer of the judged lines of all pieces."""
    return Stocktake(
        **{field.name: getattr(whole, field.name) for field in fields(whole)},
        catalogue=catalogue, reader=reader, judge=judge, rules=rules, known=known, incidents=reported,
        counts=counts,
    )  # fmt: skip


def lines_of(catalogue: Catalogue, *, known: date | None = None, threads: int | None = None) -> LinesReader:
    """The lines in use. Raises: NotKnownError where the folder holds none, or none was out by `known`."""
    if not catalogue.holding("lines"):
        raise NotKnownError(
            f"{catalogue.folder} holds no licence lines",
            hint="import some first: penholder import uk-licences SOURCE --into FOLDER",
        )
    return LinesReader(catalogue, known=known, threads=threads)


def incidents_of(catalogue: Catalogue, judge: Judge, *, known: date | None = None) -> ProfileIncidents:
    """The incidents that the profile counts by the day. Raises: NotKnownError: none was out by `known`."""
    table = rows_known(catalogue, "incidents", columns=incidents.COLUMNS, known=known)
    return select_incidents(table, judge.profile, on=judge.on, means=judge.closure.means)


def judge_of(
    catalogue: Catalogue,
    profile: OperationProfile,
    *,
    on: date,
    scope: Scope = Scope.IN_FORCE,
    known: date | None = None,
) -> Judge:
    """The judge of a profile, with the hints and the edges of the data folder that hold on the day."""
    closure = closure_of(catalogue, on=on, known=known)
    return Judge(profile, closure, on, _forces(), is_military, scope=scope)


def closure_of(catalogue: Catalogue, *, on: date, known: date | None = None) -> Closure:
    """What goods reach on a day: the hint table and the edges of the folder. Raises: TraceError for a cycle."""
    edges = edges_of_hints()
    if catalogue.holding("edges"):
        edges += edges_from_table(rows_known(catalogue, "edges", known=known))
    return build(Graph(edges).on(on))


def scope_rules(on: date, scope: Scope) -> ScopeRules:
    """The question about scope, with the assumed validity of each licence type."""
    return ScopeRules(on, scope, {t.id: t.assumed_months for t in licence_types().values()})


def _forces() -> dict[str, Truth]:
    return {c.id: c.forces for c in end_user_classes().values()}


def count_beside(
    judge: Judge, rules: ScopeRules, reported: ProfileIncidents, found: Evaluated, *, threads: int | None = None
) -> LineCounts:
    """The incidents that can have happened in the window of each line: from the decision to the day."""
    last = np.broadcast_to(np.int32(rules.day), found.decided.shape)
    return count_within(judge, reported, found, last=last, threads=threads)


def count_within(
    judge: Judge, reported: ProfileIncidents, found: Evaluated, *, last: Array, threads: int | None = None
) -> LineCounts:
    """The incidents that can have happened from the decision to the day `last` of each line."""
    return count_for_lines(
        reported,
        first=found.decided,
        last=last,
        parties=found.parties,
        party_sets=found.party_sets,
        possible=found.codes != Exclusion.DESTINATION_OPERATES_NO_PARTY,
        goods=found.goods,
        reach=np.array([judge.goods(*g).reach for g in found.goods_values] or [0], np.uint64),
        threads=threads,
    )


def joined_parts(parts: Sequence[Evaluated], reader: LinesReader) -> Evaluated:
    """One answer for all pieces: rows, goods and sets of parties numbered through."""
    goods_values = tuple(dict.fromkeys(g for p in parts for g in p.goods_values))
    party_sets = tuple(dict.fromkeys(s for p in parts for s in p.party_sets)) or (0,)
    kinds = {"codes": np.uint8, "direct": np.bool_, "groups": np.uint8, "apart": np.uint8, "status": np.uint8,
             "flags": np.uint8, "decided": np.int32}  # fmt: skip
    return Evaluated(
        rows=_joined([p.rows + piece.first for p, piece in zip(parts, reader.pieces, strict=True)], np.int64),
        goods=_renumbered([(p.goods, p.goods_values) for p in parts], goods_values),
        goods_values=goods_values,
        parties=_renumbered([(p.parties, p.party_sets) for p in parts], party_sets),
        party_sets=party_sets,
        granted=sum(p.granted for p in parts),
        **{name: _joined([getattr(p, name) for p in parts], kind) for name, kind in kinds.items()},
    )


def _joined(arrays: list[Array], kind: type[np.generic]) -> Array:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def _renumbered(parts: list[tuple[Array, tuple[object, ...]]], values: tuple[object, ...]) -> Array:
    """Positions among `values` instead of among the values of each part."""
    place = {value: i for i, value in enumerate(values)}
    moved = [np.array([place[v] for v in own] or [0], np.int32).take(codes) for codes, own in parts]
    return _joined(moved, np.int32)


def further_means(catalogue: Catalogue, *, known: date | None = None) -> tuple[str, ...]:
    """Means to which the edges of the folder lead; a profile may name them beside the vocabulary."""
    if not catalogue.holding("edges"):
        return ()
    table = rows_known(catalogue, "edges", columns=("to_kind", "to_id"), known=known).to_pylist()
    return tuple(sorted({row["to_id"] for row in table if row["to_kind"] == "means"}))
