"""Places and ratings of a line in the one spelling in which answers look for them: checked at the door.

A name of a place becomes its code; `ML 10.a` becomes `ML10a`. What no table knows is refused with near names: a
line to `Belmora` would never be found by a question about XB.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from penholder.actions.errors import InvalidError
from penholder.analysis.sources.places import Place, PlaceKind, resolve
from penholder.analysis.sources.places.tables import load_tables
from penholder.regime.control_lists import folded, known_ratings
from penholder.regime.hints import split_codes, written_code
from penholder.register.values import LineTerms
from penholder.rules.records import did_you_mean

_LIST = ";"


@dataclass(slots=True)
class _Spelled:
    """What was found in the terms of one line."""

    on: date
    said: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


def spelled(
    terms: LineTerms, *, on: date, where: str, before: LineTerms | None = None
) -> tuple[LineTerms, tuple[str, ...]]:
    """The terms with codes for names, and what was changed, in sentences.

    Args:
        on: the day from which the terms count: names of places change their meaning.
        where: path of the terms in the parameters, for errors.
        before: terms that the line has already; what stays as it is is not judged (it may be as published).
    Raises: InvalidError with the parts that no table knows.
    """
    found = _Spelled(on)
    made: dict[str, Any] = {}
    for name, read in _READ.items():
        given = getattr(terms, name)
        same = before is not None and getattr(before, name) == given
        made[name] = given if same or not given else read(given, f"{where}.{name}", found)
    if found.wrong:
        raise InvalidError(
            "; ".join(found.wrong.values()),
            hint="give codes of ISO 3166-1 (XA to XZ for invented states), names of places, and codes of the "
            "control lists: docs/reference/register.md",
            fields=found.wrong,
        )
    return replace(terms, **made), tuple(found.said)


def _one_place(given: str, path: str, found: _Spelled) -> str:
    place = resolve(given, on=found.on)
    if place.kind is PlaceKind.UNRECOGNISED:
        found.wrong[path] = f"no place {given!r} is known{near_places(given)}"
        return given
    _say(given, place, found)
    return place.code


def _places(given: str, path: str, found: _Spelled) -> str:
    parts = [p.strip() for p in given.split(_LIST) if p.strip()]
    return _LIST.join(dict.fromkeys(_one_place(p, path, found) for p in parts))


def _state(given: str, path: str, found: _Spelled) -> str:
    """A state: a name that is no country is none."""
    place = resolve(given, on=found.on)
    if place.kind is not PlaceKind.COUNTRY:
        found.wrong[path] = f"no state {given!r} is known{near_places(given)}"
        return given
    _say(given, place, found)
    return place.code


def _say(given: str, place: Place, found: _Spelled) -> None:
    if place.kind is PlaceKind.COUNTRY and given.strip().upper() != place.code:
        found.said.append(f"{given.strip()} is kept as {place.code}, its code")


def near_places(given: str) -> str:
    """`; did you mean …?`, of the names and codes of places that the tables know; empty where none is near."""
    plain = load_tables().plain
    return did_you_mean(given, sorted({*plain.values(), *plain}))


def _ratings(given: str, path: str, found: _Spelled) -> str:
    parts = [code for part in given.split(_LIST) for code in split_codes(part)]
    made = []
    for part in parts:
        code = written_code(part)
        if code is None:
            found.wrong[path] = f"{part!r} is no code of the control lists{_near_code(part)}"
            return given
        made.append(code)
    joined = _LIST.join(dict.fromkeys(made))
    if joined != given:
        found.said.append(f"rating {given.strip()} is kept as {joined}")
    return joined


def _near_code(part: str) -> str:
    near = did_you_mean(folded(part), known_ratings())
    return near or "; allowed are codes like ML10, ML10a or 6A003, with ; between several"


_READ: dict[str, Callable[[str, str, _Spelled], str]] = {
    "destination": _one_place,
    "onward": _places,
    "end_user_state": _state,
    "rating": _ratings,
}
