"""Tables of a release made again from the log, what the next one has otherwise, and what stays hidden in both."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from penholder.publication.books import books
from penholder.publication.build import material_of
from penholder.publication.errors import ReleaseError
from penholder.publication.releases import files
from penholder.publication.releases.catalogue import Catalogue, read_catalogue
from penholder.publication.releases.check import differing_cells
from penholder.publication.releases.hidden import Hidden, hidden_counts
from penholder.publication.releases.tables import Row, made_tables

CONCERNS = "concerns"


@dataclass(frozen=True, slots=True)
class Retraced:
    """differing: cells of the first release that were made again otherwise. hidden: counts that are left out.

    changed: rows of the change list of the second release.
    """

    first: Catalogue
    second: Catalogue
    made: Mapping[str, int]
    """Table -> rows that were made again."""
    differing: tuple[tuple[str, str, str], ...]
    changed: tuple[Row, ...]
    hidden: tuple[Hidden, ...]

    @property
    def is_good(self) -> bool:
        """Is every cell the same, and nothing that is hidden known?"""
        return not self.differing and not any(h.is_known for h in self.hidden)

    @property
    def words(self) -> tuple[str, ...]:
        """The same in lines."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        for name, rows in self.made.items():
            cells = [c for c in self.differing if c[0] == name]
            where = f"{name} of {self.first.called}, as on {self.first.on}"
            yield f"{where}: {rows:,} rows made again, {len(cells):,} cells differ"
            yield from (f"  differs: {key} {column or '(row)'}" for _, key, column in cells)
        yield f"changed in {self.second.called}, as on {self.second.on}: {len(self.changed):,} cells"
        for r in self.changed:
            why = f"{r['reason']}{', entries ' + str(r['entries']) if r['entries'] else ''}"
            yield f"  {r['table']} {r['key']} {r['column'] or '(row)'}: {r['old']} -> {r['new']} ({why})"
        known = sum(h.is_known for h in self.hidden)
        yield f"counts that are left out: {len(self.hidden):,}; to be worked out from both releases: {known}"
        for h in self.hidden:
            which = (self.first, self.second)[h.release].called
            range_ = f"from {h.least} to {h.most}" if h.most is not None else f"{h.least} or more"
            range_ = f"{h.least}" if h.is_known else range_
            yield f"  {which}, {' '.join(dict.fromkeys(h.cell))}: {range_}"


def retrace(first: Path, second: Path, *, names: Sequence[str] = ()) -> Retraced:
    """Raises: ReleaseError: no such table; the second release does not follow the first."""
    (old, sha256), (new, _) = read_catalogue(first), read_catalogue(second)
    if new.previous is None or (new.previous["id"], new.previous["sha256"]) != (old.id, sha256):
        raise ReleaseError(f"{new.id} does not follow {old.id}", hint="give a release, and the next one")
    wanted = _wanted(names, old)
    sizes = {log: int(facts["size"]) for log, facts in old.logs.items()}
    made = made_tables(material_of(books(), on=old.on, sizes=sizes))
    return Retraced(
        first=old,
        second=new,
        made={name: len(made[name]) for name in wanted},
        differing=tuple(c for c in differing_cells(first, made) if c[0] in wanted),
        changed=tuple(r for r in files.read_lines(second, files.CHANGES) if r["table"] in wanted),
        hidden=_hidden(first, second, smallest=old.smallest_cell) if CONCERNS in wanted else (),
    )


def _wanted(names: Collection[str], old: Catalogue) -> list[str]:
    known = [name for name in old.tables if name in files.SHAPES and name != files.CHANGES]
    if unknown := sorted(set(names) - set(known)):
        raise ReleaseError(f"there is no table {unknown[0]!r}", hint=f"there are: {', '.join(known)}")
    return [name for name in known if not names or name in names]


def _hidden(first: Path, second: Path, *, smallest: int) -> tuple[Hidden, ...]:
    return hidden_counts(files.read_lines(first, CONCERNS), files.read_lines(second, CONCERNS), smallest=smallest)
