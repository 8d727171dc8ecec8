"""Lists, the first page, and pages about the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from penholder.concerns.policy.counts import LIMITS, RULE, counts_of
from penholder.entry.access import PUBLIC, requires
from penholder.entry.asked import without
from penholder.publication.figures import Asked, FigureKind, PlaceCount, by_place, figure
from penholder.publication.fold import goes_to, goods_on, shown
from penholder.publication.values import AUTHORITY, CONCERNS, Licence
from penholder.publication.web.context import month_bars
from penholder.publication.web.looking import WHY, Look, look, one_asked, place_asked
from penholder.publication.world import draw_world
from penholder.register.values import Standing

T = TypeVar("T")
ROWS = 50


def paged(
    request: HttpRequest, rows: Sequence[T], identity: Callable[[T], str]
) -> tuple[Sequence[T], str | None, str | None]:
    """Some rows after the cursor of the address, and the addresses of the next and the first ones.

    The cursor is the id of the last row that was shown: it can be read, and rows that come later move nothing.
    """
    after = request.GET.get("after", "")
    ids = [identity(row) for row in rows]
    begin = ids.index(after) + 1 if after in ids else 0
    page = rows[begin : begin + ROWS]
    more = begin + ROWS < len(rows)
    following = without(request.GET, "after", after=identity(page[-1])) if page and more else None
    return page, following, without(request.GET, "after") if begin else None


@requires(PUBLIC, why=WHY)
def home(request: HttpRequest) -> HttpResponse:
    """What changed lately, figures, and promises that are overdue."""
    at = look(request)
    seen = at.seen
    licences = at.books.licences(seen.size)
    found = figure(licences, Asked(kind=FigureKind.IN_FORCE, on=seen.on))
    _, promises = at.books.statements(seen.size)
    measures = at.books.measures(seen.size).values()
    return at.page(
        "home.html",
        {
            "figure": found,
            "chart": month_bars(found.months),
            "news": at.books.newest(most=15, kinds=_NEWS),
            "overdue": [p for p in promises.values() if p.is_overdue(seen.on)],
            "promises": len(promises),
            "in_force": [m for m in measures if m.holds_on(seen.on)],
            "concerns_loaded": CONCERNS in at.books.heads,
        },
    )


_NEWS = ("licence", "decision", "moratorium", "exemption", "hold", "change", "assessment", "statement", "promise")


_FILTERS = ("destination", "rating", "licence_type", "standing")


@requires(PUBLIC, why=WHY)
def licences(request: HttpRequest) -> HttpResponse:
    """Licences, by filters that are the address."""
    at = look(request, asks=(*_FILTERS, "after"))
    wanted = {n: request.GET.get(n, "").strip() for n in _FILTERS} | {"destination": place_asked(at)}
    standings = [s.value for s in Standing if s is not Standing.DRAFT]
    one_asked(at, "standing", standings)
    wanted["rating"] = wanted["rating"].replace(" ", "")
    found = [one for one in at.books.licences(at.seen.size).values() if _is_wanted(one, wanted, at)]
    found.sort(key=lambda one: (one.issued_on, one.id), reverse=True)
    page, following, first = paged(request, found, lambda one: one.id)
    return at.page(
        "licences.html",
        {
            "rows": [(one, _lines(one, at)) for one in page],
            "total": len(found),
            "wanted": wanted,
            "next": following,
            "first": first,
            "places": at.books.source.places(),
            "types": sorted({one.licence_type for one in at.books.licences(at.seen.size).values()}),
            "standings": standings,
            "standing_of_word": Standing,
            "without": lambda name: without(request.GET, name, "after"),
        },
    )


def _lines(one: Licence, at: Look) -> list[Any]:
    return [s for line in one.lines if (s := shown(line, at.seen.on)) is not None]


def _is_wanted(one: Licence, wanted: dict[str, str], at: Look) -> bool:
    if wanted["licence_type"] and one.licence_type != wanted["licence_type"]:
        return False
    day = at.seen.on
    place, rating = wanted["destination"], wanted["rating"]
    lines = [line for line in one.lines if goes_to(goods_on(line, day), place=place, rating=rating)]
    stands = [s for line in lines if (s := shown(line, day)) is not None]
    return any(not wanted["standing"] or s.standing.value == wanted["standing"] for s in stands)


@requires(PUBLIC, why=WHY)
def destinations(request: HttpRequest) -> HttpResponse:
    """Every place that something is about, with its licences in force: a map, and its table."""
    at = look(request, asks=())
    held, unknown = by_place(at.books.licences(at.seen.size).values(), on=at.seen.on)
    nothing = PlaceCount(0, 0)
    rows = [(place, held.get(place, nothing)) for place in sorted({*at.books.source.places(), *held})]
    world = draw_world({place: found.count for place, found in rows})
    return at.page("destinations.html", {"rows": rows, "world": world, "unknown": unknown})


@requires(PUBLIC, why=WHY)
def decisions(request: HttpRequest) -> HttpResponse:
    """Decided cases."""
    at = look(request, asks=("outcome", "against", "after"))
    found = sorted(at.books.decisions(at.seen.size).values(), key=lambda d: (d.decided_on, d.case), reverse=True)
    outcome = one_asked(at, "outcome", ("granted", "refused"))
    against = one_asked(at, "against", ("yes",))
    kept = [d for d in found if outcome in {"", d.outcome} and (not against or d.against_lead)]
    page, following, first = paged(request, kept, lambda d: d.case)
    context = {"rows": page, "total": len(kept), "next": following, "first": first, "outcome": outcome}
    return at.page("decisions.html", context | {"against": against})


@requires(PUBLIC, why=WHY)
def measures(request: HttpRequest) -> HttpResponse:
    """Moratoria, exemptions and holds."""
    at = look(request, asks=())
    found = sorted(at.books.measures(at.seen.size).values(), key=lambda m: (m.valid_from, m.id), reverse=True)
    changes = at.books.source.facts(log=AUTHORITY, size=at.seen.size, events=("review.ChangeOpened",))
    return at.page("measures.html", {"rows": found, "changes": changes[::-1]})


@requires(PUBLIC, why=WHY)
def statements(request: HttpRequest) -> HttpResponse:
    """What was said in public."""
    at = look(request, asks=("after",))
    found, promises = at.books.statements(at.seen.size)
    rows = sorted(found.values(), key=lambda s: (s.said_on, s.id), reverse=True)
    page, following, first = paged(request, rows, lambda s: s.id)
    overdue = sum(p.is_overdue(at.seen.on) for p in promises.values())
    context = {"rows": page, "next": following, "first": first, "overdue": overdue, "promises": len(promises)}
    return at.page("statements.html", context)


@requires(PUBLIC, why=WHY)
def promises(request: HttpRequest) -> HttpResponse:
    """What was promised, the overdue first."""
    at = look(request, asks=())
    found, promised = at.books.statements(at.seen.size)
    rows = sorted(promised.values(), key=lambda p: (not p.is_overdue(at.seen.on), p.due, p.id))
    return at.page("promises.html", {"rows": rows, "statements": found})


@requires(PUBLIC, why=WHY)
def concerns(request: HttpRequest) -> HttpResponse:
    """Concerns in aggregate, by the rule on small numbers."""
    at = look(request)
    counted = at.books.concerns(on=at.seen.on)
    version = at.books.policy.version(at.seen.on)
    context = {
        "counts_of_concerns": counts_of(counted, smallest=version.smallest_cell) if counted else None,
        "rule": RULE.format(smallest=version.smallest_cell),
        "limits": LIMITS,
        "version": version,
        "concerns_head": at.books.heads.get(CONCERNS),
    }
    return at.page("concerns.html", context)


@requires(PUBLIC, why=WHY)
def withheld(request: HttpRequest) -> HttpResponse:
    """The disclosure policy: what is shown of each event, what is not, why, and until when."""
    at = look(request)
    policy = at.books.policy
    return at.page("withheld.html", {"policy": policy, "version": policy.version(at.seen.on)})
