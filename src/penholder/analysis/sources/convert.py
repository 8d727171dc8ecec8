"""Batches of text rows -> Arrow columns, one target at a time; each distinct text is read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.sources.cells import JOIN, CellFault, Parse, parser, shown
from penholder.analysis.sources.mapping import ColumnRule, Style, TableMapping
from penholder.analysis.sources.rows import RawBatch, RowFault
from penholder.analysis.sources.targets import TARGETS
from penholder.kernel.errors import MappingError

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_MEMO_LIMIT = 1 << 17
_PLAIN_MONEY = r"^[0-9]{1,16}(\.[0-9]{1,2})?$"
_MONEY = pa.decimal128(18, 2)


@dataclass(slots=True)
class Cells:
    """One target of a batch: `values[index[i]]` is the value of row i. A value is None where not stated."""

    index: Ints
    values: list[Any]

    def take(self, rows: Ints) -> Cells:
        """The same for some of the rows."""
        return Cells(self.index[rows], self.values)

    def each(self) -> list[Any]:
        """The value of every row."""
        values = self.values
        return [values[i] for i in self.index.tolist()]

    def mapped(self, function: Callable[[Any], Any]) -> Cells:
        """With `function` called on each distinct value that is stated."""
        return Cells(self.index, [None if v is None else function(v) for v in self.values])

    def array(self, kind: pa.DataType) -> pa.Array:
        """As an Arrow array of a plain type."""
        return pa.array(self.values, kind).take(pa.array(self.index))

    def hashes(self) -> Ints:
        """A 64-bit hash of the text of every row."""
        return hashes_of(self.values)[self.index] if self.values else np.empty(0, dtype=np.int64)

    def words(self) -> pa.Array:
        """As a dictionary-coded array of words."""
        codes: dict[str, int] = {}
        code_of = [-1 if v is None else codes.setdefault(v, len(codes)) for v in self.values]
        coded = np.array(code_of or [0], dtype=np.int32)[self.index]
        indices = pa.array(coded, pa.int32(), mask=coded < 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(list(codes), pa.string()))


@dataclass(slots=True)
class Parsed:
    """The rows of a batch that can be read. `cells` and `arrays` are by target; a target has one of the two."""

    lines: Ints
    cells: dict[str, Cells]
    arrays: dict[str, pa.Array]
    keys: dict[str, Ints]
    """64-bit hashes of the key targets, equal within this process."""
    row_hash: Ints
    faults: list[RowFault]

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self.lines)

    def without(self, bad: dict[int, RowFault]) -> Parsed:
        """Without the rows of `bad` (position -> fault), whose faults are added."""
        if not bad:
            return self
        keep = np.ones(self.size, dtype=bool)
        keep[list(bad)] = False
        rows = np.flatnonzero(keep)
        return Parsed(
            self.lines[rows],
            {n: c.take(rows) for n, c in self.cells.items()},
            {n: a.take(pa.array(rows)) for n, a in self.arrays.items()},
            {n: k[rows] for n, k in self.keys.items()},
            self.row_hash[rows],
            [*self.faults, *bad.values()],
        )


@dataclass(slots=True)
class _Plan:
    rule: ColumnRule
    places: tuple[int, ...]
    parse: Parse
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.rule.target.name

    @property
    def simple(self) -> bool:
        rule = self.rule
        return not (rule.joined or rule.codes or rule.fold or rule.cut_end or rule.prefix)

    def shown_column(self, header: Sequence[str]) -> str:
        return " + ".join(header[p] for p in self.places[:3])


class Converter:
    """Reads the batches of one file by one table mapping."""

    def __init__(self, table: TableMapping, header: tuple[str, ...]) -> None:
        self._header = header
        self._holds = table.holds
        self._style: Style = table.style
        self._plans = [
            _Plan(rule, tuple(header.index(c) for c in sources), parser(rule, table.style))
            for rule in table.rules
            if (sources := rule.sources(header))
        ]
        self._fixed = {name: _fixed(table, name, text) for name, text in table.fixed.items()}
        self._fast_money = _is_plain(table.style)

    def parse(self, raw: RawBatch) -> Parsed:
        """Read every target of a batch. A row with a cell that cannot be read becomes a fault."""
        columns: list[Sequence[str]] = list(zip(*raw.rows, strict=True)) if raw.rows else [()] * len(self._header)
        hashes = np.fromiter(map(hash, map(tuple, raw.rows)), dtype=np.int64, count=len(raw.rows))
        parsed = Parsed(np.array(raw.lines, dtype=np.int64), {}, {}, {}, hashes, list(raw.faults))
        bad: dict[int, RowFault] = {}
        for name, value in self._fixed.items():
            cells = parsed.cells[name] = Cells(np.zeros(parsed.size, dtype=np.int64), [value])
            if TARGETS[self._holds][name].form == "key":
                parsed.arrays[name], parsed.keys[name] = cells.array(pa.string()), cells.hashes()
        for plan in self._plans:
            texts = _joined(columns, plan.places)
            if plan.rule.target.form == "key":
                parsed.arrays[plan.name], parsed.keys[plan.name] = self._keys(plan, texts, raw.lines, bad)
            elif plan.rule.target.form == "money" and self._fast_money and plan.rule.multiply == 1:
                parsed.arrays[plan.name] = self._money(plan, texts, raw.lines, bad)
            else:
                parsed.cells[plan.name] = self._cells(plan, texts, raw.lines, bad)
        return parsed.without(dict(sorted(bad.items())))

    def _cells(self, plan: _Plan, texts: Sequence[str], lines: Sequence[int], bad: dict[int, RowFault]) -> Cells:
        index, distinct = _distinct(texts)
        if len(plan.memo) > _MEMO_LIMIT:
            plan.memo.clear()
        memo = plan.memo
        for text in distinct:
            if text not in memo:
                memo[text] = plan.parse(text)
        values = [memo[t] for t in distinct]
        wrong = [i for i, v in enumerate(values) if isinstance(v, CellFault)]
        if wrong:
            for row in np.flatnonzero(np.isin(index, wrong)).tolist():
                detail = "" if plan.rule.target.private else shown(texts[row])
                fault = RowFault(lines[row], values[index[row]].reason, plan.shown_column(self._header), detail)
                bad.setdefault(row, fault)
            values = [None if isinstance(v, CellFault) else v for v in values]
        return Cells(index, values)

    def _keys(
        self, plan: _Plan, texts: Sequence[str], lines: Sequence[int], bad: dict[int, RowFault]
    ) -> tuple[pa.Array, Ints]:
        """Keys are nearly all different: they are trimmed by Arrow in one go where they are taken as they are."""
        array = _strings(texts)
        trimmed = pc.utf8_trim_whitespace(array)
        empty = pc.is_in(trimmed, pa.array(sorted(plan.rule.null_words), pa.string()))
        if plan.simple and not pc.any(empty).as_py():
            same = pc.all(pc.equal(trimmed, array)).as_py()
            return trimmed, hashes_of(texts if same is not False else trimmed.to_pylist())
        cells = self._cells(plan, texts, lines, bad)
        return cells.array(pa.string()), cells.hashes()

    def _money(
        self, plan: _Plan, texts: Sequence[str], lines: Sequence[int], bad: dict[int, RowFault]
    ) -> pa.Array:
        """Plain amounts are cast by Arrow in one go; whatever is left is read one by one, exactly."""
        array = _strings(texts)
        plain = pc.match_substring_regex(array, _PLAIN_MONEY)
        amounts = pc.cast(pc.if_else(plain, array, pa.scalar(None, pa.string())), _MONEY)
        rest = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
        if not len(rest):
            return amounts
        found: dict[int, RowFault] = {}
        left = rest.tolist()
        cells = self._cells(plan, [texts[i] for i in left], [lines[i] for i in left], found)
        for i, fault in found.items():
            bad.setdefault(left[i], fault)
        values = cells.each()
        if any(v is not None for v in values):
            mask = np.zeros(len(texts), dtype=bool)
            mask[rest] = True
            amounts = pc.replace_with_mask(amounts, pa.array(mask), pa.array(values, _MONEY))
        return amounts


def _fixed(table: TableMapping, name: str, text: str) -> Any:
    value = parser(ColumnRule(TARGETS[table.holds][name], (), dates=table.style.dates), table.style)(text)
    if isinstance(value, CellFault):
        allowed = sorted(TARGETS[table.holds][name].words)
        raise MappingError(
            f"fixed: {name}: {text!r} is not allowed ({value.reason.replace('_', ' ')})",
            hint=f"allowed: {', '.join(allowed)}" if allowed else "see docs/reference/mapping-files.md",
        )
    return value


def _is_plain(style: Style) -> bool:
    digits = any(c.isdigit() or c == "." for w in style.null_words for c in w)
    return style.decimal == "." and not style.thousands and not style.ignore and not digits


def _joined(columns: Sequence[Sequence[str]], places: tuple[int, ...]) -> Sequence[str]:
    if len(places) == 1:
        return columns[places[0]]
    return [JOIN.join(cells) for cells in zip(*(columns[p] for p in places), strict=True)]


def _strings(texts: Sequence[str]) -> pa.Array:
    try:
        return pa.array(texts, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):  # half a surrogate pair, from a JSON escape
        return pa.array([t.encode("utf-8", "replace").decode() for t in texts], pa.string())


def _distinct(texts: Sequence[str]) -> tuple[Ints, list[str]]:
    coded = _strings(texts).dictionary_encode()
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def hashes_of(texts: Sequence[str | None]) -> Ints:
    """A 64-bit hash of each text; equal within this process."""
    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))
