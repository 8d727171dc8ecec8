"""The Python interface: open a data folder, ask, and get Arrow that pandas, polars and DuckDB read.

import penholder
trial = penholder.open("trial")
trial.stocktake("northern-campaign", on="2020-06-30").pandas()
"""

from __future__ import annotations

import html
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.profile.find import find_profile
from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.report.folding import folded_all, safe
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.schemas import SCHEMAS
from penholder.analysis.statistics.question import Scope as Period
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import further_means, stocktake
from penholder.analysis.stocktake.touches import touches
from penholder.analysis.stocktake.touches_result import touches_result
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.analysis.stocktake.why_result import find_line, line_question, why_result
from penholder.kernel.dates import check_day, parse_day
from penholder.kernel.errors import InputError, MissingExtraError, NotKnownError

Day = date | str
REPR_WIDTH = 100


@dataclass(frozen=True)
class Answer:
    """Rows with their citation. `document` is the JSON form that the command line prints; `print` shows words."""

    result: Result

    @property
    def document(self) -> dict[str, Any]:
        """The figures, as JSON would hold them, with the citation."""
        return {**self.result.document, "citation": self.citation.document()}

    @property
    def citation(self) -> Citation:
        """How to compute this answer again, and whom to credit."""
        return self.result.citation

    @property
    def arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        return self.result.rows()

    def pandas(self) -> Any:
        """The rows as a pandas DataFrame."""
        return self.arrow.to_pandas()

    def polars(self) -> Any:
        """The rows as a polars DataFrame. Raises: MissingExtraError without the package polars."""
        return _extra("polars").from_arrow(self.arrow)

    def duckdb(self) -> Any:
        """The rows as a DuckDB relation."""
        return _extra("duckdb").from_arrow(self.arrow)

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def __repr__(self) -> str:
        """The words of a terminal; without words how many rows there are, of which columns. And the citation."""
        table = self.arrow
        rows = (self.result.title, f"{table.num_rows:,} rows of {', '.join(table.column_names)}")
        said = (*(self.result.words or rows), self.citation.line())
        return "\n".join(folded_all(map(safe, said), REPR_WIDTH))

    def _repr_html_(self) -> str:
        """For notebooks: the first rows, how many there are, and the citation."""
        shown = self.arrow.slice(0, 10)
        head = "".join(f"<th scope='col'>{html.escape(name)}</th>" for name in shown.column_names)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{html.escape('' if v is None else str(v))}</td>" for v in row.values())
            + "</tr>"
            for row in shown.to_pylist()
        )
        foot = f"{shown.num_rows:,} of {len(self):,} rows. {html.escape(self.citation.line())}"
        title = html.escape(self.result.title)
        table = f"<caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        return f"<table>{table}</table><p>{foot}</p>"


