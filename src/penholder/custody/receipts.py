"""Receipts on the command line: by the run of an act, or by the place of an entry."""

from __future__ import annotations

from penholder.actions.receipts import receipt_of
from penholder.kernel.errors import NotKnownError
from penholder.ledger import queries


def receipts_of(which: str) -> tuple[tuple[int, str], ...]:
    """(place, receipt) of every entry of a run, or of the entry at a place.

    Raises: NotKnownError: there is none, or no published head covers it yet.
    """
    if which.isdigit() and len(which) < 20:
        there = queries.entry_at(int(which))
        numbers: tuple[int, ...] = () if there is None else (there,)
    else:
        numbers = queries.entries_of_run(which)
    if not numbers:
        raise NotKnownError(f"there is no act or entry {which!r}", hint="give the run of an act, or a place")
    found = []
    for number in numbers:
        place, text = queries.place_of(number), receipt_of(number)
        if place is None or text is None:
            raise NotKnownError(
                f"no published head has the act {which!r} yet", hint="penholder ledger publish, then ask again"
            )
        found.append((place, text))
    return tuple(found)
