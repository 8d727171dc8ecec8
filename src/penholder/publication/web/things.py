"""Pages of one thing: a licence, a decision, a destination, a measure, a review, a statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from penholder.entry.access import PUBLIC, requires
from penholder.publication.figures import Asked, FigureKind, figure
from penholder.publication.fold import OPEN
from penholder.publication.measures import let_through, touching
from penholder.publication.promises import Assessed, Decision, current_on
from penholder.publication.sentences import joined, place_words
from penholder.publication.values import AUTHORITY, Fact
from penholder.publication.web.beside import parts_beside
from penholder.publication.web.context import figure_context, hidden_of, licence_context, measure_sentence
from penholder.publication.web.looking import WHY, Look, absent, look
from penholder.publication.world import draw_world
from penholder.register.values import WITHOUT_CASE_WORDS

ROWS = 50


@requires(PUBLIC, why=WHY)
def licence(request: HttpRequest, name: str) -> HttpResponse:
    """One licence."""
    at = look(request)
    found = at.books.licence(name, at.seen.size)
    if found is None:
        raise absent("this licence")
    context = licence_context(found, on=at.seen.on)
    measures = at.books.measures(at.seen.size).values()
    places = tuple(dict.fromkeys(s.goods.destination for s in context["lines"] if s.goods is not None))
    open_ = any(s.status in OPEN for s in context["lines"])
    return at.page(
        "licence.html",
        context
        | {
            "touching": touching(found, measures, on=at.seen.on) if open_ else (),
            "places": places,
            "in_figures": _figures(places if open_ else (), at),
            "no_case": WITHOUT_CASE_WORDS[found.without_case] if found.without_case else "",
            "decision": _decision_of(found.id, at),
            "assessed": [(p, current_on(_assessed(at), destination=p, day=at.seen.on)) for p in places],
            "beside": parts_beside(request, "licence", name),
            "cited": found.facts[-1] if found.facts else None,
        },
    )


def _figures(places: Iterable[str], at: Look) -> list[tuple[str, str]]:
    """The figures that a licence is part of: words, address."""
    every = [("Licences in force, all destinations", at.to("public-figure", FigureKind.IN_FORCE))]
    return every + [
        (
            f"Licences in force for {place_words(p)}",
            at.to("public-figure", FigureKind.IN_FORCE, destination=p),
        )
        for p in places
    ]


def _assessed(at: Look) -> Iterable[Assessed]:
    return at.books.assessments(at.seen.size).values()


def _decision_of(name: str, at: Look) -> Decision | None:
    """The decision by which a licence was granted, where the log links them."""
    decisions = at.books.decisions(at.seen.size)
    return next((d for d in decisions.values() if d.licence == name), None)


@requires(PUBLIC, why=WHY)
def decision(request: HttpRequest, name: str) -> HttpResponse:
    """One decided case: findings by limb, whether it goes against advice, how old the information was."""
    at = look(request)
    found = at.books.decisions(at.seen.size).get(name)
    if found is None:
        raise absent("this decision")
    context = {"decision": found, "facts": found.facts[::-1], "hidden": hidden_of(found.facts)}
    return at.page("decision.html", context | {"beside": parts_beside(request, "decision", name)})


@requires(PUBLIC, why=WHY)
def destination(request: HttpRequest, place: str) -> HttpResponse:
    """One destination: licences, assessments, measures, what was said, and a map."""
    at = look(request)
    code = place.upper()
    if code not in at.books.source.places():
        raise absent("this destination")
    asked = Asked(kind=FigureKind.IN_FORCE, on=at.seen.on, destination=code)
    held = at.books.licences(at.seen.size)
    found = figure(held, asked)
    statements, promises = at.books.statements(at.seen.size)
    said = sorted((s for s in statements.values() if s.destination == code), key=lambda s: s.said_on, reverse=True)
    onward = [
        one.id for one in held.values() if any(code in (*g.onward, g.end_user_state) for g in _goods_of(one))
    ]
    return at.page(
        "destination.html",
        figure_context(found, rows_shown=ROWS)
        | {
            "title": place_words(code),
            "place": code,
            "assessed": sorted(
                (a for a in _assessed(at) if a.destination == code), key=lambda a: a.accepted_on, reverse=True
            ),
            "measures": [m for m in at.books.measures(at.seen.size).values() if code in m.places],
            "changes": [f for f in at.books.source.facts(log=AUTHORITY, size=at.seen.size, events=_OPENED)
                        if code in f.words("destinations")],
            "statements": said,
            "overdue": [p for p in promises.values() if p.is_overdue(at.seen.on)
                        and p.statement in {s.id for s in said}],
            "onward": onward,
            "world": draw_world({code: found.count}, focus=code),
            "beside": parts_beside(request, "destination", code),
        },
    )  # fmt: skip


_OPENED = ("review.ChangeOpened",)


def _goods_of(one: Any) -> list[Any]:
    return [line.goods[-1][1] for line in one.lines if line.goods]


@requires(PUBLIC, why=WHY)
def measure(request: HttpRequest, name: str) -> HttpResponse:
    """One moratorium, exemption or hold; of an exemption what it lets through, day by day."""
    at = look(request)
    found = at.books.measures(at.seen.size).get(name)
    if found is None:
        raise absent("this measure")
    held = at.books.licences(at.seen.size)
    through = let_through(found, held, on=at.seen.on) if found.kind == "exemption" else ()
    return at.page(
        "measure.html",
        {
            "measure": found,
            "sentence": measure_sentence(found, on=at.seen.on, places=places_words),
            "places_words": places_words,
            "through": through,
            "facts": found.facts[::-1],
            "hidden": hidden_of(found.facts),
            "names": [f for f in at.books.facts_about(name, at.seen.size) if f.about != name],
            "beside": parts_beside(request, found.kind, name),
        },
    )


def places_words(codes: Iterable[str]) -> str:
    """`Velmora (XV) and Norland (XN)`."""
    return joined([place_words(c) for c in codes]) or "no destination"


@requires(PUBLIC, why=WHY)
def change(request: HttpRequest, name: str) -> HttpResponse:
    """One review after a change of circumstances, from its opening to what was done."""
    at = look(request)
    facts = [f for f in at.books.facts_about(name, at.seen.size) if f.kind == "change" and f.about == name]
    if not facts:
        raise absent("this review")
    by_name: dict[str, Fact] = {f.name: f for f in facts}
    context = {"facts": facts[::-1], "by_name": by_name, "name": name, "hidden": hidden_of(facts)}
    return at.page("change.html", context | {"beside": parts_beside(request, "change", name)})


@requires(PUBLIC, why=WHY)
def statement(request: HttpRequest, name: str) -> HttpResponse:
    """What was said, beside the gist of the assessment that was current that day, and what was promised."""
    at = look(request)
    statements, promises = at.books.statements(at.seen.size)
    found = statements.get(name)
    if found is None:
        raise absent("this statement")
    assessed = at.books.assessments(at.seen.size)
    return at.page(
        "statement.html",
        {
            "statement": found,
            "assessed": assessed.get(found.version),
            "facts": [f for p in found.promises for f in p.facts] + list(found.facts),
            "promises": promises,
            "beside": parts_beside(request, "statement", name),
        },
    )
