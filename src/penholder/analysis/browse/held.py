"""The lines in use at one moment of knowledge, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.releases.read import read_release
from penholder.analysis.report.result import Citation
from penholder.analysis.sources.places import name_of
from penholder.analysis.stocktake.batch import scope_columns
from penholder.analysis.stocktake.cells import Array, Words, words_of
from penholder.analysis.stocktake.money import Money, money_of
from penholder.analysis.stocktake.reader import rows_known
from penholder.analysis.stocktake.scope import ScopeColumns
from penholder.kernel.dates import EPOCH
from penholder.kernel.errors import NotKnownError


@dataclass(frozen=True)
class Held:
    """All lines in use. `table`: LICENCE_LINES in one piece; row numbers below are its own.

    series_of: the position in `releases` of each row. licence: a number for each row, the same for all rows of a
    licence; licences: series and key of each number.
    """

    catalogue: Catalogue
    known: date | None
    releases: tuple[Release, ...]
    table: pa.Table
    series_of: Array
    licence: Array
    licences: tuple[tuple[str, str], ...]

    @cached_property
    def decided(self) -> Array:
        """Day number of the decision of each line."""
        return self.scope.decided

    @cached_property
    def scope(self) -> ScopeColumns:
        """What the scope rules need."""
        return scope_columns(self.table.to_batches()[0])

    @cached_property
    def money(self) -> Money:
        """Values of the lines."""
        return money_of(self.table)

    @cached_property
    def order(self) -> Array:
        """Row numbers, oldest decision first, then as in the source."""
        return np.lexsort((np.arange(self.table.num_rows), self.decided))

    @cached_property
    def _words(self) -> dict[str, Words]:
        return {}

    def words(self, column: str) -> Words:
        """A column of words as codes."""
        if column not in self._words:
            self._words[column] = words_of(self.table.column(column).chunk(0))
        return self._words[column]

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of the places that the data folder defines itself."""
        rows = rows_known(self.catalogue, "places", columns=("place", "name"), known=self.known).to_pylist()
        return {row["place"]: row["name"] for row in rows}

    def name(self, place: str) -> str:
        """A place in words."""
        return self.names.get(place) or name_of(place)

    @cached_property
    def numbers(self) -> dict[tuple[str, str], int]:
        """Series and key -> number of the licence."""
        return {pair: number for number, pair in enumerate(self.licences)}

    @cached_property
    def _by_licence(self) -> tuple[Array, Array]:
        order = np.argsort(self.licence, kind="stable")
        return order, np.searchsorted(self.licence[order], np.arange(len(self.licences) + 1))

    def rows_of(self, number: int) -> Array:
        """The rows of one licence, in the order of the source."""
        order, starts = self._by_licence
        return order[starts[number] : starts[number + 1]]

    @property
    def first_day(self) -> date:
        """The day of the oldest decision."""
        return EPOCH + timedelta(days=int(self.decided.min()))

    @property
    def last_day(self) -> date:
        """The day of the newest decision."""
        return EPOCH + timedelta(days=int(self.decided.max()))

    @property
    def known_day(self) -> date:
        """A day by which exactly these lines were known: the newest of their releases."""
        return max(r.released_on for r in self.releases)

    @property
    def attribution(self) -> tuple[str, ...]:
        """Attribution lines of the releases that hold the lines, each once."""
        return tuple(sorted({r.attribution for r in self.releases if r.attribution}))

    @cached_property
    def data(self) -> str:
        """One hash for all rows in use."""
        return self.catalogue.data_hash(known=self.known)

    def citation(self, predicate: str, *, on: date | None = None) -> Citation:
        """How to cite something that was counted in these lines."""
        return Citation(
            predicate=predicate,
            data=self.data,
            on=on.isoformat() if on else "",
            known=self.known_day.isoformat(),
            attribution=self.attribution,
        )

    def take(self, rows: Array, columns: tuple[str, ...]) -> list[dict[str, Any]]:
        """Cells of some rows as plain values."""
        return list(self.table.select(list(columns)).take(pa.array(rows)).to_pylist())


def hold(catalogue: Catalogue, *, known: date | None = None) -> Held:
    """Read the lines in use. Raises: NotKnownError without lines, or where none was out by `known`."""
    releases = catalogue.current("lines", known=known)
    tables = [read_release(catalogue, release, "lines") for release in releases]
    if not sum(table.num_rows for table in tables):
        raise NotKnownError(
            f"{catalogue.folder} holds no licence lines",
            hint="load some: penholder import uk-licences SOURCE --into FOLDER, or generic-licences",
        )
    table = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    series_of = np.repeat(np.arange(len(tables), dtype=np.int32), [t.num_rows for t in tables])
    licence, licences = _licences(releases, tables)
    return Held(catalogue, known, releases, table, series_of, licence, licences)


def _licences(releases: tuple[Release, ...], tables: list[pa.Table]) -> tuple[Array, tuple[tuple[str, str], ...]]:
    """A number for each row, and what each number stands for. Each series has keys of its own."""
    numbers: list[Array] = []
    names: list[tuple[str, str]] = []
    for release, keys in _keys(releases, tables):
        coded = pc.dictionary_encode(keys)
        numbers.append(coded.indices.to_numpy(zero_copy_only=False) + len(names))
        names += [(release.series, key) for key in coded.dictionary.to_pylist()]
    return np.concatenate(numbers), tuple(names)


def _keys(releases: tuple[Release, ...], tables: list[pa.Table]) -> Iterator[tuple[Release, pa.Array]]:
    for release, table in zip(releases, tables, strict=True):
        column = table.column("licence").combine_chunks()
        yield release, column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
