"""Read the rows in use out of a data folder as Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.schemas import SCHEMAS, Schema


def read_rows(
    catalogue: Catalogue, data_set: str, *, columns: Sequence[str] | None = None, known: date | None = None
) -> pa.Table:
    """The rows of `data_set` in the newest releases known by `known`, in the declared schema.

    An absent data set gives an empty table. Dictionaries are unified, so that equal words are equal codes.
    Raises: NotKnownError where nothing was released by `known`.
    """
    schema = SCHEMAS[data_set]
    tables = [_read(catalogue, r, schema, columns) for r in catalogue.current(data_set, known=known)]
    if not tables:
        return _selected(schema, columns).empty_table()
    return pa.concat_tables(tables).unify_dictionaries()


def read_release(
    catalogue: Catalogue, release: Release, data_set: str, *, columns: Sequence[str] | None = None
) -> pa.Table:
    """The rows of one data set of one release."""
    return _read(catalogue, release, SCHEMAS[data_set], columns).unify_dictionaries()


def _read(catalogue: Catalogue, release: Release, schema: Schema, columns: Sequence[str] | None) -> pa.Table:
    # ParquetFile, not read_table: the latter imports pandas, which costs most of a second.
    with pq.ParquetFile(catalogue.path_of(release, schema.name)) as file:
        table = file.read(columns=list(columns) if columns is not None else None)
    return table.cast(_selected(schema, columns)).replace_schema_metadata(None)


def _selected(schema: Schema, columns: Sequence[str] | None) -> pa.Schema:
    wanted = schema.arrow
    return wanted if columns is None else pa.schema([wanted.field(c) for c in columns])
