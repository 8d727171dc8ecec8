"""What acts on a licence rest on: the changes of circumstances of which a stocktake found lines of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from penholder.restrictions.stakes import tells_what_it_rests_on
from penholder.review.models import Circumstance, Row


@tells_what_it_rests_on
def changes(*, subjects: frozenset[str], places: frozenset[str], on: date) -> Iterator[str]:
    """Of licences: every change whose stocktake named a line of them."""
    rows = Row.objects.filter(licence__in=sorted(subjects))
    found = Circumstance.objects.filter(pk__in=rows.values("stocktake__circumstance")).order_by("pk")
    yield from found.values_list("public_id", flat=True)
