"""Which kind of source is this? Answered from column names alone, never from content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from penholder.analysis.sources.mapping import Mapping
from penholder.analysis.sources.mapping_file import shipped, shipped_names
from penholder.kernel.errors import SourceError

Header = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind, and the file whose columns say so."""

    kind: str
    mapping: Mapping
    file: str


def guess(headers: Callable[[Mapping], list[tuple[str, Header]]], shown: str) -> Guess:
    """The one shipped kind whose main table fits a file.

    `headers` gives (file name, column names) as they read in the style of a mapping.
    Raises: SourceError where none fits, or several do.
    """
    found: dict[str, Guess] = {}
    seen: list[tuple[str, Header]] = []
    for name in shipped_names():
        mapping = shipped(name)
        seen = headers(mapping)
        for file, header in seen:
            if mapping.fits_main(header):
                found.setdefault(name, Guess(mapping.kind, mapping, file))
    found = _more_specific(found)
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise SourceError(
            f"{shown} could be {' or '.join(sorted(found))}", hint="say which: penholder import KIND SOURCE"
        )
    raise SourceError(
        f"{shown} is of no known kind; its columns: {columns_shown(seen[0][1] if seen else ())}",
        hint=f"known: {', '.join(shipped_names())}; for another table write a mapping "
        "(docs/how-to/load-another-states-list.md)",
    )


def _more_specific(found: dict[str, Guess]) -> dict[str, Guess]:
    """Notes that lie beside lines are part of the lines' release."""
    return {n: g for n, g in found.items() if n != "uk-notes"} if "uk-licences" in found else found


def columns_shown(header: Header) -> str:
    """Column names for a message, not too many."""
    named = ["".join(c if c.isprintable() else "?" for c in n[:40]) for n in header if n]
    return ", ".join(named[:20]) + (f" and {len(named) - 20} more" if len(named) > 20 else "") if named else "none"
