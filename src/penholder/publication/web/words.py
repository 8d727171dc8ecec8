"""Codes in words, for pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from penholder.kernel.errors import NotKnownError
from penholder.publication.figures import FigureKind
from penholder.publication.sentences import class_words, joined, lines_words
from penholder.publication.values import LineShown
from penholder.regime.licence_types import licence_types
from penholder.regime.regimes import regime
from penholder.register.values import Standing

__all__ = [
    "FIGURES",
    "REASONS",
    "class_words",
    "event_words",
    "field_words",
    "rule_set_words",
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
    "cause": "what it was made for",
    "words": "what was written",
    "title": "the title of the profile",
    "against_reasons": "reasons against the advice of officials",
    "gates": "whether questions were open about it",
    "gate_reasons": "if so, why their answer was not awaited",
    "left_lines": "which lines were left, and why",
    "skipped_lines": "which lines were skipped, and why",
    "stopped": "which lines were stopped",
    "moratorium": "terms of the moratorium",
    "their_reference": "the reference of customs",
    "text": "the text",
    "salt": "what is needed to check the text",
}
REASONS = {
    "entry": "something happened",
    "correction": "correction: it was so already, and was not known",
    "day": "a day came",
    "definition": "the policy or the definition changed",
}
"""Why a cell of a release differs from the release before."""
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
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


def event_words(name: str) -> str:
    """`register.LinesSurrendered` -> `Lines surrendered`."""
    return " ".join(_CAPITAL.split(name.rpartition(".")[2])).capitalize()


def rule_set_words(name: str) -> str:
    """`uk-selc-2021@3ad480d90a7e244e` -> title and id of the set of criteria, and its version."""
    code, _, version = name.partition("@")
    try:
        title = f"{regime(code).title} ({code})"
    except NotKnownError:
        title = code
    return f"{title}, version {version}" if version else title


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
        several = "Both lines are" if len(lines) == 2 else f"All {len(lines)} lines are"
        return f"{'The only line is' if len(lines) == 1 else several} {word}."
    each = [
        f"{lines_words(numbers)} {'is' if len(numbers) == 1 else 'are'} {word}"
        for word, numbers in grouped.items()
    ]
    text = joined(each)
    return f"{text[:1].upper()}{text[1:]}."
