"""What pydantic says of a wrong value, in plain words: one table for forms, API and command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NUMBER = "must be a number, with a point and without commas or spaces, like 50000.00"
_WHOLE = "must be a whole number"
_DAY = "must be a day, like 2026-11-22"
_MOMENT = "must be a moment, like 2026-11-22T10:14:05Z"
_LIST = "must be a list"
WORDS: Mapping[str, str] = {
    "missing": "is needed",
    "string_too_short": "is too short: at least {min_length} characters are needed",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_pattern_mismatch": "is not written as such a value is",
    "string_type": "must be text",
    "too_short": "is empty or too short: at least {min_length} needed",
    "too_long": "is too long: at most {max_length}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "finite_number": _NUMBER,
    "decimal_max_digits": "has too many digits: at most {max_digits}",
    "decimal_max_places": "has too many digits after the point: at most {decimal_places}",
    "decimal_whole_digits": "has too many digits before the point: at most {whole_digits}",
    "enum": "must be one of: {expected}",
    "literal_error": "must be one of: {expected}",
    "extra_forbidden": "is not known here: leave it out",
    "none_required": "must be left out",
}
"""Type of the error -> words; in braces: what pydantic knows of the limit."""
_BY_KIND: Mapping[str, str] = {
    "int": _WHOLE,
    "decimal": _NUMBER,
    "float": _NUMBER,
    "datetime": _MOMENT,
    "timezone": _MOMENT,
    "date": _DAY,
    "bool": "must be yes or no (true or false)",
    "tuple": _LIST,
    "list": _LIST,
    "set": _LIST,
    "model": "must be an object with named parts",
    "dataclass": "must be an object with named parts",
    "dict": "must be an object with named parts",
}
"""First word of the type of the error -> words, for those that the table above does not name."""


def words_of(kind: str, message: str, limits: Mapping[str, Any]) -> str:
    """What is wrong, as the end of a sentence that begins with the name of the field.

    Args:
        kind: pydantic's type of the error. message: what pydantic says, kept where the table knows nothing better.
        limits: what the type says of its limit (`min_length` and such); never what was given.
    """
    said = WORDS.get(kind) or _BY_KIND.get(kind.partition("_")[0])
    if said is None:
        return message.removeprefix("Value error, ")
    return said.format_map(limits)
