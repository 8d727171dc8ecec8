"""The forms of officials on a case: take in, ask, rate, screen, ask departments, advise, dissent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.analysis.sources.places import name_and_code
from penholder.assessment import queries as assessments
from penholder.casework import actions
from penholder.casework.answers import MatchView
from penholder.casework.machine import departments
from penholder.casework.parts import LimbFinding, Rating
from penholder.casework.policy.facts import places_of
from penholder.casework.rule_set import limbs_in_force
from penholder.casework.values import MatchVerdict
from penholder.casework.web import words
from penholder.casework.web.exporter_acts import several, text_box
from penholder.casework.web.rows_form import Rows, Values, case_routes
from penholder.casework.web.shared import context, inside_of, on_case, seen_case, state
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage, act_view
from penholder.evidence.web.choose import boxes, choices_of, chosen
from penholder.regime.hints import hints

_ROWS = "casework/rows.html"
_DUE = timedelta(days=21)
_LINES = "One on each line. Empty: nothing is said not to be known."


def _rated(request: HttpRequest, **parts: Any) -> list[Rating]:
    """One row for each goods line: its newest rating, or what the exporter stated."""
    goods = seen_case(request, **parts).application.goods
    newest = {r.rating.line: r.rating for r in inside_of(request, **parts).ratings}
    return [
        newest.get(n) or Rating(line=n, ratings=line.stated_ratings, summary="")
        for n, line in enumerate(goods, start=1)
    ]


def _rating_read(typed: Values, held: Any) -> Values:
    made = {n: v for n, v in typed.items() if n != "roles"}
    return made | {
        "line": held.line,
        "ratings": several(typed.get("ratings")) or [],
        "roles": typed.get("roles") or None,
    }


RATINGS = Rows(
    parameter="ratings",
    kind=Rating,
    legend="Line",
    held=_rated,
    only=("ratings", "summary", "roles", "differs"),
    words={
        "ratings": ("Rating", "Codes of the control lists. Put ; between several. Empty: not rated now."),
        "summary": ("Public description", "What it is and what for, without the exporter's own words."),
        "roles": ("What such goods are for", "Nothing ticked: as is usual for goods of this rating."),
        "differs": ("Why it is not what the exporter stated", "Needed where it differs."),
    },
    boxes={
        "ratings": lambda: forms.CharField(max_length=400),
        "summary": lambda: text_box(rows=2),
        "roles": lambda: forms.MultipleChoiceField(
            choices=[(r, r.capitalize()) for r in sorted({h.role for h in hints() if not h.silent})],
            widget=forms.CheckboxSelectMultiple,
        ),
        "differs": lambda: text_box(rows=2, limit=4_000),
    },
    shown=lambda r: {"ratings": "; ".join(r.ratings), "roles": list(r.roles or ())},
    read=_rating_read,
    fixed_by="ratings",
)


def _found_before(request: HttpRequest, **parts: Any) -> tuple[LimbFinding, ...]:
    """What the department found in its newest advice."""
    for department in inside_of(request, **parts).departments:
        if department.id == parts["department"] and department.newest is not None:
            return department.newest.advice.findings
    return ()


def _finding_read(typed: Values, _held: Any) -> Values:
    gaps = [g.strip() for g in typed.get("gaps", "").splitlines() if g.strip()]
    return {n: v for n, v in typed.items() if n != "evidence_more"} | {
        "evidence": chosen(typed, "evidence"),
        "gaps": gaps,
    }


def _limb_choices(_request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    named = limbs_in_force(today()).values()
    said = [(r.id, f"{r.limb}: {r.title}{' (text not verified)' if r.text_status.caution else ''}") for r in named]
    return {"rule": said}


def _finding_boxes(request: HttpRequest, **parts: Any) -> Mapping[str, forms.Field]:
    """The evidence to choose from: what the advice before cites, current assessments, and the newest reports."""
    viewer, seen = actor_of_request(request), seen_case(request, **parts)
    places = places_of(seen.application)
    versions = [v for place in places for v in assessments.all_current_on(place, today())]
    named = {
        v.id: f"Assessment of {name_and_code(v.destination)}: {v.party}, version {v.number}" for v in versions
    }
    cited = [e for f in _found_before(request, **parts) for e in f.evidence]
    return boxes("evidence", choices_of(viewer, places, cited=list(dict.fromkeys(cited)), more=named))


FINDINGS = Rows(
    parameter="findings",
    kind=LimbFinding,
    legend="Limb",
    held=_found_before,
    only=(
        "rule",
        "finding",
        "risk",
        "use",
        "grounds",
        "evidence",
        "evidence_more",
        "gaps",
        "gap_reasons",
        "cutoff",
    ),
    words={
        "rule": ("Limb", "The part of a criterion on which you find something."),
        "finding": ("Finding", "Insufficient information is a finding of its own."),
        "risk": ("How clear the risk is", ""),
        "use": ("How likely the use is", "Judged apart from how clear the risk is."),
        "grounds": ("Grounds", "What it rests on, and what speaks against it."),
        "gaps": ("What is not known", _LINES),
        "gap_reasons": ("Why there is no clear risk although something is not known", "Needed then."),
        "cutoff": ("Last day whose events were looked at", ""),
    },
    choices=_limb_choices,
    boxes={
        "grounds": text_box,
        "gaps": lambda: text_box(rows=2),
        "gap_reasons": lambda: text_box(rows=2, limit=4_000),
    },
    shown=lambda f: {"evidence": list(f.evidence), "gaps": "\n".join(f.gaps)},
    asked=_finding_boxes,
    read=_finding_read,
    most=40,
)


def _advise_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    given: Values = dict(state(request, **parts))
    found = next((d for d in inside_of(request, **parts).departments if d.id == parts["department"]), None)
    if found is not None and found.newest is not None:
        advice = found.newest.advice
        given |= {"recommendation": advice.recommendation, "summary": advice.summary, "provisos": advice.provisos}
    return given


def _advise_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = next((d for d in inside_of(request, **parts).departments if d.id == parts["department"]), None)
    if found is None:
        raise AbsentError("this department was not asked", hint="look at the case")
    caution = any(r.text_status.caution for r in limbs_in_force(today()).values())
    return {**context(request, **parts), "department": found, "caution": caution}


def _match(request: HttpRequest, **parts: Any) -> MatchView:
    screening = inside_of(request, **parts).screening
    found = screening.matches if screening else ()
    match = next((m for m in found if m.id == parts["match"]), None)
    if match is None:
        raise AbsentError("there is no such match", hint="look at the case")
    return match


def _judge_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**context(request, **parts), "match": _match(request, **parts)}


def _ask_choices(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    inside_of(request, **parts)
    return {"departments": [(d.id, d.title) for d in departments().values()]}


def _awaited(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    inside = inside_of(request, **parts)
    return {"department": [(d, words.department_words(d)) for d in (*inside.awaited, *inside.older)]}


def _targets(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """The case as a whole, or one advice; decisions are named by their own pages."""
    named: list[tuple[str, str]] = []
    for department in inside_of(request, **parts).departments:
        named += [(v.id, f"Advice of {department.title}, version {v.advice.number}") for v in department.versions]
    sent = request.POST.get("target", "") or request.GET.get("target", "")
    if sent and sent not in dict(named):
        named.append((sent, f"Decision {sent}"))
    return {"target": named}


def _dissent_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    inside_of(request, **parts)
    return {"target": request.GET.get("target", "")[:40]}


def _verdict_form(plain: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    box = forms.ChoiceField(
        label="Is the party the entry of the list?",
        choices=[
            (MatchVerdict.SAME.value, "Yes, it is the same"),
            (MatchVerdict.OTHER.value, "No, it is another"),
            (MatchVerdict.CANNOT_SAY.value, "It cannot be said"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "is needed"},
    )
    return type("VerdictForm", (plain,), {"verdict": box, "field_order": ["verdict", "reasons"]})


ACTS: Mapping[str, tuple[str, Any, ActPage]] = {
    "case-accept": ("accept", actions.accept_case, on_case("Take the application in", "Take it in")),
    "case-ask": (
        "ask",
        actions.ask_exporter,
        on_case(
            "Ask the exporter", "Ask, and stop the clock",
            words={
                "text": ("Your question", "As the exporter reads it."),
                "due_on": ("Answer by", "At most 60 working days ahead; empty: 20 working days."),
            },
        ),
    ),
    "case-screen": (
        "screen",
        actions.screen_parties,
        on_case("Screen the parties", "Compare them with every list in force"),
    ),
    "case-judge": (
        "matches/<str:match>/judge",
        actions.judge_match,
        on_case(
            "Judge a possible match", "Record what you say", template="casework/judge.html",
            context=_judge_context, form=_verdict_form,
        ),
    ),
    "case-circulate": (
        "circulate",
        actions.circulate_case,
        on_case(
            "Ask departments for advice", "Ask them", choices=_ask_choices,
            state=lambda request, **parts: {**state(request, **parts), "due_on": today() + _DUE},
            words={"departments": ("Which departments?", ""), "due_on": ("Advice by", "")},
        ),
    ),
    "case-waive": (
        "waive",
        actions.waive_advice,
        on_case("Go on without a department", "Go on without it", choices=_awaited),
    ),
    "case-dissent": (
        "dissent",
        actions.record_dissent,
        on_case(
            "Record a dissent", "Record it, for ever", choices=_targets, state=_dissent_state,
            words={
                "target": ("From what you dissent", "None: from the case as a whole."),
                "text": ("Your own words", "Nobody edits them."),
            },
        ),
    ),
}  # fmt: skip
"""Name of the route -> address below the case, act, page."""
ROWS: Mapping[str, tuple[str, Any, ActPage, Rows]] = {
    "case-rate": (
        "rate",
        actions.rate_goods,
        on_case("Rate the goods", "Record the ratings", "casework/rate.html"),
        RATINGS,
    ),
    "case-advise": (
        "advise/<str:department>",
        actions.record_advice,
        on_case(
            "Advise on the case", "Record the advice", "casework/advise.html", context=_advise_context,
            state=_advise_state,
            choices=lambda _request, **_parts: {
                "recommendation": [(r.value, said.capitalize()) for r, said in words.RECOMMENDATIONS.items()]
            },
            words={
                "recommendation": ("What do you advise?", ""),
                "summary": ("Strongest reasons", "As who decides reads them, beside the advice of others."),
                "provisos": ("Terms", "Under which you advise to grant."),
            },
        ),
        FINDINGS,
    ),
}  # fmt: skip
_READ = ActPage(
    "entry/act.html",
    "Read a dissent",
    "Record that I read it, and show it once",
    context=lambda _request, **_parts: {
        "description": "You are shown the text once, on the next page. That you read it stands in the ledger."
    },
    back=lambda **_parts: reverse("cases"),
    then=lambda _receipt, **_parts: reverse("cases"),
)


def inside_urls() -> list[URLPattern]:
    """The addresses of these forms."""
    read = path("dissents/<str:dissent>/read", act_view(actions.read_dissent, _READ), name="dissent-read")
    return [read, *case_routes(ACTS, ROWS)]
