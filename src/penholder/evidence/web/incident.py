"""The page of one incident: what is reported, the four findings side by side, the other side, gaps, history."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.asked import MomentField
from penholder.evidence import queries
from penholder.evidence.answers import Happening, IncidentView
from penholder.evidence.tables import scales
from penholder.evidence.timeline import timeline
from penholder.evidence.values import MICRO, Axis, EvidencePermission
from penholder.evidence.web import words
from penholder.people.roles import role_book, role_name

_WHY = "for whoever reads official fields, by role; for everybody else it is not there"
_MAY = {
    "scope": EvidencePermission.SCOPE,
    "find": EvidencePermission.FIND,
    "explain": EvidencePermission.EXPLAIN,
    "exculpate": EvidencePermission.EXCULPATE,
    "gap": EvidencePermission.GAP,
    "join": EvidencePermission.JOIN,
    "grade": EvidencePermission.GRADE,
}


@requires(SIGNED_IN, why=_WHY)
def incident_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One incident, as known at a moment."""
    viewer = actor_of_request(request)
    known = read_known(request)
    try:
        found = queries.incident(viewer=viewer, id=public_id, known=known)
    except AbsentError:
        if known is None:
            raise
        queries.incident(viewer=viewer, id=public_id)  # it is there now
        context = {"public_id": public_id, "known_at": known, "as_of": today()}
        return render(request, "evidence/not_then.html", context)
    happened = timeline(viewer=viewer, incident=public_id, known=known)
    context = {
        "found": found,
        "said": found.row.facts,
        "rows": _rows(found),
        "axes": scales(),
        "axis_order": list(Axis),
        "may": {n: known is None and authority().role_for(viewer, p) is not None for n, p in _MAY.items()},
        "roles": {n: roles_for(p) for n, p in _MAY.items()},
        "items": [_item(h) for h in reversed(happened)],
        "calls": {s.id: s.called for s in queries.sources(viewer=viewer)},
        "link": link_of,
        "named": _named(viewer, found),
        "words": words,
        "stage": words.STAGES[found.row.stage],
        "as_of": today(),
        "known_at": known,
    }
    return render(request, "evidence/incident.html", context)


def read_known(request: HttpRequest) -> Any:
    """The moment of the address; one that cannot be read counts as none."""
    try:
        return MomentField().clean(request.GET.get("known", ""))
    except ValidationError:
        return None


def roles_for(permission: str) -> list[str]:
    """Names of the roles that give a permission."""
    return [r.name for r in role_book().roles.values() if permission in r.may and r.id != "system"]


def link_of(public_id: str) -> str | None:
    """The page of a piece of evidence; None where it has none of its own."""
    kind = public_id.partition("-")[0]
    if kind == "IN":
        return reverse("incident", args=[public_id])
    return reverse("evidence-imported", args=[public_id]) if kind == "IR" else None


def _named(viewer: Actor, found: IncidentView) -> dict[str, str]:
    """What findings rest on, in words: reports, and what is recorded of the incident itself."""
    cited = {i for answers in found.findings.values() for one in answers for i in one.evidence}
    made = {i: words.brief(of) for i, of in queries.facts(viewer=viewer, ids=cited).items()}
    made |= {e.id: f"The party's {words.plain(e.kind)}" for e in found.explanations}
    made |= {f.id: words.plain(f.kind).capitalize() for f in found.facts}
    return made | {g.id: f"Gap: {g.question}" for g in found.gaps}


def _rows(found: IncidentView) -> list[tuple[str, Any]]:
    """What the report says, with what it does not."""
    facts = found.row.facts
    day = {"first": facts.starts_on, "last": facts.ends_on, "precision": words.precision_words(facts)}
    coordinates = None
    if facts.latitude is not None and facts.longitude is not None:
        coordinates = f"{_degrees(facts.latitude)}, {_degrees(facts.longitude)} (never published)"
    attacks = [str(n) for n in (facts.attacks_least, facts.attacks_most) if n is not None]
    return [
        ("day", day),
        ("Place", words.place_words(facts) or None),
        ("Place is known to", words.plain(facts.place_precision.value).capitalize()),
        ("Coordinates", coordinates or None),
        ("Said to have acted", ", ".join(facts.actors) or None),
        ("Means", words.means_words(facts).capitalize() or None),
        ("Munition seen", facts.munition or None),
        ("What was hit", words.object_words(facts)),
        ("In the words of the report", facts.object_words or None),
        ("Attacks", " to ".join(dict.fromkeys(attacks)) or None),
        ("Casualties", [words.range_words(c) for c in facts.casualties] or None),
        ("The source's own word for how sure it is", facts.certainty or None),
        ("Number at the source", None if facts.key == found.id else facts.key),
        ("Received", facts.received_on),
    ]


def _degrees(micro: int) -> str:
    whole, rest = divmod(abs(micro), MICRO)
    return f"{'-' if micro < 0 else ''}{whole}.{rest:06}"


def _item(h: Happening) -> dict[str, Any]:
    return {
        "title": words.event_words(h.event, h.fields),
        "at": h.recorded_at,
        "by": role_name(h.role),
        "claimed_at": h.claimed_at if h.late else None,
        "rows": words.text_rows(h.fields),
        "place": h.place,
    }
