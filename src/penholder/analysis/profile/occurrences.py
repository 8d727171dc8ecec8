"""Which places, actors and series occur in a data folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.profile.check import Occurrences
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.schemas import INCIDENTS, LICENCE_LINES, LIST_SEPARATOR


def occurrences(catalogue: Catalogue, *, known: date | None = None) -> Occurrences:
    """What occurs in the newest releases known by `known`."""
    lines = _words(catalogue, LICENCE_LINES.name, ("destination", "corrected_destination", "onward"), known)
    incidents = _words(catalogue, INCIDENTS.name, ("place", "admin1", "actors", "series"), known)
    return Occurrences(
        destinations=lines["destination"] | lines["corrected_destination"] | lines["onward"],
        places=incidents["place"],
        admin1=incidents["admin1"],
        actors=incidents["actors"],
        series=incidents["series"],
    )


def _words(
    catalogue: Catalogue, data_set: str, columns: Sequence[str], known: date | None
) -> dict[str, frozenset[str]]:
    """The distinct entries of list cells, by column."""
    rows = read_rows(catalogue, data_set, columns=columns, known=known)
    return {
        column: frozenset(
            word.strip()
            for cell in pc.unique(rows[column].cast(pa.string())).to_pylist()
            if cell
            for word in cell.split(LIST_SEPARATOR)
        )
        for column in columns
    }