@dataclass(frozen=True)
class DataFolder:
    """A data folder, as it is known by a day (None: now)."""

    catalogue: Catalogue
    known: date | None = None

    def __repr__(self) -> str:
        """Which folder, how many rows of what are in use, and as known when."""
        held = [f"{rows:,} {name.replace('_', ' ')}" for name, rows in self._held()]
        known = f", known {self.known}" if self.known else ""
        return f"Data folder {self.catalogue.folder}{known}: {', '.join(held) or 'nothing in use'}"

    def lines(self, columns: Sequence[str] | str | None = None) -> Answer:
        """All licence lines in use (schemas.LICENCE_LINES), or some of their columns."""
        return self._rows("lines", "every licence line in use", columns)

    def incidents(self, columns: Sequence[str] | str | None = None) -> Answer:
        """All reported incidents in use (schemas.INCIDENTS), or some of their columns."""
        return self._rows("incidents", "every reported incident in use", columns)

    def stocktake(self, profile: OperationProfile | Path | str, *, on: Day, scope: str = "in-force") -> Answer:
        """Which lines could have been used in the operations of a profile: one row per line in scope.

        Args:
            profile: a profile, its file, or its name in the folder `profiles`.
            on: date in the world. scope: `in-force` (what can still be stopped) or `granted`.
        Raises: ProfileError, NotKnownError, InputError for a date or a scope that is none.
        """
        answer = stocktake(
            self.catalogue, self._profile(profile), on=_day(on), scope=_scope(scope), known=self.known
        )
        return Answer(stocktake_result(answer, profile_name=str(profile)))

    def touches(
        self,
        profile: OperationProfile | Path | str,
        *,
        incident: str | None = None,
        where: Sequence[str] | str = (),
        scope: str = "in-force",
    ) -> Answer:
        """Which lines could have been used in one incident, or in those that filters choose: one row per line.

        Args: incident: one id; or where: `field=value` (place, date, means, ...). Exactly one of the two.
        Raises: InputError, NotKnownError, ProfileError.
        """
        if (incident is None) is not bool(where):
            raise InputError("give either an incident or filters", hint='incident="S1", or where=["place=XC"]')
        profile, kind, where = self._profile(profile), _scope(scope), _words(where)
        found = touches(self.catalogue, profile, incident=incident, where=where, scope=kind, known=self.known)
        asked = f"incident {incident}" if incident else "incidents where " + " and ".join(where)
        return Answer(touches_result(found, asked=asked))

    def why(
        self, line: str, profile: OperationProfile | Path | str, *, on: Day, scope: str = "in-force"
    ) -> Answer:
        """Why one line (`LICENCE:POSITION`) got its answer; `document` holds path, sources, rules, incidents.

        Raises: NotKnownError for a line that does not exist; as `stocktake` otherwise.
        """
        asked = line_question(
            self.catalogue, self._profile(profile), on=_day(on), scope=_scope(scope), known=self.known
        )
        return Answer(why_result(asked, find_line(self.catalogue, line, known=self.known)))

    def stats(
        self,
        *,
        by: Sequence[str] | str = (),
        measure: str = "lines",
        where: Sequence[str] | str = (),
        on: Day | None = None,
        start: Day | None = None,
        end: Day | None = None,
        sort: str = "",
        top: int | None = None,
    ) -> Answer:
        """Count lines, licences or value by any dimensions; see docs/reference/statistics.md.

        Args:
            by: names, or one text with commas between. where: `dimension=value`.
            on: lines in force on a day. start, end: decisions, both days included.
            sort: `dims` or `value`. top: only the largest so many rows; the total stays that of all.
        Raises: InputError for a dimension, measure, place or date that is none.
        """
        # Imported here because it brings ibis: half a second that a stocktake does not need.
        from penholder.analysis.statistics.answer import stats  # noqa: PLC0415
        from penholder.analysis.statistics.order import Order  # noqa: PLC0415

        asked = Period(*(None if d is None else _day(d) for d in (on, start, end)))
        by, where = _names(by), _words(where)
        order = Order(sort, top)
        return Answer(
            stats(self.catalogue, by=by, measure=measure, where=where, scope=asked, known=self.known, order=order)
        )

    def _held(self) -> Iterator[tuple[str, int]]:
        """Rows in use per data set, for those that have any."""
        for name in SCHEMAS:
            try:
                paths = self.catalogue.paths(name, known=self.known)
            except NotKnownError:
                continue
            if rows := sum(pq.read_metadata(path).num_rows for path in paths):
                yield name, rows

    def _profile(self, profile: OperationProfile | Path | str) -> OperationProfile:
        if isinstance(profile, OperationProfile):
            return profile
        path = find_profile(self.catalogue.folder, str(profile))
        return read_profile(path, further_means=further_means(self.catalogue, known=self.known))

    def _rows(self, data_set: str, predicate: str, columns: Sequence[str] | str | None) -> Answer:
        columns = None if columns is None else _names(columns)
        _check_columns(data_set, columns)
        table = read_rows(self.catalogue, data_set, columns=columns, known=self.known)
        return Answer(Result(predicate, {"rows": table.num_rows}, table, self._citation(predicate)))

    def _citation(self, predicate: str) -> Citation:
        return Citation(
            predicate=predicate,
            data=self.catalogue.data_hash(known=self.known),
            known=self.known.isoformat() if self.known else "",
            attribution=self.catalogue.attributions(known=self.known),
        )


def open(folder: Path | str, *, known: Day | None = None) -> DataFolder:  # noqa: A001 - reads as penholder.open
    """Open a data folder. `known`: use the newest releases that were out by that day.

    Raises: FolderError if it is not a data folder; InputError for a date that is none.
    """
    return DataFolder(read_catalogue(Path(folder)), None if known is None else _day(known))


def _day(day: Day) -> date:
    if isinstance(day, datetime):
        return check_day(day.date())
    if isinstance(day, date):
        return check_day(day)
    if isinstance(day, str):
        return check_day(parse_day(day))
    raise InputError(
        f"not a day: {day!r}", hint='write YYYY-MM-DD as text, for example "2015-03-31", or give a date'
    )


def _words(given: Sequence[str] | str) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _names(given: Sequence[str] | str) -> tuple[str, ...]:
    """Names as a list, or as one text with commas between, as on the command line."""
    parts = given.split(",") if isinstance(given, str) else given
    return tuple(name.strip() for name in parts if name.strip())


def _check_columns(data_set: str, columns: Sequence[str] | None) -> None:
    allowed = [c.name for c in SCHEMAS[data_set].columns]
    for name in columns or ():
        if name not in allowed:
            raise InputError(f"{data_set} has no column {name!r}", hint=f"allowed: {', '.join(allowed)}")


def _scope(scope: str) -> Scope:
    if scope not in tuple(Scope):
        raise InputError(f"no such scope: {scope!r}", hint=f"allowed: {', '.join(Scope)}")
    return Scope(scope)


def _extra(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"the package {name} is not installed", hint=f"pip install {name}") from error
