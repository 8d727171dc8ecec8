"""Words of reviews: permissions, states, triggers, options, and what a person says of a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

CHANGE = "CC"
RUN = "ST"
"""Prefixes of public ids: a change of circumstances, a run of the stocktake."""
LineKey = tuple[str, int]
"""Public id of the licence, number of the line."""


class ReviewPermission(StrEnum):
    """What can be allowed. The role table of `people` says to whom."""

    PROPOSE = "review.propose"
    ANSWER = "review.answer"
    HOLD = "review.hold"
    STOCKTAKE = "review.stocktake"
    CLASSIFY = "review.classify"
    ASSESS = "review.assess"
    OPTIONS = "review.options"
    DECIDE = "review.decide"
    EXECUTE = "review.execute"
    CLOSE = "review.close"


class State(StrEnum):
    """Where a change of circumstances stands. The allowed moves are in `data/machine.yaml`."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    OPENED = "opened"
    HOLD = "hold"
    STOCKTAKE = "stocktake"
    ASSESSED = "assessed"
    OPTIONS = "options"
    DECIDED = "decided"
    EXECUTED = "executed"
    REVIEWED = "reviewed"


class Move(StrEnum):
    """What can be done to it."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    DECLINE = "decline"
    HOLD = "hold"
    STOCKTAKE = "stocktake"
    CLASSIFY = "classify"
    ASSESS = "assess"
    OPTIONS = "options"
    DECIDE = "decide"
    EXECUTE = "execute"
    REVIEW = "review"


class Trigger(StrEnum):
    """What changed in the world."""

    NEW_CONFLICT = "new_conflict"
    EMBARGO = "embargo"
    COURT_ORDER = "court_order"
    MINISTERIAL_COMMITMENT = "ministerial_commitment"
    NEW_FINDING = "new_finding"
    DIVERSION_REPORT = "diversion_report"
    COUP = "coup"
    OTHER = "other"


class Option(StrEnum):
    """What can be decided about licences in force. The set is fixed, and is put to the decider whole."""

    KEEP = "keep_under_review"
    SUSPEND_POSSIBLE = "suspend_those_that_might_be_used"
    SUSPEND_ALL = "suspend_all"
    REVOKE = "revoke_those_that_might_be_used"


class Use(StrEnum):
    """What a person says of a line: could it be used in the operations?"""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class EngineUse(StrEnum):
    """What the stocktake says of it."""

    COULD = "could"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """A line that the stocktake found, with the engine's answer and the newest of a person (None: none yet).

    reaches: it goes to a destination of the change, directly or onward. in_force, granted: in which scopes it is.
    """

    key: LineKey
    engine: EngineUse
    person: Use | None
    reaches: bool
    in_force: bool
    granted: bool
    value: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What an option would do today. values: currency -> sum of the stated values. unvalued: lines without one.

    of_them_unknown: lines of which a person could not say whether they could be used.
    """

    option: Option
    lines: int
    licences: int
    values: Mapping[str, Decimal]
    unvalued: int
    of_them_unknown: int
