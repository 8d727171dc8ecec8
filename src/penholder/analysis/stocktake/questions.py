"""Turn what is not known into numbered questions, grouped by cause and destination, that a person can send.

A question asks for a fact and says what an answer would settle. It asserts nothing about anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from penholder.analysis.stocktake.cells import Array, words_of
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.judge import split
from penholder.analysis.stocktake.paths import means_title
from penholder.analysis.stocktake.use import YES_NOT_STATED
from penholder.analysis.stocktake.vocabulary import Cause, Status, Use, code_of

LINES_LISTED = 20
ASSUMED_FORCES = "end_user_taken_from_military_rating"
STATUS_UNKNOWN = "date_of_suspension_or_revocation_not_stated"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `lines` are all that it is about; `listed` the first LINES_LISTED of them."""

    number: int
    cause: str
    destination: str
    destination_name: str
    text: str
    settles: str
    lines: int
    licences: int
    values: dict[str, Decimal]
    ratings: tuple[str, ...]
    listed: tuple[str, ...]

    @property
    def further(self) -> int:
        """How many lines are not listed."""
        return self.lines - len(self.listed)


@dataclass(frozen=True, slots=True)
class _Topic:
    """One cause: its code, the lines (mask), how to ask, what an answer settles."""

    code: str
    lines: Array
    ask: str
    settles: str


def questions_of(figures: Figures, name_of: Callable[[str], str]) -> tuple[Question, ...]:
    """The questions of an answer: by cause in the order of the causes, then by number of lines."""
    answer = figures.answer
    table = answer.columns("line", "destination", "corrected_destination", "rating")
    stated, corrected = (
        words_of(table.column(n).combine_chunks()) for n in ("destination", "corrected_destination")
    )
    places = np.array([*stated.values[:-1], *corrected.values], dtype=object)
    null = len(corrected.values) - 1
    codes = np.where(corrected.codes == null, stated.codes, len(stated.values) - 1 + corrected.codes)
    found: list[Question] = []
    for topic in _topics(figures):
        rows_by_place = _grouped(codes, topic.lines)
        for place, rows in sorted(rows_by_place, key=lambda pair: (-len(pair[1]), str(places[pair[0]]))):
            part = table.take(rows).to_pydict()
            found.append(_question(len(found) + 1, topic, str(places[place]), part, figures, rows, name_of))
    return tuple(found)


def _grouped(codes: Array, wanted: Array) -> list[tuple[int, Array]]:
    rows = np.flatnonzero(wanted)
    return [(int(code), rows[codes[rows] == code]) for code in np.unique(codes[rows])]


def _question(  # noqa: PLR0917 - the parts of one question
    number: int,
    topic: _Topic,
    place: str,
    part: dict[str, list[Any]],
    figures: Figures,
    rows: Array,
    name_of: Callable[[str], str],
) -> Question:
    mask = np.zeros(figures.answer.lines, bool)
    mask[rows] = True
    ratings = Counter(code for cell in part["rating"] for code in split(cell))
    named = tuple(code for code, _ in sorted(ratings.items(), key=lambda item: (-item[1], item[0])))
    name = name_of(place)
    return Question(
        number=number,
        cause=topic.code,
        destination=place,
        destination_name=name,
        text=topic.ask.format(place=name, goods=_some(named), used=used_means(figures)),
        settles=topic.settles,
        lines=len(rows),
        licences=figures.licences_among(mask),
        values=figures.money.totals(mask),
        ratings=named,
        listed=tuple(part["line"][:LINES_LISTED]),
    )


def _some(words: Iterable[str]) -> str:
    """`ML10, ML11 and 4 more`; `without a rating` for none."""
    every = list(words)
    if not every:
        return "without a published rating"
    shown = ", ".join(every[:6])
    return f"rated {shown}" + (f" and {len(every) - 6} more" if len(every) > 6 else "")


