"""One batch of lines: which are in scope, and the answer for each. The same code runs on threads and on Spark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from penholder.analysis.stocktake.cells import Array, Words, days_of, truths_of, words_of
from penholder.analysis.stocktake.judge import Judge, PlaceAnswer
from penholder.analysis.stocktake.scope import ScopeColumns, ScopeRules, lines_in_scope
from penholder.analysis.stocktake.use import Questions, decide

COLUMNS = (
    "decided_on", "expires_on", "licence_type", "outcome", "rating", "description", "destination",
    "destination_kind", "onward", "corrected_destination", "end_user", "onward_end_user", "pooled", "suspension",
    "suspended_on", "reinstated_on", "revocation", "revoked_on", "exported_before",
)  # fmt: skip
"""The columns of LICENCE_LINES that decide an answer."""
_DENSE = 1 << 21

Goods = tuple[str | None, str | None]
"""Rating cell and description."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The lines of a batch that are in scope, k of n.

    rows: their row numbers in the batch. codes: bytes as in `use`. direct: the direct route alone gives that use.
    groups: bits of the groups through which it could have been used. apart: the three questions, packed.
    goods: position in `goods_values`.
    parties: position in `party_sets` (bits of the parties that its places operate). decided: day numbers.
    """

    rows: Array
    codes: Array
    direct: Array
    groups: Array
    apart: Array
    status: Array
    flags: Array
    decided: Array
    goods: Array
    goods_values: tuple[Goods, ...]
    parties: Array
    party_sets: tuple[int, ...]
    granted: int
    lines: int


def evaluate(judge: Judge, rules: ScopeRules, batch: pa.RecordBatch) -> Evaluated:
    """Answer for every line of `batch` (COLUMNS at least) that is in scope."""
    scope = lines_in_scope(scope_columns(batch), rules)
    rows = scope.rows
    take = _Taker(batch, rows)
    pooled = _pooled(batch, rows)
    goods, goods_values = _pairs(take.words("rating"), take.words("description"))
    answers = [judge.goods(*g) for g in goods_values]
    military = np.array([a.military for a in answers], np.int32)
    place, places = _places(judge, take)
    onward, onwards = _onward(judge, take.words("onward"), pooled)
    operator_direct = _tables([p.operator for p in places], len(judge.groups))
    operator_onward = _tables([p.operator for p in onwards], len(judge.groups))
    means = _tables([a.means for a in answers], len(judge.groups))
    soldiers = military.take(goods) if len(set(military.tolist())) > 1 else military[:1]
    questions = Questions(
        [t.take(place) for t in operator_direct],
        [t.take(onward) for t in operator_onward],
        [t.take(goods) for t in means],
        _end_user(judge, take.words("end_user"), soldiers, pooled),
        _end_user(judge, take.words("onward_end_user"), soldiers, pooled),
    )
    answer = decide(questions)
    parties, party_sets = _party_sets([p.parties for p in places], place, [p.parties for p in onwards], onward)
    return Evaluated(
        rows, answer.codes, answer.direct, answer.groups, answer.apart, scope.status, scope.flags,
        take.days("decided_on"), goods, goods_values, parties, party_sets, scope.granted, batch.num_rows,
    )  # fmt: skip


def scope_columns(batch: pa.RecordBatch) -> ScopeColumns:
    """The columns that decide scope."""
    return ScopeColumns(
        decided=days_of(batch.column("decided_on")),
        expires=days_of(batch.column("expires_on")),
        licence_type=words_of(batch.column("licence_type")),
        outcome=words_of(batch.column("outcome")),
        suspension=words_of(batch.column("suspension")),
        suspended_on=days_of(batch.column("suspended_on")),
        reinstated_on=days_of(batch.column("reinstated_on")),
        revocation=words_of(batch.column("revocation")),
        revoked_on=days_of(batch.column("revoked_on")),
        exported=truths_of(batch.column("exported_before")),
    )


@dataclass(frozen=True, slots=True)
class _Taker:
    """Columns of a batch at some rows."""

    batch: pa.RecordBatch
    rows: Array

    def words(self, name: str) -> Words:
        words = words_of(self.batch.column(name))
        return words if len(self.rows) == self.batch.num_rows else words.at(self.rows)

    def days(self, name: str) -> Array:
        days = days_of(self.batch.column(name))
        return days if len(self.rows) == self.batch.num_rows else days[self.rows]


def _pooled(batch: pa.RecordBatch, rows: Array) -> Array:
    """1 where pooled; of length 1 where no line is."""
    pooled = batch.column("pooled")
    if pooled.true_count == 0:
        return np.zeros(1, np.int32)
    return np.asarray(pooled.fill_null(False).to_numpy(zero_copy_only=False)[rows], np.int32)  # noqa: FBT003


def _pairs(rating: Words, description: Words) -> tuple[Array, tuple[Goods, ...]]:
    """Distinct (rating, description) of the lines, and the position of each line's pair among them."""
    if description.constant:
        return rating.codes, tuple((r, None) for r in rating.values)
    wide = len(description.values)
    pair = rating.codes.astype(np.int64) * wide + description.codes
    if len(rating.values) * wide <= _DENSE:
        used = np.flatnonzero(np.bincount(pair, minlength=len(rating.values) * wide))
        position = np.zeros(len(rating.values) * wide, np.int32)
        position[used] = np.arange(len(used))
        codes = position.take(pair)
    else:
        used, inverse = np.unique(pair, return_inverse=True)
        codes = inverse.astype(np.int32)
    return codes, tuple((rating.values[p // wide], description.values[p % wide]) for p in used.tolist())


def _tables(answers: list[tuple[int, ...]], groups: int) -> list[Array]:
    return list(np.array(answers, np.uint8).reshape(-1, groups).T.copy())


def _places(judge: Judge, take: _Taker) -> tuple[Array, list[PlaceAnswer]]:
    """The stated place of each line (a corrected one goes before), as positions among judged places."""
    stated, kind, corrected = (
        take.words("destination"),
        take.words("destination_kind"),
        take.words("corrected_destination"),
    )
    wide = len(kind.values)
    codes = stated.codes if wide == 1 else stated.codes * wide + kind.codes
    answers = [judge.place(p, k or "") for p in stated.values for k in kind.values]
    if not corrected.constant:
        first = len(answers)
        null = len(corrected.values) - 1
        answers += [judge.place(p) for p in corrected.values[:null]]
        codes = np.where(corrected.codes == null, codes, first + corrected.codes)
    return codes, answers


def _onward(judge: Judge, onward: Words, pooled: Array) -> tuple[Array, list[PlaceAnswer]]:
    """The set of final destinations of each line, pooled or not, as positions among judged sets."""
    answers = [judge.onward(cell, pooled=p) for cell in onward.values for p in (False, True)]
    return onward.codes * 2 + pooled, answers


def _end_user(judge: Judge, cells: Words, military: Array, pooled: Array) -> list[Array]:
    """The third question for one route, per group."""
    answers = [
        judge.end_user(cell, military=m, pooled=p)
        for cell in cells.values
        for m in (False, True)
        for p in (False, True)
    ]
    codes = cells.codes * 4 + military * 2 + pooled
    return [table.take(codes) for table in _tables(answers, len(judge.groups))]


def _party_sets(stated: list[int], place: Array, final: list[int], onward: Array) -> tuple[Array, tuple[int, ...]]:
    """The parties that the places of a line operate: position per line, and the distinct sets (bits)."""
    some, others = sorted({*stated}), sorted({*final})
    sets = sorted({a | b for a in some for b in others})
    together = np.array([[sets.index(a | b) for b in others] for a in some], np.int32)
    first = np.array([some.index(s) for s in stated], np.int32)
    second = np.array([others.index(s) for s in final], np.int32)
    if len(others) == 1:
        return together[:, 0][first].take(place), tuple(sets)
    return together.reshape(-1).take(first.take(place) * len(others) + second.take(onward)), tuple(sets)
