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

_FLUSH = 1 << 16


class Quarantine:
    """Writes `quarantine.parquet` into a staging folder as the faults come, in bounded memory."""

    def __init__(self, staging: Path) -> None:
        self.path = staging / f"{QUARANTINE.name}.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._rows: list[tuple[str, int, str | None, str, str]] = []

    def add(self, source: str, faults: Iterable[RowFault]) -> Counter[str]:
        """Store faults of one file; gives their counts by reason."""
        counts: Counter[str] = Counter()
        for fault in faults:
            counts[fault.reason] += 1
            self._rows.append((source, fault.line, fault.column, fault.reason, fault.detail))
            if len(self._rows) >= _FLUSH:
                self._flush()
        return counts

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
