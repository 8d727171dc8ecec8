"""Restrictions in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from penholder.analysis.sources.places import name_and_code
from penholder.regime.regimes import rule_words
from penholder.restrictions.answers import Match, RestrictionView
from penholder.restrictions.gates import Gate
from penholder.restrictions.policy import places_in, read_scope
from penholder.restrictions.values import Kind
from penholder.restrictions.web.scopes import scope_words

KINDS = {Kind.MORATORIUM: "Moratorium", Kind.EXEMPTION: "Exemption", Kind.HOLD: "Hold"}
MANY = {Kind.MORATORIUM: "Moratoria", Kind.EXEMPTION: "Exemptions", Kind.HOLD: "Holds"}
_SAYS = {None: "not known", True: "yes", False: "no"}


def places_words(codes: tuple[str, ...] | list[str]) -> str:
    """Several places; of none: none."""
    return ", ".join(name_and_code(c) for c in codes) or "none"


def scope(seen: RestrictionView) -> str:
    """Which lines, or which pending cases, it is about."""
    said = scope_words(read_scope(seen.scope))
    if seen.kind is Kind.EXEMPTION:
        return said
    places = places_words(seen.destinations or _all_places(seen))
    if seen.kind is Kind.HOLD:
        return f"pending cases of {places}"
    return f"{said} to {places}" if said == "every line" else f"lines to {places}: {said}"


def title(seen: RestrictionView) -> str:
    """What it is and for where: `Moratorium on Norland (XN)`, `Exemption for XN`."""
    if seen.kind is Kind.EXEMPTION:
        places = places_in(read_scope(seen.scope))
        return f"Exemption for {places_words(places) if places else scope(seen)}"
    joint = "on" if seen.kind is Kind.MORATORIUM else "for"
    return f"{KINDS[seen.kind]} {joint} {places_words(seen.destinations or _all_places(seen))}"


def _all_places(seen: RestrictionView) -> tuple[str, ...]:
    """Every place that ever belonged to it."""
    return tuple(dict.fromkeys(m.destination for m in seen.members))


def day_words(value: date | str) -> str:
    """`2 September 2024`."""
    day = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{day.day} {day:%B} {day.year}"


def standing(seen: RestrictionView) -> str:
    """One word for a tag."""
    if seen.overdue:
        return "overdue"
    if seen.in_force:
        return "in force"
    if seen.is_over or (seen.valid_until is not None and seen.valid_from is not None):
        return "ended"
    return "proposed" if seen.valid_from is None else "to come"


def sentence(seen: RestrictionView, *, on: date) -> str:
    """The answer first: what it does, since when, until when, and its review."""
    since = f" since {day_words(seen.valid_from)}" if seen.valid_from and seen.valid_from <= on else ""
    if seen.valid_from and seen.valid_from > on:
        since = f" from {day_words(seen.valid_from)} on"
    if seen.valid_from is None:
        return "It is proposed and lets nothing through." if not seen.is_over else "It never came into force."
    if not seen.in_force and seen.valid_from <= on:
        return f"It was in force from {day_words(seen.valid_from)} on, and ended on {day_words(_end(seen))}."
    rule = rule_words(seen.limb)
    what = {
        Kind.MORATORIUM: f"No line to {places_words(seen.destinations)} that matches is granted, amended or "
        f"reinstated{since}.",
        Kind.EXEMPTION: f"It lets through what it matches{since}, where {rule} would otherwise refuse it.",
        Kind.HOLD: f"Work on pending cases of {places_words(seen.destinations)} stands still{since}.",
    }[seen.kind]
    review = f"Review by {day_words(seen.review_by)}."
    if seen.overdue:
        review = f"The review was due by {day_words(seen.review_by)} and is overdue; it stays in force."
    return f"{what} {review}"


def _end(seen: RestrictionView) -> date:
    return seen.valid_until or date.max


def says(truth: bool | None) -> str:  # noqa: FBT001 - a value, not a switch
    """yes, no, not known."""
    return _SAYS[truth]


def why(match: Match) -> str:
    """What decided, or what would have to be known."""
    if match.missing:
        return f"would have to be known: {', '.join(w.replace('_', ' ') for w in match.missing)}"
    return "; ".join(match.because)


def _changed(f: Mapping[str, Any]) -> str:
    parts = [f"{name_and_code(p)} belongs to it" for p in f["added"]]
    parts += [f"{name_and_code(p)} belongs to it no longer" for p in f["removed"]]
    again = len(f["matching"]) + len(f["not_known"])
    return (
        f"From {day_words(f['effective_on'])} on {', '.join(parts)}; {again} earlier lines match now or may match"
    )


_EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "restrictions.MoratoriumSet": lambda f: (
        f"Set from {day_words(f['valid_from'])} on for {places_words(f['destinations'])}, "
        f"under {rule_words(f['limb'])}"
    ),
    "restrictions.MoratoriumDestinationsChanged": _changed,
    "restrictions.MoratoriumLifted": lambda f: f"Lifted from {day_words(f['lifted_on'])} on",
    "restrictions.ExemptionProposed": lambda _: "Proposed",
    "restrictions.ExemptionAnnounced": lambda f: (
        f"Announced on {day_words(f['announced_on'])}, as an exemption from: {rule_words(f['limb'])}"
    ),
    "restrictions.ExemptionEnded": lambda f: f"Ended on {day_words(f['ended_on'])}",
    "restrictions.HoldPlaced": lambda f: f"Placed on pending cases of {name_and_code(f['destination'])}",
    "restrictions.HoldLifted": lambda _: "Lifted",
}


def event_words(event: str, fields: Mapping[str, Any]) -> str:
    """One event as a sentence without its stop."""
    return _EVENTS[event](fields)


def question(gate: Gate) -> str:
    """`Is the finding right? (since 5 August 2026)`."""
    return f"{gate.question} (since {day_words(gate.since)})"
