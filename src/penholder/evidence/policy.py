"""Decisions about evidence, from given facts alone: no database, no clock, no network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from penholder.actions.errors import ConflictError, InvalidError
from penholder.evidence.tables import NOT_STATED, OTHER, object_classes, scales
from penholder.evidence.values import Axis, CasualtyRange, Facts, PersonStatus, PlacePrecision, Stage
from penholder.rules.records import did_you_mean

_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+(?!\d{1,3}\.\d+(?!\d))[1-9]|00[1-9]\d{0,2}[ (/-])[0-9 ()./-]{6,18}[0-9](?![\w-])"
)
_FINE = frozenset({PlacePrecision.EXACT, PlacePrecision.LOCALITY})
NEAR_DAYS = 3
_NEAR_MICRO, _CLOSE_MICRO = 250_000, 50_000
"""A quarter, and a twentieth, of a degree."""


def check_day(given: date, *, name: str, today: date) -> None:
    """Raises: InvalidError: the day lies ahead."""
    if given > today:
        raise InvalidError(
            f"{name} {given} is in the future; today is {today}",
            hint="give the day on which it was, as far as it is known",
            fields={name: "must not be in the future"},
        )


def has_contact(text: str) -> bool:
    """Does a text hold an e-mail address or a telephone number?"""
    return bool(_MAIL.search(text) or _PHONE.search(text))


def check_texts(**texts: str) -> None:
    """Texts without ways to reach persons. Raises: InvalidError naming the fields, never what stood in them."""
    wrong = {
        n: "holds an e-mail address or a telephone number; evidence keeps nothing that leads to a person"
        for n, t in texts.items()
        if has_contact(t)
    }
    if wrong:
        raise InvalidError(
            f"{', '.join(wrong)}: holds a way to reach a person",
            hint="leave it out; material about persons is kept elsewhere and linked by reference",
            fields=wrong,
        )


def check_facts(facts: Facts, *, today: date) -> None:
    """Facts of one report that can be worked with. Raises: InvalidError."""
    check_day(facts.received_on, name="received_on", today=today)
    check_day(facts.starts_on, name="happened", today=today)
    check_texts(munition=facts.munition, place_name=facts.place_name, actors=" | ".join(facts.actors))
    wrong = _wrong_range(facts.casualties)
    if facts.ends_on < facts.starts_on:
        wrong["until"] = f"is before {facts.starts_on}"
    elif facts.starts_on > facts.received_on:
        wrong["received_on"] = "is before the day on which it can have happened"
    if facts.object_class not in object_classes():
        wrong["object_class"] = f"is no class of objects{did_you_mean(facts.object_class, object_classes())}"
    if (facts.latitude is None) != (facts.longitude is None):
        wrong["latitude"] = "latitude and longitude are given together, or not at all"
    elif facts.latitude is not None and facts.place_precision not in _FINE:
        wrong["place_precision"] = "coordinates are given where the place is known exactly or to the locality"
    if None not in (facts.attacks_least, facts.attacks_most) and facts.attacks_most < facts.attacks_least:  # type: ignore[operator]
        wrong["attacks_most"] = "is less than the fewest"
    if wrong:
        raise InvalidError("the report cannot be used as it was given", hint="mend the named fields", fields=wrong)


def _wrong_range(ranges: Sequence[CasualtyRange]) -> dict[str, str]:
    wrong = {}
    for n, c in enumerate(ranges):
        where = f"casualties.{n}"
        if c.most is not None and c.most < c.least:
            wrong[f"{where}.most"] = f"is less than the fewest, {c.least}"
        if c.status is not PersonStatus.UNKNOWN and not c.status_source:
            wrong[f"{where}.status_source"] = (
                f"is needed: that they were {c.status.value}s needs a source of its own; without one the status "
                "is unknown"
            )
        if any((o.harm, o.status) == (c.harm, c.status) for o in ranges[:n]):
            wrong[f"{where}.status"] = "is given twice"
    return wrong


def check_finding(axis: Axis, value: str, *, party: str) -> None:
    """A value of the scale of its axis; an attribution says to whom. Raises: InvalidError."""
    scale = scales()[axis]
    if value not in scale.values:
        allowed = ", ".join(scale.values)
        raise InvalidError(
            f"{value!r} is no answer to {scale.title.lower()}; allowed: {allowed}",
            hint="docs/reference/evidence.md has the four scales",
            fields={"value": f"is not on the scale of this axis{did_you_mean(value, scale.values)}: {allowed}"},
        )
    if axis is Axis.ATTRIBUTION and value in scale.attributed and not party:
        raise InvalidError(
            "an attribution must say to whom", hint="name the forces or the state", fields={"party": "is needed"}
        )
    if axis is not Axis.ATTRIBUTION and party:
        raise InvalidError(
            "only an attribution names a party",
            hint="leave the party empty",
            fields={"party": "belongs to the axis of attribution alone"},
        )


def check_change(number: int, reason: str) -> None:
    """A finding that replaces another says why. Raises: InvalidError."""
    if number > 1 and not reason.strip():
        raise InvalidError(
            "this question was answered before: a new answer needs a reason",
            hint="say what is known now that was not known then, or what was seen wrongly",
            fields={"reason": "is needed where an earlier finding is changed"},
        )


# Reports of one event.

Leaders = Mapping[str, str]
"""Report -> the report to which it was joined; reports that stand for themselves are not there."""


def stands_for(leaders: Leaders, incident: str) -> str:
    """The report that stands for the event. Raises: ConflictError: the joinings go round in a circle."""
    seen = {incident}
    while incident in leaders:
        incident = leaders[incident]
        if incident in seen:
            raise ConflictError("joined reports lead back to themselves", hint="run `penholder fsck`")
        seen.add(incident)
    return incident


def check_joining(leaders: Leaders, incident: str, same_as: str) -> None:
    """May `incident` be joined to `same_as`? Raises: InvalidError; ConflictError."""
    if incident == same_as:
        raise InvalidError(
            "a report cannot be joined to itself",
            hint="name the other report",
            fields={"same_as": "is the same report"},
        )
    if incident in leaders:
        raise ConflictError(
            f"{incident} is joined to {leaders[incident]} already", hint="separate it first, with the reason"
        )
    if stands_for(leaders, same_as) == incident:
        raise ConflictError(
            f"{same_as} is joined to {incident} already: they count once", hint="nothing is left to do"
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One report of an event: by which source, and whose account it repeats ("" : its own source's)."""

    source: str
    origin: str = ""


