"""Load a source into a data folder: whole or not at all. `load` is the one door; the command line calls it."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Catalogue, Release, read_catalogue_or_empty
from penholder.analysis.releases.store import release_id
from penholder.analysis.releases.write import commit, incoming
from penholder.analysis.sources import notices, places
from penholder.analysis.sources.arrays import Places
from penholder.analysis.sources.cycles import refuse_cycles
from penholder.analysis.sources.edges import EdgeAssembler
from penholder.analysis.sources.formats import reader_for
from penholder.analysis.sources.guess import Guess
from penholder.analysis.sources.incidents import IncidentAssembler, PointTable
from penholder.analysis.sources.lines import LineAssembler
from penholder.analysis.sources.mapping import TableMapping
from penholder.analysis.sources.mapping_file import check_series
from penholder.analysis.sources.plan import Asked, Plan, make_plan, paths_of
from penholder.analysis.sources.quarantine import SHOWN, Quarantine
from penholder.analysis.sources.report import LoadReport
from penholder.analysis.sources.side import NoteIndex, SideCells
from penholder.analysis.sources.stream import Progress, Source, no_progress
from penholder.analysis.sources.tables import Assembler, DataSets, TableRun, Tally, count_only
from penholder.kernel import clock
from penholder.kernel.canonical import sha256_of, sha256_of_file
from penholder.kernel.errors import SourceError

_NOTES = Path(__file__).parent / "notes"
READING = "3"
"""Counts up when the loaders read the same bytes differently."""


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
        kind: one of `plan.kinds()`; None: guessed from the columns, and `confirm` is called with the guess.
        released: the day on which the publisher made it public; None: today, marked as not stated.
        mapping: mapping file, or the name of a shipped one, for the generic kinds.
        series: name under which later releases replace this one; None: as the mapping says.
        encoding: of the text; None: as the mapping says (UTF-8).
    Returns:
        What was read, loaded and quarantined, by file; read = loaded + quarantined for each.
    Raises: SourceError, MappingError, FolderError; TraceError for edges that close a cycle. Nothing is stored
    then, and the old data stand.
    """
    paths, not_read = paths_of(source)
    with _without_collector(), contextlib.ExitStack() as stack:
        opened = [stack.enter_context(Source(p, progress=progress)) for p in paths]
        asked = Asked(str(source), kind, mapping, encoding, confirm)
        plan = make_plan(opened, asked, not_read)
        name = check_series(series) if series else plan.mapping.series
        with incoming(into) as staging:
            return _Job(plan, into, staging, released=released, series=name).run()


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Rows are lists by the million and hold no cycles: the cycle collector would only walk over them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Job:
    """One import, inside the write lock of the data folder."""

    def __init__(self, plan: Plan, into: Path, staging: Path, *, released: date | None, series: str) -> None:
        self._plan, self._into, self._staging = plan, into, staging
        self._released, self._series = released, series
        self._quarantine = Quarantine(staging)
        self._data_sets = DataSets(staging)
        self._places = Places()
        self._sides = {"onward": SideCells("destination"), "criteria": SideCells("criterion", order=_by_number)}
        self._notes = NoteIndex()
        self._points = PointTable()
        self._incidents = IncidentAssembler(self._places, series, self._points)
        self._lines = LineAssembler(
            self._places, onward=self._sides["onward"], criteria=self._sides["criteria"], notes=self._notes
        )
        self._runs: list[TableRun] = []
        self._counted: list[Tally] = []

    def run(self) -> LoadReport:
        """Read everything, then commit."""
        folder = read_catalogue_or_empty(self._into)
        if self._plan.mapping.main == "incidents":
            self._incidents.vocabulary = notices.means_in(folder)
        for table, sources in self._plan.files:
            self._load_table(table, sources)
        self._refuse_orphans()
        self._refuse_nothing()
        kept = self._quarantine.close()
        data_sets = self._data_sets.close()
        rows = {n: _row_count(self._staging / f"{n}.parquet") for n in data_sets}
        if kept:
            data_sets["quarantine"] = sha256_of_file(self._quarantine.path)
        made = self._release(data_sets)
        refuse_cycles(folder, made, self._staging)
        said = self._notices(made, folder)
        release, already = self._stored(made, folder)
        after = read_catalogue_or_empty(self._into)
        said += notices.standing(after, release, self._plan.mapping.main, today=clock.today())
        return self._report(release, rows, tuple(said), already=already)

    @property
    def _tallies(self) -> list[Tally]:
        return [t for run in self._runs for t in run.tallies] + self._counted

    def _load_table(self, table: TableMapping, sources: tuple[Source, ...]) -> None:
        readers = [reader_for(s, table) for s in sources]
        if table.holds == "not_used":
            self._counted += [count_only(table, reader, self._quarantine) for reader in readers]
            return
        run = TableRun(table, self._assembler(table), self._staging, self._quarantine, self._data_sets)
        self._runs.append(run)
        run.load(readers)

    def _assembler(self, table: TableMapping) -> Assembler:
        if table.holds in self._sides:
            self._sides[table.holds].join_by(table.joins)
            return self._sides[table.holds]
        if table.holds == "notes":
            self._notes.join_by(table.joins)
            return self._notes
        if table.holds == "points":
            return self._points
        if table.holds == "incidents":
            return self._incidents
        if table.holds == "edges":
            return EdgeAssembler()
        return self._lines

    def _refuse_orphans(self) -> None:
        """Final destinations and criteria of licences that have no line belong to nothing."""
        if self._plan.mapping.main == "lines":
            for run in self._runs:
                if run.table.holds in self._sides:
                    run.refuse_later(self._sides[run.table.holds].unmet(), "licence_not_in_lines")

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
        hashes = sorted((t.name.removesuffix(".gz"), t.content) for t in self._tallies)
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
            reading=sha256_of(
                [READING, mapping.sha256, places.version(), self._note_rules(), sorted(self._incidents.vocabulary)]
            ),
            lacks=notices.lacks(
                mapping, held={t.holds for t in self._tallies}, filled=frozenset(self._lines.filled)
            ),
        )

    def _note_rules(self) -> list[str]:
        """Hashes of the rules that read notes: where they change, the same notes can say something else."""
        if not any(t.holds == "notes" for t in self._tallies):
            return []
        return [sha256_of_file(p) for p in sorted(_NOTES.rglob("*")) if p.suffix in {".py", ".yaml"}]

    def _stored(self, release: Release, folder: Catalogue) -> tuple[Release, bool]:
        """The stored release, and whether it was there before.

        It was, if the same bytes were read in the same way (and for the same day, if the day is stated).
        """
        before = folder.releases
        for old in reversed(before):
            same_day = old.released == release.released or not release.released_stated
            same = (old.series, old.sha256, old.reading) == (release.series, release.sha256, release.reading)
            if same and same_day:
                return old, True
        after = commit(self._into, self._staging, release).releases
        if len(after) > len(before):
            return after[-1], False
        return next(r for r in after if r.id == release.id), True

    def _report(
        self, release: Release, rows: dict[str, int], said: tuple[str, ...], *, already: bool
    ) -> LoadReport:
        tallies = sorted(self._tallies, key=lambda t: t.holds != self._plan.mapping.main)
        kept = [(t.name, fault) for t in tallies for fault in self._quarantine.first.get(t.name, ())]
        return LoadReport(
            release=release,
            main=self._plan.mapping.main,
            tallies=tuple(tallies),
            rows=rows,
            not_read=self._plan.not_read,
            unrecognised=dict(self._places.unrecognised.most_common()),
            notices=said,
            already_loaded=already,
            first_refused=tuple(kept[:SHOWN]),
            folder=str(self._into),
        )

    def _notices(self, release: Release, folder: Catalogue) -> list[str]:
        said = []
        if self._released is None:
            said.append("the day of publication was not given (--released); today counts as that day")
        said += notices.unrecognised(self._places.unrecognised)
        said += notices.odd_ratings(self._lines.odd_ratings)
        said += notices.unknown_means(self._incidents.unknown_means, self._incidents.unknown_rows)
        if any("bad_encoding" in t.reasons for t in self._tallies):
            said.append("some rows have bytes that are not in the encoding; try --encoding cp1252")
        if "onward" in release.lacks:
            said.append("no final destinations were given: onward routes are not known")
        if self._plan.mapping.main == "notes":
            said.append(notices.notes_alone(folder, self._staging / "notes.parquet"))
        return said


def _by_number(word: str) -> tuple[int, str]:
    return len(word), word


def _row_count(path: Path) -> int:
    with pq.ParquetFile(path) as file:
        return int(file.metadata.num_rows)
