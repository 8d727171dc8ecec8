"""Draw sample licence lines and the notes on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.sample import tables
from penholder.analysis.sample.states import CODES, EXPORTER, invented_states
from penholder.analysis.schemas import LICENCE_LINES, LIST_SEPARATOR, MONEY, NOTES
from penholder.kernel.dates import EPOCH

FIRST_DAY = date(2008, 1, 2)
LAST_DAY = date(2025, 12, 30)
NON_COUNTRY = "Continental Shelf"
CURRENCY = "XTS"
SOURCE_LINES = "sample-lines"
SOURCE_NOTES = "sample-notes"
_NO_DAY = np.iinfo(np.int32).min

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Licences:
    """One entry per licence; `size` lines each."""

    size: Array
    decided: Array
    destination: Array
    refused: Array
    temporary: Array
    onward: Array
    note: Array
    """Index into NOTE_KINDS, or -1."""
    suspended: Array
    revoked: Array
    """Day numbers, or the smallest int32 where there is none."""


def draw_licences(lines: int, *, rng: np.random.Generator) -> Licences:
    """Draw licences until they hold `lines` lines; the last one is cut to fit."""
    sizes, weights = (np.array(column) for column in zip(*tables.LINES_PER_LICENCE, strict=True))
    size = rng.choice(sizes, size=max(lines, 1), p=weights / weights.sum())
    count = int(np.searchsorted(np.cumsum(size), lines)) + 1
    size = size[:count].copy()
    size[-1] -= size.sum() - lines
    days = np.sort(rng.integers(_day(FIRST_DAY), _day(LAST_DAY) + 1, count))
    refused = rng.integers(0, 1000, count) < tables.REFUSED_PER_THOUSAND
    note = _choose(np.array([k.share for k in tables.NOTE_KINDS]), count, rng=rng, of=1000)
    note[refused] = -1
    dated = rng.integers(0, 2000, count)
    later = days + rng.integers(30, 600, count)
    later_ok = ~refused & (note < 0) & (later <= _day(LAST_DAY))
    return Licences(
        size=size,
        decided=days,
        destination=_destinations(count, rng=rng),
        refused=refused,
        temporary=rng.integers(0, 100, count) < 10,
        onward=_onward(count, rng=rng),
        note=note,
        suspended=np.where(later_ok & (dated < 6), later, _NO_DAY),
        revoked=np.where(later_ok & (dated >= 6) & (dated < 9), later, _NO_DAY),
    )


def _day(day: date) -> int:
    return (day - EPOCH).days


def _choose(shares: Array, count: int, *, rng: np.random.Generator, of: int) -> Array:
    """An index per entry by its share of `of`; -1 for what is left over."""
    picked = np.searchsorted(np.cumsum(shares), rng.integers(0, of, count), side="right")
    return np.where(picked < len(shares), picked, -1).astype(np.int64)


def _destinations(count: int, *, rng: np.random.Generator) -> Array:
    """Index into CODES, or len(CODES) for a place that is no country (one in a hundred)."""
    others = np.array([i for i, code in enumerate(CODES) if code != EXPORTER])
    weights = 1.0 / np.arange(1, len(others) + 1)
    picked = rng.choice(others, size=count, p=weights / weights.sum())
    return np.where(rng.integers(0, 100, count) == 0, len(CODES), picked)


def _onward(count: int, *, rng: np.random.Generator) -> Array:
    """Final destinations as text, `None` for most."""
    has = rng.integers(0, 1000, count) < tables.ONWARD_PER_THOUSAND
    names = np.array(CODES)
    sets = [LIST_SEPARATOR.join(sorted({*names[rng.integers(0, len(names), k)]})) for k in rng.integers(1, 9, 400)]
    picked: Array = np.array(sets, dtype=object)[rng.integers(0, len(sets), count)]
    picked[~has] = None
    return picked


def lines_table(licences: Licences, *, rng: np.random.Generator) -> pa.Table:
    """The rows of LICENCE_LINES for these licences."""
    owner = np.repeat(np.arange(len(licences.size)), licences.size)
    starts = np.cumsum(licences.size) - licences.size
    position = np.arange(len(owner)) - starts[owner] + 1
    licence = pc.cast(pa.array(owner + 1), pa.string())
    goods = rng.choice(len(tables.GOODS), size=len(owner), p=_goods_shares())
    refused = licences.refused[owner]
    columns = {
        "line": pc.binary_join_element_wise(licence, pc.cast(pa.array(position), pa.string()), ":"),
        "licence": licence,
        "decided_on": days_column(licences.decided[owner]),
        "decided_precision": words_column(["day"], np.zeros(len(owner))),
        "licence_type": words_column(["standard_permanent", "standard_temporary"], licences.temporary[owner]),
        "outcome": words_column(["issued", "refused"], refused),
        "rating": words_column([g.rating for g in tables.GOODS], goods),
        "description": words_column([g.description for g in tables.GOODS], goods),
        **_destination_columns(licences, owner),
        "value": _values(refused, rng=rng),
        "currency": words_column([CURRENCY], np.zeros(len(owner))),
        "count": pa.array(np.ones(len(owner)), pa.int32()),
        "criteria": _criteria(refused, rng=rng),
        **_note_columns(licences, owner),
        "source": words_column([SOURCE_LINES], np.zeros(len(owner))),
        "source_line": pa.array(np.arange(len(owner)) + 2, pa.int64()),
    }
    return as_schema(columns, LICENCE_LINES.arrow, len(owner))


def _goods_shares() -> Array:
    shares = np.array([g.share for g in tables.GOODS], dtype=float)
    return np.asarray(shares / shares.sum())


def days_column(days: Array) -> pa.Array:
    """Days since 1970 as dates; the number that stands for no day is null. Shape: n -> n."""
    return pa.array(days.astype(np.int32), pa.int32(), mask=days == _NO_DAY).cast(pa.date32())


def words_column(words: list[Any], index: Array) -> pa.DictionaryArray:
    """A dictionary-coded column: `index` picks from `words`; index -1 or the word None is null."""
    distinct = list(dict.fromkeys(w for w in words if w is not None))
    codes = np.array([distinct.index(w) if w is not None else -1 for w in words] + [-1], dtype=np.int32)
    picked = codes[index.astype(np.int64)]
    return pa.DictionaryArray.from_arrays(
        pa.array(picked, pa.int32(), mask=picked < 0), pa.array(distinct, pa.string())
    )


def _destination_columns(licences: Licences, owner: Array) -> dict[str, pa.Array]:
    states = invented_states()
    place = licences.destination[owner]
    return {
        "destination": words_column([*CODES, NON_COUNTRY], place),
        "destination_name": words_column([*(s.name for s in states), NON_COUNTRY], place),
        "destination_kind": words_column(["country", "non_country"], place == len(CODES)),
        "onward": pa.array(licences.onward[owner], pa.string()).dictionary_encode(),
    }


def _values(refused: Array, *, rng: np.random.Generator) -> pa.Array:
    """Whole units of currency, log-normal like the record (median about 12,000); none for refused lines."""
    whole = np.exp(rng.normal(9.4, 2.3, len(refused))).astype(np.int64)
    return pa.array(whole, pa.int64(), mask=refused).cast(pa.decimal128(21, 2)).cast(MONEY)


def _criteria(refused: Array, *, rng: np.random.Generator) -> pa.Array:
    shares = np.array([share for _, share in tables.CRITERIA])
    picked = _choose(shares, len(refused), rng=rng, of=int(shares.sum()))
    return words_column([name for name, _ in tables.CRITERIA], np.where(refused, picked, -1))


def _note_columns(licences: Licences, owner: Array) -> dict[str, pa.Array]:
    kinds = tables.NOTE_KINDS
    note = licences.note[owner]
    suspended, revoked = licences.suspended[owner], licences.revoked[owner]
    noted = (note >= 0) | (suspended != _NO_DAY) | (revoked != _NO_DAY)
    note_id = pa.array(np.where(noted, owner + 1, 0), mask=~noted).cast(pa.string())
    undated = np.array([k.suspension == "undated" for k in kinds] + [False])[note]
    pooled = np.array([k.pooled for k in kinds] + [False])[note]
    return {
        "end_user": words_column(
            [*(k.end_user for k in kinds), "not_stated"], np.where(note < 0, len(kinds), note)
        ),
        "onward_end_user": words_column(
            [*(k.onward_end_user for k in kinds), "not_stated"], np.where(note < 0, len(kinds), note)
        ),
        "pooled": pa.array(pooled),
        "suspension": words_column(
            ["none", "dated", "undated"], np.where(suspended != _NO_DAY, 1, np.where(undated, 2, 0))
        ),
        "suspended_on": days_column(suspended),
        "revocation": words_column(["none", "dated"], revoked != _NO_DAY),
        "revoked_on": days_column(revoked),
        "notes": pc.binary_join_element_wise(SOURCE_NOTES, note_id, ":").dictionary_encode(),
    }


def notes_table(licences: Licences) -> pa.Table:
    """The rows of NOTES: one per licence that has a note."""
    noted = (licences.note >= 0) | (licences.suspended != _NO_DAY) | (licences.revoked != _NO_DAY)
    rows = [_note_row(licences, int(i), row + 2) for row, i in enumerate(np.flatnonzero(noted))]
    return pa.Table.from_pylist(rows, schema=_plain(NOTES.arrow)).cast(NOTES.arrow)


def _note_row(licences: Licences, i: int, row: int) -> dict[str, Any]:
    kind = tables.NOTE_KINDS[licences.note[i]] if licences.note[i] >= 0 else None
    suspended, revoked = _date_or_none(licences.suspended[i]), _date_or_none(licences.revoked[i])
    text = kind.text if kind else ""
    if suspended:
        text = f"Licence suspended by the licensing authority on {suspended.day} {suspended:%B %Y}."
    elif revoked:
        text = f"Licence revoked on {revoked.day} {revoked:%B %Y}."
    return {
        "note": f"{SOURCE_NOTES}:{i + 1}", "licence": str(i + 1), "text": text, "coded": True,
        "end_user": kind.end_user if kind else "not_stated",
        "onward_end_user": kind.onward_end_user if kind else "not_stated",
        "pooled": bool(kind and kind.pooled), "temporary": False,
        "suspension": "dated" if suspended else kind.suspension if kind else "none", "suspended_on": suspended,
        "revocation": "dated" if revoked else "none", "revoked_on": revoked,
        "source": SOURCE_NOTES, "source_line": row,
    }  # fmt: skip


def _date_or_none(day: int) -> date | None:
    return None if day == _NO_DAY else date.fromordinal(EPOCH.toordinal() + int(day))


def _plain(schema: pa.Schema) -> pa.Schema:
    """The same columns with plain strings: rows of Python values cannot be dictionary-coded directly."""
    return pa.schema([f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in schema])


def as_schema(columns: dict[str, pa.Array], schema: pa.Schema, rows: int) -> pa.Table:
    """The columns in the order of the schema; those that the sample does not draw are null."""
    return pa.table([columns.get(f.name, pa.nulls(rows, f.type)) for f in schema], names=schema.names).cast(schema)