def _topics(figures: Figures) -> list[_Topic]:
    answer = figures.answer
    causes = [_Topic(code_of(c), figures.unknown_mask(c), _ASK[c], _SETTLES[c]) for c in Cause]
    forces = (answer.use == Use.COULD) & (answer.codes == YES_NOT_STATED)
    status = (answer.status == Status.UNKNOWN) & (answer.use != Use.EXCLUDED)
    return [
        *causes,
        _Topic(ASSUMED_FORCES, forces, _END_USER, "whether lines now counted as could have been used stay so"),
        _Topic(STATUS_UNKNOWN, status, _STATUS, "whether the lines were in force on the day asked about"),
    ]


def used_means(figures: Figures) -> str:
    """The means that any party of the profile used by the day, in words."""
    judge = figures.answer.judge
    mask = 0
    for group in judge.groups:
        mask |= group.used
    titles = [means_title(m) for bit, m in enumerate(judge.closure.means) if mask >> bit & 1]
    return ", ".join(titles) or "any of the means of these operations"


_END_USER = (
    "Who is the end user of the goods {goods} licensed to {place}: the armed forces, another body of the state, "
    "or a civil user?"
)
_STATUS = (
    "On which day was each licence for goods {goods} to {place}, which is published as suspended or revoked, "
    "suspended or revoked, and what had been exported by then?"
)
_ASK = {
    Cause.DESTINATION_NOT_A_COUNTRY: (
        "For which state are the goods {goods} meant whose destination is published as “{place}”, or whose final "
        "destinations include a place that is not a country?"
    ),
    Cause.OPERATORS_NOT_COMPLETE: (
        "Did {place}, or a final destination of the goods {goods} licensed to it, operate forces that took part "
        "in these operations?"
    ),
    Cause.POOLED_SUPPLY: (
        "To which final users did the goods {goods} go that were licensed to {place} for stock or a common pool?"
    ),
    Cause.ONWARD_PLACE_NOT_STATED: (
        "To which final destinations and final users did the goods {goods} go that were licensed to {place} and "
        "are published as going on from there?"
    ),
    Cause.RATING_HAS_NO_ROLE: (
        "What are the goods {goods} licensed to {place}, and for which equipment or platform are they?"
    ),
    Cause.HINT_NOT_EXHAUSTIVE: (
        "For which equipment or platform are the goods {goods} licensed to {place}, and can it serve {used}?"
    ),
    Cause.PROFILE_SILENT_ON_MEANS: (
        "Were the means that the goods {goods} licensed to {place} can serve used in these operations?"
    ),
    Cause.GOVERNMENT_BRANCH_NOT_STATED: (
        "Which branch of the government of {place} is the end user of the goods {goods}?"
    ),
    Cause.NOTE_MAY_SPEAK_OF_ANOTHER_LINE: (
        "A published note names a civil end user under the key of these licences. Does it hold for the goods "
        "{goods} licensed to {place}, or for other goods under the same key?"
    ),
    Cause.END_USER_NOT_STATED: _END_USER,
}
_SETTLES = {
    Cause.DESTINATION_NOT_A_COUNTRY: "whether the destination operates forces of a party",
    Cause.OPERATORS_NOT_COMPLETE: "whether the destination operates forces of a party",
    Cause.POOLED_SUPPLY: "whether the goods can have come to a state that operates forces of a party",
    Cause.ONWARD_PLACE_NOT_STATED: "whether the goods can have come to a state that operates forces of a party",
    Cause.RATING_HAS_NO_ROLE: "whether the goods can reach a means that was used",
    Cause.HINT_NOT_EXHAUSTIVE: "whether the goods can reach a means that was used",
    Cause.PROFILE_SILENT_ON_MEANS: "whether these means count in the profile",
    Cause.GOVERNMENT_BRANCH_NOT_STATED: "whether the end user is the armed forces",
    Cause.NOTE_MAY_SPEAK_OF_ANOTHER_LINE: "whether the end user is the armed forces",
    Cause.END_USER_NOT_STATED: "whether the end user is the armed forces",
}
