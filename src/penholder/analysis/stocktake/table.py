"""One row per line in scope, built only when a format asks for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from penholder.analysis.stocktake.cells import Array, words_of
from penholder.analysis.stocktake.paths import LinePaths, title_of
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.use import YES_NOT_STATED, causes, unpack
from penholder.analysis.stocktake.vocabulary import FLAG_WORDS, Cause, Exclusion, Flag, Status, Use, code_of
from penholder.kernel.truth import Truth

PUBLISHED = (
    "line", "licence", "decided_on", "decided_precision", "rating", "description", "destination",
    "destination_name", "onward", "corrected_destination", "end_user", "onward_end_user", "pooled", "value",
    "currency", "source", "source_line",
)  # fmt: skip
POOLED, CORRECTED = "pooled", "destination corrected"
_NONE = ""


def rows_of(answer: Stocktake, paths: LinePaths) -> pa.Table:
    """The rows of a stocktake; columns as in docs/reference/stocktake.md. Words are dictionary-coded."""
    table = answer.columns(*PUBLISHED)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {n: table.column(n) for n in PUBLISHED[:13]}
    columns |= {n: table.column(n) for n in ("value", "currency")}
    columns["use"] = _coded(answer.use, [code_of(u) for u in Use])
    for number, name in enumerate(("operator_answer", "means_answer", "end_user_answer")):
        columns[name] = _coded(unpack(answer.apart, number), [t.word for t in Truth])
    columns["because"] = because_of(answer)
    columns |= _path_columns(answer, paths)
    columns["flags"] = _flags(answer, table)
    columns["status"] = _coded(answer.status, [code_of(s) for s in Status])
    for name in ("attributed", "unattributed", "means_not_stated"):
        columns[name] = pa.array(getattr(answer.counts, name), pa.int32())
    columns |= {n: table.column(n) for n in ("source", "source_line")}
    columns["series"] = _coded(answer.release, answer.reader.series)
    return pa.table({_COLUMN.get(name, name): column for name, column in columns.items()})


_COLUMN = {
    "operator_answer": "operator",
    "means_answer": "means",
    "end_user": "stated_end_user",
    "onward_end_user": "stated_onward_end_user",
    "end_user_answer": "end_user",
}


def because_of(answer: Stocktake) -> pa.DictionaryArray:
    """The positive reason of an excluded line, the first open cause of an unknown one, null for one that could."""
    words = [*(code_of(e) for e in Exclusion), *(code_of(c) for c in Cause), _NONE]
    codes = causes(answer.codes).astype(np.int32)
    codes[answer.use == Use.UNKNOWN] += len(Exclusion) - 1
    codes[answer.use == Use.COULD] = len(words) - 1
    return _coded(codes, words)


def _path_columns(answer: Stocktake, paths: LinePaths) -> dict[str, pa.Array]:
    none = len(paths.paths)
    codes = np.where(paths.of_line < 0, none, paths.of_line)
    excluded = answer.use == Use.EXCLUDED
    route = np.where(excluded, 2, np.where(answer.direct, 0, 1))
    return {
        "basis": _coded(codes, [*(p.basis for p in paths.paths), _NONE]),
        "route": _coded(route, ["direct", "onward", _NONE]),
        "path": _coded(codes, [*(title_of(p) for p in paths.paths), _NONE]),
        "grade": _coded(codes, [*(str(p.grade) for p in paths.paths), _NONE]),
    }


def _flags(answer: Stocktake, table: pa.Table) -> pa.DictionaryArray:
    """Words of the flags, joined by `;`."""
    pooled = np.asarray(table.column("pooled").combine_chunks().fill_null(False).to_numpy(zero_copy_only=False))  # noqa: FBT003
    corrected = words_of(table.column("corrected_destination").combine_chunks())
    precision = words_of(table.column("decided_precision").combine_chunks())
    bits = answer.flags.astype(np.int32)
    bits |= np.where(answer.codes == YES_NOT_STATED, int(Flag.END_USER_NOT_STATED), 0)
    bits |= np.where(pooled, 1 << 3, 0)
    bits |= np.where(corrected.codes != len(corrected.values) - 1, 1 << 4, 0)
    coarse = np.array([0 if p in {"day", None} else 1 << (5 if p == "month" else 6) for p in precision.values])
    bits |= coarse.take(precision.codes)
    names = [*(FLAG_WORDS[f] for f in Flag), POOLED, CORRECTED, "month only", "year only"]
    words = [";".join(n for i, n in enumerate(names) if value >> i & 1) for value in range(1 << len(names))]
    return _coded(bits, words)


def _coded(codes: Array, words: Sequence[str]) -> pa.DictionaryArray:
    """A dictionary-coded column; the empty word is null. Only the words in use are kept."""
    used = np.flatnonzero(np.bincount(codes, minlength=len(words))) if len(codes) else np.zeros(0, np.int64)
    kept = [u for u in used.tolist() if words[u] != _NONE]
    names = list(dict.fromkeys(words[u] for u in kept))
    place = np.full(len(words), -1, np.int32)
    place[kept] = [names.index(words[u]) for u in kept]
    indices = place.take(codes)
    array = pa.array(indices, pa.int32(), mask=indices < 0)
    return pa.DictionaryArray.from_arrays(array, pa.array(names, pa.string()))
