"""The daily path: lines kept in memory, ordered so that one new fact finds the lines that it moves.

Lines hold few distinct combinations of places, end users and goods. Each combination (a *kind* of line) is judged
once; its lines lie together, by day of decision. A new incident is a look-up in the kinds that it can count for; a
changed edge judges again only the kinds whose goods it touches. Both equal a new stocktake, line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.schemas import LICENCE_LINES
from penholder.analysis.stocktake.batch import COLUMNS
from penholder.analysis.stocktake.cells import Array, Words
from penholder.analysis.stocktake.facts import Facts, facts_of, party_sets_of, questions_of
from penholder.analysis.stocktake.flips import NAME
from penholder.analysis.stocktake.incidents import Kind, select_incidents
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.run import Stocktake, stocktake
from penholder.analysis.stocktake.use import Answers, decide
from penholder.analysis.stocktake.vocabulary import Exclusion, Scope
from penholder.analysis.stocktake.why import Why, why_line
from penholder.analysis.tracing.graph import Edge
from penholder.kernel.errors import InputError, NotKnownError


@dataclass(frozen=True, slots=True)
class Affected:
    """The lines for which a new incident counts: runs of `DataIndex.order`, so that nothing is copied.

    `kind`: what the incident is to the profile; OTHER affects nothing.
    """

    kind: Kind
    starts: Array
    ends: Array
    order: Array

    @property
    def count(self) -> int:
        """How many lines."""
        return int((self.ends - self.starts).sum())

    def lines(self) -> Array:
        """Positions of the lines in the answer, ascending."""
        runs = [self.order[a:b] for a, b in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]
        return np.sort(np.concatenate(runs)) if runs else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a changed edge moved: positions of the lines whose answer changed, and how many kinds were judged."""

    lines: Array
    judged: int


