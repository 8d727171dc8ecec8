"""The rows that were read and not loaded: counted by reason, and written with line, column and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.releases.store import COMPRESSION
from penholder.analysis.schemas import QUARANTINE
from penholder.analysis.sources.rows import RowFault

REASONS = {
    "bad_encoding": "bytes that are not in the encoding of the file",
    "bad_quoting": "text after a closing quote",
    "ends_before_start": "the end lies before the start",
    "exact_repeat": "every cell equal to those of an earlier row",
    "field_too_long": "a field of more than 8 million characters",
    "licence_not_in_lines": "a side table names a licence that has no loaded line",
    "line_too_long": "a line of more than a megabyte",
    "missing_required": "a needed cell is empty",
    "negative_value": "an amount or count below nought",
    "not_a_date": "no date in any of the declared patterns, or no such day",
    "not_a_feature": "a GeoJSON feature without properties",
    "not_a_number": "no number in the declared style",
    "not_a_whole_number": "a count with a fraction",
    "not_used": "a row of a table that has no place in our schemas",
    "nul_byte": "a NUL byte",
    "number_out_of_range": "a number too large, or degrees off the globe",
    "repeated_id": "an id that an earlier row has, with other content",
    "stray_line_end": "a carriage return within a field that is not quoted",
    "too_precise": "more decimal places than are kept",
    "unclosed_quote": "a quote that is opened and never closed",
    "unknown_code": "a word that the mapping does not translate, or that our vocabulary does not have",
    "wrong_field_count": "more or fewer fields than the header has columns",
}
"""Reason code -> what it means. docs/reference/quarantine-reasons.md says more."""
_FLUSH = 1 << 16
SHOWN = 5
"""Rows that an import shows."""


class Quarantine:
    """Writes `quarantine.parquet` into a staging folder as the faults come, in bounded memory."""

    def __init__(self, staging: Path) -> None:
        self.path = staging / f"{QUARANTINE.name}.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._rows: list[tuple[str, int, str | None, str, str]] = []
        self.first: dict[str, list[RowFault]] = {}
        """File -> its first SHOWN rows by line, without those that have no place in our schemas."""

    def add(self, source: str, faults: Iterable[RowFault]) -> Counter[str]:
        """Store faults of one file; gives their counts by reason."""
        counts: Counter[str] = Counter()
        for fault in faults:
            counts[fault.reason] += 1
            self._keep(source, fault)
            self._rows.append((source, fault.line, fault.column, fault.reason, fault.detail))
            if len(self._rows) >= _FLUSH:
                self._flush()
        return counts

    def _keep(self, source: str, fault: RowFault) -> None:
        kept = self.first.setdefault(source, [])
        if fault.reason != "not_used" and (len(kept) < SHOWN or fault.line < kept[-1].line):
            kept.append(fault)
            kept.sort(key=lambda f: f.line)
            del kept[SHOWN:]

    def close(self) -> bool:
        """Finish the file; was anything stored?"""
        if self._rows:
            self._flush()
        if self._writer is None:
            return False
        self._writer.close()
        return True

    def _flush(self) -> None:
        schema = QUARANTINE.arrow
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, schema, compression=COMPRESSION)
        columns = zip(*self._rows, strict=True)
        arrays = [
            pa.array(column, pa.string() if pa.types.is_dictionary(f.type) else f.type).cast(f.type)
            for column, f in zip(columns, schema, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        self._rows = []
