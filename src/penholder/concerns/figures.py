"""The public figures, counted from the public entries of a log: ours, or a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from penholder.concerns.policy.tally import Counted, PublicEntry, Tally, counted, tally
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


def rows(bodies: Iterable[bytes], *, on: date, figure: str = "received") -> tuple[Counted, ...]:
    """The concerns behind one figure."""
    return tuple(c for c in counted(public_entries(bodies), on=on) if figure in c.figures)
