"""Which classes of end user a sentence names, and how plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from penholder.analysis.sources.notes import patterns
from penholder.analysis.sources.notes.facts import MAYBE_FORCES

_WINDOW = 160  # characters of context: longer lists of users do not occur
_COMMERCIAL = "commercial"
_TERM = "|".join(word for _, words in patterns.USER_WORDS for word in words)
_PART = "|".join((_TERM, *patterns.FILLERS))
_GAP = rf"[ ,/&]*(?:(?:{patterns.LINKS})\b[ ,/&]*)*"
_LIST = rf"((?:{_TERM})\b(?:{_GAP}(?:{_PART})\b(?! ?-))*)"
_AT_END = re.compile(rf"(?:\b(?:{_PART})\b{_GAP})+ ?$")
_AT_START = re.compile(rf"^ ?(?:(?:the|an?|any|for|by) )*(?:{patterns.SKIPPED_BEFORE_BODY} ){{0,5}}?{_LIST}")
_ALONE = re.compile(rf"^(?:the )?{_LIST}[ .]*$")
_COPULA = re.compile(r" (?:is|are|will be) *(?:the )?$")


class Strength(IntEnum):
    """How plainly a user is named."""

    IMPLIED = 0  # by what is done ("used by athletes")
    PLAIN = 1  # "for naval use"
    STATED = 2  # "armed forces end use", "used by the police"
    END_USE = 3  # "Civilian end use": says it of the end use itself


@dataclass(frozen=True, slots=True)
class Named:
    """Classes named by some words of a sentence; `at` is where the words begin.

    `customer`: they are named as customers, or as those to whom the goods are shown.
    """

    classes: frozenset[str]
    strength: Strength
    words: str
    at: int
    customer: bool = False


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"\b(?:{'|'.join(words)})\b")) for name, words in patterns.USER_WORDS)


def classes_of(phrase: str) -> frozenset[str]:
    """The classes whose words a phrase holds. A government phrase that names the military is the forces."""
    found = set()
    for name, pattern in _compiled():
        phrase, count = pattern.subn(lambda m: " " * len(m.group()), phrase)
        if count:
            found.add(name)
    return frozenset(found - {"government"} if "forces" in found else found)


def users_in(plain: str) -> list[Named]:
    """Every naming of a user in a sentence (denials already blanked)."""
    found = [*_end_uses(plain), *_plain_uses(plain), *_by_whom(plain), *_for_whom(plain), *_beside(plain)]
    for name, pattern in patterns.IMPLIED_USERS:
        if match := pattern.search(plain):
            found.append(Named(frozenset({name}), Strength.IMPLIED, match.group(), match.start()))
    if len(plain) <= _WINDOW and (alone := _ALONE.match(plain)):
        found.append(Named(classes_of(alone.group(1)), Strength.STATED, alone.group(1), 0))
    return [named for named in found if named.classes]


def _list_before(plain: str, end: int) -> tuple[int, str]:
    """The list of users that ends at `end`: where it begins, and its words ("" if there is none)."""
    start = max(0, end - _WINDOW)
    match = _AT_END.search(plain[start:end])
    return (start + match.start(), match.group().strip(" ,/&")) if match else (end, "")


def _end_uses(plain: str) -> Iterator[Named]:
    for head in patterns.END_USE.finditer(plain):
        at, words = _list_before(plain, head.start())
        classes = classes_of(words)
        if not classes and (copula := _COPULA.search(plain[:at])):
            at, words = _list_before(plain, copula.start())
            classes = classes_of(words)
        yield Named(classes, Strength.END_USE, f"{words} {head.group()}", at)
        if after := patterns.AFTER_END_USE.match(plain[head.end() :]):
            listed = _AT_START.match(after.group(1)[:_WINDOW])
            words = listed.group(1) if listed else ""
            yield Named(classes_of(words), Strength.END_USE, f"{head.group()} {words}", head.start())


def _plain_uses(plain: str) -> Iterator[Named]:
    for head in patterns.PLAIN_USE.finditer(plain):
        at, words = _list_before(plain, head.start())
        customer = bool(patterns.CUSTOMERS.match(head.group()))
        yield Named(classes_of(words), Strength.PLAIN, f"{words} {head.group()}", at, customer)
        if customer and (who := patterns.WITH_CUSTOMERS.search(plain[:at])):
            at, words = _list_before(plain, who.start())
            named = Named(classes_of(words), Strength.STATED, f"{words} with {head.group()}", at)
            yield _without_company(named, named.classes, passes_on=_passes_on(plain))


def _by_whom(plain: str) -> Iterator[Named]:
    passes_on = _passes_on(plain)
    for named, ends in _bodies(plain, patterns.BY_WHOM):
        classes = named.classes if ends else named.classes & MAYBE_FORCES
        yield _without_company(named, classes, passes_on=passes_on)


def _for_whom(plain: str) -> Iterator[Named]:
    passes_on = _passes_on(plain)
    for named, ends in _bodies(plain, patterns.FOR_WHOM):
        yield _without_company(named, named.classes if ends else frozenset(), passes_on=passes_on)


def _beside(plain: str) -> Iterator[Named]:
    """Forces named as customer or partner ("deliver to the navy"): an excess of caution, never a civil class."""
    for head in patterns.BESIDE_WHOM.finditer(plain):
        rest = plain[head.end() : head.end() + _WINDOW]
        body = patterns.FORCE_BODY.match(rest)
        if body and patterns.BODY_ENDS.match(rest[body.end() :]):
            shown = bool(patterns.DEMONSTRATED_TO.search(plain[: head.end()]))
            yield Named(frozenset({"forces"}), Strength.PLAIN, head.group() + body.group(), head.start(), shown)


def _bodies(plain: str, preposition: re.Pattern[str]) -> Iterator[tuple[Named, bool]]:
    """Bodies named after a preposition, and whether the name of the body ends there."""
    for head in preposition.finditer(plain):
        rest = plain[head.end() : head.end() + _WINDOW]
        if listed := _AT_START.match(rest):
            words = listed.group(1)
            ends = bool(patterns.BODY_ENDS.match(rest[listed.end() :]))
            named = Named(classes_of(words), Strength.STATED, f"{head.group()} {words}", head.start())
            yield replace(named, customer=bool(patterns.DEMONSTRATED_TO.search(head.group()))), ends


def _passes_on(plain: str) -> bool:
    """Does the sentence say that the goods are built into something, stocked or sold on?"""
    return any(p.search(plain) for p in (patterns.INTEGRATOR, patterns.POOLED, patterns.RESALE))


def _without_company(named: Named, classes: frozenset[str], *, passes_on: bool) -> Named:
    """A company that passes the goods on is not counted as their user."""
    return replace(named, classes=classes - {_COMMERCIAL} if passes_on else classes)
