"""Which goods phrases occur in a description of a line: whole words, any case, any spacing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from penholder.analysis.tracing.graph import normal_phrase

_WORD = re.compile(r"\w+")


class PhraseIndex:
    """Goods phrases by their first word, so that a description is compared with few of them."""

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._by_word: dict[str, dict[str, re.Pattern[str]]] = {}
        for phrase in phrases:
            self.add(phrase)

    def add(self, phrase: str) -> None:
        """Add a phrase (normalised or not)."""
        normal = normal_phrase(phrase)
        whole = re.compile(rf"(?<!\w){re.escape(normal)}(?!\w)")
        self._by_word.setdefault(_first_word(normal), {})[normal] = whole

    def discard(self, phrase: str) -> None:
        """Take a phrase out, if it is there."""
        normal = normal_phrase(phrase)
        self._by_word.get(_first_word(normal), {}).pop(normal, None)

    def within(self, description: str) -> tuple[str, ...]:
        """The phrases that occur in the description as whole words, normalised and sorted."""
        normal = normal_phrase(description)
        words = {"", *_WORD.findall(normal)}
        found = (
            phrase
            for word in words & self._by_word.keys()
            for phrase, whole in self._by_word[word].items()
            if whole.search(normal)
        )
        return tuple(sorted(found))


def _first_word(phrase: str) -> str:
    match = _WORD.search(phrase)
    return match.group() if match else ""
