"""One licence, one destination, and what a search finds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.browse.ask import OUTCOMES, Asked, choose, day_of, place_code, rules_on
from penholder.analysis.browse.held import Held
from penholder.analysis.browse.rows import LicenceRow, licence_rows
from penholder.analysis.releases.read import read_release
from penholder.analysis.schemas import LIST_SEPARATOR, SCHEMAS
from penholder.analysis.stocktake.cells import NO_DAY, Array
from penholder.analysis.stocktake.scope import NO_END, last_days, lines_decided
from penholder.analysis.stocktake.vocabulary import Flag, Scope, Status
from penholder.kernel.errors import NotKnownError
from penholder.regime.control_lists import headline
from penholder.regime.end_users import end_user_classes
from penholder.regime.licence_types import licence_types

_STATUS = {
    Status.IN_FORCE: "in force",
    Status.SUSPENDED: "suspended",
    Status.EXPIRED: "expired",
    Status.REVOKED: "revoked",
    Status.UNKNOWN: "not known",
}
_FOUND = 20


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a licence with its status on a day. Cells that are None are not stated."""

    line: str
    row: dict[str, Any]
    status: str
    """in force | suspended | expired | revoked | not known | refused | not decided yet."""
    assumed: bool
    ends_before: date | None
    """First day on which it is no longer in force; None: no end is known."""
    ratings: tuple[tuple[str, str | None], ...]
    """Code and its heading; None: on no list that is known here."""
    onward: tuple[str, ...]
    end_user: str | None
    """The class in words; None: not stated."""


