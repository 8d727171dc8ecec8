"""The public figures, counted from the public entries of a log: ours, or a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from penholder.concerns.policy.counts import ConcernCounts, counts_of
from penholder.concerns.policy.small import SMALLEST
from penholder.concerns.policy.tally import PublicEntry, Tally, tally
from penholder.ledger.entry import LedgerEntry


def public_entries(bodies: Iterable[bytes]) -> Iterator[PublicEntry]:
    """What everybody can read of the entries of a log that are about concerns. No Django."""
    for body in bodies:
        if b'"event":"concerns.' in body:
            entry = LedgerEntry.from_bytes(body)
            day = date.fromisoformat(entry.at[:10])
            yield PublicEntry(entry.event, day, entry.about or "", entry.data)


def figures(bodies: Iterable[bytes], *, on: date) -> Tally:
    """The figures as at a day, from the entries of a log."""
    return tally(public_entries(bodies), on=on)


def shown_figures(bodies: Iterable[bytes], *, on: date) -> ConcernCounts:
    """The figures as they are shown, by the rule on small numbers."""
    return counts_of(figures(bodies, on=on), smallest=SMALLEST)
