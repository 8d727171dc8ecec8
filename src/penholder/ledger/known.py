"""What our books held at a moment: rows and runs whose entries had a place in the log by then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from penholder.ledger.models import Entry
from penholder.ledger.queries import size_at

_AT_ONCE = 500
"""Runs in one statement: every database takes so many parameters."""
M = TypeVar("M", bound=Model)


def rows_known(changes: type[M], known: datetime) -> QuerySet[M]:
    """The rows of a table of changes (with a column `run`) that were known at that moment."""
    entries = Entry.objects.filter(run=OuterRef("run"), place__seq__lt=size_at(known))
    return changes._default_manager.filter(Exists(entries))  # noqa: SLF001 - the documented way, for any model


def changes_known(
    changes: type[Model], known: datetime, *, among: Collection[int] | None = None
) -> frozenset[int]:
    """Numbers of those rows. among: only of these (None: all)."""
    rows = rows_known(changes, known)
    found = rows if among is None else rows.filter(pk__in=among)
    return frozenset(found.values_list("pk", flat=True))


def runs_known(runs: Collection[str], known: datetime) -> frozenset[str]:
    """Those of some runs whose entries had a place by then. One statement for every 500."""
    size, wanted = size_at(known), sorted(set(runs))
    found: set[str] = set()
    for first in range(0, len(wanted), _AT_ONCE):
        some = Entry.objects.filter(run__in=wanted[first : first + _AT_ONCE], place__seq__lt=size)
        found.update(some.values_list("run", flat=True))
    return frozenset(found)
