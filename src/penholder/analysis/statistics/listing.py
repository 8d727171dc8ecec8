"""`rows`: the lines behind a figure, page by page, each with its source file and physical line."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.report.result import Result
from penholder.analysis.schemas import LICENCE_LINES
from penholder.analysis.statistics.answer import citation_of
from penholder.analysis.statistics.asking import Asking, asking
from penholder.analysis.statistics.question import EVERY_DECISION, Question, Scope
from penholder.analysis.statistics.remarks import remarks_on
from penholder.analysis.statistics.words import aligned, selection
from penholder.kernel.canonical import sha256_of
from penholder.kernel.errors import InputError

PAGE = 50
DRAWN = 200
CELL = 32
ALL = (*(c.name for c in LICENCE_LINES.columns), "series")
USUAL = (
    "line", "decided_on", "outcome", "rating", "destination", "destination_name", "onward", "value", "currency",
    "end_user", "source", "source_line", "series",
)  # fmt: skip
_ORDER = ("decided_on", "source", "source_line", "line", "series")


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows, after which cursor (empty: from the first), and which columns. `limit` None: all rows."""

    limit: int | None = PAGE
    cursor: str = ""
    columns: tuple[str, ...] = USUAL


FIRST_PAGE = Page()


def rows(
    catalogue: Catalogue,
    *,
    where: Iterable[str] = (),
    scope: Scope = EVERY_DECISION,
    known: date | None = None,
    page: Page = FIRST_PAGE,
    engine: str = "local",
    master: str | None = None,
) -> Result:
    """The lines that a figure counts, oldest decision first, then in the order of the source.

    Returns: `count` rows of `total`; `next` is the cursor of the next page, or null at the end.
    Raises: InputError for unknown names and values, and for a cursor of another question or of other data;
    NotKnownError without lines.
    """
    with asking(catalogue, known=known, engine=engine, master=master) as asked:
        return rows_of(asked, catalogue, where=where, scope=scope, page=page)


def rows_of(
    asked: Asking,
    catalogue: Catalogue,
    *,
    where: Iterable[str] = (),
    scope: Scope = EVERY_DECISION,
    page: Page = FIRST_PAGE,
) -> Result:
    """The same for a data folder that is open already."""
    columns = _checked(page.columns)
    question = asked.question(where=where, scope=scope)
    sentence = selection(question)
    citation = citation_of(catalogue, sentence, scope=scope, known=asked.known)
    mark = sha256_of([sentence, citation.data])[:16]
    after = _read_cursor(page.cursor, mark) if page.cursor else None
    total, table, more = _fetch(asked, question, after, page.limit)
    following = _cursor(table, mark) if more else None
    shown = table.select(columns)
    several = len(catalogue.current("lines", known=asked.known)) > 1
    notes = [*remarks_on(asked, question, lines=total), *_notes(table.num_rows, total, following)]
    document = {
        "count": table.num_rows, "total": total, "next": following, "predicate": sentence, "notes": notes,
    }  # fmt: skip
    return Result(
        title=sentence,
        document={"rows": shown.to_pylist()} | document,
        table=shown,
        citation=citation,
        words=(
            sentence,
            "",
            *_drawn(table, several=several),
        ),
        notices=tuple(notes),
    )


def _checked(columns: Sequence[str]) -> tuple[str, ...]:
    if tuple(columns) == ("all",):
        return ALL
    unknown = [c for c in columns if c not in ALL]
    if unknown:
        raise InputError(f"there is no column {unknown[0]!r}", hint=f"allowed: all, {', '.join(ALL)}")
    return tuple(columns)


def _notes(count: int, total: int, following: str | None) -> Iterable[str]:
    yield f"{count:,} of {total:,} lines"
    if following:
        yield f"the next page: --cursor {following}"


def _drawn(table: pa.Table, *, several: bool) -> list[str]:
    """The rows in short, for a terminal; with their series, where the data have several."""
    heads = ["line", "decided", "outcome", "rating", "destination", "onward", "value", "source"]
    heads += ["series"] if several else []
    body = [heads]
    for row in table.slice(0, DRAWN).to_pylist():
        length = {"month": 7, "year": 4}.get(row["decided_precision"], 10)
        value = "" if row["value"] is None else f"{row['value']:,} {row['currency'] or ''}".rstrip()
        texts = (row["line"], row["decided_on"].isoformat()[:length], row["outcome"], row["rating"] or "")
        ends = (row["destination_name"], row["onward"] or "", value, f"{row['source']}:{row['source_line']}")
        body.append([_cut(text) for text in (*texts, *ends, *([row["series"]] if several else []))])
    lines = aligned(body, right=[head == "value" for head in heads])
    left = table.num_rows - DRAWN
    return [*lines, f"... and {left:,} more"] if left > 0 else lines


def _cut(text: str) -> str:
    return text if len(text) <= CELL else text[: CELL - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _fetch(
    asked: Asking, question: Question, after: Sequence[Any] | None, limit: int | None
) -> tuple[int, pa.Table, bool]:
    keys = asked.chosen(question).select("line_key").distinct()
    total = asked.engine.arrow(keys.aggregate(n=keys.count()))["n"][0].as_py()
    found = asked.lines.semi_join(keys, "line_key")
    if after is not None:
        found = found.filter(_is_after(found, after))
    found = found.order_by([found[name] for name in _ORDER])
    table = asked.engine.arrow(found if limit is None else found.limit(limit + 1)).select(ALL)
    more = limit is not None and table.num_rows > limit
    return total, table.slice(0, limit) if more else table, more


def _is_after(table: Any, after: Sequence[Any]) -> Any:
    """Is the row after the given one, in the order of _ORDER (none of these columns is ever null)?"""
    passed = ibis.literal(value=False)
    for name, value in reversed(list(zip(_ORDER, after, strict=True))):
        column, bound = table[name], ibis.literal(value)
        passed = (column > bound) | ((column == bound) & passed)
    return passed


def _cursor(table: pa.Table, mark: str) -> str:
    last = [table[name][table.num_rows - 1].as_py() for name in _ORDER]
    text = json.dumps([mark, last[0].isoformat(), *last[1:]], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str, mark: str) -> tuple[Any, ...]:
    hint = "give the cursor that the page before printed, with the same question; or leave --cursor out"
    try:
        found, day, *rest = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        after = (date.fromisoformat(day), *rest)
        shaped = [type(v) for v in after] == [date, str, int, str, str]
    except (ValueError, TypeError, binascii.Error) as error:
        raise InputError("--cursor cannot be read", hint=hint) from error
    if not shaped:
        raise InputError("--cursor cannot be read", hint=hint)
    if found != mark:
        raise InputError("--cursor belongs to another question, or the data have changed", hint=hint)
    return after
