"""Scopes and places as people give them, read once into what is kept."""

from __future__ import annotations

from collections.abc import Collection

from penholder.actions.errors import InvalidError
from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.kernel.errors import RuleError
from penholder.restrictions import policy


def read_scope(text: str, *, field: str = "scope") -> str:
    """The scope as it is kept, once it can be read. Raises: InvalidError at `field`."""
    try:
        scope = policy.read_scope(text)
    except RuleError as error:
        raise InvalidError(error.message, hint=error.hint, fields={field: error.message}) from error
    unknown = [p for p in policy.places_in(scope) if _code(p) != p]
    if unknown:
        said = f"{', '.join(unknown)}: no code of a place (ISO 3166-1; XA to XZ for invented states)"
        raise InvalidError("the scope names places that no line can have", fields={field: said})
    return text.strip()


def read_destinations(given: Collection[str], *, field: str) -> tuple[str, ...]:
    """Names of places as codes, sorted, each once. Raises: InvalidError."""
    found = {name: _code(name) for name in given}
    unknown = [name for name, code in found.items() if not code]
    if unknown:
        raise InvalidError(
            f"no place is known as {', '.join(map(repr, unknown))}",
            hint="give codes of ISO 3166-1 (XA to XZ for invented states) or names of places",
            fields={field: f"not known: {', '.join(unknown)}"},
        )
    return tuple(sorted(set(found.values())))


def _code(name: str) -> str:
    place = resolve(name)
    return "" if place.kind is PlaceKind.UNRECOGNISED else place.code
