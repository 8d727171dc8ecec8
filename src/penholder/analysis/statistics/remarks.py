"""What a reader must know beside a figure or a list: filters that no line meets, parts that the data lack."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.analysis.statistics.asking import Asking
from penholder.analysis.statistics.choices import absent
from penholder.analysis.statistics.question import Question
from penholder.analysis.statistics.words import plain

_ROUTES = frozenset({"route", "onward"})
_TIMES = frozenset({"year", "quarter", "month"})


def remarks_on(asked: Asking, question: Question, *, lines: int) -> Iterator[str]:
    """Plain words about a question that `lines` lines answer; nothing where there is nothing to say."""
    missing = list(_missing(asked, question))
    yield from missing
    if not lines and not missing:
        yield f"no line meets all of this; the data have decisions {_years(asked)}"
    if asked.without_onward and question.used & _ROUTES:
        yield (
            f"{', '.join(asked.without_onward)}: loaded without a table of final destinations; what goes onward"
            " from its lines is not known and not counted"
        )


def _missing(asked: Asking, question: Question) -> Iterator[str]:
    for condition in question.where:
        name = condition.dimension
        held = set(asked.choices.present(name))
        if name == "destination" and "route" in question.used:
            held.update(asked.choices.present("onward"))
        for word in absent(condition, held):
            when = f"; they have decisions {_years(asked)}" if name in _TIMES else ""
            yield f"the data have no line with {plain(name)} {word}{when}"


def _years(asked: Asking) -> str:
    years = [y for y in asked.choices.present("year") if y is not None]
    return f"of {min(years, key=int)} to {max(years, key=int)}" if years else "of no year: there are no lines"
