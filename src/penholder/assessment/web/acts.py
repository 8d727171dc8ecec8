"""The forms of the acts on assessments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from penholder.actions.action import spec_of
from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.values import Receipt
from penholder.assessment import actions
from penholder.assessment.answers import AssessmentView
from penholder.assessment.queries import assessment
from penholder.assessment.timeline import has_note, timeline
from penholder.assessment.values import AssessmentPermission
from penholder.assessment.web import words
from penholder.assessment.web.content_form import MORE, content_form, first_values, typed_values
from penholder.entry.access import requires
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import form_for
from penholder.entry.views import ActPage, act_view
from penholder.people import actions as people_actions
from penholder.register.place_names import place_names

_PAGE = "assessment/act.html"


def _seen(request: HttpRequest, **parts: Any) -> AssessmentView:
    """What the form is about. Raises: AbsentError."""
    return assessment(viewer=actor_of_request(request), id=str(parts["assessment"]))


def _state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {"expected_version": _seen(request, **parts).version, "accepted_on": today()}


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    seen = _seen(request, **parts)
    place = place_names([seen.destination])[seen.destination]
    named = next((v for v in seen.versions if v.id == parts.get("version")), None)
    if "version" in parts and named is None:
        raise AbsentError("there is no such version", hint="look at the assessment")
    newest = seen.newest
    about = named or newest
    return {
        "caption": f"{place}: {seen.party}{f', version {about.number}' if about else ''}",
        "seen": seen,
        "age": words.age_words(newest.age) if newest else "",
        "words": words,
    }


def _back(**parts: Any) -> str:
    return reverse("assessment", args=[parts["assessment"]])


def _then(_receipt: Receipt[Any], **parts: Any) -> str:
    return _back(**parts)


def _page(title: str, button: str, **more: Any) -> ActPage:
    given: dict[str, Any] = {"state": _state, "context": _context, "back": _back, "then": _then} | more
    return ActPage(_PAGE, title, button, **given)


def _save_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    seen = _seen(request, **parts)
    return {**first_values(seen), "expected_version": seen.version}


def _requests(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """Change requests that nobody has answered yet."""
    open_ = [r for r in _seen(request, **parts).requests if not r.answered_by]
    sent = request.POST.get("answers", "")
    named = [(r.id, f"{r.requested_by}: {r.what[:80]}") for r in open_]
    if sent and sent not in dict(named):
        named.append((sent, sent))
    return {"answers": [("", "None"), *named]}


_SAVE = ActPage(
    "assessment/save.html",
    "Write the next version",
    "Save it as a new version",
    state=_save_state,
    choices=_requests,
    form=content_form,
    context=_context,
    back=_back,
    then=_then,
)
_save = act_view(actions.save_version, _SAVE)


@requires(AssessmentPermission.SAVE, why="Save the next version of an assessment.")
def save(request: HttpRequest, assessment: str) -> HttpResponse:
    """The form of a version; with one more row for a risk where that was asked, and nothing recorded yet."""
    if request.method != "POST" or MORE not in request.POST:
        return _save(request, assessment=assessment)
    spec = spec_of(actions.save_version)
    choices = _requests(request, assessment=assessment)
    kind = content_form(form_for(spec, without={"assessment"}, choices=choices), request, assessment=assessment)
    form = kind(initial=typed_values(request))
    context = {
        "form": form,
        "title": _SAVE.title,
        "button": _SAVE.button,
        "back": _back(assessment=assessment),
        "description": "",
        "recorded": [],
        "conflict": None,
        "changes": [],
        **_context(request, assessment=assessment),
    }
    return render(request, _SAVE.template, context)


save.act = spec_of(actions.save_version).name  # type: ignore[attr-defined]  # for the list of acts


def _note(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """The legal note of the entry at that place. Raises: AbsentError."""
    viewer = actor_of_request(request)
    for happened in timeline(viewer=viewer, assessment_id=str(parts["assessment"])):
        if happened.place == parts["place"] and has_note(happened):
            return {"fields": [("note", "Note of the legal check")]}
    raise AbsentError("there is no such note", hint="look at the timeline of the assessment")


PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "assessment-start": (
        "start",
        actions.start_assessment,
        ActPage(
            "entry/act.html",
            "Start an assessment",
            "Start the assessment",
            words={
                "destination": ("Destination", "Name, or code of two letters."),
                "party": ("Party", "Whose conduct is assessed, for example: armed forces of Velmora. No person."),
            },
            state=lambda request, **_parts: {"destination": request.GET.get("destination", "")},
            back=lambda **_parts: reverse("assessments"),
            then=lambda receipt, **_parts: reverse("assessment", args=[receipt.result.assessment]),
        ),
    ),
    "assessment-send": (
        "<str:assessment>/send",
        actions.send_version,
        _page("Send the draft to the legal check", "Send it to the legal adviser"),
    ),
    "assessment-check": (
        "<str:assessment>/check",
        actions.finish_legal_check,
        _page(
            "Finish the legal check",
            "Pass it to the countersigner",
            words={"note": ("Legal note", "Privileged. It is sealed; each reading leaves an entry.")},
        ),
    ),
    "assessment-countersign": (
        "<str:assessment>/countersign",
        actions.countersign_version,
        _page("Countersign the version", "Sign, and put it before the decider"),
    ),
    "assessment-return": (
        "<str:assessment>/return",
        actions.request_change,
        _page(
            "Return the version with a change request",
            "Return it to the drafter",
            words={
                "requested_by": ("Who wants the change?", "The function or the office, not the name of a person."),
                "what": ("What is to be changed?", ""),
                "why": ("Why?", ""),
                "drops": ("Evidence that is to be cited no more", "Where that is asked; with commas between."),
            },
        ),
    ),
    "assessment-accept": (
        "<str:assessment>/accept",
        actions.accept_version,
        _page("Accept the version", "Accept it, so that it may be cited"),
    ),
    "assessment-dissent": (
        "<str:assessment>/versions/<str:version>/dissent",
        actions.link_dissent,
        _page("Link a dissent note", "Link the note"),
    ),
    "assessment-gist": (
        "<str:assessment>/versions/<str:version>/gist",
        actions.publish_gist,
        _page(
            "Publish the gist of the version",
            "Publish it, for ever",
            words={
                "gist": ("Gist", "What may be known of it, in open words. No names, nothing from closed material.")
            },
        ),
    ),
    "assessment-instruct": (
        "<str:assessment>/oral-instruction",
        actions.record_oral_instruction,
        ActPage(
            _PAGE,
            "Record an oral instruction",
            "Record it for the independent reviewer",
            context=_context,
            back=_back,
        ),
    ),
    "instruction-read": (
        "instructions/<str:instruction>/read",
        actions.read_instruction,
        ActPage(
            "entry/act.html",
            "Read what a drafter recorded",
            "Record that I read it, and show it once",
            context=lambda _request, **_parts: {
                "description": "You are shown it once, on the next page. That you read it stands in the ledger."
            },
            back=lambda **_parts: reverse("instructions"),
            then=lambda _receipt, **_parts: reverse("instructions"),
        ),
    ),
    "assessment-note": (
        "<str:assessment>/entries/<int:place>/read",
        people_actions.read_private,
        ActPage(
            _PAGE,
            "Say why you need the legal note",
            "Record the reason and show it once",
            choices=_note,
            state=lambda _request, **_parts: {"fields": ["note"]},
            context=lambda request, **parts: {
                **_context(request, **parts),
                "description": "You are shown the note once, on the next page. That you read it, and why, stands "
                "in the ledger.",
            },
            words={"fields": ("What you read", ""), "why": ("Why do you need it?", "In a sentence.")},
            back=_back,
        ),
    ),
}
"""Name of the route -> address below /assessments, action, page."""


def act_urls() -> list[URLPattern]:
    """The addresses of the forms."""
    made = [
        path(f"assessments/{address}", act_view(act, page), name=name)
        for name, (address, act, page) in PAGES.items()
    ]
    return [path("assessments/<str:assessment>/versions/new", save, name="assessment-save"), *made]
