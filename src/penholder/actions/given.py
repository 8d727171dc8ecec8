"""What is given to an action, made storable before it is judged: text that every database and the ledger take."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from penholder.actions.errors import InvalidError
from penholder.ledger.entry import MAX_DEPTH, MAX_INTEGER

_LINES = "\n\t"


def cleaned(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same values with text in NFC and line ends as \\n.

    Raises: InvalidError, by field: text with control characters or halves of characters, integers beyond 2^53,
    nesting without end. The ledger would refuse them later, and not say which field it was.
    """
    made, wrong = {}, {}
    for name, value in given.items():
        try:
            made[name] = _clean(value, MAX_DEPTH)
        except ValueError as error:
            wrong[name if _is_text(name) else "all"] = str(error)
    if wrong:
        raise InvalidError("some values cannot be stored by anybody", hint="mend the named fields", fields=wrong)
    return made


def _clean(value: Any, depth: int) -> Any:
    if depth == 0:
        raise ValueError("is nested too deeply")
    if type(value) is str:
        if value.isascii() and value.isprintable():
            return value
        if not _is_text(value):
            raise ValueError("holds control characters, or characters that are no text")
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    if type(value) is int and abs(value) > MAX_INTEGER:
        raise ValueError(f"is beyond {MAX_INTEGER}, the largest number that everybody reads the same")
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(_clean(item, depth - 1) for item in value)
    if type(value) is dict:
        return {_clean(name, depth - 1): _clean(item, depth - 1) for name, item in value.items()}
    return value


def check_numbers(read: Mapping[str, Any]) -> None:
    """The same limit once more, after texts have become numbers. Raises: InvalidError, by field."""
    wrong = [name for name, value in read.items() if _is_beyond(value)]
    if wrong:
        said = f"is beyond {MAX_INTEGER}, the largest number that everybody reads the same"
        raise InvalidError(
            "some numbers cannot be stored by anybody",
            hint="mend the named fields",
            fields=dict.fromkeys(wrong, said),
        )


def _is_beyond(value: Any) -> bool:
    if type(value) is int:
        return abs(value) > MAX_INTEGER
    if type(value) is str or isinstance(value, str | bytes):
        return False
    if isinstance(value, Mapping):
        return any(_is_beyond(v) for v in value.values())
    if isinstance(value, Collection):
        return any(_is_beyond(v) for v in value)
    if is_dataclass(value):
        return any(_is_beyond(getattr(value, f.name)) for f in fields(value))
    return isinstance(value, BaseModel) and any(_is_beyond(v) for _, v in value)


def _is_text(text: str) -> bool:
    """No control characters but line end and tab, no halves of characters (surrogates)."""
    if text.isascii() and text.isprintable():
        return True
    return all(c in _LINES or unicodedata.category(c) not in {"Cc", "Cs"} for c in text.replace("\r\n", "\n"))
