"""Store tables that are already in memory as one release (samples, other programs)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import FileCount, Release
from penholder.analysis.releases.write import commit, incoming
from penholder.analysis.schemas import SCHEMAS
from penholder.kernel import clock
from penholder.kernel.canonical import sha256_of_file

COMPRESSION = "zstd"
ROW_GROUP = 1 << 18


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What is said about a release, beside its rows."""

    kind: str
    series: str
    released: date
    released_stated: bool = True
    licence_key: str = ""
    attribution: str = ""
    data_licence: str = ""
    reading: str = ""
    lacks: tuple[str, ...] = ()


def release_id(series: str, released: date, sha256: str) -> str:
    """`<series>-<released>-<first 8 hex digits>`."""
    return f"{series}-{released.isoformat()}-{sha256[:8]}"


def store_release(folder: Path, facts: ReleaseFacts, tables: Mapping[str, pa.Table]) -> Release:
    """Write `tables` (data set name -> rows in its declared schema) as one release of a data folder.

    Every row counts as read and loaded. The release's sha256 is over the sha256 of its Parquet files.
    Raises: FolderError if the folder cannot be written; pyarrow.ArrowInvalid if a table does not fit its schema.
    """
    with incoming(folder) as staging:
        data_sets = {name: write_rows(staging, name, table) for name, table in sorted(tables.items())}
        sha256 = hashlib.sha256("".join(f"{n}:{h}\n" for n, h in data_sets.items()).encode()).hexdigest()
        files = tuple(
            FileCount(
                name=f"{name}.parquet",
                holds=name,
                sha256=data_sets[name],
                bytes=(staging / f"{name}.parquet").stat().st_size,
                read=tables[name].num_rows,
                loaded=tables[name].num_rows,
                quarantined=0,
            )
            for name in data_sets
        )
        release = Release(
            id=release_id(facts.series, facts.released, sha256),
            kind=facts.kind,
            series=facts.series,
            released=facts.released.isoformat(),
            released_stated=facts.released_stated,
            recorded_at=clock.stamp(clock.now()),
            sha256=sha256,
            files=files,
            data_sets=data_sets,
            licence_key=facts.licence_key,
            attribution=facts.attribution,
            data_licence=facts.data_licence,
            reading=facts.reading,
            lacks=facts.lacks,
        )
        commit(folder, staging, release)
    return release


def write_rows(staging: Path, data_set: str, table: pa.Table) -> str:
    """Write one data set into a staging folder; gives the sha256 of its Parquet file."""
    path = staging / f"{data_set}.parquet"
    schema = SCHEMAS[data_set].arrow
    with pq.ParquetWriter(path, schema, compression=COMPRESSION) as writer:
        writer.write_table(table.select(schema.names).cast(schema), row_group_size=ROW_GROUP)
    return sha256_of_file(path)
