"""One cell -> one value, or the reason why not. Called once for each distinct text of a batch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.sources.dates import read_date
from penholder.analysis.sources.mapping import ColumnRule, Style, folded
from penholder.kernel.dates import EPOCH, PartialDate
from penholder.kernel.errors import InputError
from penholder.kernel.grade import parse_grade
from penholder.regime.end_users import end_user_classes
from penholder.regime.hints import split_codes

_LISTS = frozenset({"list", "places"})
JOIN = "\x1f"
"""Between the texts of several columns that are read as one."""
_YES = frozenset({"1", "yes", "true", "y", "t"})
_NO = frozenset({"0", "no", "false", "n", "f"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?\Z", re.ASCII)
_MAX_COUNT = 2**31 - 1
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why a cell cannot be read."""

    reason: str


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """`10+`: at least `least`, no upper bound given."""

    least: int


Parse = Callable[[str], Any]
"""Text -> value, None (not stated) or CellFault."""


def parser(rule: ColumnRule, style: Style) -> Parse:
    """The function that reads the cells of a rule. Its results are: `str`, `int`, `Decimal`, `float`, `bool`,
    `PartialDate`, `OpenEnd`, None where not stated, CellFault where it cannot be read."""
    form = _FORMS[rule.target.form](rule, style)
    needed = rule.target.needed
    coded = _flagged if rule.flags else _whole if rule.target.form in _LISTS else _coded

    def read(text: str) -> Any:
        word = coded(rule, text)
        value = None if word is None else word if isinstance(word, CellFault) else form(word)
        return CellFault("missing_required") if value is None and needed else value

    return read


def shown(text: str) -> str:
    """The text as the quarantine shows it: one line, cut."""
    return " ".join(text.replace(JOIN, " ").split())[:_SHOWN]


def _coded(rule: ColumnRule, text: str) -> str | CellFault | None:
    word = text.strip().removesuffix(rule.cut_end)
    if word in rule.null_words or not word.replace(JOIN, ""):
        return None
    if rule.fold and not rule.codes:
        return folded(word)
    if rule.codes:
        known = rule.codes.get(folded(word) if rule.fold else word)
        if known is not None:
            return known
        if rule.others != "keep":
            return None if rule.others == "null" else CellFault("unknown_code")
    return rule.prefix + word


def _whole(rule: ColumnRule, text: str) -> str | None:
    """The cell of a list; its entries are translated one by one, later."""
    word = text.strip()
    return None if word in rule.null_words or not word.replace(JOIN, "") else word


def _flagged(rule: ColumnRule, text: str) -> str | None:
    cells = text.split(JOIN)
    said = [word for cell, word in zip(cells, rule.flags.values(), strict=False) if cell.strip().lower() in _YES]
    return LIST_SEPARATOR.join(said) or None


def _text(_rule: ColumnRule, _style: Style) -> Parse:
    return lambda word: " ".join(word.split()) or None


def _key(_rule: ColumnRule, _style: Style) -> Parse:
    return _joined_key


def _joined_key(word: str) -> str:
    """The parts of a key with hyphens between them; a hyphen within a part before the last is written `~-`.

    So no two different lists of parts give one key: (`A-1`, `2`) is `A~-1-2`, (`A`, `1-2`) is `A-1-2`.
    """
    *first, last = (part.strip() for part in word.split(JOIN))
    return "-".join([*(part.replace("~", "~~").replace("-", "~-") for part in first), last])


def _word(rule: ColumnRule, _style: Style) -> Parse:
    allowed = rule.target.words
    return lambda word: word if not allowed or word in allowed else CellFault("unknown_code")


def _end_user(_rule: ColumnRule, _style: Style) -> Parse:
    classes = {*end_user_classes(), "not_stated"}
    return lambda word: word if set(word.split(";")) <= classes else CellFault("unknown_code")


def _split_list(word: str, rule: ColumnRule) -> list[str]:
    """The entries of a list cell, without repeats, empty ones, and the words to leave out."""
    if rule.joined:
        parts = word.split(JOIN)
    elif rule.list_separator == "json":
        parts = _json_list(word)
    else:
        parts = word.split(rule.list_separator) if rule.list_separator else [word]
    cleaned = (" ".join(p.replace(";", ",").split()) for p in parts)
    return list(dict.fromkeys(c for c in cleaned if c not in rule.leave_out and c not in rule.null_words))


def _json_list(word: str) -> list[str]:
    try:
        found = json.loads(word)
    except (ValueError, RecursionError):
        return [word]
    return [str(f) for f in found] if isinstance(found, list) else [str(found)]


def _rating_parts(entries: list[str], rule: ColumnRule) -> list[str]:
    """Codes that stand in one entry, one by one; an entry that the mapping translates stays whole."""
    known = (folded(e) if rule.fold else e for e in entries)
    codes = [(e,) if k in rule.codes else split_codes(e) for e, k in zip(entries, known, strict=True)]
    return [c for some in codes for c in some if c not in rule.leave_out and c not in rule.null_words]


def _as_given(entries: list[str], _rule: ColumnRule) -> list[str]:
    return entries


