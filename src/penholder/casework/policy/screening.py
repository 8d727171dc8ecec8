"""How much a name resembles the spellings of a list, and why: a score that a person judges, never a verdict.

Words are compared as they are read (`kernel.letters`), without the forms of firms (`data/name_words.yaml`). The
score is the Indel similarity of the sorted words (rapidfuzz `token_sort_ratio`) or of the smaller set of words
within the larger (`token_set_ratio`, less a tenth, since one common word says little), whichever is higher; 0
to 100, whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from pathlib import Path

from rapidfuzz import fuzz

from penholder.casework.values import PlaceMatch
from penholder.kernel.errors import RuleError
from penholder.kernel.letters import folded
from penholder.rules.records import parse_record

THRESHOLD = 80
"""A name that resembles a spelling this much is shown to a person."""
SET_SHARE = Fraction(9, 10)
"""What a score of sets of words counts."""
_ALIKE = 85
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list. spellings: the name first."""

    party_list: str
    list_name: str
    key: str
    spellings: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Why a name resembles a spelling. near: (word of the name, word of the spelling, how alike)."""

    spelling: str
    score: int
    same: tuple[str, ...]
    near: tuple[tuple[str, str, int], ...]
    other: tuple[str, ...]


def words_of(name: str) -> tuple[str, ...]:
    """The words that tell names apart, in order: no case, accents or forms of firms, unless nothing is left.

    As they are read: letters that look alike count as one, and signs that cannot be seen are not there.
    """
    found = _WORD.findall(folded(name))
    telling = tuple(w for w in found if w not in _forms())
    return telling or tuple(found)


@cache
def _forms() -> frozenset[str]:
    file = Path(str(resources.files("penholder.casework").joinpath("data", "name_words.yaml")))
    record = parse_record(file.read_text(encoding="utf-8"), name="name_words.yaml", error=RuleError)
    return frozenset(record.words("left_out"))


def resemblance(name: str, spellings: Iterable[str]) -> Resemblance:
    """The spelling that comes nearest to a name; the first of several that are as near."""
    found = [_compared(name, s) for s in spellings]
    return max(found, key=lambda r: r.score)


def score_of(mine: tuple[str, ...], theirs: tuple[str, ...]) -> int:
    """0 to 100; 0 where either has no words."""
    if not mine or not theirs:
        return 0
    one, other = " ".join(mine), " ".join(theirs)
    return max(int(fuzz.token_sort_ratio(one, other)), int(fuzz.token_set_ratio(one, other) * SET_SHARE))


def _compared(name: str, spelling: str) -> Resemblance:
    mine, theirs = words_of(name), words_of(spelling)
    left = list(theirs)
    same, rest, near, other = [], [], [], []
    for word in mine:
        if word in left:
            same.append(word)
            left.remove(word)
        else:
            rest.append(word)
    for word in rest:
        nearest = max(left, key=lambda w: int(fuzz.ratio(word, w)), default="")
        alike = int(fuzz.ratio(word, nearest)) if nearest else 0
        if alike >= _ALIKE:
            near.append((word, nearest, alike))
            left.remove(nearest)
        else:
            other.append(word)
    return Resemblance(spelling, score_of(mine, theirs), tuple(same), tuple(near), tuple(other))


def place_match(mine: str, theirs: str) -> PlaceMatch:
    """Does the place of a party fit that of an entry?"""
    if not mine or not theirs:
        return PlaceMatch.NOT_STATED
    return PlaceMatch.SAME if mine == theirs else PlaceMatch.OTHER
