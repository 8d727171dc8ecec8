"""Where and when, for the report: places of lines, places of incidents, months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa

from penholder.analysis.report.data import IncidentPlace, MonthRow, PlaceRow
from penholder.analysis.sources.places import name_of, resolve
from penholder.analysis.stocktake.cells import Array, words_of
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.incidents import Kind
from penholder.analysis.stocktake.judge import Judge, is_country, split
from penholder.analysis.stocktake.money import only
from penholder.analysis.stocktake.reader import rows_known
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.use import YES, no
from penholder.analysis.stocktake.vocabulary import Exclusion, Use

NEVER = no(Exclusion.DESTINATION_OPERATES_NO_PARTY)
UNNAMED = "Final destination not stated"


@dataclass(frozen=True, slots=True)
class Names:
    """Plain names of places; those that the data folder defines go before."""

    own: Mapping[str, str]

    def of(self, code: str) -> str:
        """The name of a code, or the published name as it is."""
        return self.own.get(code) or name_of(code)

    def all_of(self, cell: str | None) -> str:
        """The names of a list cell, in words."""
        return ", ".join(self.of(code) for code in split(cell))


@dataclass(slots=True)
class _Place:
    """What counts at one place. `kind` as in PlaceRow."""

    kind: str
    lines: Counter[int] = field(default_factory=Counter)
    money: Counter[str] = field(default_factory=Counter)


def names_of(answer: Stocktake) -> Names:
    """The names of places, with those of the data folder of an answer."""
    rows = rows_known(answer.catalogue, "places", columns=("place", "name"), known=answer.known).to_pylist()
    return Names({row["place"]: row["name"] for row in rows})


def place_rows(figures: Figures, names: Names) -> tuple[PlaceRow, ...]:
    """One row per place.

    A line that could have been used counts at each of its places that operates a party; an unknown line also where
    that is not known. Neither counts where its goods only pass; an unknown line of which no such place is named
    counts under UNNAMED. An excluded line counts at every place of it.
    """
    answer = figures.answer
    table = answer.columns("destination", "destination_kind", "onward", "end_user_state", "corrected_destination")
    cells = [words_of(c.unify_dictionaries().combine_chunks()) for c in table.columns]
    key = np.searchsorted(np.array(answer.judge.turns, np.int64), answer.decided, side="right").astype(np.int64)
    for words in cells:
        key = key * len(words.values) + words.codes
    keys, inverse = np.unique(key, return_inverse=True)
    counts = np.bincount(inverse * 3 + answer.use, minlength=3 * len(keys)).reshape(-1, 3).tolist()
    values = figures.money.by(np.where(answer.use == Use.COULD, inverse, -1), len(keys))
    found: dict[str, _Place] = {}
    for number, one in enumerate(keys.tolist()):
        places, segment = _places_of(one, [c.values for c in cells])
        _count(found, places, answer.judge, segment=segment, lines=counts[number], value=values[number])
    rows = [_place_row(code, names, place) for code, place in found.items()]
    return tuple(sorted(rows, key=lambda r: (-r.could, -r.unknown, -r.excluded, r.name)))


def _count(
    found: dict[str, _Place],
    places: list[tuple[str, str]],
    judge: Judge,
    *,
    segment: int,
    lines: list[int],
    value: Mapping[str, Decimal],
) -> None:
    """Count lines that name the same places. `lines`: how many of each Use."""
    best = NEVER
    for code, kind in places:
        here = found.setdefault(code, _Place(kind))
        here.lines[Use.EXCLUDED] += lines[Use.EXCLUDED]
        operator = max(judge.place(code, kind, segment=segment).operator, default=NEVER)
        best = max(best, operator)
        if operator > NEVER:
            here.lines[Use.UNKNOWN] += lines[Use.UNKNOWN]
        if operator >= YES:
            here.lines[Use.COULD] += lines[Use.COULD]
            here.money.update(value)
    if best == NEVER and lines[Use.UNKNOWN]:
        found.setdefault(UNNAMED, _Place("not_stated")).lines[Use.UNKNOWN] += lines[Use.UNKNOWN]


def _places_of(key: int, values: list[tuple[str | None, ...]]) -> tuple[list[tuple[str, str]], int]:
    """The places of a key with their kinds, and its segment (`Judge.segment`)."""
    cells: list[str | None] = []
    for column in reversed(values):
        key, code = divmod(key, len(column))
        cells.append(column[code])
    corrected, end_user_state, onward, kind, stated = cells
    first = (corrected, _kind(corrected)) if corrected else (stated or "", kind or "unrecognised")
    further = [*split(onward), *([end_user_state] if end_user_state else [])]
    found = dict([first, *((place, _kind(place)) for place in further)])
    found[first[0]] = first[1]
    return list(found.items()), key


def _kind(place: str) -> str:
    return "country" if is_country(place) else str(resolve(place).kind)


def _place_row(code: str, names: Names, place: _Place) -> PlaceRow:
    value, currency = only(dict(place.money))  # type: ignore[arg-type]
    could, unknown, excluded = (place.lines[use] for use in (Use.COULD, Use.UNKNOWN, Use.EXCLUDED))
    return PlaceRow(code, names.of(code), could, unknown, excluded, value, currency, place.kind)


def incident_places(answer: Stocktake, names: Names) -> tuple[IncidentPlace, ...]:
    """Incidents of the profile by the finest division stated; coordinates are the mean of those given."""
    found = answer.incidents
    if not len(found.rows):
        return ()
    columns = ("place", "admin1", "admin2", "latitude", "longitude")
    table = rows_known(answer.catalogue, "incidents", columns=columns, known=answer.known).take(
        pa.array(found.rows)
    )
    plain = pa.table(
        {c: table.column(c).cast(pa.string()) for c in columns[:3]} | {c: table.column(c) for c in columns[3:]}
    )
    grouped = plain.group_by(list(columns[:3])).aggregate(
        [("latitude", "mean"), ("longitude", "mean"), ([], "count_all")]
    )
    rows = [_incident_place(row, names) for row in grouped.to_pylist()]
    return tuple(sorted(rows, key=lambda r: (-r.count, r.label)))


def _incident_place(row: dict[str, object], names: Names) -> IncidentPlace:
    place = names.of(str(row["place"])) if row["place"] else ""
    label = ", ".join(str(p) for p in (row["admin2"], row["admin1"], place) if p) or "place not stated"
    latitude, longitude = row["latitude_mean"], row["longitude_mean"]
    return IncidentPlace(label, latitude, longitude, int(row["count_all"]))  # type: ignore[arg-type,call-overload]


def timeline(figures: Figures) -> tuple[MonthRow, ...]:
    """Months with a decision that could matter or an incident, and the months between them."""
    answer, found = figures.answer, figures.answer.incidents
    decided = _months(answer.decided[answer.use == Use.COULD])
    by_kind = {kind: _months(found.start[found.kind == kind]) for kind in list(Kind)[:3]}
    every = [m for months in (decided, *by_kind.values()) for m in months]
    if not every:
        return ()
    rows = []
    for month in range(min(every), max(every) + 1):
        counts = [by_kind[kind].get(month, 0) for kind in by_kind]
        rows.append(MonthRow(_month_word(month), decided.get(month, 0), *counts))
    return tuple(rows)


def _months(days: Array) -> dict[int, int]:
    """Month number (0 = January 1970) -> how many of the days lie in it."""
    months, counts = np.unique(
        days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64), return_counts=True
    )
    return dict(zip(months.tolist(), counts.tolist(), strict=True))


def _month_word(month: int) -> str:
    year, index = divmod(month, 12)
    return f"{1970 + year}-{index + 1:02}"
