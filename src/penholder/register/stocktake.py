"""A data folder whose licence lines are those of the register: everything else stays as the folder has it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.schemas import LICENCE_LINES
from penholder.kernel import clock
from penholder.kernel.canonical import sha256_of_file
from penholder.kernel.errors import NotKnownError
from penholder.ledger.known import changes_known
from penholder.register.models import Change, Licence
from penholder.register.models import Release as LoadedRelease
from penholder.register.snapshot import SERIES, Moment, snapshot

LINES = LICENCE_LINES.name
_ROW_GROUP = 1 << 18


@dataclass(frozen=True, slots=True)
class RegisterCatalogue(Catalogue):
    """A catalogue some of whose releases lie elsewhere: the snapshots of the register."""

    elsewhere: Mapping[str, Path] = field(default_factory=dict)
    """Release id -> its file of lines."""

    def path_of(self, release: Release, data_set: str) -> Path:
        """The Parquet file of one data set of one release. Raises: IntegrityError if its bytes have changed."""
        if data_set == LINES and release.id in self.elsewhere:
            return self.elsewhere[release.id]
        return Catalogue.path_of(self, release, data_set)


def end_of(day: date) -> datetime:
    """The last moment of a day, UTC: what was known by that day."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def with_register(
    catalogue: Catalogue, *, into: Path, on: date, known: date | datetime | None = None, licence: str = ""
) -> RegisterCatalogue:
    """The catalogue of `catalogue` with the lines of the register as of `on`, known by the end of `known`.

    Args:
        into: a folder for the files; keep it as long as the answer is in use.
        known: a day, or a moment. licence: public id of the only one whose lines are wanted.
    Raises: NotKnownError: the register holds no issued line that was known then.
    """
    moment = Moment(on, known if isinstance(known, datetime) or known is None else end_of(known))
    by = known.date() if isinstance(known, datetime) else known
    others = tuple(_without_lines(r) for r in catalogue.releases)
    made: dict[str, tuple[Release, Path]] = {}
    for release in (*_loaded(moment.known), _entered(on)):
        path = into / f"{len(made)}.parquet"
        if _write(path, "" if release.series == SERIES else release.series, moment, licence=licence):
            sha256 = sha256_of_file(path)
            shown = replace(release, released=_by(release.released, by), data_sets={LINES: sha256}, sha256=sha256)
            made[release.id] = (shown, path)
    if not made:
        raise NotKnownError(
            "the register holds no issued licence line" + (f" that was known by {known}" if known else ""),
            hint="load a release or enter licences; look with `penholder act`",
        )
    return RegisterCatalogue(
        catalogue.folder,
        (*others, *(r for r, _ in made.values())),
        {identity: path for identity, (_, path) in made.items()},
    )


def _without_lines(release: Release) -> Release:
    return replace(release, data_sets={n: h for n, h in release.data_sets.items() if n != LINES})


def _by(released: str, known: date | None) -> str:
    """What the register knew, it knew: a release is not later than the day that is asked about."""
    return released if known is None else min(released, known.isoformat())


def _loaded(known: datetime | None) -> list[Release]:
    """The releases that were taken in, as their catalogue described them."""
    rows = list(LoadedRelease.objects.order_by("pk"))
    held = None if known is None else changes_known(Change, known, among={r.change_id for r in rows})
    return [_release(r.facts) for r in rows if held is None or r.change_id in held]


def _release(facts: Mapping[str, Any]) -> Release:
    return Release(**{**facts, "files": (), "data_sets": {}, "lacks": tuple(facts["lacks"])})


def _entered(on: date) -> Release:
    """Stands for the licences that were entered one by one."""
    version = Licence.objects.filter(series="").count()
    return Release(
        id=f"{SERIES}-{on}-{hashlib.sha256(str(version).encode()).hexdigest()[:8]}",
        kind=SERIES,
        series=SERIES,
        released=on.isoformat(),
        released_stated=True,
        recorded_at=clock.stamp(clock.now()),
        sha256="",
        files=(),
        data_sets={},
        licence_key="reference",
    )


def _write(path: Path, series: str, moment: Moment, *, licence: str) -> int:
    """Write the lines of one series. Gives how many."""
    rows = 0
    with pq.ParquetWriter(path, LICENCE_LINES.arrow, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in snapshot(series, moment, licence=licence):
            waiting.append(batch)
            rows += batch.num_rows
            if sum(b.num_rows for b in waiting) >= _ROW_GROUP:
                writer.write_table(_joined(waiting), row_group_size=_ROW_GROUP)
                waiting = []
        if waiting:
            writer.write_table(_joined(waiting), row_group_size=_ROW_GROUP)
    return rows


def _joined(batches: list[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches).unify_dictionaries()
