"""Numbers of rows, stored by the shortest way: on SQLite the number of a row is its place in the table.

Django's own numbers there are AUTOINCREMENT: a second table is read and written for each row, so that the number
of a row that was deleted is never given again. Rows of the ledger are never deleted, and nothing refers to a
sealed field by its number.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class RowNumber(models.BigAutoField):  # type: ignore[type-arg]
    """A number that the database gives."""

    def db_type_suffix(self, connection: Any) -> str | None:
        """PostgreSQL: an identity column."""
        return None if connection.vendor == "sqlite" else super().db_type_suffix(connection)

    def rel_db_type(self, connection: Any) -> str:
        """`integer`, so that a primary key that refers to it needs no index of its own."""
        return "integer" if connection.vendor == "sqlite" else "bigint"


class GivenNumber(models.BigIntegerField):  # type: ignore[type-arg]
    """A number that the ledger gives."""

    def db_type(self, connection: Any) -> str:
        """`integer` is no smaller than `bigint` on SQLite."""
        return "integer" if connection.vendor == "sqlite" else "bigint"
