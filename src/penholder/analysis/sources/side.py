"""Side tables of a licence list: final destinations, refusal criteria and notes, found again by licence.

They are held compactly: 24 bytes a row, and each distinct cell once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.schemas import LIST_SEPARATOR, NOTES, WORD
from penholder.analysis.sources.arrays import sourced
from penholder.analysis.sources.convert import Cells, Ints, Parsed
from penholder.analysis.sources.notes import NoteFacts, derive, for_line

_KEY, _CODE = "_key", "_code"
Hashes = Mapping[str, Ints]
"""`_licence` and `_cohort` hashes of the lines of a batch."""


@dataclass(frozen=True, slots=True)
class NotesOf:
    """The notes of one line: their ids, the facts of all of them, and what they leave open about where goods go.

    `onward_open`: one says that goods go on to an unnamed place. `states`: the states of end users that they name,
    other than the destination, where they contradict each other and the facts therefore keep none.
    """

    ids: str
    facts: NoteFacts
    onward_open: bool
    states: frozenset[str]


class _Keyed:
    """Rows by the hash of their licence key; says in the end which found no line."""

    def __init__(self) -> None:
        self._blocks: list[tuple[Ints, Ints, Ints]] = []
        self._joins = "_licence"
        self.keys: Ints = np.empty(0, dtype=np.int64)
        self._met = np.empty(0, dtype=bool)

    def join_by(self, key: str) -> None:
        """Which key of the lines the rows are found by: licence or cohort."""
        self._joins = f"_{key}"

    def _gather(self, keys: Ints, codes: Ints, lines: Ints) -> None:
        self._blocks.append((keys, codes, lines))

    def _sorted(self) -> tuple[Ints, Ints]:
        """Codes in the order of their keys, and where each key begins."""
        keys, codes, lines = (np.concatenate(c) for c in zip(*self._blocks, strict=True))
        self._blocks = [(keys, codes[:0], lines)]
        order = np.argsort(keys, kind="stable")
        self.keys, starts = np.unique(keys[order], return_index=True)
        self._met = np.zeros(len(self.keys), dtype=bool)
        return codes[order], starts.astype(np.int64)

    def _positions(self, hashes: Hashes) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        at, found = self._found(hashes)
        self._met[at[found]] = True
        return at, found

    def _found(self, hashes: Hashes) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        wanted = hashes[self._joins]
        at = np.searchsorted(self.keys, wanted).clip(max=max(len(self.keys) - 1, 0))
        return at.astype(np.int64), self.keys[at] == wanted

    def unmet(self) -> Iterator[int]:
        """Row positions, given as `lines` to gather, whose licence has no loaded line."""
        for keys, _, lines in self._blocks:
            met = self._met[np.searchsorted(self.keys, keys)]
            yield from lines[~met].tolist()


class SideCells(_Keyed):
    """One cell per licence: the distinct words of its rows, joined."""

    schema = None
    unique_keys = False

    def __init__(self, word: str, order: Callable[[str], object] = str) -> None:
        super().__init__()
        self._word = word
        self._order = order
        self._codes: dict[str, int] = {}
        self._cells: list[str] | None = None
        self._cell_of: Ints = np.empty(0, dtype=np.int64)

    def rows(self, parsed: Parsed, _source: str) -> tuple[Parsed, pa.RecordBatch, Ints]:
        """A batch of hashes and word codes."""
        keys = parsed.keys["licence"]
        words = parsed.cells[self._word]
        coded = [self._codes.setdefault(w.replace(LIST_SEPARATOR, ","), len(self._codes)) for w in words.values]
        codes = np.array(coded or [0], dtype=np.int64)[words.index]
        arrays = [pa.array(a) for a in (keys, codes, parsed.lines)]
        return parsed, pa.RecordBatch.from_arrays(arrays, names=[_KEY, _CODE, "source_line"]), keys

    def finish(self, batch: pa.RecordBatch, _ordinals: Ints, lines: Ints) -> None:
        """Keep a batch."""
        self._gather(batch.column(_KEY).to_numpy(), batch.column(_CODE).to_numpy(), lines)

    def look_up(self, hashes: Hashes) -> Cells | None:
        """The cell of each line, or None where there are no such rows at all."""
        if not self._blocks:
            return None
        if self._cells is None:
            self._cells = self._joined()
        at, found = self._positions(hashes)
        used, index = np.unique(np.where(found, self._cell_of[at], -1), return_inverse=True)
        return Cells(index.astype(np.int64), [None if u < 0 else self._cells[u] for u in used.tolist()])

    def _joined(self) -> list[str]:
        codes, starts = self._sorted()
        words = list(self._codes)
        cells: dict[str, int] = {}
        of: list[int] = []
        for begin, end in zip(starts.tolist(), [*starts.tolist()[1:], len(codes)], strict=True):
            some = sorted({words[c] for c in codes[begin:end].tolist()}, key=self._order)  # type: ignore[arg-type]
            of.append(cells.setdefault(LIST_SEPARATOR.join(some), len(cells)))
        self._cell_of = np.array(of, dtype=np.int64)
        return list(cells)


@lru_cache(maxsize=1 << 16)
def _derived(text: str) -> NoteFacts:
    return derive(text)


class NoteIndex(_Keyed):
    """Notes: rows of schemas.NOTES, and the facts of each licence for its lines."""

    schema = NOTES
    unique_keys = False

    def __init__(self) -> None:
        super().__init__()
        self._facts: dict[NoteFacts, int] = {}
        self._ids: list[str] = []
        self._noted: list[tuple[str, tuple[int, ...]]] = []
        self._ratings: dict[int, list[str | None]] = {}
        self._known: dict[tuple[tuple[int, ...], str, str | None, tuple[str | None, ...]], NoteFacts] = {}
        self._numbers: dict[str, int] = {}

    def rows(self, parsed: Parsed, source: str) -> tuple[Parsed, pa.RecordBatch, Ints]:
        """Rows of NOTES with the facts derived from their texts."""
        facts = parsed.cells["text"].mapped(_derived)
        coded = np.array(
            [self._facts.setdefault(f, len(self._facts)) for f in facts.values] or [0], dtype=np.int64
        )
        columns: dict[str, pa.Array] = {
            "note": pa.array(self._new_ids(source, parsed.size), pa.string()),
            "licence": parsed.arrays["licence"],
            "text": parsed.cells["text"].words(),
        }
        for column in NOTES.columns:
            if column.name not in {*columns, "source", "source_line"}:
                found = facts.mapped(attrgetter(column.name))
                columns[column.name] = found.words() if column.type == WORD else found.array(column.type)
        batch = sourced(NOTES, columns, source, parsed.lines)
        keys = parsed.keys["licence"]
        batch = batch.append_column(_KEY, pa.array(keys)).append_column(_CODE, pa.array(coded[facts.index]))
        return parsed, batch, keys

    def _new_ids(self, source: str, count: int) -> list[str]:
        start = self._numbers.get(source, 0)
        self._numbers[source] = start + count
        return [f"{source}:{n}" for n in range(start + 1, start + count + 1)]

    def finish(self, batch: pa.RecordBatch, _ordinals: Ints, lines: Ints) -> pa.Table:
        """The rows of NOTES to store."""
        ids = np.arange(len(self._ids), len(self._ids) + batch.num_rows)
        self._ids.extend(batch.column("note").to_pylist())
        packed = (ids << 32) | batch.column(_CODE).to_numpy()
        self._gather(batch.column(_KEY).to_numpy(), packed, lines)
        return pa.Table.from_batches([batch]).select(NOTES.arrow.names)

    def beside(self, hashes: Hashes, ratings: pa.Array, counts: pa.Array) -> None:
        """Take note of lines whose key stands for several licences, before any of them is looked up.

        A note on such a key may speak of another licence than that of the line. `counts`: licences of each line.
        """
        if not self._blocks:
            return
        self._settle()
        at, found = self._found(hashes)
        rows = np.flatnonzero(found)
        some = pa.array(rows)
        told = zip(at[rows].tolist(), ratings.take(some).to_pylist(), counts.take(some).to_pylist(), strict=True)
        for place, rating, count in told:
            self._ratings.setdefault(place, []).extend([rating] * min(count or 1, 2))

    def look_up(self, hashes: Hashes, destinations: pa.Array, ratings: pa.Array) -> Cells | None:
        """The notes of each line, or None where there are no notes at all."""
        if not self._blocks:
            return None
        self._settle()
        at, found = self._positions(hashes)
        places, codes = destinations.dictionary.to_pylist(), [*ratings.dictionary.to_pylist(), None]
        rating = pc.fill_null(ratings.indices, len(codes) - 1).to_numpy()
        index = (at * len(places) + destinations.indices.to_numpy()) * len(codes) + rating
        triples, rows = np.unique(np.where(found, index, -1), return_inverse=True)
        values: list[NotesOf | None] = []
        for triple in triples.tolist():
            pair, code = divmod(triple, len(codes))
            place, destination = divmod(pair, len(places))
            values.append(None if triple < 0 else self._for_line(place, places[destination], codes[code]))
        return Cells(rows.astype(np.int64), values)

    def _for_line(self, place: int, destination: str, rating: str | None) -> NotesOf:
        ids, codes = self._noted[place]
        others = self._ratings.get(place, [rating]).copy()
        others.remove(rating)
        facts = list(self._facts)
        notes = [facts[code] for code in codes]
        asked = (codes, destination, rating, tuple(sorted(others, key=str)))
        if (found := self._known.get(asked)) is None:
            found = for_line(notes, destination=destination, rating=rating, others=others)
            self._known[asked] = found
        states = {n.end_user_state for n in notes if n.end_user_state and found.end_user_state is None}
        states -= {found.corrected_destination or destination}
        return NotesOf(ids, found, any(n.onward_open for n in notes), frozenset(states))

    def _settle(self) -> None:
        """Sort the notes by licence, once all have been read."""
        if not self._noted:
            self._noted = self._by_licence()

    def _by_licence(self) -> list[tuple[str, tuple[int, ...]]]:
        """Of each licence: the ids of its notes, and the codes of their facts."""
        packed, starts = self._sorted()
        of = []
        for begin, end in zip(starts.tolist(), [*starts.tolist()[1:], len(packed)], strict=True):
            some = packed[begin:end].tolist()
            ids = LIST_SEPARATOR.join(self._ids[p >> 32] for p in some)
            of.append((ids, tuple(p & 0xFFFFFFFF for p in some)))
        return of
