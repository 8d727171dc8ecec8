"""What published things are called, in words: on their own pages, wherever one is named, and in the debate."""

from __future__ import annotations

from collections.abc import Callable

from penholder.publication.books import Books
from penholder.publication.figures import FigureKind
from penholder.publication.measures import KINDS, Measure
from penholder.publication.promises import Decision
from penholder.publication.sentences import day_words, joined, place_words
from penholder.publication.values import Licence
from penholder.publication.web.words import FIGURES, thing_words

_MOST = 4
"""Ratings or places that a title names, at most."""


def title_in(held: Books, size: int, kind: str, name: str) -> str | None:
    """Title of a thing by the first `size` entries of the log; None: they say nothing of it.

    name: its public id; of a destination its code, of a figure its name.
    """
    made = _TITLES.get(kind)
    return made(held, size, name) if made else None


def licence_title(licence: Licence) -> str:
    """`Licence for Norland (XN): ML10 and ML11`; its id where the log does not say what for."""
    goods = [line.goods[-1][1] for line in licence.lines if line.goods]
    if not goods:
        return f"Licence {licence.id}"
    ratings = _few([rating for g in goods for rating in g.ratings])
    return f"Licence for {_few([place_words(g.destination) for g in goods])}{f': {ratings}' if ratings else ''}"


def measure_title(measure: Measure) -> str:
    """`Moratorium on Velmora (XV)`, `Exemption for Norland (XN)`; its id where no place is named."""
    if not measure.places:
        return f"{thing_words(measure.kind)} {measure.id}"
    joint = "on" if measure.kind == "moratorium" else "for"
    return f"{thing_words(measure.kind)} {joint} {_few([place_words(p) for p in measure.places])}"


def decision_title(decision: Decision) -> str:
    """`Refused on 5 July 2026, on appeal`."""
    appeal = ", on appeal" if decision.on_appeal else ""
    return f"{decision.outcome.capitalize()} on {day_words(decision.decided_on)}{appeal}"


def _few(words: list[str]) -> str:
    each = list(dict.fromkeys(words))
    more = [f"{len(each) - _MOST} more"] if len(each) > _MOST else []
    return joined([*each[:_MOST], *more])


def _licence(held: Books, size: int, name: str) -> str | None:
    found = held.licence(name, size)
    return licence_title(found) if found else None


def _decision(held: Books, size: int, name: str) -> str | None:
    found = held.decisions(size).get(name)
    return decision_title(found) if found else None


def _destination(held: Books, _size: int, name: str) -> str | None:
    return place_words(name) if name in held.source.places() else None


def _change(held: Books, size: int, name: str) -> str | None:
    about = [f for f in held.facts_about(name, size) if f.kind == "change" and f.about == name]
    opened = next((f for f in about if f.name == "ChangeOpened"), None)
    if opened is not None:
        return f"Review of licences for {_few([place_words(p) for p in opened.words('destinations')])}"
    return f"Review {name}" if about else None


def _statement(held: Books, size: int, name: str) -> str | None:
    found = held.statements(size)[0].get(name)
    return f"Statement of {day_words(found.said_on)}" if found else None


def _promise(held: Books, size: int, name: str) -> str | None:
    found = held.statements(size)[1].get(name)
    return f"Promise to be kept by {day_words(found.due)}" if found else None


def _figure(_held: Books, _size: int, name: str) -> str | None:
    return FIGURES[FigureKind(name)] if name in list(FigureKind) else None


def _measure(kind: str) -> Callable[[Books, int, str], str | None]:
    def made(held: Books, size: int, name: str) -> str | None:
        found = held.measures(size).get(name)
        return measure_title(found) if found and found.kind == kind else None

    return made


_TITLES: dict[str, Callable[[Books, int, str], str | None]] = {
    "licence": _licence,
    "decision": _decision,
    "destination": _destination,
    "change": _change,
    "statement": _statement,
    "promise": _promise,
    "figure": _figure,
    **{kind: _measure(kind) for kind in KINDS},
}
