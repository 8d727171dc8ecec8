"""What is given to an action, made storable before it is judged: text that every database and the ledger take."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

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
        if not _is_text(value):
            raise ValueError("holds control characters, or characters that are no text")
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    if type(value) is int and abs(value) > MAX_INTEGER:
        raise ValueError(f"is beyond {MAX_INTEGER}, the largest number that everybody reads the same")
    if type(value) in (list, tuple):
        return type(value)(_clean(item, depth - 1) for item in value)
    if type(value) is dict:
        return {_clean(name, depth - 1): _clean(item, depth - 1) for name, item in value.items()}
    return value


def _is_text(text: str) -> bool:
    """No control characters but line end and tab, no halves of characters (surrogates)."""
    if text.isascii() and text.isprintable():
        return True
    return all(c in _LINES or unicodedata.category(c) not in {"Cc", "Cs"} for c in text.replace("\r\n", "\n"))
