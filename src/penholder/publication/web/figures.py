"""The pages of figures: everything that they say is in their address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from penholder.entry.access import PUBLIC, requires
from penholder.entry.asked import read_day, without
from penholder.publication.figures import Asked, Figure, FigureKind, figure
from penholder.publication.seeing import SeenError
from penholder.publication.web.beside import parts_beside
from penholder.publication.web.context import figure_context
from penholder.publication.web.looking import ASKED, WHY, Look, look, place_asked
from penholder.publication.web.pages import ROWS, paged
from penholder.publication.web.words import FIGURES


def asked_of(at: Look, kind: FigureKind) -> Asked:
    """What an address asks for. Raises: SeenError."""
    given = at.request.GET
    since = given.get("since", "").strip()
    try:
        first = read_day(since) if since else None
    except ValueError as error:
        raise SeenError(f"since={since[:40]!r} is no day", hint="give a day like 2024-09-02") from error
    if first is not None and first > at.seen.on:
        raise SeenError(f"since={first} is after {at.seen.on}", hint="give an earlier day")
    return Asked(
        kind=kind,
        on=at.seen.on,
        destination=place_asked(at),
        rating=given.get("rating", "").replace(" ", "")[:40],
        since=first,
    )


def figure_of(at: Look, kind: FigureKind) -> Figure:
    """The figure that an address asks for; `then`: as known when the earlier count was made."""
    asked = asked_of(at, kind)
    then = at.request.GET.get("then", "").strip()
    before = at.books.seen(known=then).size if then else at.seen.size
    held = at.books.licences(at.seen.size)
    return figure(held, asked, then=at.books.licences(before) if then else None)


@requires(PUBLIC, why=WHY)
def index(request: HttpRequest) -> HttpResponse:
    """Which figures there are."""
    at = look(request, asks=())
    held = at.books.licences(at.seen.size)
    rows = [(figure(held, Asked(kind=k, on=at.seen.on)), at.to("public-figure", k)) for k in FigureKind]
    return at.page("figures.html", {"rows": rows, "places": at.books.source.places(), "kinds": list(FigureKind)})


@requires(PUBLIC, why=WHY)
def figure_page(request: HttpRequest, kind: FigureKind) -> HttpResponse:
    """One figure: sentence, chart, table, how it is counted, what changed since, rows, downloads, citation."""
    at = look(request, asks=(*ASKED, "after"))
    found = figure_of(at, kind)
    page, following, first = paged(request, found.rows, lambda row: row.licence)
    context = figure_context(found, rows_shown=ROWS) | {
        "page_rows": page,
        "next": following,
        "first": first,
        "places": at.books.source.places(),
        "then": request.GET.get("then", ""),
        "query": without(request.GET, "after").removesuffix("?"),
        "name": FIGURES[kind],
        "beside": parts_beside(request, "figure", kind.value),
    }
    return at.page("figure.html", context)
