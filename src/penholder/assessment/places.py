"""Places as codes, in the one spelling in which the answers look for them."""

from __future__ import annotations

from datetime import date

from penholder.actions.errors import InvalidError
from penholder.analysis.sources.places import PlaceKind, resolve


def code_of(given: str, *, on: date, field: str = "destination") -> str:
    """The code of a place: XV of `XV`, FR of `France`. Raises: InvalidError where no table knows it."""
    place = resolve(given, on=on)
    if place.kind is PlaceKind.UNRECOGNISED:
        raise InvalidError(
            f"no place {given!r} is known",
            hint="give a code of ISO 3166-1 (XA to XZ for invented states) or the name of a place",
            fields={field: "is no place that is known"},
        )
    return place.code
