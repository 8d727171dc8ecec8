"""Whether an answer answers: dispositions, grounds that say something, sources, and no grounds used twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from penholder.concerns.errors import EmptyAnswerError
from penholder.concerns.policy.clocks import Policy, check_points
from penholder.concerns.policy.machine import data
from penholder.concerns.values import Disposition, PointAnswer
from penholder.kernel.letters import folded

_SHINGLE = 4
_NOT_WORDS = re.compile(r"[\W_]+")
_NEEDS_ACTION = frozenset({Disposition.UPHELD, Disposition.PARTLY})
_FEWEST_WORDS = 8
_LONG = 10
"""Letters from which a stock phrase is found across the spaces of a text, too."""


def normal(text: str) -> str:
    """As it is read (`kernel.letters`), words only, one space between them."""
    return _NOT_WORDS.sub(" ", folded(text)).strip()


@cache
def stock_phrases() -> tuple[str, ...]:
    """Phrases that answer nothing, the longest first. Raises: RuleError."""
    return tuple(sorted({normal(p) for p in data("stock_phrases.yaml").words("phrases")}, key=len, reverse=True))


def substance(text: str) -> str:
    """What is left of a text without stock phrases."""
    before, left = "", normal(text)
    while left != before:
        before, left = left, " ".join(_stock().sub(" ", left).split())
    return left


@cache
def _stock() -> re.Pattern[str]:
    return re.compile(r"(?<!\S)(?:" + "|".join(map(re.escape, stock_phrases())) + r")(?!\S)")


def letters_of(text: str) -> int:
    """Letters and digits that are left without stock phrases, however their words are spaced."""
    joined = substance(text).replace(" ", "")
    for phrase in stock_phrases():
        run = phrase.replace(" ", "")
        if len(run) >= _LONG:
            joined = joined.replace(run, "")
    return len(joined)


def shingles(text: str) -> frozenset[str]:
    """All runs of four letters of the normal text; of a shorter one, itself."""
    said = normal(text)
    return frozenset(said[n : n + _SHINGLE] for n in range(max(1, len(said) - _SHINGLE + 1)))


def similarity(one: str, other: str) -> int:
    """Jaccard similarity of the shingles, in percent, rounded down."""
    a, b = shingles(one), shingles(other)
    return 100 * len(a & b) // len(a | b)


def says_too_little(grounds: str, *, letters: int) -> str:
    """What is wrong with grounds; "" where they say something."""
    if letters_of(grounds) < letters:
        return (
            f"says too little: {letters} letters at least, phrases that answer nothing not counted; "
            "write what was looked at and what follows from it"
        )
    if len(set(substance(grounds).split())) < _FEWEST_WORDS:
        return "repeats itself: write what was looked at and what follows from it"
    return ""


def promises(given: PointAnswer) -> bool:
    """Does the answer to a point say that something will be done?"""
    return bool(substance(given.action))


def faults_of(given: PointAnswer, *, policy: Policy) -> dict[str, str]:
    """Field of one point's answer -> what is wrong with it."""
    wrong: dict[str, str] = {}
    if said := says_too_little(given.grounds, letters=policy.grounds_letters):
        wrong["grounds"] = said
    if not all(map(normal, given.records)) or bool(given.records) == bool(substance(given.none_because)):
        wrong["records"] = "name what was looked at, or say why there is nothing: one of the two"
    has_action = promises(given)
    if has_action == bool(substance(given.no_action_because)):
        wrong["action"] = "say what will be done, or why nothing will be: one of the two"
    if has_action and (not normal(given.action_owner) or given.action_due is None):
        wrong["action_owner"] = "an action has an office that does it, and a day by which it is done"
    if given.disposition in _NEEDS_ACTION and not has_action and not wrong.get("action"):
        wrong["action"] = "what is upheld is mended: say what will be done"
    if given.disposition is Disposition.REFERRED and not normal(given.referred_to):
        wrong["referred_to"] = "name the office that has accepted to take it on"
    return wrong


def check_answer(
    given: Sequence[PointAnswer], *, points: Sequence[int], policy: Policy, earlier: Iterable[str]
) -> tuple[int, ...]:
    """Raises: EmptyAnswerError, by point and field: what does not answer. Gives the points whose grounds are used.

    Args:
        points: those that are asked.
        earlier: grounds of answers before, of this case and others.
    The points that it gives have grounds that are nearly those of another point or answer: they are refused
    unless the officer has marked them, and another person signs that.
    """
    check_points([g.point for g in given], points, field="answers")
    wrong = {
        f"answers.{n}.{field}": said
        for n, one in enumerate(given)
        for field, said in faults_of(one, policy=policy).items()
    }
    if wrong:
        raise EmptyAnswerError(
            "this does not answer the concern: every point needs a disposition, grounds that say something, what "
            "was looked at, and what will be done or why nothing will be",
            hint="acknowledging, thanking and noting are no answer",
            fields=wrong,
        )
    return repeated(given, policy=policy, earlier=earlier)


def repeated(given: Sequence[PointAnswer], *, policy: Policy, earlier: Iterable[str]) -> tuple[int, ...]:
    """The points whose grounds are nearly those of an earlier answer, or of a point before them."""
    seen = [shingles(text) for text in earlier]
    found = []
    for one in given:
        own = shingles(one.grounds)
        if any(100 * len(own & other) >= policy.same_percent * len(own | other) for other in seen):
            found.append(one.point)
        seen.append(own)
    return tuple(found)


def refuse_repeated(points: Sequence[int], *, marked: Mapping[int, str] | None = None) -> None:
    """Raises: EmptyAnswerError for grounds used twice that nobody has marked."""
    left = [n for n in points if not normal((marked or {}).get(n, ""))]
    if left:
        raise EmptyAnswerError(
            f"the grounds of point {', '.join(map(str, left))} are nearly those of another point or answer",
            hint="answer what was asked here; where the same is true, mark it and say why; a second person signs",
            fields={"answers": f"grounds used before: point {', '.join(map(str, left))}"},
        )
