"""Codes in words, for pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from penholder.publication.figures import FigureKind
from penholder.publication.sentences import class_words, joined, lines_words
from penholder.publication.values import LineShown
from penholder.regime.licence_types import licence_types
from penholder.register.values import Standing

__all__ = [
    "FIGURES",
    "class_words",
    "field_words",
    "standing_words",
    "status_sentence",
    "statuses_words",
    "thing_words",
    "type_words",
]
FIGURES = {FigureKind.IN_FORCE: "Licences in force", FigureKind.SUSPENDED: "Licences suspended"}
_STANDING = {
    Standing.DRAFT: "draft",
    Standing.ISSUED: "in force",
    Standing.END_NOT_STATED: "issued, end not stated",
    Standing.SUSPENDED: "suspended",
    Standing.EXHAUSTED: "exhausted",
    Standing.EXPIRED: "expired",
    Standing.EXPIRED_WHILE_SUSPENDED: "expired while suspended",
    Standing.SURRENDERED: "surrendered",
    Standing.REVOKED: "revoked",
}
_FIELDS = {
    "actor": "who acted",
    "reference": "reference and holder",
    "before": "terms before: goods, quantities, values",
    "after": "terms after: goods, quantities, values",
    "decision": "reasons in words, and who decided",
    "notice": "the notice",
    "file": "the notice as a file",
    "file_digest": "what is needed to check that file",
    "cause": "for what it was made",
    "text": "the text",
    "salt": "what is needed to check the text",
}
_THINGS = {
    "licence": "Licence",
    "decision": "Decision",
    "moratorium": "Moratorium",
    "exemption": "Exemption",
    "hold": "Hold",
    "change": "Review",
    "assessment": "Assessment",
    "statement": "Statement",
    "promise": "Promise",
    "incident": "Reported incident",
    "imported": "Reported incidents",
    "release": "Release of this site",
    "announced": "Release of another series, announced",
    "loaded": "Release of another series",
    "ledger": "The log itself",
    "concern": "Concern",
}


def standing_words(standing: Standing) -> str:
    """`in force`, `suspended`, ..."""
    return _STANDING[standing]


def type_words(code: str) -> str:
    """The licence type, as its table calls it."""
    found = licence_types().get(code)
    return found.title if found else code.replace("_", " ")


def field_words(name: str) -> str:
    """A field that is withheld."""
    return _FIELDS.get(name, name.replace("_", " "))


def thing_words(kind: str) -> str:
    """A kind of thing."""
    return _THINGS.get(kind, kind)


def statuses_words(lines: Iterable[LineShown]) -> str:
    """`2 in force, 1 suspended`."""
    counts = Counter(_STANDING[line.standing] for line in lines)
    return ", ".join(f"{n} {word}" for word, n in counts.items())


def status_sentence(lines: tuple[LineShown, ...]) -> str:
    """The status of a licence in one sentence: the answer first."""
    if not lines:
        return "It was not issued by that day."
    grouped: dict[str, list[int]] = {}
    for line in lines:
        grouped.setdefault(_STANDING[line.standing], []).append(line.number)
    if len(grouped) == 1:
        word = next(iter(grouped))
        return f"{'The only line is' if len(lines) == 1 else f'All {len(lines)} lines are'} {word}."
    each = [
        f"{lines_words(numbers)} {'is' if len(numbers) == 1 else 'are'} {word}"
        for word, numbers in grouped.items()
    ]
    text = joined(each)
    return f"{text[:1].upper()}{text[1:]}."
