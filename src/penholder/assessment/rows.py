"""Between rows of the tables and values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from penholder.assessment.models import Version
from penholder.assessment.values import Content
from penholder.ledger.models import Entry
from penholder.ledger.queries import size_at

_CONTENT: TypeAdapter[Content] = TypeAdapter(Content)
_AT_ONCE = 500


def content_of(row: Version) -> Content:
    """What a version says."""
    return _CONTENT.validate_python(row.content)


def column_of(content: Content) -> Any:
    """The same as JSON values."""
    return _CONTENT.dump_python(content, mode="json")


def runs_known(runs: Collection[str], known: datetime) -> frozenset[str]:
    """Those of some runs whose entries had a place in the log at that moment."""
    size, wanted = size_at(known), sorted(set(runs))
    found: set[str] = set()
    for first in range(0, len(wanted), _AT_ONCE):
        some = Entry.objects.filter(run__in=wanted[first : first + _AT_ONCE], place__seq__lt=size)
        found.update(some.values_list("run", flat=True))
    return frozenset(found)
