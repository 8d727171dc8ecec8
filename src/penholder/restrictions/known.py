"""What our books held at a moment: the acts whose entries had a place in the log by then."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Model

from penholder.ledger.queries import size_at

_KNOWN = (
    "SELECT c.id FROM {table} c WHERE EXISTS (SELECT 1 FROM ledger_entry e "
    "JOIN ledger_place p ON p.entry_id = e.id WHERE e.run = c.run AND p.seq < %s)"
)


def changes_known(changes: type[Model], known: datetime) -> frozenset[int]:
    """Ids of the rows of a table of changes (with a column `run`) that were known at that moment."""
    table = changes._meta.db_table  # noqa: SLF001 - the documented way to the name of a table
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN.format(table=table), [size_at(known)])
        return frozenset(int(row[0]) for row in cursor.fetchall())
