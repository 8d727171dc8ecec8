"""The list of assessments, the page of one, of one version, of a diff, and what the independent reviewer sees."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from penholder.actions.action import spec_of
from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, FieldClass
from penholder.assessment import actions, queries
from penholder.assessment.access import may_see
from penholder.assessment.answers import AssessmentView, RequestView, VersionView
from penholder.assessment.reserved import instructions, may_read
from penholder.assessment.timeline import has_note, timeline
from penholder.assessment.values import AssessmentPermission, Move
from penholder.assessment.web import words
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import ActForm, form_for
from penholder.entry.timeline import Happening
from penholder.evidence import queries as evidence
from penholder.evidence.web.words import brief
from penholder.people.roles import role_book, role_name
from penholder.people.values import PeoplePermission
from penholder.register.place_names import place_names

_WHY = "assessments are for officials who read official fields; for others nothing is there"
_WORDS = {"words": words, "plain": words.plain, "areas": words.AREAS, "aspects": words.ASPECTS}


@requires(SIGNED_IN, why=_WHY)
def assessment_list(request: HttpRequest) -> HttpResponse:
    """By destination, with what may be cited and how old it is."""
    viewer = actor_of_request(request)
    if not may_see(viewer):
        raise AbsentError("there is no such page", hint="assessments are for officials")
    destination = request.GET.get("destination", "").strip()
    page = queries.assessments(viewer=viewer, destination=destination, cursor=request.GET.get("cursor") or None)
    tail = f"&destination={destination}" if destination else ""
    context = {
        **_WORDS,
        "page": page,
        "destination": destination,
        "places": place_names(a.destination for a in page.items),
        "may_start": _may(viewer, AssessmentPermission.START),
        "next": f"?cursor={page.next_cursor}{tail}" if page.next_cursor else None,
        "first": reverse("assessments") if request.GET.get("cursor") else None,
        "as_of": today(),
    }
    return render(request, "assessment/list.html", context)


@requires(SIGNED_IN, why=_WHY)
def assessment_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """What may be cited, what is being written, who asked for what, and the loops."""
    viewer = actor_of_request(request)
    found = queries.assessment(viewer=viewer, id=public_id)
    context = {
        **_WORDS,
        **_titles(found),
        "found": found,
        "called": _called(viewer, _asked_to_drop(found.requests)),
        "kept": queries.kept_diff(viewer=viewer, assessment=public_id),
        "possible": _possible(found),
        "more": _more(viewer, found),
        "instruct": _instruct(viewer, found),
        "items": [_item(h, public_id, viewer) for h in reversed(timeline(viewer=viewer, assessment_id=public_id))],
        "as_of": today(),
    }
    return render(request, "assessment/assessment.html", context)


@requires(SIGNED_IN, why=_WHY)
def version_page(request: HttpRequest, public_id: str, version: str) -> HttpResponse:
    """All that one version says, with grounds, evidence and gaps."""
    viewer = actor_of_request(request)
    found = queries.version(viewer=viewer, id=version)
    if found.assessment != public_id:
        raise AbsentError(f"there is no version {version} of {public_id}", hint="look at the assessment")
    whole = queries.assessment(viewer=viewer, id=public_id)
    context = {
        **_WORDS,
        **_titles(found),
        "found": found,
        "called": _called(viewer, {*found.content.evidence(), *found.dropped, *_asked_to_drop(found.requests)}),
        "before": next((v for v in whole.versions if v.number == found.number - 1), None),
        "evidence_address": _evidence_address,
        "days": {step.status: step.on for step in found.steps},
        "gist": _may(viewer, AssessmentPermission.PUBLISH_GIST) and found.status in {"accepted", "superseded"},
        "as_of": today(),
    }
    return render(request, "assessment/version.html", context)


@requires(SIGNED_IN, why=_WHY)
def diff_page(request: HttpRequest, public_id: str, before: str, after: str) -> HttpResponse:
    """From one version to another: findings and evidence first, wording apart."""
    viewer = actor_of_request(request)
    found = queries.diff(viewer=viewer, before=before, after=after)
    if found.assessment != public_id:
        raise AbsentError(f"there is no version {before} of {public_id}", hint="look at the assessment")
    context = {
        **_WORDS,
        "found": found,
        "called": _called(
            viewer, {m.evidence for m in (*found.diff.dropped, *found.diff.added)} | _asked_to_drop(found.requests)
        ),
        "place": place_names([found.destination])[found.destination],
        "evidence_address": _evidence_address,
        "as_of": today(),
    }
    return render(request, "assessment/diff.html", context)


@requires(
    AssessmentPermission.READ_INSTRUCTION, why="what drafters recorded is for the independent reviewer alone"
)
def instruction_list(request: HttpRequest) -> HttpResponse:
    """That something was recorded, and when; what, is read by an act of its own."""
    viewer = actor_of_request(request)
    if not may_read(viewer):
        raise AbsentError("there is no such page", hint="look at the menu")
    rows = instructions(viewer=viewer)
    return render(request, "assessment/instructions.html", {"rows": rows, "as_of": today()})


def _asked_to_drop(requests: Iterable[RequestView]) -> set[str]:
    return {name for r in requests for name in r.drops}


def _called(viewer: Actor, ids: Collection[str]) -> dict[str, str]:
    """What pieces of evidence are called, by public id."""
    return {name: brief(of) for name, of in evidence.facts(viewer=viewer, ids=ids).items()}


def _titles(found: AssessmentView | VersionView) -> dict[str, str]:
    place = place_names([found.destination])[found.destination]
    return {"place": place, "heading": f"{place}: {found.party}"}


def _may(viewer: Actor, permission: str) -> bool:
    return authority().role_for(viewer, permission) is not None


def _possible(found: AssessmentView) -> list[dict[str, Any]]:
    """What the machine allows with the newest version; `href` where a role of the viewer gives it."""
    from_here = queries.allowed(found)
    book, made = role_book(), []
    for move in from_here:
        text, name = words.ACTS[move]
        permission = queries.PERMISSIONS[move]
        roles = [r.name for r in book.roles.values() if permission in r.may and r.is_granted]
        if move is Move.SAVE and found.newest is None:
            text = "Write the first version"
        href = reverse(name, args=[found.id]) if move in found.may else None
        made.append({"text": text, "href": href, "roles": roles})
    return made


def _more(viewer: Actor, found: AssessmentView) -> list[tuple[str, str]]:
    """Acts beside the machine."""
    made = []
    if found.newest and _may(viewer, AssessmentPermission.LINK_DISSENT):
        made.append(("Link a dissent note", reverse("assessment-dissent", args=[found.id, found.newest.id])))
    if found.accepted and found.accepted.gist is None and _may(viewer, AssessmentPermission.PUBLISH_GIST):
        made.append(("Publish the gist", reverse("assessment-gist", args=[found.id, found.accepted.id])))
    return made


def _instruct(viewer: Actor, found: AssessmentView) -> ActForm | None:
    """The form behind the one click, for drafters."""
    if found.newest is None or not _may(viewer, AssessmentPermission.RECORD_INSTRUCTION):
        return None
    kind = form_for(spec_of(actions.record_oral_instruction), without={"assessment"})
    return kind(auto_id="instruct_%s")


def _item(happened: Happening, public_id: str, viewer: Actor) -> dict[str, Any]:
    """One item of the timeline."""
    note = has_note(happened) and happened.place is not None
    reads = _may(viewer, PeoplePermission.READ_PRIVATE) and authority().may_read(viewer, FieldClass.RESTRICTED)
    return {
        "title": words.event_words(happened.event, happened.fields),
        "at": happened.at,
        "by": role_name(happened.role),
        "claimed_at": happened.claimed_at if happened.late else None,
        "place": happened.place_words,
        "text": "The legal note is withheld; reading it is an act of its own." if note else None,
        "href": reverse("assessment-note", args=[public_id, happened.place]) if note and reads else None,
    }


def _evidence_address(public_id: str) -> str | None:
    """The page of an incident, where the site has it."""
    with suppress(NoReverseMatch):
        return reverse("incident", args=[public_id]) if public_id.startswith("IN-") else None
    return None
