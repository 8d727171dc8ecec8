"""Exemptions day by day, and the bridge between two counts of suspensions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from penholder.actions.moment import today
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.asked import DayField
from penholder.register.bridge import Bridge, Mover
from penholder.register.counting import count_bridge
from penholder.register.search import references
from penholder.restrictions.queries import restriction
from penholder.restrictions.web.words import scope
from penholder.restrictions.web.words import title as restriction_title
from penholder.review.policy import Day
from penholder.review.queries import exemption_days
from penholder.review.web import words

_WHY = "counts and lines of licences are for officials; the public site has what is published"
_MOVES = {
    Mover.ISSUED: "Issued",
    Mover.SUSPENDED: "Suspended",
    Mover.EXPIRED: "Expired while suspended",
    Mover.EXHAUSTED: "Exhausted",
    Mover.SURRENDERED: "Surrendered",
    Mover.REINSTATED: "Reinstated",
    Mover.REVOKED: "Revoked",
    Mover.AMENDED: "Amended (rescoped)",
    Mover.CORRECTED: "Corrected",
}


@requires(SIGNED_IN, why=_WHY)
def exemption_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which lines would be stopped but for an exemption, on each day since it was announced."""
    viewer = actor_of_request(request)
    days = exemption_days(viewer=viewer, exemption=public_id)
    every = request.GET.get("every") == "day"
    seen = restriction(viewer=viewer, id=public_id)
    context = {
        "seen": seen,
        "caption": restriction_title(seen),
        "scope": scope(seen),
        "called": references(viewer=viewer, ids={licence for d in days for licence, _ in d.lines}),
        "runs": _runs(days, every=every),
        "every": every,
        "last": days[-1] if days else None,
        "days": len(days),
        "bars": _bars(days),
        "most": max((len(d.lines) for d in days), default=0),
        "money": words.money,
        "as_of": today(),
    }
    return render(request, "review/exemption.html", context)


def _same(day: Day) -> tuple[Any, ...]:
    return day.lines, day.unknown, tuple(day.values.items()), day.unvalued, tuple(day.used.items()), day.unreported


def _runs(days: Sequence[Day], *, every: bool) -> list[dict[str, Any]]:
    """Days that say the same stand in one row: first, last, the day itself."""
    if every:
        return [{"first": d.on, "last": d.on, "day": d} for d in days]
    groups = [list(g) for _, g in groupby(days, key=_same)]
    return [{"first": g[0].on, "last": g[-1].on, "day": g[0]} for g in groups]


def _bars(days: Sequence[Day]) -> list[dict[str, int]]:
    """One bar per run of days with the same count, in a picture of 1,000 by 100."""
    if not days:
        return []
    most = max(1, *(len(d.lines) for d in days))
    made, place = [], 0
    for count, group in groupby(days, key=lambda d: len(d.lines)):
        length = len(list(group))
        left, right = place * 1000 // len(days), (place + length) * 1000 // len(days)
        height = count * 100 // most
        made.append({"x": left, "width": max(1, right - left), "y": 100 - height, "height": height})
        place += length
    return made


class BridgeForm(forms.Form):
    """Which two days, and of which destination."""

    first = DayField(label="First day", help_text="For example 2 September 2024.")
    last = DayField(label="Last day")
    destination = forms.CharField(
        label="Destination", required=False, max_length=400, help_text="A code; empty: all."
    )


@requires(SIGNED_IN, why=_WHY)
def bridge_page(request: HttpRequest) -> HttpResponse:
    """Why the number of suspended lines and licences differs between two days."""
    form = BridgeForm(request.GET or {})
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last = given.get("last") or today()
    first = given.get("first") or last - timedelta(days=100)
    viewer = actor_of_request(request)
    found = count_bridge(viewer=viewer, first=first, last=last, destination=given.get("destination") or "")
    context = {
        "form": form,
        "found": found,
        "tables": [
            ("Lines", _rows(found.lines), found.lines),
            ("Licences", _rows(found.licences), found.licences),
        ],
        "names": references(viewer=viewer, ids={m.subject.partition(":")[0] for m in found.lines.moves}),
        "moves": _MOVES,
        "as_of": last,
    }
    return render(request, "review/bridge.html", context)


def _rows(bridge: Bridge) -> list[tuple[str, int, int]]:
    return [(_MOVES[mover], came, left) for mover, (came, left) in bridge.by_mover().items()]
