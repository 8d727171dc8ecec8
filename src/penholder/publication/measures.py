"""Moratoria, exemptions and holds as their public entries leave them, and what an exemption lets through. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from penholder.publication.fold import OPEN, change_days, goods_on, status_of
from penholder.publication.values import Fact, Goods, Licence
from penholder.regime.end_users import NOT_STATED
from penholder.restrictions.policy import Step, matches, members_of, places_in, read_scope, roles_of, valid_of
from penholder.restrictions.values import LineFacts, Member, StepKind

KINDS = ("moratorium", "exemption", "hold")
MOST_DAYS = 400
"""Days at which a table of what an exemption lets through may change, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One restriction. valid_until: exclusive; None: it has no end. places: now, or that its scope names."""

    id: str
    kind: str
    limb: str
    scope: str
    cause: str
    review_by: date | None
    valid_from: date
    valid_until: date | None
    members: tuple[Member, ...]
    places: tuple[str, ...]
    facts: tuple[Fact, ...]

    def holds_on(self, day: date) -> bool:
        """Is it in force on that day?"""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def is_overdue(self, day: date) -> bool:
        """Was it to be looked at again by then, and still holds?"""
        return self.holds_on(day) and self.review_by is not None and self.review_by < day


_STEPS = {
    "MoratoriumSet": (StepKind.SET, "valid_from"),
    "MoratoriumLifted": (StepKind.LIFT, "lifted_on"),
    "ExemptionAnnounced": (StepKind.ANNOUNCE, "announced_on"),
    "ExemptionEnded": (StepKind.END, "ended_on"),
    "HoldPlaced": (StepKind.PLACE, "placed_on"),
    "HoldLifted": (StepKind.LIFT, "lifted_on"),
}


def measures_of(facts: Iterable[Fact]) -> dict[str, Measure]:
    """Public id -> restriction. One whose proposal ended before anybody announced it is none."""
    grouped: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.kind in KINDS:
            grouped.setdefault(str(fact.fields[fact.kind]), []).append(fact)
    return {name: made for name, of in grouped.items() if (made := _measure(name, of)) is not None}


def _measure(name: str, facts: list[Fact]) -> Measure | None:
    first = facts[0]
    steps = [step for fact in facts for step in _steps(fact)]
    valid = valid_of(steps, until=first.day("valid_until"))
    if valid is None or valid.start is None:
        return None
    members = members_of(steps)
    scope = str(first.fields.get("scope") or "")
    named = tuple(m.destination for m in members if m.valid.end is None)
    if first.kind == "hold":
        named = (str(first.fields["destination"]),)
    return Measure(
        id=name,
        kind=first.kind,
        limb=str(first.fields.get("limb") or ""),
        scope=scope,
        cause=str(first.fields.get("cause") or ""),
        review_by=first.day("review_by"),
        valid_from=valid.start,
        valid_until=valid.end,
        members=members,
        places=named or places_in(read_scope(scope)),
        facts=tuple(facts),
    )


def _steps(fact: Fact) -> Iterable[Step]:
    if fact.name in _STEPS:
        kind, name = _STEPS[fact.name]
        day = fact.day(name)
        assert day is not None  # noqa: S101 - the field is a date, never null
        yield Step(kind, day)
        yield from (Step(StepKind.ADD, day, place) for place in fact.words("destinations"))
    elif fact.name == "MoratoriumDestinationsChanged" and (day := fact.day("effective_on")) is not None:
        yield from (Step(StepKind.ADD, day, place) for place in fact.words("added"))
        yield from (Step(StepKind.REMOVE, day, place) for place in fact.words("removed"))


def facts_of(goods: Goods | None, *, licence_type: str) -> LineFacts:
    """What is publicly known of a line, as scopes ask for it. Pools of supply are not published: not known."""
    if goods is None:
        return LineFacts(licence_type=licence_type)
    ratings = goods.ratings or None
    return LineFacts(
        destination=goods.destination,
        onward=tuple(p for p in (*goods.onward, goods.end_user_state) if p),
        ratings=ratings,
        end_user_class=None if goods.end_user == NOT_STATED else goods.end_user,
        licence_type=licence_type,
        roles=roles_of(ratings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """What an exemption matches from a day until another (exclusive; None: still), by what is public.

    lines: ids of lines in force that it matches. unknown: of which that cannot be said from public fields.
    """

    start: date
    end: date | None
    lines: tuple[str, ...]
    unknown: tuple[str, ...]


def let_through(measure: Measure, licences: Mapping[str, Licence], *, on: date) -> tuple[Through, ...]:
    """Day by day since it was announced, days on which nothing changed together. Worked out anew each time."""
    scope = read_scope(measure.scope)
    last = on if measure.valid_until is None else min(on, measure.valid_until)
    every = [line for licence in licences.values() for line in licence.lines]
    days = {measure.valid_from} | {d for line in every for d in change_days(line)}
    found: list[Through] = []
    for day in sorted(d for d in days if measure.valid_from <= d <= last)[:MOST_DAYS]:
        if not measure.holds_on(day):
            break
        yes: list[str] = []
        unknown: list[str] = []
        for line in every:
            if status_of(line, day) not in OPEN:
                continue
            facts = facts_of(goods_on(line, day), licence_type=licences[line.licence].licence_type)
            truth = matches(facts, scope).truth
            if truth is not False:
                (yes if truth else unknown).append(line.id)
        made = Through(start=day, end=None, lines=tuple(sorted(yes)), unknown=tuple(sorted(unknown)))
        if found and (found[-1].lines, found[-1].unknown) == (made.lines, made.unknown):
            continue
        if found:
            found[-1] = Through(start=found[-1].start, end=day, lines=found[-1].lines, unknown=found[-1].unknown)
        found.append(made)
    if found and measure.valid_until is not None and measure.valid_until <= on:
        found[-1] = Through(
            start=found[-1].start, end=measure.valid_until, lines=found[-1].lines, unknown=found[-1].unknown
        )
    return tuple(found)


def touching(licence: Licence, measures: Iterable[Measure], *, on: date) -> tuple[tuple[Measure, str], ...]:
    """The restrictions in force on a day that match a line of a licence, or may: with `matches` or `may match`."""
    found = []
    for measure in measures:
        if measure.kind == "hold" or not measure.holds_on(on):
            continue
        truths = [_truth(measure, licence, goods_on(line, on), on) for line in licence.lines]
        if True in truths:
            found.append((measure, "matches"))
        elif None in truths:
            found.append((measure, "may match: not all that it asks for is public"))
    return tuple(found)


def _truth(measure: Measure, licence: Licence, goods: Goods | None, on: date) -> bool | None:
    facts = facts_of(goods, licence_type=licence.licence_type)
    if measure.kind == "moratorium":
        places = {m.destination for m in measure.members if m.valid.covers(on)}
        known = {facts.destination, *(facts.onward or ())} & places
        if not known and facts.onward is not None and facts.destination is not None:
            return False
    return matches(facts, read_scope(measure.scope)).truth
