"""What our books held at a moment: the changes whose entries had a place in the log by then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from penholder.ledger.queries import size_at

_KNOWN = (
    "SELECT c.id FROM register_change c WHERE EXISTS (SELECT 1 FROM ledger_entry e "
    "JOIN ledger_place p ON p.entry_id = e.id WHERE e.run = c.run AND p.seq < %s)"
)


def known_changes(known: datetime, among: Collection[int] | None = None) -> frozenset[int]:
    """Ids of the changes that were known at that moment. `among`: only of these (None: all)."""
    size = size_at(known)
    if among is not None and not among:
        return frozenset()
    chosen = "" if among is None else f" AND c.id IN ({', '.join(['%s'] * len(among))})"
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN + chosen, [size, *(among or ())])
        return frozenset(int(row[0]) for row in cursor.fetchall())
