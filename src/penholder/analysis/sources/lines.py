"""Licence lines: rows of a licence list -> schemas.LICENCE_LINES."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.schemas import LICENCE_LINES, LIST_SEPARATOR, WORD
from penholder.analysis.sources.arrays import Places, column_of, dates_of, day_array, day_numbers, sourced
from penholder.analysis.sources.convert import Cells, Ints, Parsed
from penholder.analysis.sources.notes import join_classes
from penholder.analysis.sources.rows import RowFault
from penholder.analysis.sources.side import NoteIndex, SideCells
from penholder.regime.hints import is_one_code

_DEFAULTS = {
    "licence_type": "not_stated",
    "end_user": "not_stated",
    "onward_end_user": "not_stated",
    "suspension": "none",
    "revocation": "none",
    "pooled": False,
}
_LICENCE, _COHORT = "_licence", "_cohort"
_TEMPORARY = "standard_temporary"


class LineAssembler:
    """Makes the lines of one release. The side tables must be complete before `finish` is called."""

    schema = LICENCE_LINES
    unique_keys = False

    def __init__(self, places: Places, *, onward: SideCells, criteria: SideCells, notes: NoteIndex) -> None:
        self._places = places
        self._onward, self._criteria, self._notes = onward, criteria, notes
        self.odd_ratings: Counter[str] = Counter()
        """Rating cells of which a part is not one whole code, with their rows."""
        self.filled: set[str] = set()
        """Columns that the mapping fills from this source."""

    def rows(self, parsed: Parsed, source: str) -> tuple[Parsed, pa.RecordBatch, Ints]:
        """The batch (ids and side cells still open), and the hash of each row's licence."""
        parsed = parsed.without(_contradictions(parsed))
        self._count_odd_ratings(parsed)
        self.filled |= parsed.cells.keys()
        first, _ = day_numbers(parsed.cells["decided_on"])
        columns = {
            c.name: column_of(parsed, c.name, c.type, _DEFAULTS.get(c.name))
            for c in LICENCE_LINES.columns
            if c.name not in {"decided_on", "expires_on", "suspended_on", "reinstated_on", "revoked_on"}
        }
        for name in ("decided_on", "expires_on", "suspended_on", "reinstated_on", "revoked_on"):
            columns[name] = dates_of(parsed, name)
        columns["expires_on"] = _expiry(parsed)
        columns["decided_precision"] = parsed.cells["decided_on"].mapped(lambda d: d.precision.value).words()
        named = self._places.of(parsed.cells["destination"], first)
        columns["destination"] = named.mapped(lambda p: p.code).words()
        columns["destination_kind"] = named.mapped(lambda p: p.kind.value).words()
        columns["destination_name"] = parsed.cells["destination"].words()
        for name in ("onward", "end_user_state"):
            if name in parsed.cells:
                columns[name] = self._places.codes_of(parsed.cells[name], first).words()
        for state, day in (("suspension", "suspended_on"), ("revocation", "revoked_on")):
            columns[state] = _dated(columns[state], columns[day])
        licence = parsed.keys["licence"]
        cohort = parsed.keys.get("cohort", licence)
        batch = sourced(LICENCE_LINES, columns, source, parsed.lines)
        if "cohort" in parsed.keys and np.array_equal(licence, cohort):  # the finest key is that of a cohort
            keys = {_LICENCE: licence, _COHORT: cohort}
            self._notes.beside(keys, batch.column("rating"), batch.column("count"))
        return (
            parsed,
            batch.append_column(_LICENCE, pa.array(licence)).append_column(_COHORT, pa.array(cohort)),
            licence,
        )

    def finish(self, batch: pa.RecordBatch, ordinals: Ints, _lines: Ints) -> pa.Table:
        """The same rows with their ids, onward destinations, criteria and the facts of their notes."""
        hashes = {k: batch.column(k).to_numpy() for k in (_LICENCE, _COHORT)}
        columns = {f.name: batch.column(f.name) for f in LICENCE_LINES.arrow}
        number = pc.cast(pa.array(ordinals), pa.string())
        columns["line"] = pc.binary_join_element_wise(columns["licence"], number, ":")
        decided = columns["decided_on"].cast(pa.int32()).to_numpy().astype(np.int64)
        onward = self._onward.look_up(hashes)
        if onward is not None:
            columns["onward"] = pc.coalesce(self._places.codes_of(onward, decided).words(), columns["onward"])
        criteria = self._criteria.look_up(hashes)
        if criteria is not None:
            columns["criteria"] = pc.coalesce(criteria.words(), columns["criteria"])
        facts = self._notes.look_up(hashes, columns["destination"], columns["rating"])
        if facts is not None:
            _add_facts(columns, facts)
        return pa.table({f.name: columns[f.name] for f in LICENCE_LINES.arrow})

    def _count_odd_ratings(self, parsed: Parsed) -> None:
        cells = parsed.cells.get("rating")
        if cells is None:
            return
        rows = np.bincount(cells.index, minlength=len(cells.values)).tolist()
        for cell, count in zip(cells.values, rows, strict=True):
            if count and cell and not all(is_one_code(c) for c in cell.split(LIST_SEPARATOR)):
                self.odd_ratings[cell] += count


