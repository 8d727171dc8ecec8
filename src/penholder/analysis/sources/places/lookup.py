"""Find the code of a published place name, and the plain name of a code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from penholder.analysis.sources.places.tables import Meaning, key_of, load_tables, translations

_USER_ASSIGNED = re.compile(r"X[A-Z]\Z")
_LIST_SEPARATOR = ";"
_called: dict[str, str] = {}
"""User-assigned code -> name, by this process (`call_places`)."""
_CODE_SHAPED = re.compile(r"[A-Za-z]{2}\Z")


class PlaceKind(StrEnum):
    """What a published place name is."""

    COUNTRY = "country"  # a country or territory with an ISO 3166-1 alpha-2 code (or XA..XZ)
    NON_COUNTRY = "non_country"  # a listed name that is no single ISO country or territory
    UNRECOGNISED = "unrecognised"  # in no table


@dataclass(frozen=True, slots=True)
class Place:
    """`code`: ISO alpha-2, or the published name with `;` as `,`. `name`: plain English, or as published.

    A published name of two letters that is no country has quotes in its code (`“ZZ”`): whoever sees only the code
    must not take it for a country.
    """

    code: str
    name: str
    kind: PlaceKind


def resolve(name: str, *, on: date | None = None) -> Place:
    """The place that a published name or an ISO code (two or three letters) means on a day.

    Args:
        name: as published; case, accents, punctuation and a leading "the" do not matter.
        on: the day that the record is about. None: what the name means today.
    Returns:
        Never fails: a name in no table has kind `unrecognised` and keeps its published spelling.
    Source: ISO 3166-1 and 3166-3 (pycountry), data/aliases.yaml beside this file.
    """
    meaning, place = _found(name)
    if meaning is None or meaning.covers(on):
        return place
    return _as_published(name, PlaceKind.NON_COUNTRY)


def call_places(names: Mapping[str, str]) -> None:
    """Give names to user-assigned codes (XA to XZ): what an installation calls them. They replace those before."""
    _called.clear()
    _called.update(names)
    _found.cache_clear()


def name_of(code: str) -> str:
    """Plain English name of an ISO code, or what the installation calls a user-assigned one (`call_places`).

    The code itself where there is none (published names).
    """
    return _called.get(code.upper()) or load_tables().plain.get(code.upper(), code)


def name_and_code(code: str) -> str:
    """`Velmora (XV)`; the code alone where it has no name."""
    name = name_of(code)
    return code if name == code else f"{name} ({code})"


def version() -> str:
    """Which tables are in use: date of the alias table and version of the ISO data."""
    tables = load_tables()
    return f"aliases {tables.version}, ISO 3166 by pycountry {tables.iso_version}"


@lru_cache(maxsize=65_536)
def _found(name: str) -> tuple[Meaning | None, Place]:
    """The place of a name, and the time during which it holds (None: always)."""
    tables = load_tables()
    cleaned = " ".join(name.split())
    key = key_of(cleaned)
    if key in tables.dated:
        meaning = tables.dated[key]
        return meaning, _country(meaning.code, tables.plain[meaning.code])
    if _USER_ASSIGNED.match(cleaned.upper()):
        code = cleaned.upper()
        return None, _country(code, name_of(code))
    if key in tables.non_countries:
        return None, _as_published(name, PlaceKind.NON_COUNTRY)
    found = tables.codes.get(cleaned.casefold()) or tables.names.get(key) or translations().get(key)
    found = found or next((code for code, called in _called.items() if key_of(called) == key), None)
    place = _country(found, name_of(found)) if found else _as_published(name, PlaceKind.UNRECOGNISED)
    return None, place


def _country(code: str, name: str) -> Place:
    return Place(code, name, PlaceKind.COUNTRY)


def _as_published(name: str, kind: PlaceKind) -> Place:
    cleaned = " ".join(name.split())
    code = f"“{cleaned}”" if _CODE_SHAPED.match(cleaned) else cleaned.replace(_LIST_SEPARATOR, ",")
    return Place(code, cleaned, kind)
