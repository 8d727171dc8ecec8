"""Names of places onto ISO 3166-1 codes, by date. See docs/reference/places.md."""

from penholder.analysis.sources.places.lookup import (
    Place,
    PlaceKind,
    call_places,
    name_and_code,
    name_of,
    resolve,
    version,
)

__all__ = ["Place", "PlaceKind", "call_places", "name_and_code", "name_of", "resolve", "version"]
