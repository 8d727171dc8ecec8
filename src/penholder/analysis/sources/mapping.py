"""Mappings: small YAML records that say how the columns of a publisher's table become ours.

The keys and their meaning are in docs/reference/mapping-files.md. Every kind that ships is such a mapping too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from penholder.analysis.sources.dates import DatePattern
from penholder.analysis.sources.rows import Dialect
from penholder.analysis.sources.stream import check_encoding
from penholder.analysis.sources.targets import Target
from penholder.kernel.canonical import sha256_of


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers, dates and missing values are written in a table."""

    dialect: Dialect = field(default_factory=Dialect)
    decimal: str = "."
    thousands: str = ""
    ignore: tuple[str, ...] = ()
    dates: tuple[DatePattern, ...] = ()
    months: tuple[str, ...] = ()
    null_words: frozenset[str] = frozenset({""})
    list_separator: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one of our columns is made from the columns of the file.

    `columns` are names of which the first that the file has is read; with `joined` all of them are read.
    """

    target: Target
    columns: tuple[str, ...]
    joined: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    others: str = "refuse"
    fold: bool = False
    dates: tuple[DatePattern, ...] = ()
    null_words: frozenset[str] = frozenset({""})
    list_separator: str = ""
    open_mark: str = ""
    prefix: str = ""
    multiply: Decimal = Decimal(1)
    round: bool = False
    flags: dict[str, str] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()
    optional: bool = False
    cut_end: str = ""

    def sources(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of the file that are read; empty if it has none of them."""
        present = tuple(c for c in self.columns if c in header)
        return present if self.joined else present[:1]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One kind of table within a source."""

    holds: str
    rules: tuple[ColumnRule, ...]
    fixed: dict[str, str]
    style: Style
    joins: str = "licence"
    keep_repeats: bool = False
    several: bool = True
    why_not: str = ""

    def fits(self, header: tuple[str, ...]) -> bool:
        """Does a file with this header have every column that is needed?"""
        return not self.missing(header)

    def missing(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The needed columns that the header does not have."""
        needed = [r for r in self.rules if not r.optional]
        absent = [r.columns if r.joined else r.columns[:1] for r in needed if not r.sources(header)]
        absent += [
            tuple(c for c in r.columns if c not in header) for r in needed if r.joined and r.sources(header)
        ]
        return tuple(dict.fromkeys(c for names in absent for c in names))


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of source is read. `tables` in order of preference: the first that fits a file is used."""

    name: str
    kind: str
    title: str
    series: str
    attribution: str
    data_licence: str
    licence_key: str
    tables: tuple[TableMapping, ...]
    sha256: str

    @property
    def main(self) -> str:
        """The data set whose counts are the answer: lines, incidents, edges or notes."""
        return self.tables[0].holds

    def fits_main(self, header: tuple[str, ...]) -> bool:
        """Do the columns fit a table that holds the main rows?"""
        return any(t.holds == self.main and t.fits(header) for t in self.tables)

    def with_encoding(self, encoding: str) -> Mapping:
        """The same, for files in another encoding."""
        codec = check_encoding(encoding)
        tables = tuple(
            replace(t, style=replace(t.style, dialect=replace(t.style.dialect, encoding=codec)))
            for t in self.tables
        )
        return replace(self, tables=tables, sha256=sha256_of([self.sha256, codec]))


def folded(text: str) -> str:
    """One spelling for texts that differ only in case, spaces, hyphens and underscores."""
    return "_".join(text.replace("_", " ").replace("-", " ").casefold().split())
