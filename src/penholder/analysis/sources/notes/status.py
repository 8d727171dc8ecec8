"""What a note says about the state of the licence: suspended, revoked, surrendered, shipped before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from penholder.analysis.sources.notes import patterns
from penholder.analysis.sources.notes.facts import DATED, NONE, UNDATED


@dataclass(slots=True)
class Status:
    """Collected over the sentences of one note."""

    suspension: str = NONE
    suspended_on: date | None = None
    revocation: str = NONE
    revoked_on: date | None = None
    exported_before: bool | None = None
    cues: list[str] = field(default_factory=list)

    def read(self, plain: str) -> None:
        """Take up one sentence (lower case)."""
        said = patterns.NOT_SO.sub(lambda m: " " * len(m.group()), plain)
        suspended = patterns.SUSPENDED.search(said)
        ended = patterns.REVOKED.search(said) or patterns.SURRENDERED.search(said)
        if suspended:
            self._suspend(said, suspended)
        if ended:
            day = _day_after(said, ended)
            self.revocation, self.revoked_on = _earlier(self.revoked_on, day)
            self.cues.append(f"revocation: {ended.group()}{f' {day}' if day else ''}")
        self._shipped(said)

    def _suspend(self, said: str, cue: re.Match[str]) -> None:
        """A suspension that was lifted leaves the status open: when it held is not known."""
        lifted = patterns.LIFTED.search(said)
        day = None if lifted else _day_after(said, cue)
        self.suspension, self.suspended_on = _earlier(self.suspended_on, day)
        self.cues.append(f"suspension: {lifted.group() if lifted else cue.group()}{f' {day}' if day else ''}")

    def _shipped(self, said: str) -> None:
        if cue := patterns.NOT_SHIPPED.search(said):
            self.exported_before = False
        elif cue := patterns.BEFORE_STATUS.search(said):
            self.exported_before = True
        if cue:
            self.cues.append(f"exported_before: {cue.group()}")

    def shipped_before(self) -> bool | None:
        """Did goods leave before the suspension or revocation? None: not said, or there is neither."""
        return None if self.suspension == NONE and self.revocation == NONE else self.exported_before


def _earlier(known: date | None, day: date | None) -> tuple[str, date | None]:
    days = [d for d in (known, day) if d]
    return (DATED, min(days)) if days else (UNDATED, None)


def _day_after(said: str, cue: re.Match[str]) -> date | None:
    """The first whole date that follows the word, or else the only one that comes before it in the sentence."""
    match = patterns.DAY.search(said, cue.end())
    if not match:
        before = list(patterns.DAY.finditer(said, 0, cue.start()))
        match = before[0] if len(before) == 1 else None
    return _day(match) if match else None


def _day(match: re.Match[str]) -> date | None:
    """The day of a match of patterns.DAY (figures with slashes are day/month/year); None for 31 February."""
    day, month, year, iso_year, iso_month, iso_day, d, m, y = match.groups()
    try:
        if month:
            return date(int(year), patterns.MONTHS.index(month) + 1, int(day))
        return date(int(iso_year), int(iso_month), int(iso_day)) if iso_year else date(int(y), int(m), int(d))
    except ValueError:
        return None
