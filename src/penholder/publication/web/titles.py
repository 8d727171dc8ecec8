"""Titles and addresses of published pages: the debate asks of which there can be one."""

from __future__ import annotations

from collections.abc import Callable

from penholder.publication.books import Books, books
from penholder.publication.errors import NotLoadedError
from penholder.publication.figures import FigureKind
from penholder.publication.measures import KINDS
from penholder.publication.sentences import day_words, place_words
from penholder.publication.web.looking import address_of
from penholder.publication.web.words import FIGURES, thing_words


def page_of(kind: str, name: str) -> tuple[str, str] | None:
    """Title and address of the page of a thing, by all that is loaded now; None: nothing is published of it.

    For settings.PENHOLDER_PAGES. name: its public id; of a destination its code, of a figure its name.
    """
    made = _TITLES.get(kind)
    try:
        title = made(books(), name) if made else None
    except NotLoadedError:
        return None
    address = address_of(kind, name) if title else None
    return (title, address) if title and address else None


def _licence(held: Books, name: str) -> str | None:
    return f"Licence {name}" if held.licence(name, held.size) else None


def _decision(held: Books, name: str) -> str | None:
    return f"Decision {name}" if name in held.decisions(held.size) else None


def _destination(held: Books, name: str) -> str | None:
    return place_words(name) if name in held.source.places() else None


def _change(held: Books, name: str) -> str | None:
    known = any(f.kind == "change" and f.about == name for f in held.facts_about(name, held.size))
    return f"Review {name}" if known else None


def _statement(held: Books, name: str) -> str | None:
    found = held.statements(held.size)[0].get(name)
    return f"Statement of {day_words(found.said_on)}" if found else None


def _figure(_held: Books, name: str) -> str | None:
    return FIGURES[FigureKind(name)] if name in list(FigureKind) else None


def _measure(kind: str) -> Callable[[Books, str], str | None]:
    def made(held: Books, name: str) -> str | None:
        found = held.measures(held.size).get(name)
        return f"{thing_words(kind)} {name}" if found and found.kind == kind else None

    return made


_TITLES: dict[str, Callable[[Books, str], str | None]] = {
    "licence": _licence,
    "decision": _decision,
    "destination": _destination,
    "change": _change,
    "statement": _statement,
    "figure": _figure,
    **{kind: _measure(kind) for kind in KINDS},
}
