"""Parquet: the rows with their types; the citation in the metadata of the schema."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow.parquet as pq

from penholder.analysis.report.formats.cells import batches
from penholder.analysis.report.result import Result
from penholder.kernel.canonical import canonical_json


def write_parquet(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """Keys `penholder.title` and `penholder.citation` (canonical JSON) in the schema metadata."""
    table = result.rows()
    about = {
        "penholder.title": result.title,
        "penholder.citation": canonical_json(result.citation.document()),
    }
    schema = table.schema.with_metadata(about)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches(table):
            writer.write_batch(batch.replace_schema_metadata(about))
