"""The forms of the acts of evidence: each with the incident that it is about, and with both sides in view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.values import Receipt
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage, act_view
from penholder.evidence import actions, queries
from penholder.evidence.answers import IncidentView
from penholder.evidence.tables import scales
from penholder.evidence.values import (
    Axis,
    Credibility,
    ExplanationKind,
    FactKind,
    Facts,
    GradeAxis,
    Position,
    Reliability,
    SourceKind,
)
from penholder.evidence.web import words
from penholder.evidence.web.enter_form import enter_form

_PAGE = "evidence/act.html"
CREDIBLE = [
    (Credibility.CONFIRMED, "1 confirmed by other sources"),
    (Credibility.PROBABLE, "2 probably true"),
    (Credibility.POSSIBLE, "3 possibly true"),
    (Credibility.DOUBTFUL, "4 doubtful"),
    (Credibility.IMPROBABLE, "5 improbable"),
    (Credibility.CANNOT_BE_JUDGED, "6 cannot be judged"),
]
RELIABLE = [
    (Reliability.A, "A completely reliable"),
    (Reliability.B, "B usually reliable"),
    (Reliability.C, "C fairly reliable"),
    (Reliability.D, "D not usually reliable"),
    (Reliability.E, "E unreliable"),
    (Reliability.F, "F cannot be judged"),
]
_VALUES: Mapping[GradeAxis, list[tuple[Any, str]]] = {
    GradeAxis.RELIABILITY: list(RELIABLE),
    GradeAxis.CREDIBILITY: list(CREDIBLE),
}


def _incident(request: HttpRequest, **parts: Any) -> IncidentView:
    """Read once per request. Raises: AbsentError."""
    known = getattr(request, "penholder_incident", None)
    if not isinstance(known, IncidentView):
        known = queries.incident(viewer=actor_of_request(request), id=parts["incident"])
        request.penholder_incident = known  # type: ignore[attr-defined]
    return known


def _state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {"expected_version": _incident(request, **parts).version}


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = _incident(request, **parts)
    axis = _axis(parts["axis"]) if parts.get("axis") in list(Axis) else None
    gaps = [g for g in found.gaps if g.id == parts.get("gap")]
    if "gap" in parts and not gaps:
        raise AbsentError("there is no such gap on this incident", hint="look at the incident")
    return {
        "found": found,
        "words": words,
        "scale": scales()[axis] if axis else None,
        "earlier": found.findings[axis][0] if axis and found.findings[axis] else None,
        "gap": gaps[0] if gaps else None,
        "other": _other(request),
    }


def _other(request: HttpRequest) -> tuple[str, Facts] | None:
    """The report that the address or the form names to be joined to, where there is one."""
    named = (request.POST or request.GET).get("same_as", "").strip()
    found = queries.facts(viewer=actor_of_request(request), ids=[named] if named else [])
    return next(iter(found.items()), None)


def _axis(given: str) -> Axis:
    """Raises: AbsentError: there is no such question."""
    if given not in list(Axis):
        raise AbsentError("there is no such question", hint="look at the incident")
    return Axis(given)


def _back(**parts: Any) -> str:
    return reverse("incident", args=[parts["incident"]])


def _then(_receipt: Receipt[Any], **parts: Any) -> str:
    return _back(**parts)


def sources(request: HttpRequest) -> list[tuple[str, str]]:
    """Sources by name."""
    return [(s.id, s.called) for s in queries.sources(viewer=actor_of_request(request))]


def _plain(kinds: Any) -> list[tuple[str, str]]:
    return [(k.value, words.plain(k.value).capitalize()) for k in kinds]


def _finding_choices(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """The answers of this scale; what may be linked: the reports of the event, and what is recorded of it."""
    found, scale = _incident(request, **parts), scales()[_axis(parts["axis"])]
    links = [(r.id, words.label(r)) for r in (found.row, *found.joined)]
    links += [
        (e.id, f"The party's {words.plain(e.kind)} of {words.day_words(e.given_on)}") for e in found.explanations
    ]
    links += [(f.id, f"Can speak for the party: {words.plain(f.kind)}") for f in found.facts]
    links += [(g.id, f"Gap: {g.question[:80]}") for g in found.gaps]
    return {"value": list(scale.values.items()), "evidence": links}


def _finding_form(kind: type[ActForm], _request: HttpRequest, **parts: Any) -> type[ActForm]:
    """Only an attribution names a party; only a later answer has a reason."""
    axis = _axis(parts["axis"])
    more: dict[str, Any] = {}
    if axis is not Axis.ATTRIBUTION:
        more["party"] = None
    if _incident(_request, **parts).findings[axis]:
        more["reason"] = forms.CharField(
            label="Why the earlier answer is changed",
            max_length=4_000,
            widget=forms.Textarea,
            help_text="What is known now that was not then, or what was seen wrongly. Official: never published.",
            error_messages={"required": "is needed where an earlier finding is changed"},
        )
    else:
        more["reason"] = None
    return type("FindingForm", (kind,), more)


def _finding_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    actors = _incident(request, **parts).row.facts.actors
    return {
        **_state(request, **parts),
        "party": actors[0] if len(actors) == 1 else "",
        "evidence": [parts["incident"]],
    }


def _scope_form(kind: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    box = forms.TypedChoiceField(
        label="Is it assessed?",
        choices=[("yes", "Yes, it is in scope"), ("no", "No, it is left out of scope")],
        widget=forms.RadioSelect,
        coerce=lambda typed: typed == "yes",
        error_messages={"required": "is needed"},
    )
    return type("ScopeForm", (kind,), {"in_scope": box})


def _closing_form(kind: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    box = forms.TypedChoiceField(
        label="Is there an answer?",
        choices=[("yes", "Yes"), ("no", "No, none can be had")],
        widget=forms.RadioSelect,
        coerce=lambda typed: typed == "yes",
        error_messages={"required": "is needed"},
    )
    return type("ClosingForm", (kind,), {"is_answered": box})


def _grade_choices(_request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    if parts["axis"] not in list(GradeAxis):
        raise AbsentError("there is no such axis", hint="look at the incident")
    return {"value": _VALUES[GradeAxis(parts["axis"])]}


def _origin_choices(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    own = _incident(request, **parts).source.id
    return {"origin": [(i, called) for i, called in sources(request) if i != own]}


def _join_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**_state(request, **parts), "same_as": request.GET.get("same_as", "")[:40]}


def _explanation_choices(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    return {"kind": _plain(ExplanationKind), "position": _plain(Position), "credibility": CREDIBLE,
            "source": sources(request)}  # fmt: skip


def _explanation_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    actors = _incident(request, **parts).row.facts.actors
    return {**_state(request, **parts), "party": actors[0] if len(actors) == 1 else ""}


def _fact_choices(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    return {"kind": _plain(FactKind), "credibility": CREDIBLE, "source": sources(request)}


_NO_NAMES = "No names of persons. Official: never published."
WORDS: Mapping[str, tuple[str, str]] = {
    "value": ("Your answer", "Not enough is held to say: an answer of its own."),
    "grounds": ("Grounds", f"What this answer rests on, and what speaks against it. {_NO_NAMES}"),
    "evidence": ("Evidence that it rests on", ""),
    "party": ("Party", "Forces, state or group, as reports name it; never a person."),
    "reliability_reason": ("Why the source gets this letter", _NO_NAMES),
    "credibility_reason": ("Why what is said gets this figure", _NO_NAMES),
    "same_as": (
        "Report that stands for the event",
        "Its id (IN-…), from the head of its page. For reports that are like this one a link there fills it in.",
    ),
    "is_answered": ("Is there an answer?", ""),
    "disputed": ("What is said against that", f"Empty: nothing is known. {_NO_NAMES}"),
    "their_number": ("The source's own number of the report", "Empty: one is made."),
    "admin1": ("Region", "Published only if the place is known so finely."),
    "admin2": ("District", "Published only if the place is known so finely."),
    "place": ("State or territory", "Name, or code of two letters."),
    "place_name": (
        "Town or village",
        "Never a house or a family. Published only if the place is known so finely.",
    ),
    "actors": ("Said to have acted", "Forces, states, groups; never persons. Put commas between them."),
}
"""Labels and hints, where the page says it better than the declaration."""
_GIVEN = {
    **WORDS,
    "kind": ("What kind is it?", ""),
    "position": ("What does the party say?", ""),
    "given_on": ("Given on", ""),
    "credibility": ("How credible is it?", ""),
    "source": ("Through which source", ""),
}
_EXPLAINED = {**_GIVEN, "text": ("What it says", f"And how that was found. {_NO_NAMES}")}
_SPOKEN = {**_GIVEN, "text": ("What is said, and by which body", _NO_NAMES)}
_GRADE = {**WORDS, "value": ("Grade", "Judged apart from the other axis.")}


def _on(title: str, button: str, **more: Any) -> ActPage:
    given: dict[str, Any] = {
        "state": _state, "context": _context, "back": _back, "then": _then, "words": WORDS, **more,
    }  # fmt: skip
    return ActPage(_PAGE, title, button, **given)


ENTER = ActPage(
    "evidence/enter.html",
    "Enter a report",
    "Enter the report",
    state=lambda _request, **_parts: {"received_on": today(), "object_class": "not_stated"},
    choices=lambda request, **_parts: {
        "source": sources(request), "reliability": RELIABLE, "credibility": CREDIBLE,
    },
    form=enter_form,
    words=WORDS,
    back=lambda **_parts: reverse("evidence"),
    then=lambda receipt, **_parts: reverse("incident", args=[receipt.result.incident]),
)  # fmt: skip
SOURCE = ActPage(
    "entry/act.html",
    "Register a source",
    "Register the source",
    choices=lambda _request, **_parts: {"kind": [(k.value, words.kind_words(k.value)) for k in SourceKind]},
    back=lambda **_parts: reverse("evidence-sources"),
    then=lambda _receipt, **_parts: reverse("evidence-sources"),
)
PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "evidence-scope": ("scope", actions.set_scope, _on("In scope or out", "Record the scope", form=_scope_form)),
    "evidence-find": (
        "findings/<str:axis>",
        actions.record_finding,
        _on(
            "Record a finding",
            "Record the finding",
            choices=_finding_choices,
            form=_finding_form,
            state=_finding_state,
        ),
    ),
    "evidence-explain": (
        "explanations/new",
        actions.record_explanation,
        _on(
            "Record the party's own explanation",
            "Record the explanation",
            choices=_explanation_choices,
            state=_explanation_state,
            words=_EXPLAINED,
        ),
    ),
    "evidence-exculpate": (
        "facts/new",
        actions.record_exculpatory_fact,
        _on("Record what can speak for the party", "Record it", choices=_fact_choices, words=_SPOKEN),
    ),
    "evidence-gap": ("gaps/new", actions.open_gap, _on("Open a gap", "Open the gap")),
    "evidence-close": (
        "gaps/<str:gap>/close",
        actions.close_gap,
        _on("Close a gap", "Close the gap", form=_closing_form),
    ),
    "evidence-grade": (
        "grade/<str:axis>",
        actions.grade_incident,
        _on("Grade one axis anew", "Record the grade", choices=_grade_choices, words=_GRADE),
    ),
    "evidence-origin": (
        "origin",
        actions.state_origin,
        _on("Whose account does it repeat?", "Record it", choices=_origin_choices),
    ),
    "evidence-join": (
        "join",
        actions.join_incidents,
        _on("Join to another report", "Join the two reports", state=_join_state),
    ),
    "evidence-separate": (
        "separate",
        actions.separate_incidents,
        _on("Separate from the other report", "Separate the two reports"),
    ),
}
"""Name of the route -> address below the incident, action, page."""


def act_urls() -> list[URLPattern]:
    """The addresses of the forms."""
    made = [
        path(f"evidence/<str:incident>/{address}", act_view(act, page), name=name)
        for name, (address, act, page) in PAGES.items()
    ]
    return [
        path("evidence/new", act_view(actions.enter_incident, ENTER), name="evidence-enter"),
        path("evidence/sources/new", act_view(actions.register_source, SOURCE), name="evidence-source"),
        *made,
    ]