def _contradictions(parsed: Parsed) -> dict[int, RowFault]:
    if "expires_on" not in parsed.cells or not parsed.size:
        return {}
    first, _ = day_numbers(parsed.cells["decided_on"])
    end, missing = day_numbers(parsed.cells["expires_on"], last=True)
    wrong = np.flatnonzero((end < first) & ~missing)
    return {int(i): RowFault(int(parsed.lines[i]), "ends_before_start", "expires_on") for i in wrong}


def _expiry(parsed: Parsed) -> pa.Array:
    """The first day that an expiry can mean; where that lies before the decision (of the same month), the last."""
    if "expires_on" not in parsed.cells:
        return pa.nulls(parsed.size, pa.date32())
    first, missing = day_numbers(parsed.cells["expires_on"])
    last, _ = day_numbers(parsed.cells["expires_on"], last=True)
    decided, _ = day_numbers(parsed.cells["decided_on"])
    return day_array(np.where(first < decided, last, first), missing)


def _dated(state: pa.Array, day: pa.Array) -> pa.Array:
    """A state with a date is `dated`; one that is called dated and has no date is `undated`."""
    words = state.cast(pa.string())
    without = pc.if_else(pc.equal(words, "dated"), pa.scalar("undated"), words)
    return pc.if_else(pc.is_valid(day), pa.scalar("dated"), without).dictionary_encode()


def _add_facts(columns: dict[str, pa.Array], facts: Cells) -> None:
    def from_note(name: str, get: Callable[[Any], Any], kind: pa.DataType = WORD) -> None:
        found = facts.mapped(get)
        array = found.words() if kind == WORD else found.array(kind)
        columns[name] = pc.coalesce(array, columns[name])

    from_note("notes", lambda n: n.ids)
    for name in ("end_user", "onward_end_user"):
        columns[name] = _united(columns[name], facts.mapped(attrgetter(f"facts.{name}")).words())
    from_note("end_user_state", lambda n: n.facts.end_user_state)
    from_note("corrected_destination", lambda n: n.facts.corrected_destination)
    from_note("licence_type", lambda n: _TEMPORARY if n.facts.temporary else None)
    from_note("pooled", lambda n: n.facts.pooled or None, pa.bool_())
    columns["onward_open"] = _left_open(columns, facts)
    from_note("exported_before", lambda n: n.facts.exported_before, pa.bool_())
    for state, day in (("suspension", "suspended_on"), ("revocation", "revoked_on")):
        from_note(day, attrgetter(f"facts.{day}"), pa.date32())
        from_note(state, _state_of(attrgetter(f"facts.{state}")))
        columns[state] = _dated(columns[state], columns[day])


def _left_open(columns: dict[str, pa.Array], facts: Cells) -> pa.Array:
    """True where notes say that goods go to an unnamed place, or name states of which the line keeps none."""
    stated = facts.mapped(lambda n: n.onward_open or None).array(pa.bool_())
    found = pc.coalesce(stated, columns["onward_open"])
    unsettled = [i for i, n in enumerate(facts.values) if n is not None and n.states]
    lost = np.isin(facts.index, unsettled)
    for row in np.flatnonzero(lost).tolist():
        named = (columns["onward"][row].as_py() or "").split(LIST_SEPARATOR)
        lost[row] = not facts.values[facts.index[row]].states <= set(named)
    return pc.if_else(pa.array(lost), pa.scalar(True), found)  # noqa: FBT003 - a value, not a switch


def _state_of(get: Callable[[Any], str]) -> Callable[[Any], str | None]:
    """The state that a note gives; None where it says none, so that the line's own stays."""
    return lambda notes: None if (state := get(notes)) == "none" else state


def _united(own: pa.Array, noted: pa.Array) -> pa.Array:
    """The classes that the line itself states and those of its notes: one never takes the place of the other."""
    left, right = own.dictionary.to_pylist(), [*noted.dictionary.to_pylist(), "not_stated"]
    of_note = pc.fill_null(noted.indices, len(right) - 1).to_numpy().astype(np.int64)
    pairs, rows = np.unique(own.indices.to_numpy() * len(right) + of_note, return_inverse=True)
    cells = [join_classes((left[p // len(right)], right[p % len(right)])) for p in pairs.tolist()]
    return Cells(rows.astype(np.int64), cells).words()
