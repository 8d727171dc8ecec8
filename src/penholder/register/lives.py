"""How a line stands, and how it stood on any day: plain values, decided without the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penholder.register import policy
from penholder.register.values import LineStatus
from penholder.restrictions.values import LineFacts

LineKey = tuple[str, int]
"""Public id of the licence, number of the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNow:
    """One line today. version: of the licence, to name in an act. value in `currency`."""

    key: LineKey
    reference: str
    version: int
    status: LineStatus
    valid_until: date | None
    facts: LineFacts
    value: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLife:
    """What is needed to say of each day how a line stood. Steps and terms oldest first; draws by day.

    steps: from which day which status. terms: from which day which facts, value and currency.
    draws: day, value in the currency of the line, quantity.
    """

    key: LineKey
    valid_until: date | None
    steps: tuple[tuple[date, LineStatus], ...]
    terms: tuple[tuple[date, LineFacts, Decimal | None, str], ...]
    draws: tuple[tuple[date, Decimal, Decimal], ...]

    def status_on(self, day: date) -> LineStatus:
        """The status at the end of a day."""
        status = LineStatus.DRAFT
        for since, then in self.steps:
            if since <= day:
                status = then
        return policy.status_on(status, valid_until=self.valid_until, on=day)

    def terms_on(self, day: date) -> tuple[LineFacts, Decimal | None, str]:
        """Facts, value and currency on a day; before the first terms, the first."""
        held = [t for t in self.terms if t[0] <= day] or list(self.terms[:1])
        return held[-1][1:]
