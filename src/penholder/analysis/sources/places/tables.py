"""The tables behind `places`: ISO 3166 (pycountry) and the alias file, indexed by a plain key."""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from penholder.kernel.errors import RuleError

ALIASES = Path(__file__).parent / "data" / "aliases.yaml"
# Languages whose country names are read too, from the ISO 3166 catalogues that pycountry ships.
LANGUAGES = ("fr", "de", "es", "it", "nl", "sv", "nb_NO", "nn", "da", "fi", "pt", "pl", "cs")
_SECTIONS = {"version", "names", "aliases", "parts", "dated", "non_countries"}
# Leading articles in LANGUAGES: a name is known with and without them.
_ARTICLES = frozenset(
    ("de", "den", "der", "die", "das", "het", "la", "le", "les", "l", "el", "los", "las", "il", "gli", "os")
)
_DROPPED = re.compile(r"['\u2019`.]")
_SPLIT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A name stands for `code` from `start` up to but not including `end` (None: no limit)."""

    code: str
    start: date | None
    end: date | None

    def covers(self, on: date | None) -> bool:
        """Is the name used so on that day? Without a day: is it used so today, that is, has it no end?"""
        if on is None:
            return self.end is None
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)


@dataclass(frozen=True, slots=True)
class Tables:
    """`codes`: two and three letters -> alpha-2. `names`, `dated`: key -> meaning. `plain`: code -> name."""

    version: str
    iso_version: str
    codes: Mapping[str, str]
    names: Mapping[str, str]
    dated: Mapping[str, Meaning]
    non_countries: frozenset[str]
    plain: Mapping[str, str]


def key_of(name: str) -> str:
    """`The  Côte d'Ivoire ` -> `cote divoire`; `St. Lucia` -> `saint lucia`; `A & B` -> `a and b`."""
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        name = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = _SPLIT.split(_DROPPED.sub("", name.replace("&", " and ")).casefold())
    words = ["saint" if word == "st" else word for word in words if word]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


@lru_cache(maxsize=1)
def load_tables() -> Tables:
    """Read both tables once. Raises RuleError when the alias file contradicts itself."""
    record = _read_aliases()
    iso_version, iso = _iso()
    codes = {spelling.casefold(): code for code, pair in iso.items() for spelling in (code, pair["alpha_3"])}
    plain = {code: fields["plain"] for code, fields in iso.items()} | record["names"]
    names: dict[str, str] = {}
    for code, name in _undated_names(record, iso):
        if names.setdefault(key_of(name), code) != code:
            raise RuleError(f"aliases.yaml: {name!r} stands for both {names[key_of(name)]} and {code}")
    dated: dict[str, Meaning] = {}
    for entry in record["dated"]:
        meaning = Meaning(entry["code"], entry.get("from"), entry.get("until"))
        dated |= {key_of(name): meaning for name in entry["names"]}
        plain.setdefault(entry["code"], entry.get("plain", entry["code"]))
    non_countries = frozenset(key_of(name) for name in record["non_countries"])
    _check_apart(names=names, dated=dated, non_countries=non_countries)
    return Tables(str(record["version"]), iso_version, codes, names, dated, non_countries, plain)


def _read_aliases() -> dict[str, Any]:
    record = yaml.safe_load(ALIASES.read_text(encoding="utf-8"))
    if set(record) != _SECTIONS:
        raise RuleError(f"aliases.yaml: sections must be {', '.join(sorted(_SECTIONS))}")
    for section in ("names", "aliases", "parts"):
        for code in record[section]:
            if not (isinstance(code, str) and len(code) == 2):  # YAML reads a bare NO as false
                raise RuleError(f"aliases.yaml: {section}: {code!r} is not a two-letter code; put it in quotes")
    return dict(record)


def _iso() -> tuple[str, dict[str, dict[str, str]]]:
    """Version, and alpha-2 -> {alpha_3, plain, and every name field}."""
    # Imported here because it costs 90 ms and only names of places need it.
    import pycountry  # noqa: PLC0415

    found = {}
    for country in pycountry.countries:
        fields = {f: getattr(country, f, "") for f in ("alpha_3", "name", "official_name", "common_name")}
        fields["plain"] = fields["common_name"] or fields["name"]
        found[country.alpha_2] = fields
    return str(pycountry.__version__), found


def _undated_names(record: Mapping[str, Any], iso: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for code, fields in iso.items():
        for field in ("name", "official_name", "common_name"):
            yield from ((code, name) for name in _orders(fields[field]))
    for code, name in record["names"].items():
        yield code, name
    for section in ("aliases", "parts"):
        for code, spellings in record[section].items():
            yield from ((code, spelling) for spelling in spellings)


def _orders(name: str) -> tuple[str, ...]:
    """`Korea, Republic of` -> itself and `Republic of Korea`; nothing for an empty name."""
    head, comma, tail = name.partition(", ")
    return (name, f"{tail} {head}") if comma else (name,) if name else ()


def _with_and_without_article(key: str) -> tuple[str, ...]:
    first, _, rest = key.partition(" ")
    return (key, rest) if rest and first in _ARTICLES else (key,)


def _check_apart(**sections: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for section, keys in sections.items():
        for key in keys:
            if seen.setdefault(key, section) != section:
                raise RuleError(f"aliases.yaml: {key!r} is listed under {seen[key]} and under {section}")


@lru_cache(maxsize=1)
def translations() -> Mapping[str, str]:
    """Key of a country name in LANGUAGES -> alpha-2. A spelling that means two countries is left out.

    Read only when a name is in no other table.
    """
    import pycountry  # noqa: PLC0415 - start-up time, as above

    _, iso = _iso()
    meant: dict[str, set[str]] = {}
    for language in LANGUAGES:
        catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for code, fields in iso.items():
            for field in ("name", "official_name", "common_name"):
                for name in _orders(catalogue.gettext(fields[field]) if fields[field] else ""):
                    for key in _with_and_without_article(key_of(name)):
                        meant.setdefault(key, set()).add(code)
    return {key: next(iter(codes)) for key, codes in meant.items() if len(codes) == 1}
