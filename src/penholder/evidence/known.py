"""The changes that count at a moment, as a subquery: of evidence, what is recorded is never updated."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from penholder.evidence.models import Change
from penholder.ledger.known import rows_known

Held = QuerySet[Change] | None
"""The changes that count; None: all."""


def held_at(known: datetime | None) -> Held:
    """The changes that were known at a moment (None: now, all of them)."""
    return None if known is None else rows_known(Change, known)
