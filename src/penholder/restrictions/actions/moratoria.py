"""Set a moratorium, change its destinations, lift it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions import permissions
from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.restrictions import policy, queries
from penholder.restrictions.actions.parameters import (
    Cause,
    Destination,
    LegalBasis,
    Limb,
    Reasons,
    ReviewBy,
    ScopeText,
    Version,
)
from penholder.restrictions.actions.rows import (
    Changed,
    Open,
    check_review,
    lock,
    make,
)
from penholder.restrictions.answers import Match
from penholder.restrictions.events import MoratoriumDestinationsChanged, MoratoriumLifted, MoratoriumSet
from penholder.restrictions.gates import GateReasons
from penholder.restrictions.given import read_destinations, read_scope
from penholder.restrictions.limbs import check_limb
from penholder.restrictions.values import MORATORIUM, Kind, RestrictionPermission, StepKind

MoratoriumId = Annotated[
    str, Field(description="Public id of the moratorium (MO-…).", min_length=1, max_length=40)
]


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What an act on a moratorium gives back: lines granted since its beginning that it reaches now.

    matching, not_known: licence:line. let_through: of both, those that an exemption lets through.
    """

    id: str
    version: int
    looked_at: int
    matching: tuple[str, ...]
    not_known: tuple[str, ...]
    let_through: tuple[str, ...]


@action(permission=RestrictionPermission.SET_MORATORIUM, events=(MoratoriumSet,))
def set_moratorium(
    run: Run,
    *,
    destinations: Annotated[
        tuple[Destination, ...],
        Field(description="Destinations, direct or onward: codes or names.", min_length=1, max_length=300),
    ],
    limb: Limb,
    legal_basis: LegalBasis,
    reasons: Reasons,
    valid_from: Annotated[date, Field(description="From which day on it holds.")],
    review_by: ReviewBy,
    scope: ScopeText = "",
    valid_until: Annotated[
        date | None, Field(description="First day on which it holds no longer; empty: until it is lifted.")
    ] = None,
    cause: Cause = "",
) -> Rechecked:
    """Set a moratorium: from that day on no line that it matches is granted, amended or reinstated.

    What is not known counts as a match. An exemption in force from the same limb lets lines through. What was
    granted since its beginning and matches is named at once.
    """
    check_words(legal_basis=legal_basis, reasons=reasons)
    check_limb(limb, on=max(valid_from, run.now.date()))
    check_review(review_by, after=max(valid_from, run.now.date()))
    if valid_until is not None and valid_until <= valid_from:
        raise InvalidError("it would end before it begins", fields={"valid_until": "must be after valid_from"})
    places, kept = read_destinations(destinations, field="destinations"), read_scope(scope)
    columns = {"limb": limb, "scope": kept, "legal_basis": legal_basis, "reasons": reasons, "until": valid_until}
    made = make(run, Kind.MORATORIUM, MORATORIUM, review_by=review_by, cause=cause, **columns)
    made.step(StepKind.SET, on=valid_from)
    for place in places:
        made.step(StepKind.ADD, on=valid_from, destination=place)
    run.record(
        MoratoriumSet(
            moratorium=made.row.public_id,
            limb=limb,
            scope=kept,
            destinations=places,
            valid_from=valid_from,
            valid_until=valid_until,
            review_by=review_by,
            cause=cause,
            legal_basis=legal_basis,
            reasons=reasons,
        ),
        claimed_at=valid_from,
    )
    return _looked_at(made, version=1)


