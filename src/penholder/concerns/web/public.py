"""Pages for everybody: the ladder, and the figures, which anybody can count again from the published log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from penholder.actions.moment import today
from penholder.concerns import queries, words
from penholder.concerns.figures import shown_figures
from penholder.concerns.policy.clocks import policy_on
from penholder.concerns.policy.counts import LIMITS, RULE
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
    """The figures as at today, by the rule on small numbers: the same as on the public site."""
    size, _ = head()
    found = shown_figures(read_entries(0, size), on=today())
    offices = {str(level.number): f"{level.name} owes an answer" for level in queries.levels()}
    context = {
        "found": found,
        "offices": offices,
        "says": {d.value: words.DISPOSITIONS[d] for d in Disposition},
        "rule": RULE.format(smallest=found.smallest),
        "limits": LIMITS,
        "as_of": today(),
    }
    return render(request, "concerns/figures.html", context)