def _list(rule: ColumnRule, _style: Style) -> Parse:
    parts = _rating_parts if rule.target.name == "rating" else _as_given

    def read(word: str) -> str | CellFault | None:
        if rule.flags:
            return word
        entries = [_coded(rule, entry) for entry in parts(_split_list(word, rule), rule)]
        wrong = next((e for e in entries if isinstance(e, CellFault)), None)
        words = (e for e in entries if isinstance(e, str))
        return wrong or LIST_SEPARATOR.join(dict.fromkeys(words)) or None

    return read


def _day(rule: ColumnRule, _style: Style) -> Parse:
    def read(word: str) -> PartialDate | CellFault:
        return read_date(word, rule.dates) or CellFault("not_a_date")

    return read


def _flag(_rule: ColumnRule, _style: Style) -> Parse:
    def read(word: str) -> bool | CellFault:
        low = word.lower()
        return low in _YES if low in _YES | _NO else CellFault("unknown_code")

    return read


def _grade(_rule: ColumnRule, _style: Style) -> Parse:
    def read(word: str) -> str | CellFault:
        try:
            return str(parse_grade(word))
        except InputError:
            return CellFault("unknown_code")

    return read


@lru_cache(maxsize=64)
def _grouped(thousands: str, decimal: str) -> re.Pattern[str]:
    group = r"[\s\u00a0\u2007\u2009\u202f]" if thousands.isspace() else re.escape(thousands)
    point = re.escape(decimal)
    return re.compile(rf"([+-]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d+)((?:{point}\d*)?)\Z", re.ASCII)


def plain_number(word: str, style: Style) -> str:
    """The same number with a point and without separators; unchanged where it is not written in the style."""
    for sign in style.ignore:
        word = word.replace(sign, "")
    word = word.strip()
    if not style.thousands and style.decimal == ".":
        return word
    if style.thousands:
        match = _grouped(style.thousands, style.decimal).match(word)
        if match:
            digits = re.sub(r"[^0-9]", "", match[2])
            return match[1] + digits + match[3].replace(style.decimal, ".")
        return word if style.thousands != "." and style.decimal == "." else f"?{word}"
    return word.replace(style.decimal, ".") if "." not in word else f"?{word}"


def _decimal(places: int, digits: int) -> Callable[[ColumnRule, Style], Parse]:
    def make(rule: ColumnRule, style: Style) -> Parse:
        step = Decimal(1).scaleb(-places)
        limit = Decimal(10) ** digits

        def read(word: str) -> Decimal | CellFault:
            text = plain_number(word, style)
            if not _NUMBER.match(text):
                return CellFault("not_a_number")
            try:
                number = Decimal(text) if rule.multiply == 1 else Decimal(text) * rule.multiply
                if abs(number) >= limit:
                    return CellFault("number_out_of_range")
                exact = number.quantize(step, rounding=ROUND_HALF_EVEN)
            except InvalidOperation:
                return CellFault("number_out_of_range")
            if number < 0:
                return CellFault("negative_value")
            return exact if rule.round or exact == number else CellFault("too_precise")

        return read

    return make


def _count(_rule: ColumnRule, style: Style) -> Parse:
    def read(word: str) -> int | CellFault:
        text = plain_number(word, style)
        if not _NUMBER.match(text):
            return CellFault("not_a_number")
        number = Decimal(text)
        if abs(number) > _MAX_COUNT:
            return CellFault("number_out_of_range")
        if number < 0:
            return CellFault("negative_value")
        return int(number) if number == int(number) else CellFault("not_a_whole_number")

    return read


def _bound(rule: ColumnRule, style: Style) -> Parse:
    count = _count(rule, style)

    def read(word: str) -> int | OpenEnd | CellFault | Any:
        if not rule.open_mark or not word.endswith(rule.open_mark):
            return count(word)
        least = count(word.removesuffix(rule.open_mark).strip())
        return OpenEnd(least) if isinstance(least, int) else least

    return read


def _degrees(rule: ColumnRule, style: Style) -> Parse:
    limit = 90 if rule.target.name == "latitude" else 180

    def read(word: str) -> float | CellFault:
        text = plain_number(word, style)
        if not _NUMBER.match(text):
            return CellFault("not_a_number")
        degrees = float(text)
        return degrees if -limit <= degrees <= limit else CellFault("number_out_of_range")

    return read


_FORMS: dict[str, Callable[[ColumnRule, Style], Parse]] = {
    "key": _key,
    "text": _text,
    "word": _word,
    "end_user": _end_user,
    "list": _list,
    "day": _day,
    "last_day": _day,
    "place": _text,  # resolved later, with the day of the record
    "places": _list,
    "money": _decimal(2, 16),
    "quantity": _decimal(3, 15),
    "count": _count,
    "bound": _bound,
    "degrees": _degrees,
    "flag": _flag,
    "grade": _grade,
}


def days(value: PartialDate, *, last: bool = False) -> int:
    """Days since 1970-01-01 of the first (or last) day that a date can mean."""
    return ((value.last if last else value.first) - EPOCH).days
