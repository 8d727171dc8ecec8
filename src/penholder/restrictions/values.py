"""Words of the restrictions: permissions, what is known of a line, and the rules as they hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from penholder.kernel.dates import Interval
from penholder.rules.expr import Expr

MORATORIUM = "MO"
EXEMPTION = "EX"
HOLD = "HO"
"""Prefixes of public ids."""


class RestrictionPermission(StrEnum):
    """What can be allowed. The role table of `people` says to whom."""

    SET_MORATORIUM = "restrictions.set_moratorium"
    CHANGE_MORATORIUM = "restrictions.change_moratorium"
    LIFT_MORATORIUM = "restrictions.lift_moratorium"
    PROPOSE_EXEMPTION = "restrictions.propose_exemption"
    ANNOUNCE_EXEMPTION = "restrictions.announce_exemption"
    END_EXEMPTION = "restrictions.end_exemption"
    PLACE_HOLD = "restrictions.place_hold"
    LIFT_HOLD = "restrictions.lift_hold"
    IMPORT_GATES = "restrictions.import_gates"


class Kind(StrEnum):
    """The kinds of restrictions."""

    MORATORIUM = "moratorium"
    EXEMPTION = "exemption"
    HOLD = "hold"


class StepKind(StrEnum):
    """One step in the life of a restriction. What a restriction is on a day is the fold of its steps."""

    SET = "set"
    ADD = "add"
    """A destination belongs to a moratorium from that day on."""
    REMOVE = "remove"
    """A destination belongs to it no longer, from that day on."""
    LIFT = "lift"
    PROPOSE = "propose"
    ANNOUNCE = "announce"
    END = "end"
    PLACE = "place"


Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Place = Annotated[str, Field(min_length=1, max_length=400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """What is known of a goods line. None: not known. An empty tuple: known that there is none.

    destination, onward: ISO 3166-1 alpha-2 (XA to XZ: invented states), or the name of what is no country.
    ratings: codes as the control lists write them. roles: of `regime.hints`. end_user_class, licence_type: ids of
    their tables. programmes: of pooled supply, as the authority names them.
    """

    destination: str | None = None
    onward: tuple[str, ...] | None = None
    ratings: tuple[str, ...] | None = None
    end_user_class: str | None = None
    licence_type: str | None = None
    roles: tuple[str, ...] | None = None
    programmes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A destination of a moratorium, from the first day up to but not including the last (None: still)."""

    destination: str
    valid: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Moratorium:
    """No grant, amendment or reinstatement that matches. limb: the rule on which it rests.

    scope: on the goods and their use; the destinations are `members`, direct or onward.
    """

    id: str
    limb: str
    valid: Interval
    members: tuple[Member, ...]
    scope: Expr

    def destinations_on(self, day: date) -> tuple[str, ...]:
        """The destinations that belong to it on a day, sorted."""
        return tuple(sorted({m.destination for m in self.members if m.valid.covers(day)}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A specific measure: lets through what its scope is known to match, where the same limb would refuse it."""

    id: str
    limb: str
    valid: Interval
    scope: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A moratorium in force that matches (truth True), or of which that is not known (None).

    missing: names of the facts that would have to be known. exemptions: those in force that let it through; where
    there is none, the act is refused.
    """

    moratorium: str
    limb: str
    truth: bool | None
    because: tuple[str, ...]
    missing: tuple[str, ...]
    exemptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Work on pending cases of a destination stands still since a day. cause: id of what it was placed for."""

    id: str
    destination: str
    since: date
    review_by: date
    cause: str
