"""What our books held at a moment: the changes whose entries had a place in the log by then."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from penholder.evidence.models import Change
from penholder.ledger.models import Entry
from penholder.ledger.queries import size_at

Held = QuerySet[Change] | None
"""The changes that count; None: all."""


def held_at(known: datetime | None) -> Held:
    """The changes that were known at a moment (None: now, all of them), as a subquery."""
    if known is None:
        return None
    entries = Entry.objects.filter(run=OuterRef("run"), place__seq__lt=size_at(known))
    return Change.objects.filter(Exists(entries))
