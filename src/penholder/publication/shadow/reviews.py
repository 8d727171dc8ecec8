"""Stocktakes, and what changed between two releases."""

from __future__ import annotations

from typing import Any

from penholder.analysis.browse.changed import changed_rows
from penholder.analysis.browse.taken import BECAUSE, USES, Taken, taken_rows
from penholder.analysis.stocktake.vocabulary import NOT_SHOWN, Scope
from penholder.publication.shadow import words
from penholder.publication.shadow.looking import Look, Shown, page


@page("stocktakes.html")
def stocktakes(at: Look) -> Shown:
    """Which profiles there are."""
    found = [(p.id, p.title) for p in at.shelf.profiles.values()]
    return Shown({"profiles": found}, {"profiles": at.shelf.profiles.values()})


def stocktake_of(at: Look, name: str) -> Taken:
    """The stocktake that an address asks for."""
    return at.shelf.taken(at.held, name, on=at.on, scope=at.given("scope") or Scope.IN_FORCE.value)


@page("stocktake.html")
def one_stocktake(at: Look, name: str) -> Shown:
    """Could, unknown, excluded, with rows and paths."""
    found = stocktake_of(at, name)
    asked = {k: at.given(k, most=400) for k in ("use", "because", "path")}
    rows = taken_rows(found, **asked, after=at.given("after"))
    document = dict(found.document) | {
        "rows": rows.rows,
        "rows_in_all": rows.total,
        "next": rows.following,
        "citation": found.result.citation.document(),
    }
    context: dict[str, Any] = {
        "found": found, "document": found.document, "rows_page": rows, "asked": asked, "uses": USES,
        "because_words": BECAUSE, "scopes": tuple(Scope), "title": found.profile.title,
        "said": _said(found, asked), "words": words, "other": _without_outliers(found.document),
        "notices": [words.NOTICES.get(n, n) for n in found.document["notices"] if n != NOT_SHOWN],
        "stated": {p.place for p in at.shelf.destinations(at.held)}, "series": at.held.releases,
        "attribution": found.result.citation.attribution, "cited_data": found.result.citation.data,
    }  # fmt: skip
    return Shown(document, context)


def _without_outliers(document: dict[str, Any]) -> dict[str, Any] | None:
    """The line that outweighs the answer, if one does, and what is left without such lines."""
    first = next((o for o in document["outliers"] if "answer" in o["percent_of"]), None)
    left, others = document["without_outliers"], len(document["outliers"]) - 1
    return {"line": first, "left": left, "others": others} if first else None


def _said(found: Taken, asked: dict[str, str]) -> str:
    """Which rows are shown, in words."""
    use = {"could": "could have been used", "unknown": "unknown", "excluded": "excluded"}.get(asked["use"], "")
    parts = [use, BECAUSE.get(asked["because"], ""), f"by the path {asked['path']}" if asked["path"] else ""]
    named = ", ".join(p for p in parts if p)
    return f"Lines: {named}" if named else "All lines in scope"


@page("changes.html")
def changes(at: Look) -> Shown:
    """What changed between two releases: classes with rows."""
    shelf = at.shelf
    a, b = at.given("a"), at.given("b")
    sides = (shelf.named_side(a), shelf.named_side(b)) if a and b else shelf.sides
    choices = [(name, shelf.said(name)) for name in shelf.choices]
    context: dict[str, Any] = {"choices": choices, "sides": None, "found": None, "basis": False}
    if sides is None:
        return Shown({"compared": None}, context | {"title": "What changed between two releases"})
    found = shelf.changed(*sides)
    kind = at.given("class")
    rows = changed_rows(found, kind=kind, after=at.given("after"))
    names = tuple(map(shelf.label, sides))
    document = {
        "a": found.document["a"] | {"name": names[0]},
        "b": found.document["b"] | {"name": names[1]},
        "classes": found.classes,
        "differences": found.document["differences"],
        "fields": found.document["fields"],
        "not_compared": found.document["not_compared"],
        "rows": rows.rows,
        "rows_in_all": rows.total,
        "next": rows.following,
    }
    address = at.request.path + at.same("known", "on", a=names[0], b=names[1])
    shown = {
        "sides": names, "said": tuple(map(shelf.said, names)), "found": found, "doc": document, "rows_page": rows,
        "kind": kind, "words": words, "linked": shelf.is_shown(at.held, names[1]), "series": at.held.releases,
        "attribution": found.result.citation.attribution, "cited_data": found.result.citation.data,
        "whole_address": at.request.build_absolute_uri(address), "as_of": None,
        "cited_title": f"What changed from {shelf.said(names[0])} to {shelf.said(names[1])}",
    }  # fmt: skip
    return Shown(document, context | shown | {"title": "What changed between two releases"})
