"""Fit the words of an answer into the width of a terminal: hanging indents, breaks between items, not in words."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

ELSEWHERE = 100
"""Width where there is no terminal that could say."""
_LEAST = 40
_ROOM = 26
_GAP, _DOT = "   ", " · "
_STAY = "\N{NO-BREAK SPACE}"


def terminal_width() -> int:
    """Columns of the terminal; the environment variable COLUMNS goes before."""
    return max(shutil.get_terminal_size((ELSEWHERE, 24)).columns, _LEAST)


def sentence(text: str, *, width: int, indent: int = 2) -> list[str]:
    """A sentence, its further lines indented."""
    return textwrap.wrap(
        text, width, subsequent_indent=" " * indent, break_on_hyphens=False, break_long_words=False
    ) or [""]


def command(text: str, words: Sequence[str], *, width: int) -> list[str]:
    """`Next: penholder why ...`: broken between words with a backslash, so that it can be copied into a shell."""
    lines, line = [], text
    for at, word in enumerate(words):
        room = width - (2 if at + 1 < len(words) else 0)
        if line != text and len(line) + 1 + len(word) > room:
            lines.append(f"{line} \\")
            line = " " * len(text) + " " + word
        else:
            line = f"{line} {word}"
    return [*lines, line]


def items(head: str, groups: Sequence[Sequence[str]], *, width: int, indent: int | None = None) -> list[str]:
    """A head and groups of items behind it: groups stand apart by a gap, items of a group by a dot.

    Further lines begin under the first item, or at `indent`. Where that leaves too little room, the head stands
    alone.
    """
    hang = len(head) if indent is None else indent
    lines, line = [], head
    if width - hang < _ROOM:
        hang = 4
    if width - len(head) < _ROOM and head:
        lines, line = [head.rstrip()], " " * hang
    pieces = [(_DOT if at else _GAP, item) for group in groups for at, item in enumerate(group)]
    fresh = True
    for at, (separator, item) in enumerate(pieces):
        followed = at + 1 < len(pieces) and pieces[at + 1][0] == _DOT
        needed = len(item) + (len(_DOT.rstrip()) if followed else 0)
        if not fresh and len(line) + len(separator) + needed > width:
            lines.append(f"{line}{separator}".rstrip())
            line, fresh = " " * hang, True
        if fresh and line.strip() and len(line) + needed > width and hang < len(line):
            lines.append(line.rstrip())
            line = " " * hang
        *whole, last = _broken(item, width - len(line) - needed + len(item)) if fresh else [item]
        for part in whole:
            lines.append(line + part)
            line = " " * hang
        line = f"{line}{last}" if fresh else f"{line}{separator}{last}"
        fresh = False
    return [*lines, line.rstrip()]


def _broken(item: str, width: int) -> list[str]:
    """An item that is wider than the room for it, in several lines; its last word (a number) is never alone."""
    if len(item) <= width:
        return [item]
    kept = _STAY.join(item.rsplit(" ", 1))
    lines = textwrap.wrap(kept, max(width, 8), break_on_hyphens=False, break_long_words=False)
    return [line.replace(_STAY, " ") for line in lines]
