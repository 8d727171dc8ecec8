"""One kind of table of a source: read it, find repeats, and hand the rows on. Two passes, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import FileCount
from penholder.analysis.releases.store import COMPRESSION
from penholder.analysis.schemas import Schema
from penholder.analysis.sources.convert import Converter, Ints, Parsed
from penholder.analysis.sources.mapping import TableMapping
from penholder.analysis.sources.quarantine import Quarantine
from penholder.analysis.sources.repeats import EXACT_REPEAT, KEEP, Repeats
from penholder.analysis.sources.rows import RawBatch, RowFault
from penholder.analysis.sources.stream import Source
from penholder.kernel.canonical import sha256_of_file

ROW_GROUP = 1 << 17
_LINE_BITS = 40
_LINE_MASK = (1 << _LINE_BITS) - 1


class Reader(Protocol):
    """The records of one opened source, whatever its format."""

    @property
    def source(self) -> Source: ...

    @property
    def header(self) -> tuple[str, ...]: ...

    def __iter__(self) -> Iterator[RawBatch]: ...


class Assembler(Protocol):
    """Turns parsed rows into the rows of a data set (or keeps them, where `schema` is None)."""

    @property
    def schema(self) -> Schema | None: ...

    @property
    def unique_keys(self) -> bool: ...

    def rows(self, parsed: Parsed, source: str) -> tuple[Parsed, pa.RecordBatch, Ints]: ...

    def finish(self, batch: pa.RecordBatch, ordinals: Ints, lines: Ints) -> pa.Table | None: ...


@dataclass(slots=True)
class Tally:
    """What happened to one file. read = loaded + the sum of `reasons`."""

    name: str
    holds: str
    dropped: tuple[str, ...] = ()
    sha256: str = ""
    content: str = ""
    """sha256 of the unpacked content: the same table, packed or not, is the same input."""
    bytes: int = 0
    read: int = 0
    skipped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def quarantined(self) -> int:
        """Rows read and not loaded."""
        return sum(self.reasons.values())

    @property
    def loaded(self) -> int:
        """Rows loaded."""
        return self.read - self.quarantined

    def file_count(self) -> FileCount:
        """As the catalogue keeps it."""
        return FileCount(
            name=self.name, holds=self.holds, sha256=self.sha256, bytes=self.bytes, read=self.read,
            loaded=self.loaded, quarantined=self.quarantined, reasons=dict(sorted(self.reasons.items())),
        )  # fmt: skip


class DataSets:
    """The Parquet files of a release, written in row groups."""

    def __init__(self, staging: Path) -> None:
        self._staging = staging
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._pending: dict[str, list[pa.Table]] = {}

    def write(self, schema: Schema, table: pa.Table) -> None:
        """Add rows to a data set."""
        self.begin(schema)
        pending = self._pending[schema.name]
        pending.append(table.cast(schema.arrow))
        if sum(t.num_rows for t in pending) >= ROW_GROUP:
            self._flush(schema.name)

    def begin(self, schema: Schema) -> None:
        """Make sure that the data set exists, even with no rows."""
        if schema.name not in self._writers:
            path = self._staging / f"{schema.name}.parquet"
            self._writers[schema.name] = pq.ParquetWriter(path, schema.arrow, compression=COMPRESSION)
            self._pending[schema.name] = []

    def close(self) -> dict[str, str]:
        """Finish all files; data set name -> sha256 of its file."""
        for name, writer in self._writers.items():
            self._flush(name)
            writer.close()
        return {n: sha256_of_file(self._staging / f"{n}.parquet") for n in sorted(self._writers)}

    def _flush(self, name: str) -> None:
        pending = self._pending[name]
        if pending:
            table = pa.concat_tables(pending).unify_dictionaries()
            pending.clear()
            self._writers[name].write_table(table, row_group_size=2 * ROW_GROUP)
            del table
            pa.default_memory_pool().release_unused()


@dataclass(slots=True)
class TableRun:
    """Loads all files of one kind of table."""

    table: TableMapping
    assembler: Assembler
    staging: Path
    quarantine: Quarantine
    data_sets: DataSets
    tallies: list[Tally] = field(default_factory=list)

    def load(self, readers: list[Reader]) -> None:
        """Read the files; afterwards `tallies` say what happened to each."""
        spool = Spool(self.staging / ".spool")
        repeats = Repeats(
            self.staging, unique_keys=self.assembler.unique_keys, keep_repeats=self.table.keep_repeats
        )
        try:
            for reader in readers:
                self._first_pass(reader, spool, repeats)
            repeats.settle()
            if self.assembler.schema is not None:
                self.data_sets.begin(self.assembler.schema)
            for batch, files in spool.batches():
                self._second_pass(batch, files, repeats.block())
        finally:
            repeats.close()
            spool.close()

    def refuse_later(self, located: Iterator[int], reason: str) -> None:
        """Quarantine rows of a side table that turned out to belong to nothing."""
        for place in located:
            self._blame(place, RowFault(place & _LINE_MASK, reason))

    def _first_pass(self, reader: Reader, spool: Spool, repeats: Repeats) -> None:
        tally = Tally(reader.source.name, self.table.holds, _dropped(self.table, reader.header))
        self.tallies.append(tally)
        converter = Converter(self.table, reader.header)
        for raw in reader:
            tally.read += raw.read
            tally.skipped += raw.skipped
            parsed, batch, keys = self.assembler.rows(converter.parse(raw), tally.name)
            tally.reasons += self.quarantine.add(tally.name, parsed.faults)
            if batch.num_rows:
                located = parsed.lines | ((len(self.tallies) - 1) << _LINE_BITS)
                repeats.add(keys, parsed.row_hash, located)
                spool.write(batch, located)
        tally.sha256, tally.bytes = reader.source.finish()
        tally.content = reader.source.content_sha256

    def _second_pass(self, batch: pa.RecordBatch, located: Ints, found: npt.NDArray[np.void]) -> None:
        bad = np.flatnonzero(found["state"] != KEEP)
        for i in bad.tolist():
            first, reason = int(found["first"][i]), "repeated_id"
            if found["state"][i] == EXACT_REPEAT:
                reason = "exact_repeat"
            self._blame(
                int(located[i]), RowFault(int(located[i]) & _LINE_MASK, reason, None, self._same_as(first))
            )
        if len(bad):
            keep = np.flatnonzero(found["state"] == KEEP)
            batch, located, found = batch.take(pa.array(keep)), located[keep], found[keep]
        table = self.assembler.finish(batch, found["ordinal"], located)
        if table is not None and self.assembler.schema is not None:
            self.data_sets.write(self.assembler.schema, table)

    def _same_as(self, located: int) -> str:
        file = self.tallies[located >> _LINE_BITS].name
        return f"as line {located & _LINE_MASK}" + (f" of {file}" if len(self.tallies) > 1 else "")

    def _blame(self, located: int, fault: RowFault) -> None:
        tally = self.tallies[located >> _LINE_BITS]
        tally.reasons += self.quarantine.add(tally.name, [fault])


class Spool:
    """Batches on disk between the two passes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: Any = None
        self._writer: Any = None

    def write(self, batch: pa.RecordBatch, located: Ints) -> None:
        """Add a batch and where its rows come from."""
        batch = batch.append_column("_located", pa.array(located))
        if self._writer is None:
            self._file = pa.OSFile(str(self._path), "wb")
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writer = pa.ipc.new_stream(self._file, batch.schema, options=options)
        self._writer.write_batch(batch)

    def batches(self) -> Iterator[tuple[pa.RecordBatch, Ints]]:
        """All batches, in the order in which they were written."""
        if self._writer is None:
            return
        self._writer.close()
        self._file.close()
        with pa.OSFile(str(self._path), "rb") as file:
            for batch in pa.ipc.open_stream(file):
                located = batch.column("_located").to_numpy()
                yield batch.drop_columns(["_located"]), located

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()
        self._path.unlink(missing_ok=True)


def count_only(table: TableMapping, reader: Reader, quarantine: Quarantine) -> Tally:
    """A file that is known and has no place in our schemas: every row is counted and quarantined as `not_used`."""
    tally = Tally(reader.source.name, table.holds, tuple(n for n in reader.header if n))
    for raw in reader:
        tally.read += raw.read
        tally.skipped += raw.skipped
        unused = (RowFault(line, "not_used") for line in raw.lines)
        tally.reasons += quarantine.add(tally.name, raw.faults) + quarantine.add(tally.name, unused)
    tally.sha256, tally.bytes = reader.source.finish()
    tally.content = reader.source.content_sha256
    return tally


def _dropped(table: TableMapping, header: tuple[str, ...]) -> tuple[str, ...]:
    read = {c for rule in table.rules for c in rule.sources(header)}
    return tuple(name for name in header if name and name not in read)
