"""The differences as rows: class, what changed, old and new, and where both rows stand in their sources."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.releases.diff.classes import CLASSES, DIFFERENCES, PAIRED, Comparison

Rows = npt.NDArray[np.int64]
_JOIN = "; "
_SHOWN = ("licence", "decided_on", "rating", "destination_name", "outcome", "value")
"""What is told of a row that stands on one side only."""
_PLACES = ("line", "source", "source_line")


def differences(found: Comparison, *, each: int | None = None) -> pa.Table:
    """One row per difference, strongest class first, within a class in the order of A (for added: of B).

    Columns: class; also (further classes), changed (columns), both joined by `;`; old and new
    (`column=value; ...`); a_line, a_source, a_source_line, b_line, b_source, b_source_line.
    `each`: at most so many rows of each class.
    """
    return pa.concat_tables([_of_class(found, name, each) for name in DIFFERENCES])


def _of_class(found: Comparison, name: str, limit: int | None) -> pa.Table:
    if name == "removed":
        return _alone(found, name, found.pairs.removed[:limit])
    if name == "added":
        return _alone(found, name, found.pairs.added[:limit])
    return _pairs(found, name, np.flatnonzero(found.main == CLASSES.index(name))[:limit])


def _pairs(found: Comparison, name: str, at: Rows) -> pa.Table:
    a, b = found.a.lines.take(found.pairs.a[at]), found.b.lines.take(found.pairs.b[at])
    others = [other for other in PAIRED if other != name]
    masks = {field: pa.array(mask[at]) for field, mask in found.fields.items()}
    columns = {
        "class": _constant(name, len(at)),
        "also": _joined([_if(pa.array(found.differs[o][at]), _constant(o, len(at))) for o in others], ";"),
        "changed": _joined([_if(mask, _constant(f, len(at))) for f, mask in masks.items()], ";"),
        "old": _joined([_if(mask, _told(a, f)) for f, mask in masks.items()], _JOIN),
        "new": _joined([_if(mask, _told(b, f)) for f, mask in masks.items()], _JOIN),
        **_places("a", a, len(at)),
        **_places("b", b, len(at)),
    }
    return _table(columns)


def _alone(found: Comparison, name: str, at: Rows) -> pa.Table:
    side = found.a if name == "removed" else found.b
    lines = side.lines.take(at)
    told = _joined([_told(lines, field) for field in _SHOWN], _JOIN)
    nothing = pa.nulls(len(at), pa.string())
    removed = name == "removed"
    columns = {
        "class": _constant(name, len(at)),
        "also": nothing,
        "changed": nothing,
        "old": told if removed else nothing,
        "new": nothing if removed else told,
        **_places("a", lines if removed else None, len(at)),
        **_places("b", None if removed else lines, len(at)),
    }
    return _table(columns)


def _table(columns: dict[str, pa.Array]) -> pa.Table:
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def _places(side: str, lines: pa.Table | None, length: int) -> dict[str, pa.Array]:
    kinds = dict(zip(_PLACES, (pa.string(), pa.string(), pa.int64()), strict=True))
    return {
        f"{side}_{name}": pa.nulls(length, kind) if lines is None else _plain(lines[name]).cast(kind)
        for name, kind in kinds.items()
    }


def _told(lines: pa.Table, name: str) -> pa.Array:
    """`column=value`, dates with their precision; an empty cell is `not stated`."""
    text = _dated(lines) if name == "decided_on" else _plain(lines[name]).cast(pa.string())
    return pc.binary_join_element_wise(f"{name}=", pc.fill_null(text, "not stated"), "")


def _dated(lines: pa.Table) -> pa.Array:
    day = _plain(lines["decided_on"]).cast(pa.string())
    precision = _plain(lines["decided_precision"])
    months = pc.if_else(pc.equal(precision, "month"), pc.utf8_slice_codeunits(day, 0, 7), day)
    return pc.if_else(pc.equal(precision, "year"), pc.utf8_slice_codeunits(day, 0, 4), months)


def _plain(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _constant(text: str, length: int) -> pa.Array:
    return pa.repeat(pa.scalar(text), length)


def _if(mask: pa.Array, texts: pa.Array) -> pa.Array:
    return pc.if_else(mask, texts, pa.scalar(None, pa.string()))


def _joined(texts: Sequence[pa.Array], separator: str) -> pa.Array:
    """The texts of each row, without the nulls; null where all are null."""
    # Not null_handling="skip", which gives fewer rows than it got (pyarrow 26).
    led = [pc.binary_join_element_wise(separator, text, "") for text in texts]
    whole = pc.binary_join_element_wise(*led, "", null_handling="replace", null_replacement="")
    joined = pc.utf8_slice_codeunits(whole, len(separator))
    return pc.if_else(pc.equal(whole, ""), pa.scalar(None, pa.string()), joined)
