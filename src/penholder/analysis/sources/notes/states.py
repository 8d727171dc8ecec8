"""States that a note names: by name ("end user in Ardenia") or by adjective ("Ardenian Navy")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from penholder.analysis.sources import places
from penholder.kernel.errors import RuleError
from penholder.rules.records import read_record

ADJECTIVES = Path(__file__).parent / "data" / "nationalities.yaml"
_NAME = re.compile(r"\b[A-Z][\w'&.-]*(?: (?:(?:of the|of|and|the) )?[A-Z][\w'&-]*){0,6}")
_LONGEST_CODE = 3
_SHORT_NAME = re.compile(r"(?:UK|US|USA|UAE|DRC|X[A-Z])\Z")  # other codes are too like words ("IT", "NO")


@lru_cache(maxsize=1)
def adjectives() -> dict[str, str]:
    """Adjective as written, with its capital -> ISO code. Raises RuleError for one that stands for two states."""
    table = read_record(ADJECTIVES, error=RuleError)
    table.refuse_unknown({"version", "adjectives"})
    states = table.child("adjectives")
    found: dict[str, str] = {}
    for code in states.keys():  # noqa: SIM118 - a Record is no dict
        for word in states.words(code):
            if found.setdefault(word, code) != code:
                raise states.refusal(code, f"{word!r} stands for both {found[word]} and {code}")
    return found


@lru_cache(maxsize=1)
def _adjective_pattern() -> re.Pattern[str]:
    longest_first = sorted(adjectives(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")(?=[\s/])")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a sentence: where its words begin and end, and its code."""

    start: int
    end: int
    code: str
    kind: places.PlaceKind


def mentions(written: str) -> list[Mention]:
    """Every country, listed non-country and adjective of a state, in order; the longest name wins."""
    found: list[Mention] = []
    names = ((m.start(), _place_at(m.group())) for m in _NAME.finditer(written))
    found += [Mention(start, start + length, place.code, place.kind) for start, (length, place) in names if place]
    taken = {(m.start, m.end) for m in found}
    for match in _adjective_pattern().finditer(written):
        if match.span() not in taken:
            code = adjectives()[match.group()]
            found.append(Mention(match.start(), match.end(), code, places.PlaceKind.COUNTRY))
    return sorted(found, key=lambda m: (m.start, m.end))


def _place_at(run: str) -> tuple[int, places.Place | None]:
    """The longest beginning of a run of capitalised words that is a place, with its length."""
    words = run.split(" ")
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).rstrip(".'")
        if len(name) <= _LONGEST_CODE and not _SHORT_NAME.match(name):
            continue
        place = places.resolve(name)
        if place.kind is not places.PlaceKind.UNRECOGNISED:
            return len(name), place
    return 0, None
