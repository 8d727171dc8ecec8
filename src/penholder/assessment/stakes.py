"""What acts on a place rest on: its assessments, every version of them: what is asked of one is asked of all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from penholder.assessment.queries import all_current_on, versions_of
from penholder.restrictions.stakes import tells_what_it_rests_on


@tells_what_it_rests_on
def assessments(*, subjects: frozenset[str], places: frozenset[str], on: date) -> Iterator[str]:
    """Of each place those with a version that stands on that day."""
    for current in {v.assessment for place in sorted(places) for v in all_current_on(place, on)}:
        yield current
        yield from versions_of(current)
