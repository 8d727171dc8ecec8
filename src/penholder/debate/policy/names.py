"""Names of members: one cannot look like another, nor like somebody who speaks for the authority."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from penholder.actions.errors import InvalidError
from penholder.debate.policy.machine import data

SHORTEST, LONGEST = 3, 40
_BETWEEN = " -_.'\u2019"


def checked_name(name: str, *, reserved: Iterable[str] = ()) -> str:
    """The name as it is shown: NFKC, single spaces.

    Args:
        reserved: more that nobody takes, beside data/names.yaml: the name of the authority.
    Raises: InvalidError: letters of two scripts, signs that cannot be seen, a reserved name.
    """
    shown = " ".join(unicodedata.normalize("NFKC", name).split())
    wrong = _fault(shown, (*_reserved(), *reserved))
    if wrong:
        raise InvalidError("this name is not taken", hint="choose another one", fields={"name": wrong})
    return shown


def skeleton(name: str) -> str:
    """What is compared: NFKC, case folded, look-alikes made one, without signs between the letters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(_alike().get(c, c) for c in folded if c.isalnum())
    plain = "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))
    for pair, one in _pairs():
        plain = plain.replace(pair, one)
    return plain


def _fault(shown: str, reserved: Iterable[str]) -> str:
    letters = [c for c in shown if c not in _BETWEEN]
    if not SHORTEST <= len(shown) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} characters"
    if not all(c.isalnum() for c in letters) or not any(c.isalpha() for c in letters):
        return "must be letters and digits, with spaces, hyphens, points or apostrophes between them"
    if len({_script(c) for c in letters if c.isalpha()}) > 1:
        return "must be in letters of one script"
    kept = {skeleton(r) for r in reserved}
    said = {skeleton(shown), *(skeleton(word) for word in _words(shown))}
    if said & kept or any(len(r) > 4 and r in skeleton(shown) for r in kept):
        return "is, or looks like, a name that is kept for others"
    return ""


def _words(shown: str) -> list[str]:
    for sign in _BETWEEN:
        shown = shown.replace(sign, " ")
    return shown.split()


def _script(letter: str) -> str:
    """The first word of the name of a letter: LATIN, GREEK, CYRILLIC, ARABIC."""
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0]


@cache
def _reserved() -> tuple[str, ...]:
    return data("names.yaml").words("reserved")


@cache
def _alike() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in data("names.yaml").words("alike"):
        one, _, others = row.partition(":")
        found |= dict.fromkeys(others.split(), one)
    return found


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    rows = (row.partition(":") for row in data("names.yaml").words("pairs"))
    return tuple((skeleton_of_pair(pair), one) for one, _, pair in rows)


def skeleton_of_pair(pair: str) -> str:
    """A pair as it looks after single letters were made one."""
    return "".join(_alike().get(c, c) for c in pair.strip())
