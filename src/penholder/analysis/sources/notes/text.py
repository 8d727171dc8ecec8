"""A note as sentences: the words as written, and the same words in the plain spelling that patterns match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CHARS = 5_000
"""Notes are a few sentences; of a longer text only the beginning is read."""
_END = re.compile(r"(?<=[.;!?])\s+|\s[-\u2013\u2014]\s|[\r\n]+")
_SPELLINGS = (
    (re.compile(r"[\u2018\u2019`]"), "'"),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s*/\s*"), "/"),
    (re.compile(r"\bend\s*-\s*use", re.IGNORECASE), "end use"),
    (re.compile(r"\b(non|ex)\s-\s", re.IGNORECASE), r"\1-"),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`written` keeps capitals (names of states); `plain` is the same in lower case, letter for letter."""

    written: str

    @property
    def plain(self) -> str:
        return "".join(low if len(low := c.lower()) == 1 else c for c in self.written)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a note, without empty ones. A lone ` - ` counts as an end too."""
    for part in _END.split(text[:MAX_CHARS]):
        written = part
        for pattern, plain in _SPELLINGS:
            written = pattern.sub(plain, written)
        if written.strip(" .;\"'"):
            yield Sentence(written.strip())
