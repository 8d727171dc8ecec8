"""Pages by cursor: every row once, whatever comes in between, and a cursor that nobody can make up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from penholder.actions.errors import InvalidError
from penholder.actions.models import ScheduledRun
from penholder.entry import paging
from penholder.entry.paging import MOST, Page, page_of
from penholder.ledger.door import own_door
from tests.casework import Casework

ORDER = ("-ran_at", "name")


def add(count: int, *, since: int = 0) -> None:
    """Rows of which several share a moment."""
    with own_door():
        ScheduledRun.objects.bulk_create(
            ScheduledRun(name=f"n{i:03}", ran_at=datetime(2026, 1, 1 + i // 4, tzinfo=UTC))
            for i in range(since, since + count)
        )


def names(order: tuple[str, ...], limit: int) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = page_of(ScheduledRun.objects.all(), order=order, cursor=cursor, limit=limit)
        found += [row.name for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_every_row_comes_once_and_in_order(casework: Casework) -> None:
    add(30)
    for order in (ORDER, ("ran_at", "-name"), ("name",), ("-name",)):
        expected = list(ScheduledRun.objects.order_by(*order).values_list("name", flat=True))
        for limit in (1, 3, 4, 30, MOST):
            assert names(order, limit) == expected, (order, limit)


def test_rows_that_come_in_between_move_nothing(casework: Casework) -> None:
    add(8)
    first = page_of(ScheduledRun.objects.all(), order=ORDER, cursor=None, limit=4)
    add(4, since=8)  # newer: before the first page
    second = page_of(ScheduledRun.objects.all(), order=ORDER, cursor=first.next_cursor, limit=4)
    assert [r.name for r in first.items] == ["n004", "n005", "n006", "n007"]
    assert [r.name for r in second.items] == ["n000", "n001", "n002", "n003"]
    assert second.next_cursor is None


def test_a_page_is_one_query(casework: Casework) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    add(8)
    first = page_of(ScheduledRun.objects.all(), order=ORDER, cursor=None, limit=4)
    with CaptureQueriesContext(connection) as made:
        page_of(ScheduledRun.objects.all(), order=ORDER, cursor=first.next_cursor, limit=4)
    assert len(made) == 1


def test_a_cursor_shows_nothing_and_cannot_be_made_up(casework: Casework) -> None:
    add(8)
    cursor = page_of(ScheduledRun.objects.all(), order=ORDER, cursor=None, limit=4).next_cursor
    assert cursor is not None
    assert "n007" not in cursor
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for bad in ("x", changed, "é", "A" * 5_000):
        with pytest.raises(InvalidError) as refused:
            page_of(ScheduledRun.objects.all(), order=ORDER, cursor=bad)
        assert refused.value.fields == {"cursor": "was not given by this list"}
    with pytest.raises(InvalidError):
        page_of(ScheduledRun.objects.all(), order=("name",), cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, MOST + 1])
def test_a_page_has_a_limit(limit: int) -> None:
    with pytest.raises(InvalidError) as refused:
        paging.check_limit(limit)
    assert refused.value.fields == {"limit": "must be 1 to 200"}


@pytest.mark.parametrize(
    "value",
    [True, 7, "text", date(2024, 9, 2), datetime(2024, 9, 2, 1, 2, 3, 4, tzinfo=UTC), Decimal("1.50")],
)
def test_values_come_back_as_they_went_in(value: object) -> None:
    letter, text = paging._said(value)
    assert paging._KINDS[letter][1](text) == value


def test_a_page_of_rows_becomes_a_page_of_values() -> None:
    assert Page((1, 2), "c").map(str) == Page(("1", "2"), "c")
