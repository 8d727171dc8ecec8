"""Entries as sentences: the words of the disclosure policy with the fields of an entry in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from penholder.analysis.sources.places import name_and_code
from penholder.kernel.errors import InputError
from penholder.regime.end_users import end_user_classes
from penholder.regime.regimes import rule_called

_BRACES = re.compile(r"\{([a-z_]+)\}")
_ONE = re.compile(r"(?<![\d,.])1 (line|licence)s\b")
_DAY = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]\Z")
_PLACES = frozenset({"destination", "destinations", "added", "removed", "onward"})
_RULES = frozenset({"limb", "limbs", "refused_on"})
_CODES = frozenset({"release", "profile"})
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def sentence(says: str, fields: Mapping[str, Any]) -> str:
    """The sentence, without its stop. A field whose time has not come reads `not shown yet`."""
    made = _ONE.sub(r"1 \1", _BRACES.sub(lambda found: _said(found[1], fields), says))
    return made[:1].upper() + made[1:]


def _said(name: str, fields: Mapping[str, Any]) -> str:
    return words_of(name, fields[name]) if name in fields else "not shown yet"


def words_of(name: str, value: Any) -> str:
    """One value of a field, in words."""
    if name == "line":
        return lines_words([value])
    if isinstance(value, list | tuple):
        return lines_words(value) if name == "lines" else joined([words_of(name, v) for v in value]) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return _text_words(name, str(value)) if value else "not stated"


def _text_words(name: str, text: str) -> str:
    if _DAY.match(text):
        return day_words(date.fromisoformat(text))
    if name in _PLACES:
        return place_words(text)
    if name in _RULES:
        return rule_called(text)
    return text if name in _CODES else text.replace("_", " ")


def lines_words(numbers: Sequence[Any]) -> str:
    """`line 1`, `lines 1 and 3`, `lines 1 to 40`; a count (of many lines) stays a number."""
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    found = [int(n) for n in numbers]
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
        return f"lines {found[0]} to {found[-1]}"
    return f"lines {joined([str(n) for n in found])}"


def joined(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join([*([", ".join(words[:-1])] if words[:-1] else []), *words[-1:]])


def day_words(day: date) -> str:
    """`2 September 2024`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def place_words(code: str) -> str:
    """`Velmora (XV)`; a code that no table names stays a code."""
    try:
        return name_and_code(code)
    except InputError:
        return code


def class_words(code: str) -> str:
    """The class of an end user, as its table calls it."""
    found = end_user_classes().get(code)
    return str(getattr(found, "title", None) or code.replace("_", " "))
