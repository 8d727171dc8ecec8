"""Lines of words that are safe to show, folded to a width with a hanging indent. Nothing is cut."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

_COLUMN = re.compile(r" *\S+(?: \S+)*(?: {2,}[\d,]+(?= ))? {2,}")
"""A label, perhaps a number, and the space before what belongs to them."""
_COMMAND = re.compile(r" *(?:[A-Z][\w ]*: +|\$ )?penholder [a-z]")
_GOES_ON = " \\"
_CONTROLS = {c: "\N{REPLACEMENT CHARACTER}" for c in (*range(32), *range(127, 160)) if c != ord("\n")}


def safe(text: str) -> str:
    """`text` without control characters: data must not move the cursor or change the colours of a terminal."""
    return text.translate(_CONTROLS)


def folded(line: str, width: int, *, hang: int | None = None) -> list[str]:
    """`line` as lines of at most `width` characters, broken between words; an empty line stays one.

    Further lines begin at `hang`: if not given, below the notes of a labelled row, else two past the indent.
    A command goes on after a backslash, so that it can still be copied into a shell.
    """
    if len(line) <= width:
        return [line]
    goes_on = _GOES_ON if _COMMAND.match(line) and "#" not in line else ""
    at = _hang_of(line, width) if hang is None else hang
    pieces = textwrap.wrap(
        line,
        max(width - len(goes_on), at + 1),
        subsequent_indent=" " * at,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    return [piece + goes_on for piece in pieces[:-1]] + pieces[-1:]


def folded_all(lines: Iterable[str], width: int) -> list[str]:
    """Every line folded; a line break inside a text begins a new line."""
    return [piece for line in lines for part in line.split("\n") for piece in folded(part, width)]


def _hang_of(line: str, width: int) -> int:
    column = _COLUMN.match(line)
    if column and column.end() <= width // 2:
        return column.end()
    return min(len(line) - len(line.lstrip(" ")) + 2, width // 2)
