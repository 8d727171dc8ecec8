"""Choose incidents: by id, or by `field=value` filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.stocktake.cells import Array, days_of, words_of
from penholder.analysis.stocktake.judge import split
from penholder.kernel.dates import EPOCH, parse_partial
from penholder.kernel.errors import InputError, NotKnownError
from penholder.rules.records import nearest

WORDS = ("series", "place", "place_name", "admin1", "admin2", "actors", "means", "object", "certainty")
FIELDS = ("date", *WORDS)
NOT_STATED = "not_stated"
RANGE = ".."


def with_id(incidents: pa.Table, incident: str) -> Array:
    """Rows of the incident with that id; `SERIES/ID` where several series use it.

    Raises: NotKnownError where there is none, InputError where several series have one.
    """
    series, _, name = incident.rpartition("/")
    found = np.flatnonzero(pc.equal(incidents.column("incident"), incident).to_numpy())
    if not len(found) and series:
        of_series = pc.equal(incidents.column("series").cast(pa.string()), series)
        found = np.flatnonzero(pc.and_(pc.equal(incidents.column("incident"), name), of_series).to_numpy())
    if not len(found):
        raise NotKnownError(
            f"there is no incident {incident!r} in these data",
            hint="give an id as the source gives it, or choose with --where place=.. --where date=..",
        )
    if len(found) > 1:
        names = incidents.column("series").take(pa.array(found)).cast(pa.string()).to_pylist()
        raise InputError(
            f"the id {incident!r} is used in {len(found)} series: {', '.join(names)}",
            hint=f"write {names[0]}/{incident}",
        )
    return found


def chosen(incidents: pa.Table, filters: Sequence[str]) -> Array:
    """Rows that pass all filters `field=value`; filters on one field are alternatives.

    `date=2015-03-27..2015-03-31` keeps incidents that can have happened on one of these days; a month or a year
    stands for all its days. Words are compared without case; `not_stated` means an empty cell.
    Raises: InputError for a field that is not allowed, or a date that cannot be read.
    """
    by_field: dict[str, list[str]] = {}
    for text in filters:
        field, equals, value = text.partition("=")
        if not equals or field not in FIELDS:
            close = nearest(field, FIELDS)
            said = f"; did you mean {close!r}?" if close and field not in FIELDS else ""
            raise InputError(
                f"--where {text!r}: write FIELD=VALUE, with FIELD one of {', '.join(FIELDS)}{said}",
                hint="for example --where place=XC --where date=2015-03-27..2015-03-31",
            )
        by_field.setdefault(field, []).append(value.strip())
    kept = np.ones(incidents.num_rows, bool)
    for field, values in by_field.items():
        kept &= _dates(incidents, values) if field == "date" else _words(incidents, field, values)
    return np.flatnonzero(kept)


def _words(incidents: pa.Table, field: str, values: Sequence[str]) -> Array:
    column = words_of(incidents.column(field).unify_dictionaries().combine_chunks())
    wanted = {v.casefold() for v in values}
    matches = [
        NOT_STATED in wanted
        if cell is None
        else bool(wanted & {cell.casefold(), *(p.casefold() for p in split(cell))})
        for cell in column.values
    ]
    return np.array(matches).take(column.codes)


def _dates(incidents: pa.Table, values: Sequence[str]) -> Array:
    start, end = (days_of(incidents.column(n).combine_chunks()) for n in ("starts_on", "ends_on"))
    kept = np.zeros(incidents.num_rows, bool)
    for value in values:
        first, last = _range(value)
        kept |= (start <= (last - EPOCH).days) & (end >= (first - EPOCH).days)
    return kept


def _range(text: str) -> tuple[date, date]:
    first, dots, last = text.partition(RANGE)
    begin = parse_partial(first)
    end = parse_partial(last) if dots else begin
    if end.last < begin.first:
        raise InputError(f"--where date={text}: the range ends before it begins", hint="write FIRST..LAST")
    return begin.first, end.last
