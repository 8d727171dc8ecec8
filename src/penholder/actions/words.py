"""Texts that an act needs (reasons, terms, grounds) say something; phrases that say nothing are a list."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.actions.errors import InvalidError
from penholder.kernel.errors import RuleError
from penholder.kernel.letters import folded
from penholder.rules.records import parse_record

_NOT_WORDS = re.compile(r"[^\w]+")


def check_words(**texts: str) -> None:
    """Reasons and terms say something. Raises: InvalidError naming each text that is blank or an empty phrase."""
    wrong = {n: "says nothing; write what happened and why" for n, t in texts.items() if says_nothing(t)}
    if wrong:
        raise InvalidError(
            f"{', '.join(wrong)}: blank, or a phrase that says nothing",
            hint="whoever is told of the act must be able to understand it from this text",
            fields=wrong,
        )


def says_nothing(text: str) -> bool:
    """Is a text blank, or a phrase that says nothing, however it is spelled?"""
    said = _letters(text)
    return len(said) < 2 or said in empty_phrases()


@cache
def empty_phrases() -> frozenset[str]:
    """Phrases that say nothing, by their letters: a space in a word makes no other phrase. Raises: RuleError."""
    name = "empty_phrases.yaml"
    file = Path(str(resources.files("penholder.actions").joinpath("data", name)))
    record = parse_record(file.read_text(encoding="utf-8"), name=name, error=RuleError)
    return frozenset(_letters(p) for p in record.words("phrases"))


def _letters(text: str) -> str:
    return plain(folded(text)).replace(" ", "").replace("_", "")


def plain(text: str) -> str:
    """Lower case, words only, one space between them."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()
