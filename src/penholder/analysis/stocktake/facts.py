"""What the three questions need of lines: positions among few distinct values; and the questions themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from penholder.analysis.stocktake.cells import Array, Words, days_of, words_of
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.route import direct_users_of, finals_of
from penholder.analysis.stocktake.use import Questions
from penholder.analysis.stocktake.vocabulary import Exclusion

_DENSE = 1 << 21

Goods = tuple[str | None, str | None]
"""Rating cell and description."""
Place = tuple[str | None, str | None]
"""A stated place and its kind; kind None: judged by its shape."""


@dataclass(frozen=True, slots=True)
class Facts:
    """n lines: positions among distinct values. `onward` and the users by route: see `route`.

    `pooled`: 1 where pooled. `onward_open`: 1 where goods go on to an unnamed place. `segment`: position of the
    line's window among those of the judge. These three are of length 1 where all lines have the same.
    """

    place: Array
    place_values: tuple[Place, ...]
    onward: Words
    end_user: Words
    onward_end_user: Words
    pooled: Array
    onward_open: Array
    segment: Array
    goods: Array
    goods_values: tuple[Goods, ...]


def facts_of(batch: pa.RecordBatch, rows: Array, judge: Judge) -> Facts:
    """The facts of some rows of a batch, for a judge."""
    whole = len(rows) == batch.num_rows

    def words(name: str) -> Words:
        found = words_of(batch.column(name))
        return found if whole else found.at(rows)

    place, place_values = _places(words("destination"), words("destination_kind"), words("corrected_destination"))
    goods, goods_values = _pairs(words("rating"), words("description"))
    end_user, open_ = words("end_user"), _said(batch, "onward_open", rows)
    onward, final_user = finals_of(
        place,
        [p for p, _ in place_values],
        onward=words("onward"),
        end_user=end_user,
        final_user=words("onward_end_user"),
        state=words("end_user_state"),
        onward_open=open_,
    )
    return Facts(
        place=place,
        place_values=place_values,
        onward=onward,
        end_user=direct_users_of(end_user=end_user, final_user=final_user, onward=onward, onward_open=open_),
        onward_end_user=final_user,
        pooled=_said(batch, "pooled", rows),
        onward_open=open_,
        segment=_segments(batch, rows, judge),
        goods=goods,
        goods_values=goods_values,
    )


def questions_of(judge: Judge, facts: Facts) -> Questions:
    """Ask the three questions. Shape: n lines -> per group of parties five arrays of n bytes."""
    groups = len(judge.groups)
    goods = [judge.goods(*g) for g in facts.goods_values]
    times, truths = range(judge.segments), (False, True)
    stated = [judge.place(*p, segment=s).operator for p in facts.place_values for s in times]
    onward = [
        judge.onward(cell, pooled=p, open_=o, segment=s).operator
        for cell in facts.onward.values
        for p in truths
        for o in truths
        for s in times
    ]
    place = _with_segment(facts.place, facts, judge)
    final = _with_segment(facts.onward.codes * 4 + facts.pooled * 2 + facts.onward_open, facts, judge)
    soldiers = np.array([g.military for g in goods], np.int32)
    military = soldiers.take(facts.goods) if len(set(soldiers.tolist())) > 1 else soldiers[:1]
    return Questions(
        [t.take(place) for t in _tables(stated, groups)],
        [t.take(final) for t in _tables(onward, groups)],
        [t.take(facts.goods) for t in _tables([g.means for g in goods], groups)],
        _end_user(judge, facts.end_user, military, facts.pooled),
        _end_user(judge, facts.onward_end_user, military, facts.pooled),
    )


def gated(questions: Questions, open_to: Sequence[Array]) -> Questions:
    """The same questions, where a group of parties counts only for some lines (one mask per group)."""
    shut = np.uint8(Exclusion.DESTINATION_OPERATES_NO_PARTY)

    def only(codes: Sequence[Array]) -> list[Array]:
        return [np.where(mask, c, shut) for mask, c in zip(open_to, codes, strict=True)]

    return Questions(
        only(questions.operator_direct),
        only(questions.operator_onward),
        questions.means,
        questions.end_user_direct,
        questions.end_user_onward,
    )


def party_sets_of(judge: Judge, facts: Facts) -> tuple[Array, tuple[int, ...]]:
    """The parties that the places of a line operate: position per line, and the distinct sets (bits)."""
    times = range(judge.segments)
    stated = [judge.place(*p, segment=s).parties for p in facts.place_values for s in times]
    final = [judge.onward(cell, segment=s).parties for cell in facts.onward.values for s in times]
    place, onward = (_with_segment(c, facts, judge) for c in (facts.place, facts.onward.codes))
    return _party_sets(stated, place, final, onward)


def _with_segment(codes: Array, facts: Facts, judge: Judge) -> Array:
    """Positions among values x segments instead of among values."""
    return codes if judge.segments == 1 else codes * judge.segments + facts.segment


def _said(batch: pa.RecordBatch, column: str, rows: Array) -> Array:
    """1 where a column of booleans is true (int32); of length 1 where it is true for no line."""
    said = batch.column(column)
    if said.null_count == len(said) or said.true_count == 0:
        return np.zeros(1, np.int32)
    return np.asarray(said.fill_null(False).to_numpy(zero_copy_only=False)[rows], np.int32)  # noqa: FBT003


def _segments(batch: pa.RecordBatch, rows: Array, judge: Judge) -> Array:
    if judge.segments == 1:
        return np.zeros(1, np.int32)
    decided = days_of(batch.column("decided_on"))[rows]
    return np.searchsorted(np.array(judge.turns), decided, side="right").astype(np.int32)


def _places(stated: Words, kind: Words, corrected: Words) -> tuple[Array, tuple[Place, ...]]:
    """The stated place of each line; a corrected one goes before it."""
    values: list[Place] = [(p, k or "") for p in stated.values for k in kind.values]
    codes = stated.codes * len(kind.values) + kind.codes
    if not corrected.constant:
        first, null = len(values), len(corrected.values) - 1
        values += [(p, None) for p in corrected.values[:null]]
        codes = np.where(corrected.codes == null, codes, first + corrected.codes)
    return codes, tuple(values)


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


def _end_user(judge: Judge, cells: Words, military: Array, pooled: Array) -> list[Array]:
    """The third question for one route, per group."""
    truths = (False, True)
    answers = [judge.end_user(c, military=m, pooled=p) for c in cells.values for m in truths for p in truths]
    codes = cells.codes * 4 + military * 2 + pooled
    return [table.take(codes) for table in _tables(answers, len(judge.groups))]


def _tables(answers: list[tuple[int, ...]], groups: int) -> list[Array]:
    return list(np.array(answers, np.uint8).reshape(-1, groups).T.copy())


def _party_sets(stated: list[int], place: Array, final: list[int], onward: Array) -> tuple[Array, tuple[int, ...]]:
    some, others = sorted({*stated}), sorted({*final})
    sets = sorted({a | b for a in some for b in others})
    together = np.array([[sets.index(a | b) for b in others] for a in some], np.int32)
    first = np.array([some.index(s) for s in stated], np.int32)
    second = np.array([others.index(s) for s in final], np.int32)
    if len(others) == 1:
        return together[:, 0][first].take(place), tuple(sets)
    return together.reshape(-1).take(first.take(place) * len(others) + second.take(onward)), tuple(sets)
