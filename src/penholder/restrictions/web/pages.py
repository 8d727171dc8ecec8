"""The list of restrictions, and the page of one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.analysis.sources.places import name_and_code
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.timeline import Happening
from penholder.people.roles import role_book, role_name
from penholder.restrictions.answers import RestrictionView
from penholder.restrictions.gates import gate
from penholder.restrictions.queries import matching, reads_official, restriction, restrictions
from penholder.restrictions.timeline import timeline
from penholder.restrictions.values import Kind, RestrictionPermission
from penholder.restrictions.web import words

_WHY = "what is public of restrictions everybody signed in may read; texts and proposals are for officials"
_NEW = (
    (RestrictionPermission.SET_MORATORIUM, "Set a moratorium", "moratorium-new"),
    (RestrictionPermission.PROPOSE_EXEMPTION, "Propose an exemption", "exemption-new"),
    (RestrictionPermission.PLACE_HOLD, "Place a hold", "hold-new"),
)
_CHANGES = {
    Kind.MORATORIUM: (
        (RestrictionPermission.CHANGE_MORATORIUM, "Change the destinations", "moratorium-destinations"),
        (RestrictionPermission.LIFT_MORATORIUM, "Lift it", "moratorium-lift"),
    ),
    Kind.EXEMPTION: (
        (RestrictionPermission.ANNOUNCE_EXEMPTION, "Announce it", "exemption-announce"),
        (RestrictionPermission.END_EXEMPTION, "End it", "exemption-end"),
    ),
    Kind.HOLD: ((RestrictionPermission.LIFT_HOLD, "Lift it", "hold-lift"),),
}


@requires(SIGNED_IN, why=_WHY)
def restriction_list(request: HttpRequest) -> HttpResponse:
    """By kind, with what may be set or proposed."""
    viewer = actor_of_request(request)
    asked = request.GET.get("kind", "")
    kind = Kind(asked) if asked in list(Kind) else None
    page = restrictions(viewer=viewer, kind=kind, cursor=request.GET.get("cursor") or None)
    address = reverse("restrictions")
    tabs = [{"text": "All", "href": address, "current": kind is None}]
    tabs += [{"text": words.MANY[k], "href": f"{address}?kind={k}", "current": kind is k} for k in Kind]
    tail = f"&kind={kind}" if kind else ""
    context = {
        "tabs": tabs,
        "page": page,
        "next": f"?cursor={page.next_cursor}{tail}" if page.next_cursor else None,
        "first": f"?kind={asked}" if request.GET.get("cursor") else None,
        "new": [(text, reverse(name)) for p, text, name in _NEW if authority().role_for(viewer, p)],
        "title_of": words.title,
        "standing": words.standing,
        "scope": words.scope,
        "as_of": today(),
    }
    return render(request, "restrictions/list.html", context)


@requires(SIGNED_IN, why=_WHY)
def restriction_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One restriction today: what it does, on what it rests, what it matches, what happened to it."""
    viewer, on = actor_of_request(request), today()
    seen = restriction(viewer=viewer, id=public_id)
    is_moratorium = seen.kind is Kind.MORATORIUM
    context = {
        "seen": seen,
        "title": words.title(seen),
        "caption": seen.id,
        "sentence": words.sentence(seen, on=on),
        "scope": words.scope(seen),
        "standing": words.standing(seen),
        "matches": matching(viewer=viewer, moratorium=seen.id)
        if is_moratorium and reads_official(viewer)
        else None,
        "cause": _address("change", seen.cause) if seen.cause and reads_official(viewer) else None,
        "days": _address("exemption-days", seen.id)
        if seen.kind is Kind.EXEMPTION and reads_official(viewer)
        else None,
        "items": [_item(h) for h in reversed(timeline(viewer=viewer, id=public_id))],
        "possible": _possible(viewer, seen, on),
        "place": name_and_code,
        "says": words.says,
        "why": words.why,
        "licence": _licence,
        "questions_of": lambda step: [words.question(gate(name)) for name in step.gates],
        "as_of": on,
    }
    return render(request, "restrictions/restriction.html", context)


def _possible(viewer: Actor, seen: RestrictionView, on: date) -> list[dict[str, Any]]:
    """What may be done now, by whom; `href` where the viewer may."""
    if seen.is_over or (seen.valid_until is not None and seen.valid_until <= on):
        return []
    book, found = role_book(), []
    for permission, text, name in _CHANGES[seen.kind]:
        if name == "exemption-announce" and seen.valid_from is not None:
            continue
        may = authority().role_for(viewer, permission) is not None
        roles = [r.name for r in book.roles.values() if permission in r.may and r.is_granted]
        found.append({"text": text, "href": reverse(name, args=[seen.id]) if may else None, "roles": roles})
    return found


def _item(happened: Happening) -> dict[str, Any]:
    return {
        "title": words.event_words(happened.event, happened.fields),
        "at": happened.at,
        "by": role_name(happened.role),
        "claimed_at": happened.claimed_at if happened.late else None,
        "place": happened.place_words,
    }


def _licence(subject: str) -> str | None:
    """The page of what was granted."""
    return _address("licence" if subject.startswith("L-") else "case", subject)


def _address(name: str, public_id: str) -> str | None:
    """The page of a higher capability, where the site has it."""
    with suppress(NoReverseMatch):
        return reverse(name, args=[public_id])
    return None
