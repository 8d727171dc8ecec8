"""Whoever sets restrictions and whoever is refused by them wait for each other. SQLite has one writer anyway."""

from __future__ import annotations

from django.db import connection

_LOCK = 7_302_519_004
"""Any number that nobody else takes."""


def lock_to_change() -> None:
    """Before restrictions are changed: nobody who was let through by the old ones is still at work."""
    _take("pg_advisory_xact_lock")


def lock_to_ask() -> None:
    """Before restrictions are asked: nobody changes them until this act is over."""
    _take("pg_advisory_xact_lock_shared")


def _take(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", (_LOCK,))