@dataclass(frozen=True, slots=True)
class Note:
    """A published note on the licence, and the facts that were derived from its text."""

    note: str
    text: str
    facts: tuple[tuple[str, str], ...]
    source: str
    source_line: int


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence."""

    series: str
    licence: str
    key: str
    """What its key is in the release (`licence_group`, ...)."""
    on: date
    licence_type: str | None
    decided_on: date
    precision: str
    outcomes: tuple[str, ...]
    lines: tuple[LineShown, ...]
    notes: tuple[Note, ...]
    criteria: tuple[str, ...]
    value: dict[str, Decimal]
    lines_without_value: int
    destinations: tuple[str, ...]
    release: str
    attribution: str


def licence(held: Held, series: str, key: str, *, on: date) -> Licence:
    """One licence as on a day. Raises: NotKnownError."""
    number = held.numbers.get((series, key))
    if number is None:
        raise NotKnownError(f"these data hold no licence {key} of {series}")
    rows = held.rows_of(number)
    release = held.releases[int(held.series_of[rows[0]])]
    cells = held.take(rows, tuple(c.name for c in SCHEMAS["lines"].columns))
    whole = licence_rows(held, rows, numbers=[number])[0]
    kind = cells[0]["licence_type"]
    return Licence(
        series=series,
        licence=key,
        key=release.licence_key,
        on=on,
        licence_type=None if kind == "not_stated" else licence_types()[kind].title,
        decided_on=whole.decided_on,
        precision=whole.precision,
        outcomes=whole.outcomes,
        lines=tuple(_lines(held, rows, cells, on=on)),
        notes=_notes(held, number),
        criteria=tuple(dict.fromkeys(c for cell in cells for c in (cell["criteria"] or "").split(";") if c)),
        value=whole.value,
        lines_without_value=whole.lines_without_value,
        destinations=whole.destinations,
        release=release.id,
        attribution=release.attribution,
    )


def _lines(held: Held, rows: Array, cells: list[dict[str, Any]], *, on: date) -> list[LineShown]:
    rules = rules_on(on)
    decided = lines_decided(held.scope, rules)
    place = {int(row): n for n, row in enumerate(decided.rows[np.isin(decided.rows, rows)])}
    status = decided.status[np.isin(decided.rows, rows)]
    flags = decided.flags[np.isin(decided.rows, rows)]
    ends = last_days(held.scope, rules, scope=Scope.IN_FORCE)
    found = []
    for row, cell in zip(rows.tolist(), cells, strict=True):
        at = place.get(row)
        words = _STATUS[Status(int(status[at]))] if at is not None else _not_in(cell)
        end = int(ends[row]) + 1
        users = end_user_classes()
        user = None if cell["end_user"] == "not_stated" else users[cell["end_user"]].title
        found.append(
            LineShown(
                line=cell["line"],
                row=cell,
                status=words,
                assumed=at is not None and bool(flags[at] & Flag.ASSUMED),
                ends_before=None if end >= NO_END - 1 or end <= NO_DAY + 1 else day_of(end),
                ratings=tuple((c, headline(c)) for c in _split(cell["rating"])),
                onward=_split(cell["onward"]),
                end_user=user,
            )
        )
    return found


def _not_in(cell: dict[str, Any]) -> str:
    return "refused" if cell["outcome"] == "refused" else "not decided yet"


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split(LIST_SEPARATOR)) if cell else ()


def _notes(held: Held, number: int) -> tuple[Note, ...]:
    series, key = held.licences[number]
    found = []
    for release in held.releases:
        if release.series != series or "notes" not in release.data_sets:
            continue
        table = read_release(held.catalogue, release, "notes")
        found += table.filter(pc.equal(table["licence"], pa.scalar(key))).to_pylist()
    return tuple(_note(row) for row in found)


def _note(row: dict[str, Any]) -> Note:
    users = end_user_classes()
    facts: list[tuple[str, str]] = []
    for name, words in (("end_user", "End user"), ("onward_end_user", "Final end user")):
        if row[name] != "not_stated":
            facts.append((words, users[row[name]].title))
    for name, words in (
        ("end_user_state", "State of the end user"),
        ("route", "Route"),
        ("corrected_destination", "Destination that the note gives"),
        ("suspended_on", "Suspended from"),
        ("revoked_on", "Revoked from"),
    ):
        if row[name] is not None:
            facts.append((words, str(row[name])))
    for name, words in (("pooled", "Goods go to stock or to a pool"), ("temporary", "The export is temporary")):
        if row[name]:
            facts.append((words, "yes"))
    for name in ("suspension", "revocation"):
        if row[name] == "undated":
            facts.append((name.capitalize(), "yes, without a day"))
    return Note(row["note"], row["text"], tuple(facts), row["source"], row["source_line"])


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """Licences and lines for one place, as a stated destination."""

    place: str
    name: str
    kind: str
    licences: int
    lines: int
    value: dict[str, Decimal]
    by_outcome: dict[str, int]


def destinations(held: Held) -> tuple[PlaceCount, ...]:
    """Every stated destination with its licences by outcome, most first."""
    places, kinds = held.words("destination"), held.words("destination_kind")
    outcome = held.words("outcome")
    size = len(places.values)
    kind_of = np.zeros(size, np.int64)
    kind_of[places.codes] = kinds.codes
    licences = _distinct(places.codes, held.licence, size)
    each = {
        o: _distinct(places.codes[mask], held.licence[mask], size)
        for n, o in enumerate(outcome.values)
        if o and (mask := outcome.codes == n).any()
    }
    lines = np.bincount(places.codes, minlength=size)
    value = held.money.by(places.codes, size)
    found = [
        PlaceCount(
            code, held.name(code), str(kinds.values[kind_of[n]]), int(licences[n]), int(lines[n]), value[n],
            {o: int(each[o][n]) for o in OUTCOMES if o in each},
        )
        for n, code in enumerate(places.values)
        if code and lines[n]
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda p: (-p.licences, p.name)))


def _distinct(groups: Array, keys: Array, size: int) -> Array:
    """How many different keys each group has."""
    pairs = np.unique(groups.astype(np.int64) << 32 | keys.astype(np.int64))
    return np.bincount(pairs >> 32, minlength=size)


@dataclass(frozen=True, slots=True)
class Ways:
    """What goes on from a destination, and what comes to it by way of others: place, name, licences."""

    onward: tuple[tuple[str, str, int], ...]
    by_way_of: tuple[tuple[str, str, int], ...]
    licences_by_way: int
    ratings: tuple[tuple[str, str | None, int], ...]
    """Code, heading, licences: the most frequent."""


def ways(held: Held, place: str, *, ratings: int = 10) -> Ways:
    """Final destinations beyond a place, places before it, what is licensed to it most. Counts are licences."""
    here = choose(held, Asked(destination=place)).rows
    through = choose(held, Asked(onward=place)).rows
    through = through[held.words("destination").codes[through] != _code(held, place)]
    codes = _spread(held, here, "rating")
    top = codes.most_common(ratings)
    return Ways(
        onward=_named(held, _spread(held, here, "onward"), leave=place),
        by_way_of=_named(held, _spread(held, through, "destination"), leave=place),
        licences_by_way=len(np.unique(held.licence[through])),
        ratings=tuple((code, headline(code), n) for code, n in top),
    )


def _code(held: Held, place: str) -> int:
    values = held.words("destination").values
    return values.index(place) if place in values else -1


def _spread(held: Held, rows: Array, column: str) -> Counter[str]:
    """Value -> licences, for a cell that may hold several."""
    words = held.words(column)
    pairs = np.unique(words.codes[rows].astype(np.int64) << 32 | held.licence[rows])
    licences: dict[str, set[int]] = {}
    for pair in pairs.tolist():
        for value in _split(words.values[pair >> 32]) if column != "destination" else (words.values[pair >> 32],):
            licences.setdefault(str(value), set()).add(pair & 0xFFFFFFFF)
    return Counter({value: len(of) for value, of in licences.items()})


def _named(held: Held, counts: Counter[str], *, leave: str) -> tuple[tuple[str, str, int], ...]:
    return tuple((p, held.name(p), n) for p, n in counts.most_common() if p != leave)


@dataclass(frozen=True, slots=True)
class Search:
    """What a search finds. `codes`: ratings with their heading and licences."""

    text: str
    licences: tuple[LicenceRow, ...]
    places: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str | None, int], ...]
    more: int
    """Licences beyond those shown."""


def search(held: Held, text: str) -> Search:
    """By reference of a licence or a line (whole, or as it begins), by place, by rating. Case does not matter."""
    word = " ".join(text.split())[:100]
    if not word:
        return Search("", (), (), (), 0)
    key = word.split(":")[0].casefold()
    exact = [n for (_, k), n in held.numbers.items() if k.casefold() == key]
    begin = [n for (_, k), n in held.numbers.items() if k.casefold().startswith(key) and n not in exact]
    numbers = [*exact, *begin][:_FOUND]
    rows = np.concatenate([held.rows_of(n) for n in numbers]) if numbers else np.zeros(0, np.int64)
    code = place_code(held, word)
    stated = [p for p in held.words("destination").values if p]
    near = [p for p in stated if word.casefold() in held.name(p).casefold() and p != code]
    places = [*([code] if code else []), *sorted(near, key=held.name)][:_FOUND]
    counts = _spread(held, np.arange(held.table.num_rows), "rating")
    folded = word.replace(" ", "").casefold()
    codes = sorted(c for c in counts if c.casefold().startswith(folded))
    return Search(
        word,
        licence_rows(held, rows, numbers=numbers),
        tuple((p, held.name(p)) for p in places),
        tuple((c, headline(c), counts[c]) for c in codes[:_FOUND]),
        max(0, len(exact) + len(begin) - _FOUND),
    )
