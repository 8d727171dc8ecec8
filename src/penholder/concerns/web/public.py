"""Pages for everybody: the ladder, and the figures, which anybody can count again from the published log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from penholder.actions.moment import today
from penholder.concerns import queries, words
from penholder.concerns.figures import figures, rows
from penholder.concerns.policy.clocks import policy_on
from penholder.concerns.policy.tally import CONCERNS
from penholder.concerns.values import Disposition
from penholder.entry.access import PUBLIC, requires
from penholder.ledger.queries import read_entries
from penholder.ledger.store import head


@requires(PUBLIC, why="who owes an answer, by when, and who is outside: everybody may know")
def ladder_page(request: HttpRequest) -> HttpResponse:
    """The levels and the clocks."""
    context = {
        "levels": queries.levels(),
        "policy": policy_on(today()),
        "is_open": queries.is_open(),
        "as_of": today(),
    }
    return render(request, "concerns/ladder.html", context)


@requires(PUBLIC, why="counts from the public log; nothing in them is about anybody")
def figures_page(request: HttpRequest) -> HttpResponse:
    """The figures as at today."""
    size, _ = head()
    found = figures(read_entries(0, size), on=today())
    names = {level.number: level.name for level in queries.levels()}
    figure = request.GET.get("rows", "")
    if figure not in {*CONCERNS, "open_measures"}:
        figure = ""
    context = {
        "found": found,
        "figure": figure,
        "rows": rows(read_entries(0, size), on=today(), figure=figure) if figure else (),
        "names": names,
        "states": words.STATES,
        "by_level": [(names.get(n, f"Level {n}"), count) for n, count in found.by_level.items()],
        "dispositions": [(words.DISPOSITIONS[d], found.dispositions.get(d.value, 0)) for d in Disposition],
        "as_of": today(),
    }
    return render(request, "concerns/figures.html", context)
