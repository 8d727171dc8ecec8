"""The register as a list, and what in it is overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.moment import now
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.asked import without
from penholder.entry.paging import MOST
from penholder.people import queries as people
from penholder.register.access import is_official
from penholder.register.place_names import place_names
from penholder.register.search import LIMIT, Wanted, count_by_status, references, search
from penholder.register.timeline import overdue, waiting
from penholder.register.values import RegisterPermission, Standing
from penholder.register.web.asked import OVERDUE, FilterForm
from penholder.register.web.words import STATUS_WORDS, numbers, overdue_words, status_word

_OWN = "shows officials every licence, and others those of the organisations for which they act"


@requires(SIGNED_IN, why=_OWN)
def register_list(request: HttpRequest) -> HttpResponse:
    """Licences by filters that are the address."""
    viewer = actor_of_request(request)
    form = FilterForm(request.GET, holders=_holders(viewer, request.GET.get("exporter", "")))
    form.is_valid()
    wanted = form.wanted()
    page = search(viewer=viewer, wanted=wanted, cursor=request.GET.get("cursor") or None, limit=LIMIT)
    counts = count_by_status(viewer=viewer, wanted=wanted)
    places = place_names(code for one in page.items for code in (one.destinations or ())[:6])
    asked = {wanted.exporter} if wanted.exporter else set()
    exporters = {one.exporter for one in page.items if one.exporter} | asked
    names = people.organisation_names(viewer=viewer, ids=exporters) if exporters else {}
    context = {
        "form": form,
        "page": page,
        "wanted": wanted,
        "counts_by_status": [
            (STATUS_WORDS[s], n, without(request.GET, "status", status=s.value), wanted.status is s)
            for s, n in counts.items()
        ],
        "open_ended": Standing.END_NOT_STATED in counts,
        "exporters": names,
        "shown_places": lambda codes: [places.get(code, code) for code in codes],
        "chosen": form.chosen(request.GET, names),
        "clear": reverse("register"),
        "next": f"{without(request.GET, cursor=page.next_cursor)}" if page.next_cursor else None,
        "first": without(request.GET) if request.GET.get("cursor") else None,
        "may_enter": authority().role_for(viewer, RegisterPermission.ENTER) is not None,
        "is_official": is_official(viewer),
        "nothing": _nothing(viewer, wanted),
        "tail": _tail(wanted),
        "status_word": status_word,
        "as_of": wanted.on or now().date(),
        "known_at": wanted.known,
    }
    return render(request, "register/list.html", context)


def _holders(viewer: Actor, asked: str) -> dict[str, str]:
    """Organisations to choose from, by name: at most 200, and the one that is asked for."""
    listed = {f.id: f.name for f in people.organisations(viewer=viewer, limit=MOST).items}
    if asked and asked not in listed:
        listed[asked] = people.organisation_names(viewer=viewer, ids=[asked]).get(asked, asked)
    return listed


def _tail(wanted: Wanted) -> str:
    """The day and the moment, for the addresses of licences."""
    given = {"on": wanted.on, "known": wanted.known}
    said = {n: v.isoformat() for n, v in given.items() if v}
    if wanted.known:
        said["known"] = wanted.known.strftime("%Y-%m-%d %H:%M:%S")
    return "?" + "&".join(f"{n}={v.replace(' ', '+')}" for n, v in said.items()) if said else ""


def _nothing(viewer: Actor, wanted: Wanted) -> str:
    """What to do where the list is empty."""
    if not is_official(viewer) and not viewer.organisations:
        return (
            "Your roles show no licences. If you should see some, ask an administrator for a role, or to be added "
            "to your organisation."
        )
    if wanted != Wanted():
        return "No licence fits all of these filters. Remove one, or clear all."
    if is_official(viewer):
        return (
            "The register is empty. Enter a licence, or load a release with `penholder act register load-release`."
        )
    return "There are no licences of your organisations yet. They appear here once the authority has entered them."


@requires(SIGNED_IN, why=_OWN)
def overdue_list(request: HttpRequest) -> HttpResponse:
    """Reviews, acknowledgements and conditions past due, oldest first; and messages that wait for customs."""
    viewer = actor_of_request(request)
    found, not_taken = overdue(viewer=viewer), waiting(viewer=viewer)
    kinds = {name: words for name, words in OVERDUE if is_official(viewer) or name != "customs"} | (
        {"waiting": "waits for customs"} if is_official(viewer) else {}
    )
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    rows = list(not_taken) if kind == "waiting" else [o for o in found if not kind or o.kind == kind]
    context = {
        "tabs": _overdue_tabs(kinds, kind, Counter(o.kind for o in found), waiting_count=len(not_taken)),
        "rows": rows,
        "waits": kind == "waiting",
        "may_acknowledge": authority().role_for(viewer, RegisterPermission.ACKNOWLEDGE_CUSTOMS_MESSAGE)
        is not None,
        "references": references(viewer=actor_of_request(request), ids=[o.licence for o in rows]),
        "overdue_words": overdue_words,
        "numbers": numbers,
        "as_of": now().date(),
    }
    return render(request, "register/overdue.html", context)


def _overdue_tabs(
    kinds: Mapping[str, str], chosen: str, late: Mapping[str, int], *, waiting_count: int
) -> list[dict[str, Any]]:
    """All that is overdue, each kind of it, and what waits for customs where that is shown."""
    address = reverse("register-overdue")
    counts = {**late, "waiting": waiting_count}
    made: list[dict[str, Any]] = [
        {"text": "All", "href": address, "count": sum(late.values()), "current": not chosen}
    ]
    return made + [
        {
            "text": words.capitalize(),
            "href": f"{address}?kind={name}",
            "count": counts.get(name, 0),
            "current": chosen == name,
        }
        for name, words in kinds.items()
    ]
