"""Load a source into a data folder: whole or not at all. `load` is the one door; the command line calls it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Release, read_catalogue_or_empty
from penholder.analysis.releases.store import release_id
from penholder.analysis.releases.write import commit, incoming
from penholder.analysis.sources import places
from penholder.analysis.sources.arrays import Places
from penholder.analysis.sources.edges import EdgeAssembler
from penholder.analysis.sources.formats import header_of, reader_for
from penholder.analysis.sources.guess import Guess, columns_shown, guess
from penholder.analysis.sources.incidents import IncidentAssembler, PointTable
from penholder.analysis.sources.lines import LineAssembler
from penholder.analysis.sources.mapping import Mapping, TableMapping, read_mapping, shipped, shipped_names
from penholder.analysis.sources.quarantine import Quarantine
from penholder.analysis.sources.report import LoadReport
from penholder.analysis.sources.side import NoteIndex, SideCells
from penholder.analysis.sources.stream import STDIN, Progress, Source, no_progress
from penholder.analysis.sources.tables import Assembler, DataSets, TableRun, Tally, count_only
from penholder.kernel import clock
from penholder.kernel.canonical import sha256_of, sha256_of_file
from penholder.kernel.errors import MappingError, SourceError
from penholder.rules.records import nearest

GENERIC = ("generic-licences", "generic-incidents", "edges")
READING = "2"
"""Counts up when the loaders read the same bytes differently."""
_SUFFIXES = {".csv", ".tsv", ".txt", ".json", ".geojson"}
_ORDER = ("points", "onward", "criteria", "notes", "lines", "incidents", "edges", "not_used")


def kinds() -> tuple[str, ...]:
    """All kinds that `import` knows."""
    fixed = (n for n in shipped_names() if shipped(n).kind not in GENERIC)
    return (*fixed, *GENERIC)


def load(
    source: Path | str,
    *,
    into: Path,
    kind: str | None = None,
    released: date | None = None,
    mapping: Path | str | None = None,
    series: str | None = None,
    encoding: str | None = None,
    progress: Progress = no_progress,
    confirm: Callable[[Guess], None] = lambda _guess: None,
) -> LoadReport:
    """Read a file, a folder or standard input (`-`) and store it as one release of a data folder.

    Args:
        source: path, or `-`. Of a folder, all files whose columns are known are read; the others are named.
        into: the data folder; made if absent.
        kind: one of `kinds()`; None: guessed from the columns, and `confirm` is called with the guess.
        released: the day on which the publisher made it public; None: today, marked as not stated.
        mapping: mapping file, or the name of a shipped one, for the generic kinds.
        series: name under which later releases replace this one; None: as the mapping says.
        encoding: of the text; None: as the mapping says (UTF-8).
    Returns:
        What was read, loaded and quarantined, by file; read = loaded + quarantined for each.
    Raises: SourceError, MappingError, FolderError. Nothing is stored then, and the old data stand.
    """
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(Source(p, progress=progress)) for p in _paths(source)]
        plan = _plan(opened, source, kind, mapping, encoding, confirm)
        with incoming(into) as staging:
            job = _Job(plan, into, staging, released, series or plan.mapping.series)
            return job.run()


@dataclass(frozen=True, slots=True)
class _Plan:
    mapping: Mapping
    files: tuple[tuple[TableMapping, tuple[Source, ...]], ...]
    not_read: tuple[str, ...]


def _paths(source: Path | str) -> list[Path | str]:
    if str(source) == STDIN:
        return [STDIN]
    path = Path(source)
    if not path.is_dir():
        return [path]
    try:
        files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", hint="check its permissions") from error
    if not files:
        below = sorted(p.name for p in path.iterdir() if p.is_dir())
        raise SourceError(
            f"the folder {path} holds no files",
            hint=f"give one of the folders in it: {', '.join(below[:10])}" if below else "give the right folder",
        )
    return list(files)


def _suffix(name: str) -> str:
    return Path(name.removesuffix(".gz")).suffix.lower()


def _plan(
    opened: list[Source],
    source: Path | str,
    kind: str | None,
    mapping: Path | str | None,
    encoding: str | None,
    confirm: Callable[[Guess], None],
) -> _Plan:
    alone = len(opened) == 1
    tabular = [s for s in opened if alone or _suffix(s.name) in _SUFFIXES]
    chosen = _mapping(kind, mapping)
    if chosen is None:
        found = guess(lambda m: [(s.name, header_of(s, m.tables[0])) for s in tabular], str(source))
        confirm(found)
        chosen = found.mapping
    if encoding:
        chosen = chosen.with_encoding(encoding)
    files: dict[int, list[Source]] = {}
    not_read = [s.name for s in opened if s not in tabular]
    for one in tabular:
        at = next((i for i, t in enumerate(chosen.tables) if t.fits(header_of(one, t))), None)
        if at is None:
            if alone:
                raise _wrong_kind(one, chosen)
            not_read.append(one.name)
        else:
            files.setdefault(at, []).append(one)
    _check_mains(chosen, files, not_read, tabular)
    ordered = sorted(files.items(), key=lambda f: _ORDER.index(chosen.tables[f[0]].holds))
    return _Plan(chosen, tuple((chosen.tables[at], tuple(some)) for at, some in ordered), tuple(sorted(not_read)))


def _mapping(kind: str | None, mapping: Path | str | None) -> Mapping | None:
    if kind is not None and kind not in kinds():
        near = nearest(kind, kinds())
        said = f"; did you mean {near!r}?" if near else ""
        raise SourceError(f"kind {kind!r} is not known; allowed: {', '.join(kinds())}{said}")
    if mapping is None:
        if kind in GENERIC:
            raise MappingError(
                f"kind {kind} needs a mapping",
                hint="give --mapping FILE.yaml; see docs/reference/mapping-files.md",
            )
        return shipped(kind) if kind else None
    found = read_mapping(mapping)
    if kind is not None and found.kind != kind:
        raise MappingError(
            f"{mapping} is a mapping for {found.kind}, not for {kind}", hint="give the kind that it says"
        )
    return found


def _check_mains(
    mapping: Mapping, files: dict[int, list[Source]], not_read: list[str], tabular: list[Source]
) -> None:
    mains = [at for at in sorted(files) if mapping.tables[at].holds == mapping.main]
    if not mains:
        raise (
            _wrong_kind(tabular[0], mapping)
            if tabular
            else SourceError("no table was found", hint="give CSV files")
        )
    if mapping.main != "edges":
        for other in mains[1:]:  # items.csv beside values.csv tells the same lines again
            not_read.extend(s.name for s in files.pop(other))
    for at in mains[:1]:
        if not mapping.tables[at].several and len(files[at]) > 1:
            names = ", ".join(s.name for s in files[at])
            raise SourceError(
                f"{len(files[at])} files hold {mapping.main}: {names}",
                hint="each is a release of its own: import them one by one, each with its --released date",
            )


def _wrong_kind(source: Source, mapping: Mapping) -> SourceError:
    best = min(mapping.tables, key=lambda t: len(t.missing(header_of(source, t))))
    header = header_of(source, best)
    missing = best.missing(header)
    near = [
        f"{m!r} (did you mean {n!r}?)" if (n := nearest(m, [h for h in header if h])) else repr(m) for m in missing
    ]
    hint = f"it has: {columns_shown(header)}"
    if len(header) <= 1 and any(c in (header or ("",))[0] for c in ";\t|"):
        hint += "; is the delimiter another one? (`delimiter` in a mapping)"
    return SourceError(f"{source.shown} is no {mapping.name} file: it has no column {', '.join(near)}", hint=hint)


class _Job:
    """One import, inside the write lock of the data folder."""

    def __init__(self, plan: _Plan, into: Path, staging: Path, released: date | None, series: str) -> None:
        self._plan, self._into, self._staging = plan, into, staging
        self._released, self._series = released, series
        self._quarantine = Quarantine(staging)
        self._data_sets = DataSets(staging)
        self._places = Places()
        self._onward, self._criteria, self._notes = (
            SideCells("destination"),
            SideCells("criterion", order=lambda w: (len(w), w)),
            NoteIndex(),
        )
        self._points = PointTable()
        self._runs: list[TableRun] = []
        self._tallies: list[Tally] = []

    def run(self) -> LoadReport:
        """Read everything, then commit."""
        for table, sources in self._plan.files:
            self._table(table, sources)
        self._refuse_orphans()
        self._tallies = [t for r in self._runs for t in r.tallies] + self._tallies
        self._refuse_nothing()
        kept = self._quarantine.close()
        data_sets = self._data_sets.close()
        rows = {n: _row_count(self._staging / f"{n}.parquet") for n in data_sets}
        if kept:
            data_sets["quarantine"] = sha256_of_file(self._quarantine.path)
        release = self._release(data_sets)
        same = self._same(release)
        if same is None:
            release = commit(self._into, self._staging, release).releases[-1]
        return self._report(same or release, rows, already=same is not None)

    def _table(self, table: TableMapping, sources: tuple[Source, ...]) -> None:
        readers = [reader_for(s, table) for s in sources]
        if table.holds == "not_used":
            self._tallies += [count_only(table, reader, self._quarantine) for reader in readers]
            return
        run = TableRun(table, self._assembler(table), self._staging, self._quarantine, self._data_sets)
        self._runs.append(run)
        run.load(readers)

    def _assembler(self, table: TableMapping) -> Assembler:
        sides = {"onward": self._onward, "criteria": self._criteria, "notes": self._notes}
        if table.holds in sides:
            sides[table.holds].join_by(table.joins)
            return sides[table.holds]
        if table.holds == "points":
            return self._points
        if table.holds == "incidents":
            return IncidentAssembler(self._places, self._series, self._points)
        if table.holds == "edges":
            return EdgeAssembler()
        return LineAssembler(self._places, onward=self._onward, criteria=self._criteria, notes=self._notes)

    def _refuse_orphans(self) -> None:
        if self._plan.mapping.main != "lines":
            return
        for run in self._runs:
            if run.table.holds in {"onward", "criteria"}:
                side = self._onward if run.table.holds == "onward" else self._criteria
                run.refuse_later(side.unmet(), "licence_not_in_lines")

    def _refuse_nothing(self) -> None:
        main = [t for t in self._tallies if t.holds == self._plan.mapping.main]
        if sum(t.loaded for t in main):
            return
        name = ", ".join(t.name for t in main)
        reasons = {r: n for t in main for r, n in t.reasons.items()}
        if not reasons:
            raise SourceError(f"{name} has a header and no rows", hint="nothing was loaded; get the file again")
        said = ", ".join(f"{n:,} {r}" for r, n in sorted(reasons.items(), key=lambda x: -x[1]))
        hint = "nothing was loaded"
        if "bad_encoding" in reasons:
            hint += "; is it another encoding? try --encoding cp1252"
        raise SourceError(f"not one row of {name} can be loaded: {said}", hint=hint)

    def _release(self, data_sets: dict[str, str]) -> Release:
        mapping, day = self._plan.mapping, self._released or clock.today()
        hashes = sorted((t.name, t.sha256) for t in self._tallies)
        sha256 = hashes[0][1] if len(hashes) == 1 else sha256_of([list(h) for h in hashes])
        return Release(
            id=release_id(self._series, day, sha256),
            kind=mapping.kind,
            series=self._series,
            released=day.isoformat(),
            released_stated=self._released is not None,
            recorded_at=clock.stamp(clock.now()),
            sha256=sha256,
            files=tuple(t.file_count() for t in self._tallies),
            data_sets=data_sets,
            licence_key=mapping.licence_key,
            attribution=mapping.attribution,
            data_licence=mapping.data_licence,
            reading=sha256_of([READING, mapping.sha256, places.version()]),
        )

    def _same(self, release: Release) -> Release | None:
        """A release of the same bytes, read in the same way (on the same day, if the day was stated)."""
        for old in reversed(read_catalogue_or_empty(self._into).releases):
            same_day = old.released == release.released or not release.released_stated
            key = (release.series, release.sha256, release.reading)
            if same_day and (old.series, old.sha256, old.reading) == key:
                return old
        return None

    def _report(self, release: Release, rows: dict[str, int], *, already: bool) -> LoadReport:
        return LoadReport(
            release=release,
            main=self._plan.mapping.main,
            tallies=tuple(sorted(self._tallies, key=lambda t: (t.holds != self._plan.mapping.main, t.name))),
            rows=rows,
            not_read=self._plan.not_read,
            unrecognised=dict(self._places.unrecognised.most_common()),
            notices=tuple(self._notices()),
            already_loaded=already,
        )

    def _notices(self) -> list[str]:
        notices = []
        if self._released is None:
            notices.append("the day of publication was not given (--released); today counts as that day")
        if self._places.unrecognised:
            names = ", ".join(n for n, _ in self._places.unrecognised.most_common(5))
            count = sum(self._places.unrecognised.values())
            notices.append(f"{count:,} rows name a place that no table knows, kept as published: {names}")
        if any("bad_encoding" in t.reasons for t in self._tallies):
            notices.append("some rows have bytes that are not in the encoding; try --encoding cp1252")
        if self._plan.mapping.name == "uk-licences" and not any(t.holds == "onward" for t in self._tallies):
            notices.append(
                "no table of final destinations was given: onward routes are not known from this release"
            )
        return notices


def _row_count(path: Path) -> int:
    with pq.ParquetFile(path) as file:
        return int(file.metadata.num_rows)
