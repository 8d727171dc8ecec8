"""CSV text -> batches of records, with the physical line of each and a reason for each that is malformed."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from penholder.analysis.sources.stream import Source
from penholder.analysis.sources.text import Chunk, Chunks
from penholder.kernel.errors import SourceError

BATCH = 1 << 15
RECORD_LIMIT = 4 << 20
"""Longest record in characters: beyond it, a quote was opened and never closed."""
_TAG = "#"


@dataclass(frozen=True, slots=True)
class RowFault:
    """A record that is not loaded. `detail` never holds text of a column that is dropped."""

    line: int
    reason: str
    column: str | None = None
    detail: str = ""


@dataclass(slots=True)
class RawBatch:
    """Records as text. `rows[i]` has one cell for each header column and begins on physical line `lines[i]`."""

    rows: list[list[str]]
    lines: list[int]
    faults: list[RowFault]
    skipped: int = 0

    @property
    def read(self) -> int:
        """Records read: the whole ones and the malformed ones."""
        return len(self.rows) + len(self.faults)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    skip_lines: int = 0
    skip_starting: tuple[str, ...] = ()


class _RunawayQuoteError(Exception):
    """A record has grown beyond RECORD_LIMIT."""


@dataclass(slots=True)
class CsvRows:
    """The records of one source. `header` is read at once; then iterate over batches."""

    source: Source
    dialect: Dialect
    header: tuple[str, ...] = ()
    _chunks: Chunks = field(init=False)
    _feed: Iterator[Chunk] = field(init=False)
    _held: list[Chunk] = field(default_factory=list)
    _done: int = 0
    """Physical line on which the last complete record ended."""
    _ends: list[int] = field(default_factory=list)
    _rows: list[list[str]] = field(default_factory=list)
    _broken: dict[int, str] = field(default_factory=dict)
    _first: bool = True

    def __post_init__(self) -> None:
        csv.field_size_limit(2 * RECORD_LIMIT)
        self._chunks = Chunks(self.source, self.dialect.encoding)
        self._feed = iter(self._chunks)
        self.header = self._read_header()

    def __iter__(self) -> Iterator[RawBatch]:
        again: list[Chunk] = self._held
        self._held = []
        while again:
            again = yield from self._records(again)
        if self._rows:
            yield self._batch()

    def _csv_reader(self, pending: list[Chunk], *, strict: bool) -> Any:
        return csv.reader(
            self._text(pending), delimiter=self.dialect.delimiter, quotechar=self.dialect.quote, strict=strict
        )

    # -- the header ---------------------------------------------------------------------------------------

    def _read_header(self) -> tuple[str, ...]:
        pending = list(self._next_chunk())
        if not pending:
            raise SourceError(f"{self.source.shown} is empty", hint="nothing was loaded; get the file again")
        skip = self.dialect.skip_lines
        reader = self._csv_reader(pending, strict=False)
        try:
            for _ in range(skip):
                next(reader)
            names = next(row for row in reader if row)
        except (StopIteration, csv.Error, _RunawayQuoteError) as error:
            self._refuse_long_header()
            raise SourceError(
                f"{self.source.shown} has no header: {error or 'the file ends first'}",
                hint="the first line must name the columns (lines before it: `skip_lines` in the mapping)",
            ) from error
        self._done = reader.line_num
        self._refuse_long_header()
        self._held = [_from_line(self._held, self._done + 1)]
        return self._checked(names)

    def _refuse_long_header(self) -> None:
        for line, reason in sorted(self._chunks.faults.items()):
            if line <= max(self._done, 1):
                hints = {"bad_encoding": _encoding_hint(self.dialect.encoding)}
                raise SourceError(
                    f"{self.source.shown}, line {line}, is no header: {reason.replace('_', ' ')}",
                    hint=hints.get(reason, "is this the right file? it is not a table of text"),
                )

    def _checked(self, names: Sequence[str]) -> tuple[str, ...]:
        cleaned = tuple(" ".join(n.split()) for n in names)
        for i, name in enumerate(cleaned):
            if name and name in cleaned[:i]:
                raise SourceError(
                    f"{self.source.shown}: two columns are called {name[:80]!r} "
                    f"(columns {cleaned.index(name) + 1} and {i + 1})",
                    hint="rename one of them in the file; it is not known which one is meant",
                )
        return cleaned

    # -- the records --------------------------------------------------------------------------------------

    def _records(self, pending: list[Chunk]) -> Generator[RawBatch, None, list[Chunk]]:
        """Read on from `pending`; gives the chunks to read again after a record that was never closed."""
        base = pending[0].first - 1
        reader = self._csv_reader(pending, strict=True)
        rows, ends = self._rows, self._ends
        while True:
            try:
                for row in reader:
                    rows.append(row)
                    ends.append(base + reader.line_num)
                    if len(rows) >= BATCH:
                        yield self._batch()
                        rows, ends = self._rows, self._ends
            except csv.Error as error:
                if "unexpected end" in str(error):
                    return self._give_up_record()
                self._break(_reason(str(error)), base + reader.line_num)
            except _RunawayQuoteError:
                return self._give_up_record()
            else:
                return []

    def _break(self, reason: str, end: int) -> None:
        self._broken[len(self._rows)] = reason
        self._rows.append([])
        self._ends.append(end)

    def _give_up_record(self) -> list[Chunk]:
        """Quarantine the line that opened a quote, and read again from the line after it."""
        start = self._last_end() + 1
        self._break("unclosed_quote", start)
        again = _from_line(self._held, start + 1)
        self._held = []
        if again.text:
            return [again]
        following = list(self._next_chunk())
        self._held = []
        return following

    def _last_end(self) -> int:
        return self._ends[-1] if self._ends else self._done

    def _text(self, pending: list[Chunk]) -> Iterator[str]:
        return chain.from_iterable(io.StringIO(c.text, newline="\n") for c in self._fed(pending))

    def _fed(self, pending: list[Chunk]) -> Iterator[Chunk]:
        for chunk in pending:
            self._held.append(chunk)
            yield chunk
        while True:
            self._forget()
            following = list(self._next_chunk())
            if not following:
                return
            self._held.extend(following)
            yield from following

    def _forget(self) -> None:
        done = self._last_end()
        self._held = [c for c in self._held if c.first + c.count - 1 > done]
        if sum(len(c.text) for c in self._held) > RECORD_LIMIT:
            raise _RunawayQuoteError

    def _next_chunk(self) -> Iterator[Chunk]:
        chunk = next(self._feed, None)
        if chunk is not None:
            yield chunk

    # -- batches ------------------------------------------------------------------------------------------

    def _batch(self) -> RawBatch:
        rows, ends, broken = self._rows, self._ends, self._broken
        lines = [self._done + 1, *[e + 1 for e in ends[:-1]]]
        self._done = ends[-1]
        self._rows, self._ends, self._broken = [], [], {}
        skipped = self._skip_tags(rows, lines, ends) if self._first else 0
        broken = {at - skipped: reason for at, reason in broken.items()}
        self._first = False
        width = len(self.header)
        if not broken and not self._chunks.faults and not self.dialect.skip_starting and _all_wide(rows, width):
            return RawBatch(rows, lines, [], skipped)
        return self._sorted_out(rows, lines, ends, broken, skipped)

    def _skip_tags(self, rows: list[list[str]], lines: list[int], ends: list[int]) -> int:
        """Rows of HXL tags directly under the header are not records."""
        count = 0
        while count < len(rows) and _is_tag_row(rows[count]):
            count += 1
        del rows[:count], lines[:count], ends[:count]
        return count

    def _sorted_out(
        self, rows: list[list[str]], lines: list[int], ends: list[int], broken: dict[int, str], skipped: int
    ) -> RawBatch:
        batch = RawBatch([], [], [], skipped)
        by_line = self._chunks.faults
        marked = sorted(n for n in by_line if n <= self._done)
        width = len(self.header)
        at = 0
        for i, row in enumerate(rows):
            reason = broken.get(i)
            while at < len(marked) and marked[at] <= ends[i]:
                reason = by_line[marked[at]]
                at += 1
            if reason is None and row and row[0].startswith(self.dialect.skip_starting):
                batch.skipped += 1
                continue
            if reason is None and row and len(row) != width:
                reason = "wrong_field_count"
            if reason:
                detail = f"{len(row)} fields, not {width}" if reason == "wrong_field_count" else ""
                batch.faults.append(RowFault(lines[i], reason, None, detail))
            elif row:
                batch.rows.append(row)
                batch.lines.append(lines[i])
        for number in marked:
            del by_line[number]
        return batch


def _from_line(chunks: Sequence[Chunk], line: int) -> Chunk:
    """The text of `chunks` from physical `line` on, as one chunk (empty text if there is none)."""
    text = "".join(c.text for c in chunks if c.first + c.count > line)
    kept = [c for c in chunks if c.first + c.count > line]
    if not kept:
        return Chunk("", line, 0)
    start = 0
    for _ in range(line - kept[0].first):
        start = text.index("\n", start) + 1
    return Chunk(text[start:], line, sum(c.count for c in kept) - (line - kept[0].first))


def _all_wide(rows: list[list[str]], width: int) -> bool:
    return set(map(len, rows)) <= {width}


def _is_tag_row(row: list[str]) -> bool:
    cells = [c.strip() for c in row if c.strip()]
    return bool(cells) and all(c.startswith(_TAG) for c in cells)


def _reason(message: str) -> str:
    return (
        "stray_line_end" if "new-line" in message else "field_too_long" if "larger" in message else "bad_quoting"
    )


def _encoding_hint(encoding: str) -> str:
    other = "utf-8" if encoding != "utf-8" else "cp1252"
    return f"it is not {encoding}; try --encoding {other}"
