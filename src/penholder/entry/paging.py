"""Long lists in pages, by a cursor: the place after the last row, so that new rows move nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import Model, Q, QuerySet

from penholder.actions.errors import InvalidError

USUAL = 50
MOST = 200

T = TypeVar("T")
U = TypeVar("U")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a longer list. `next_cursor` leads to the rows after them; None: these were the last."""

    items: tuple[T, ...]
    next_cursor: str | None
    count: None = None
    """Never given: how many there are may not be known to the viewer, and costs a scan."""

    def map(self, convert: Callable[[T], U]) -> Page[U]:
        """The same page of other values: rows of the database to the values that a query gives out."""
        return Page(tuple(convert(item) for item in self.items), self.next_cursor)


def page_of(queryset: QuerySet[M], *, order: tuple[str, ...], cursor: str | None, limit: int = USUAL) -> Page[M]:
    """The rows of `queryset` after `cursor`, at most `limit` (1 to 200), in one query.

    Args:
        order: names of fields that are never NULL, "-" before those that go down; together they are unique.
            "__" leads over a relation (name it in select_related).
        cursor: `next_cursor` of the page before; None or "": from the beginning.
    Raises: InvalidError (fields `cursor`, `limit`).
    """
    check_limit(limit)
    ordered = queryset.order_by(*order)
    if cursor:
        ordered = ordered.filter(_after(order, _read(cursor, order)))
    rows = list(ordered[: limit + 1])
    if len(rows) <= limit:
        return Page(tuple(rows), None)
    return Page(tuple(rows[:limit]), _write(rows[limit - 1], order))


def page_of_values(
    values: Iterable[T], *, order: tuple[str, ...], cursor: str | None, limit: int = USUAL
) -> Page[T]:
    """The same of values in memory, for lists whose order no table can know: what they are sorted by is sealed.

    Args:
        order: names of attributes, all upwards; together they are unique.
    Raises: InvalidError (fields `cursor`, `limit`).
    """
    check_limit(limit)
    rows = sorted(((tuple(_value(v, name) for name in order), v) for v in values), key=lambda row: row[0])
    if cursor:
        place = tuple(_read(cursor, order))
        rows = [row for row in rows if row[0] > place]
    found = tuple(value for _, value in rows[:limit])
    return Page(found, _write(found[-1], order) if len(rows) > limit else None)


def check_limit(limit: int) -> None:
    """Raises: InvalidError where a page of this size is not given."""
    if not 1 <= limit <= MOST:
        raise InvalidError(
            f"limit {limit} is not allowed; 1 to {MOST} are", fields={"limit": f"must be 1 to {MOST}"}
        )


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    """All rows behind the place: (a > x) or (a = x and b > y) or …; the first column alone too, for the index."""
    behind, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field = name.removeprefix("-")
        step = "lt" if name.startswith("-") else "gt"
        behind |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    first = order[0].removeprefix("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": values[0]}) & behind


_KINDS: dict[str, tuple[type, Callable[[str], Any]]] = {
    "b": (bool, lambda text: text == "True"),
    "i": (int, int),
    "m": (datetime, datetime.fromisoformat),
    "d": (date, date.fromisoformat),
    "n": (Decimal, Decimal),
    "s": (str, str),
}
"""Kinds of values in a cursor: letter -> type, how it is read. The order matters: a bool is an int."""


def _write(row: object, order: tuple[str, ...]) -> str:
    said = [_said(_value(row, name.removeprefix("-"))) for name in order]
    return _seal().encrypt(json.dumps([list(order), said]).encode()).decode().rstrip("=")


def _said(value: object) -> tuple[str, str]:
    for letter, (kind, _) in _KINDS.items():
        if isinstance(value, kind):
            return letter, value.isoformat() if isinstance(value, date) else str(value)
    msg = f"a list cannot be ordered by values of {type(value).__name__}"
    raise TypeError(msg)


def _value(row: object, path: str) -> object:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _read(cursor: str, order: tuple[str, ...]) -> list[Any]:
    try:
        of, said = json.loads(_seal().decrypt(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (InvalidToken, ValueError):
        of, said = None, ()
    if of != list(order):
        raise InvalidError(
            "this cursor was not given by this list",
            hint="begin without a cursor, and follow `next_cursor`",
            fields={"cursor": "was not given by this list"},
        )
    return [_KINDS[letter][1](value) for letter, value in said]


def _seal() -> Fernet:
    """Cursors are sealed: they hold places in our tables, which say nothing to others and cannot be made up."""
    key = hashlib.sha256(b"penholder cursor\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