def independent_origins(reports: Iterable[Told]) -> frozenset[str]:
    """The sources on whose own account an event rests, once reports that repeat another are collapsed.

    A repeats B, and B (in its own report of this event) repeats C: both rest on C. Sources that repeat one another
    in a circle are one origin, named by the first of them.
    """
    told = list(reports)
    repeats: dict[str, set[str]] = {}
    for report in told:
        repeats.setdefault(report.source, set()).add(report.origin or report.source)
    return frozenset(root for r in told for root in _roots(r.origin or r.source, repeats))


def _roots(source: str, repeats: Mapping[str, set[str]]) -> set[str]:
    reached, waiting, roots = {source}, [source], set()
    while waiting:
        at = waiting.pop()
        further = repeats.get(at, {at})
        if at in further:
            roots.add(at)
        waiting += further - reached
        reached |= further
    return roots or {min(reached)}


# Suggestions, which decide nothing.


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two reports are, and in what. points: only the order of a list, never a decision."""

    points: int
    because: tuple[str, ...]


def similarity(one: Facts, other: Facts) -> Similarity:
    """What two reports have in common: day, place, class of the object, means. 0 points: nothing speaks for it."""
    found = [part for part in (_days(one, other), _place(one, other)) if part]
    if len(found) < 2:
        return Similarity(0, ())
    stated = one.object_class not in {NOT_STATED, OTHER}
    if stated and one.object_class == other.object_class:
        found.append((2, f"the same class of object: {object_classes()[one.object_class].title.lower()}"))
    if shared := sorted(set(one.means) & set(other.means)):
        found.append((1, f"the same means: {', '.join(shared).replace('_', ' ')}"))
    return Similarity(sum(p for p, _ in found), tuple(words for _, words in found))


def _days(one: Facts, other: Facts) -> tuple[int, str] | None:
    if one.starts_on == one.ends_on == other.starts_on == other.ends_on:
        return 4, f"the same day: {one.starts_on.day} {one.starts_on:%B %Y}"
    gap = max((one.starts_on - other.ends_on).days, (other.starts_on - one.ends_on).days, 0)
    if gap == 0:
        return 2, "their days overlap"
    return (1, f"{gap} day{'s' if gap > 1 else ''} apart") if gap <= NEAR_DAYS else None


def _place(one: Facts, other: Facts) -> tuple[int, str] | None:
    if one.place != other.place:
        return None
    apart = _apart(one, other)
    if apart is not None:
        if apart <= _CLOSE_MICRO:
            return 4, "at most a twentieth of a degree apart"
        return (2, "at most a quarter of a degree apart") if apart <= _NEAR_MICRO else None
    for points, name, words in ((4, "place_name", "the same named place"), (3, "admin2", "the same district"),
                                (2, "admin1", "the same region")):  # fmt: skip
        a, b = getattr(one, name).casefold(), getattr(other, name).casefold()
        if a and b:
            return (points, f"{words}: {getattr(one, name)}") if a == b else None
    return 1, f"the same territory: {one.place}"


def _apart(one: Facts, other: Facts) -> int | None:
    """The larger difference of the coordinates, in millionths of a degree; None: one is not known so finely."""
    if one.latitude is None or other.latitude is None or one.longitude is None or other.longitude is None:
        return None
    if not {one.place_precision, other.place_precision} <= _FINE:
        return None
    return max(abs(one.latitude - other.latitude), abs(one.longitude - other.longitude))


def stage_of(*, is_joined: bool, in_scope: bool | None, answered: int, open_gaps: int) -> Stage:
    """Where an incident stands. answered: how many of the four questions have an answer."""
    if is_joined:
        return Stage.JOINED
    if in_scope is None:
        return Stage.RECEIVED
    if not in_scope:
        return Stage.OUT_OF_SCOPE
    if open_gaps:
        return Stage.OPEN_GAPS
    return Stage.ASSESSED if answered == len(Axis) else Stage.IN_SCOPE
