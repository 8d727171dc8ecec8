"""The list of incidents with its counts; sources; files that were taken in."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.asked import without
from penholder.evidence import queries
from penholder.evidence.answers import Counts
from penholder.evidence.reading import layouts
from penholder.evidence.tables import scales
from penholder.evidence.values import Axis, EvidencePermission
from penholder.evidence.web import words
from penholder.evidence.web.asked import FilterForm
from penholder.evidence.web.chart import bars_of, title_of

LIMIT = 25
_WHY = "for whoever reads official fields, by role; for everybody else there is nothing"


@requires(SIGNED_IN, why=_WHY)
def incident_list(request: HttpRequest) -> HttpResponse:
    """Reports by filters that are the address, with the counts of the party and period that they name."""
    viewer = actor_of_request(request)
    sources = queries.sources(viewer=viewer)
    form = FilterForm(request.GET, sources=sources)
    form.is_valid()
    wanted, known = form.wanted(), form.moment
    page = queries.incidents(
        viewer=viewer, wanted=wanted, known=known, cursor=request.GET.get("cursor") or None, limit=LIMIT
    )
    counts = queries.counts(viewer=viewer, party=wanted.party, start=wanted.start, end=wanted.end, known=known)
    context = {
        "form": form,
        "page": page,
        "counted": counts,
        "figures": _figures(counts, request),
        "shares": _shares(counts),
        "bars": bars_of(counts.by_month),
        "title_of": title_of,
        "axes": scales(),
        "chosen": form.chosen(request.GET, _file_named(viewer, wanted.imported)),
        "clear": reverse("evidence"),
        "next": without(request.GET, cursor=page.next_cursor) if page.next_cursor else None,
        "first": without(request.GET) if request.GET.get("cursor") else None,
        "may": _may(viewer),
        "tail": f"?known={known:%Y-%m-%d+%H:%M:%S}" if known else "",
        "words": words,
        "stages": words.STAGES,
        "as_of": today(),
        "known_at": known,
        "nothing": _nothing(asked=bool(request.GET)),
    }
    return render(request, "evidence/list.html", context)


def _file_named(viewer: Actor, name: str) -> Mapping[str, str]:
    """`Sentinels, received 9 May 2026`, as the page of that file is called; nothing where there is none."""
    if name:
        with suppress(AbsentError):
            found = queries.imported(viewer=viewer, id=name)
            return {name: f"{found.source_called}, received {found.received_on:%-d %B %Y}"}
    return {}


def _figures(counts: Counts, request: HttpRequest) -> list[tuple[str, int, str]]:
    """Number, its words, and the address of its rows. Each event counts once."""
    kept = {n: request.GET[n] for n in ("party", "start", "end", "known") if request.GET.get(n)}
    legal = [(value, title_of(value).lower()) for value in scales()[Axis.LEGAL].values]

    def rows(**more: str) -> str:
        query = request.GET.copy()
        query.clear()
        for name, value in {**kept, "events": "on", **more}.items():
            query[name] = value
        return f"?{query.urlencode()}"

    return [
        ("received", counts.received, rows()),
        ("in scope", counts.in_scope, rows(scope="in")),
        ("attributed", counts.attributed, rows(scope="in", attributed="on")),
        *((title, counts.by_axis[Axis.LEGAL][value], rows(scope="in", legal=value)) for value, title in legal),
        ("legal evaluation: nobody has looked yet", counts.not_looked_at, rows(scope="in", legal="not_looked_at")),
        ("scope not said yet", counts.scope_not_set, rows(scope="not_set")),
        ("out of scope", counts.out_of_scope, rows(scope="out")),
    ]


def _shares(counts: Counts) -> list[list[Any]]:
    """The table behind the picture: month, each answer, and the share of `insufficient` among the answers."""
    made: list[list[Any]] = []
    for month in counts.by_month:
        share = f"{month.values['insufficient']} of {month.answered}" if month.answered else ""
        made.append([words.month_words(month.month) or "month not known", *month.values.values(), share])
    return made


def _may(viewer: Actor) -> dict[str, bool]:
    wanted = {
        "enter": EvidencePermission.ENTER,
        "import": EvidencePermission.IMPORT,
        "source": EvidencePermission.SOURCE,
    }
    return {name: authority().role_for(viewer, p) is not None for name, p in wanted.items()}


def _nothing(*, asked: bool) -> str:
    if asked:
        return "No report fits all of these filters. Remove one, or clear all."
    return "No incident is recorded yet. Register a source, then enter a report or take in a file."


@requires(SIGNED_IN, why=_WHY)
def source_list(request: HttpRequest) -> HttpResponse:
    """The bodies that report."""
    viewer = actor_of_request(request)
    context = {
        "sources": queries.sources(viewer=viewer),
        "may": _may(viewer),
        "words": words,
        "as_of": today(),
    }
    return render(request, "evidence/sources.html", context)


@requires(SIGNED_IN, why=_WHY)
def import_list(request: HttpRequest) -> HttpResponse:
    """Files that were taken in."""
    viewer = actor_of_request(request)
    page = queries.imports(viewer=viewer, cursor=request.GET.get("cursor") or None)
    context = {
        "layouts": layouts(),
        "page": page,
        "next": f"?cursor={page.next_cursor}" if page.next_cursor else None,
        "first": "?" if request.GET.get("cursor") else None,
        "may": _may(viewer),
        "as_of": today(),
    }
    return render(request, "evidence/imports.html", context)


@requires(SIGNED_IN, why=_WHY)
def import_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """What became of every row of one file."""
    found = queries.imported(viewer=actor_of_request(request), id=public_id)
    context = {"found": found, "plain": words.plain, "layouts": layouts(), "as_of": today()}
    return render(request, "evidence/import.html", context)