@action(permission=RestrictionPermission.CHANGE_MORATORIUM, events=(MoratoriumDestinationsChanged,))
def change_moratorium_destinations(
    run: Run,
    *,
    moratorium: MoratoriumId,
    effective_on: Annotated[date, Field(description="From which day on the set is another.")],
    reasons: Reasons,
    expected_version: Version,
    add: Annotated[
        tuple[Destination, ...], Field(description="Destinations that belong to it from then on.", max_length=300)
    ] = (),
    remove: Annotated[
        tuple[Destination, ...], Field(description="Destinations that no longer belong to it.", max_length=300)
    ] = (),
    gate_reasons: GateReasons = "",
) -> Rechecked:
    """Change the dated set of destinations, and say what was granted since the beginning that matches now.

    A day in the past is allowed: a coalition that grew in March, and was recorded in June. Taking a destination
    out lifts the moratorium for it, and is for whoever may lift it. While a question about it is open, it says why
    the answer is not awaited.
    """
    check_words(reasons=reasons)
    if remove:
        permissions.require(run.actor, RestrictionPermission.LIFT_MORATORIUM)
    found = lock(run, Kind.MORATORIUM, moratorium, expected_version=expected_version)
    added, removed = read_destinations(add, field="add"), read_destinations(remove, field="remove")
    _check_change(found, added, removed, effective_on)
    found.ask(gate_reasons, places=(*added, *removed))
    before = _looked_at(found, version=0)
    for place in removed:
        found.step(StepKind.REMOVE, on=effective_on, destination=place, reasons=reasons)
    for place in added:
        found.step(StepKind.ADD, on=effective_on, destination=place, reasons=reasons)
    after = _looked_at(found, version=found.changed().version)
    run.record(
        MoratoriumDestinationsChanged(
            moratorium=moratorium,
            added=added,
            removed=removed,
            effective_on=effective_on,
            matching=_new(after.matching, before.matching),
            not_known=_new(after.not_known, before.not_known),
            let_through=_new(after.let_through, before.let_through),
            reasons=reasons,
            gates=found.gates,
            gate_reasons=gate_reasons,
        ),
        claimed_at=effective_on,
    )
    return after


def _check_change(found: Open, added: tuple[str, ...], removed: tuple[str, ...], day: date) -> None:
    start = found.steps[0].on
    members = policy.members_of(found.steps)
    open_ = {m.destination: m.valid.start for m in members if m.valid.end is None}
    wrong = {}
    if not added and not removed:
        wrong["add"] = "name a destination to add or to remove"
    if day < start:
        wrong["effective_on"] = f"must not be before {start}, when the moratorium begins"
    if twice := [p for p in added if p in open_]:
        wrong["add"] = f"belong to it already: {', '.join(twice)}"
    if absent := [p for p in removed if p not in open_]:
        wrong["remove"] = f"do not belong to it: {', '.join(absent)}"
    if early := [p for p in removed if p in open_ and day < (open_[p] or start)]:
        wrong["effective_on"] = f"{', '.join(early)} did not belong to it yet on that day"
    if over := [m.destination for m in members if m.destination in added and (m.valid.end or day) > day]:
        wrong["effective_on"] = f"{', '.join(over)} still belonged to it on that day"
    if wrong:
        raise InvalidError("the set of destinations cannot be changed so", fields=wrong)


@action(permission=RestrictionPermission.LIFT_MORATORIUM, events=(MoratoriumLifted,))
def lift_moratorium(
    run: Run,
    *,
    moratorium: MoratoriumId,
    lifted_on: Annotated[date, Field(description="First day on which it holds no longer; today or later.")],
    reasons: Reasons,
    expected_version: Version,
    gate_reasons: GateReasons = "",
) -> Changed:
    """Lift a moratorium. What was refused under it stays refused until somebody asks again.

    While a question about it is open, it says why the answer is not awaited.
    """
    check_words(reasons=reasons)
    found = lock(run, Kind.MORATORIUM, moratorium, expected_version=expected_version)
    if lifted_on < run.now.date():
        raise InvalidError(
            f"lifted_on {lifted_on} lies in the past: what was refused since was refused rightly",
            fields={"lifted_on": "must be today or later"},
        )
    if found.row.until is not None and found.row.until <= lifted_on:
        raise ConflictError(f"{moratorium} ends on {found.row.until} by itself", hint="nothing is left to do")
    gates = found.ask(gate_reasons)
    found.step(StepKind.LIFT, on=lifted_on, reasons=reasons)
    said = MoratoriumLifted(
        moratorium=moratorium, lifted_on=lifted_on, reasons=reasons, gates=gates, gate_reasons=gate_reasons
    )
    run.record(said, claimed_at=None)
    return found.changed()


def _looked_at(found: Open, *, version: int) -> Rechecked:
    """By the destinations of today, or of the first day where that lies ahead."""
    seen = queries.look_again(found.held, on=max(found.run.now.date(), found.steps[0].on))
    name = _names([m for m in seen.found if m.now is True or m.then is True])
    unknown = _names([m for m in seen.found if m.now is not True and m.then is not True])
    through = _names([m for m in seen.found if m.exemptions])
    return Rechecked(found.row.public_id, version, seen.looked_at, name, unknown, through)


def _names(found: list[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{m.subject}:{m.line}" for m in found))


def _new(after: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in after if name not in before)
