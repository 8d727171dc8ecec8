"""A log of concerns that no version here can count is refused when it is loaded, and breaks no page."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from penholder.ledger.entry import entry_bytes
from penholder.publication.errors import ProjectionError
from penholder.publication.load import check_counts

SD = tuple(sorted(base64.urlsafe_b64encode(bytes([n]) * 32).decode().rstrip("=") for n in range(8)))
RAISED = {"concern": "CN-1", "policy": "2026-1", "levels": [1, 2], "points": 1, "commitment": "0" * 64}


def entry(event: str, **data: Any) -> bytes:
    return entry_bytes(
        event=f"concerns.{event}", act="concerns.some_act", run="0" * 26, role="public", at="2026-01-15T00:00:00Z",
        claimed_at=None, about="CN-1", visibility="public", data=data, sd=SD, rules=None,
    )  # fmt: skip


@pytest.fixture
def books() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE entry (log TEXT, number INTEGER, data BLOB)")
        yield db


def put(db: sqlite3.Connection, *entries: bytes) -> None:
    db.executemany("INSERT INTO entry VALUES ('concerns', ?, ?)", enumerate(entries))


def test_a_log_that_can_be_counted_is_taken(books: sqlite3.Connection) -> None:
    put(books, entry("ConcernRaised", **RAISED), entry("ConcernAcknowledged", concern="CN-1", level=1))
    check_counts(books, on=date(2026, 6, 1))


@pytest.mark.parametrize(
    "entries",
    [
        [entry("ConcernRaised", **RAISED | {"policy": "2099-1"})],
        [entry("ConcernRaised", **RAISED | {"points": "many"})],
        [entry("ConcernRaised", **RAISED), entry("AnswerAccepted", concern="CN-1")],
        [entry("ConcernRaised", **RAISED), entry("AnswerIssued", concern="CN-1")],
    ],
)
def test_a_log_that_cannot_be_counted_is_refused(books: sqlite3.Connection, entries: list[bytes]) -> None:
    put(books, *entries)
    with pytest.raises(ProjectionError, match="cannot be counted by this version"):
        check_counts(books, on=date(2026, 6, 1))
