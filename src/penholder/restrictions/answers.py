"""What the queries of the restrictions give out. None in a text: the viewer may not read official fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from penholder.restrictions.values import Kind, Member, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step: what, from which day, and where it is recorded. where: public; texts and gates: official.

    gates: ids of the questions that were open about it, and why their answer was not awaited.
    """

    kind: StepKind
    on: date
    destination: str
    where: str | None
    reasons: str | None
    gates: tuple[str, ...] | None
    gate_reasons: str | None
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionView:
    """A moratorium, an exemption or a hold, as of a day and as known at a moment.

    valid_from, valid_until: when it is in force (exclusive end); both None: never so far.
    members: of a moratorium. overdue: in force past the day of its review; nothing ends it by that.
    """

    id: str
    kind: Kind
    version: int
    limb: str
    scope: str
    scope_words: str
    legal_basis: str | None
    reasons: str | None
    advice_for: str | None
    advice_against: str | None
    conditions: str | None
    review_by: date
    cause: str
    valid_from: date | None
    valid_until: date | None
    in_force: bool
    overdue: bool
    is_over: bool
    """Lifted or ended; nothing more can be done to it."""
    members: tuple[Member, ...]
    destinations: tuple[str, ...]
    """Of a moratorium, those of the day; of a hold, its one."""
    steps: tuple[StepView, ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A grant since the beginning of a moratorium that it matches, or of which that is not known.

    then: by the destinations of the day of the grant. now: by those of the day that is asked about.
    exemptions: in force on the day of the grant and letting it through. Without one, and with `then` not False,
    the core should have refused it: `is_breach`.
    """

    subject: str
    line: int
    act: str
    on: date
    acted_on: date
    then: bool | None
    now: bool | None
    because: tuple[str, ...]
    missing: tuple[str, ...]
    exemptions: tuple[str, ...]

    @property
    def is_breach(self) -> bool:
        """Granted against the moratorium as it stood, and not exempt."""
        return self.then is not False and not self.exemptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Every grant that was looked at, and those that match: question 8 of the acceptance list."""

    moratorium: str
    since: date
    on: date
    looked_at: int
    found: tuple[Match, ...]