class DataIndex:
    """A stocktake kept ready for one more fact. Not thread-safe.

    Args and errors: as `run.stocktake`. Memory: about 100 bytes a line in scope.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        profile: OperationProfile,
        *,
        on: date,
        scope: Scope = Scope.IN_FORCE,
        known: date | None = None,
    ) -> None:
        self.answer: Stocktake = stocktake(catalogue, profile, on=on, scope=scope, known=known)
        table = self.answer.reader.take(COLUMNS, self.answer.rows).combine_chunks()
        batch = table.to_batches()[0] if table.num_rows else pa.RecordBatch.from_pylist([], schema=table.schema)
        facts = facts_of(batch, np.arange(batch.num_rows), self.judge)
        self.kind_of_line, self._facts = _kinds(facts)
        self._by_kind, self._kind_bounds = _grouped(self.kind_of_line, len(self._facts.place))
        self._ids: pa.Array | None = None
        self._lines: pa.Table | None = None
        self._judge_kinds()
        self._bucket()

    @property
    def judge(self) -> Judge:
        """The judge of the answer; `change` changes its closure."""
        return self.answer.judge

    @property
    def codes(self) -> Array:
        """The byte of `use` of every line, as `use` defines it; the same as a new stocktake gives."""
        return self._kinds.codes.take(self.kind_of_line)

    def _judge_kinds(self) -> None:
        self._kinds = decide(questions_of(self.judge, self._facts))
        self._goods_reach()

    def _goods_reach(self) -> None:
        self._reach = np.array([self.judge.goods(*g).reach for g in self._facts.goods_values], np.uint64)

    def _bucket(self) -> None:
        """Order the lines by what an incident asks of them: parties of their places, goods, day of decision.

        None of this hangs on edges, so that a changed edge leaves the order as it is.
        """
        parties, sets = party_sets_of(self.judge, self._facts)
        possible = self._kinds.codes != np.uint8(Exclusion.DESTINATION_OPERATES_NO_PARTY)
        key = (parties.astype(np.int64) * 2 + possible) * len(self._facts.goods_values) + self._facts.goods
        _, first, bucket = np.unique(key, return_index=True, return_inverse=True)
        self._bucket_parties = np.array(sets, np.int64).take(parties[first])
        self._bucket_possible = possible[first]
        self._bucket_goods = self._facts.goods[first]
        of_line = bucket.astype(np.int32).take(self.kind_of_line)
        self.order = np.lexsort((self.answer.decided, of_line)).astype(np.int32)
        self._decided = self.answer.decided[self.order]
        self._bounds = np.searchsorted(of_line[self.order], np.arange(len(first) + 1))

    def incident(self, record: Mapping[str, Any]) -> Affected:
        """The lines for which a new, corrected or withdrawn incident counts.

        `record`: the columns of INCIDENTS that decide (`incidents.COLUMNS`). It counts for the lines that
        `incidents.count_for_lines` would count it for.
        """
        columns = {name: [record.get(name)] for name in ("series", "place", "admin1", "actors", "means")}
        table = pa.table({n: pa.array(v, pa.string()) for n, v in columns.items()}).append_column(
            "starts_on", pa.array([record["starts_on"]], pa.date32())
        )
        table = table.append_column("ends_on", pa.array([record["ends_on"]], pa.date32()))
        found = select_incidents(
            table, self.answer.profile, on=self.answer.rules.on, means=self.judge.closure.means
        )
        if not len(found.rows):
            none = np.zeros(0, np.int64)
            return Affected(Kind.OTHER, none, none, self.order)
        return self._counted(
            Kind(int(found.kind[0])), int(found.parties[0]), np.uint64(found.means[0]), int(found.end[0])
        )

    def _counted(self, kind: Kind, parties: int, means: np.uint64, end: int) -> Affected:
        counts = self._bucket_parties & parties != 0 if parties else self._bucket_possible
        if kind is not Kind.MEANS_NOT_STATED:
            counts = counts & (self._reach.take(self._bucket_goods) & means != 0)
        buckets = np.flatnonzero(counts)
        starts, ends = self._bounds[buckets], self._bounds[buckets + 1]
        if end < self.answer.rules.day:
            ends = self._decided_by(starts, ends, end)
        kept = ends > starts
        return Affected(kind, starts[kept], ends[kept], self.order)

    def _decided_by(self, starts: Array, ends: Array, day: int) -> Array:
        """In each run of lines (by day of decision) the first one decided after `day`: one search for all runs."""
        low, high = starts.copy(), ends.copy()
        while True:
            is_open = low < high
            if not is_open.any():
                return np.asarray(low)
            middle = (low + high) >> 1
            before = self._decided[np.minimum(middle, len(self._decided) - 1)] <= day
            low = np.where(is_open & before, middle + 1, low)
            high = np.where(is_open & ~before, middle, high)

    def change(self, add: Iterable[Edge] = (), remove: Iterable[Edge | str] = ()) -> Changed:
        """Take edges out and put edges in; judge again what they touch.

        The answers are then those of a stocktake over the changed edges. Raises: TraceError, and nothing changed.
        """
        before = self._kinds.codes
        means = self.judge.closure.means
        moved = self.judge.closure.change(add, remove)
        if self.judge.closure.means != means:
            self.judge.renew()
            self._judge_kinds()
            return self._changed(np.flatnonzero(self._kinds.codes != before), len(before))
        touched = [i for i, g in enumerate(self._facts.goods_values) if self.judge.closure.touched(moved, *g)]
        self.judge.forget(self._facts.goods_values[i] for i in touched)
        kinds = np.flatnonzero(np.isin(self._facts.goods, touched))
        if len(kinds):
            fresh = decide(questions_of(self.judge, _some(self._facts, kinds)))
            self._kinds = _merged(self._kinds, fresh, kinds)
            self._goods_reach()
        return self._changed(kinds[self._kinds.codes[kinds] != before[kinds]], len(kinds))

    def _changed(self, kinds: Array, judged: int) -> Changed:
        bounds = self._kind_bounds
        runs = [self._by_kind[bounds[k] : bounds[k + 1]] for k in kinds.tolist()]
        return Changed(np.sort(np.concatenate(runs)) if runs else np.zeros(0, np.int64), judged)

    def why(self, line: str, *, name_of: NAME) -> Why:
        """Explain one line of the answer, by its id, or `series/id`.

        Raises: NotKnownError for an id that is not in scope; InputError for one of several series.
        """
        position = self._position(line)
        if self._lines is None:
            names = [c.name for c in LICENCE_LINES.columns]
            self._lines = self.answer.reader.take(names, self.answer.rows).combine_chunks()
        series = self.answer.reader.series[int(self.answer.release[position])]
        record = self._lines.slice(position, 1).to_pylist()[0] | {"series": series}
        return why_line(self.judge, self.answer.rules, record, self.answer.incidents, name_of=name_of)

    def _position(self, line: str) -> int:
        found = self._positions(line)
        answer = self.answer
        for number, series in enumerate(answer.reader.series if not found else ()):
            if line.startswith(f"{series}/"):
                same = self._positions(line.removeprefix(f"{series}/"))
                found = [p for p in same if answer.release[p] == number]
        if not found:
            raise NotKnownError(f"there is no line {line!r} in scope on {answer.rules.on}")
        if len(found) > 1:
            names = [answer.reader.series[int(answer.release[p])] for p in found]
            raise InputError(
                f"the id {line!r} is used in {len(found)} series: {', '.join(names)}",
                hint=f"write {names[0]}/{line}",
            )
        return found[0]

    def _positions(self, line: str) -> list[int]:
        """Positions of the lines with that id, by halving."""
        if self._ids is None:
            ids = self.answer.columns("line").column(0).combine_chunks()
            self._sorted = np.asarray(pc.sort_indices(ids).to_numpy())
            self._ids = ids.take(pa.array(self._sorted))
        low, high = 0, len(self._ids)
        while low < high:
            middle = (low + high) // 2
            if self._ids[middle].as_py() < line:
                low = middle + 1
            else:
                high = middle
        last = low
        while last < len(self._ids) and self._ids[last].as_py() == line:
            last += 1
        return sorted(self._sorted[low:last].tolist())


def _grouped(codes: Array, count: int) -> tuple[Array, Array]:
    """The rows in order of their code, and where each code 0 .. count - 1 begins (and the last ends)."""
    order = np.argsort(codes, kind="stable").astype(np.int32)
    return order, np.searchsorted(codes[order], np.arange(count + 1))


def _kinds(facts: Facts) -> tuple[Array, Facts]:
    """The kind of every line, and the facts of every kind (one line of it)."""
    size = len(facts.place)
    key = np.zeros(size, np.int64)
    pooled, open_, segment = (np.broadcast_to(c, size) for c in (facts.pooled, facts.onward_open, facts.segment))
    for codes, width in (
        (facts.place, len(facts.place_values)),
        (facts.onward.codes, len(facts.onward.values)),
        (facts.end_user.codes, len(facts.end_user.values)),
        (facts.onward_end_user.codes, len(facts.onward_end_user.values)),
        (pooled, 2),
        (open_, 2),
        (segment, int(segment.max(initial=0)) + 1),
        (facts.goods, len(facts.goods_values)),
    ):
        key = _compact(key * width + codes)
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return kind.astype(np.int32), _some(replace(facts, pooled=pooled, onward_open=open_, segment=segment), first)


def _compact(key: Array) -> Array:
    """The same keys as small numbers, so that the next product cannot overflow."""
    _, codes = np.unique(key, return_inverse=True)
    return codes.astype(np.int64)


def _some(facts: Facts, rows: Array) -> Facts:
    """The facts of some lines, with the same values."""

    def at(words: Words) -> Words:
        return words.at(rows)

    def one(codes: Array) -> Array:
        return np.ascontiguousarray(codes[rows]) if len(codes) > 1 else codes

    return replace(
        facts,
        place=facts.place[rows],
        onward=at(facts.onward),
        end_user=at(facts.end_user),
        onward_end_user=at(facts.onward_end_user),
        pooled=one(facts.pooled),
        onward_open=one(facts.onward_open),
        segment=one(facts.segment),
        goods=facts.goods[rows],
    )


def _merged(old: Answers, fresh: Answers, at: Array) -> Answers:
    def put(whole: Array, part: Array) -> Array:
        copy = whole.copy()
        copy[at] = part
        return copy

    return Answers(
        put(old.codes, fresh.codes),
        put(old.direct, fresh.direct),
        put(old.groups, fresh.groups),
        put(old.apart, fresh.apart),
    )
