"""The page of a decision, and of a notice with its PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.casework import decided
from penholder.casework.answers import CaseView
from penholder.casework.before_decision import for_decision
from penholder.casework.decision_answers import AdviceSide, ForDecision
from penholder.casework.notices.pdf import MEDIA_TYPE
from penholder.casework.notices.sections import sections_of, title_of
from penholder.casework.signatures import second_rules
from penholder.casework.values import CaseStatus, CaseworkPermission, Outcome
from penholder.casework.web import decision_words, words
from penholder.casework.web.called import called, in_words, named_before
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.downloads import file_response
from penholder.people import queries as people
from penholder.register.place_names import place_names
from penholder.register.search import references

_OPEN = frozenset(
    {CaseStatus.FINAL_REVIEW, CaseStatus.COUNTERSIGN, CaseStatus.FOR_DECISION, CaseStatus.UNDER_APPEAL}
)
"""In these the page shows what bears on the outcome today."""


def decision_context(viewer: Actor, seen: CaseView) -> Mapping[str, Any]:
    """What the tab of the decision shows beside what every part of a case has."""
    found = decided.decisions_of(viewer=viewer, case=seen.id)
    before = for_decision(viewer=viewer, case=seen.id) if seen.inside is not None else None
    persons = {p for x in found.proposals for p in (*x.by, *(b for s in x.signatures for b in s.by))}
    persons |= {p for d in found.decisions for p in d.by} | {a.person for a in found.appeals if a.person}
    return {
        "made": found,
        "before": before if before is not None and seen.inside and seen.inside.status in _OPEN else None,
        "called": called(viewer, named_before(before, found.decisions)),
        "in_words": in_words,
        "sides": _sides(before) if before else (),
        "titles": people.titles(persons),
        "second": {r.id: r.title for r in second_rules()},
        "said": decision_words,
        "may_dissent": authority().role_for(viewer, CaseworkPermission.DISSENT) is not None,
        "destinations": place_names([c.destination for c in before.cited] if before else []),
        "licence_href": reverse("licence", args=[found.licence]) if found.licence else None,
        "licence_name": references(viewer=viewer, ids=[found.licence] if found.licence else []).get(found.licence),
    }


def _sides(before: ForDecision) -> tuple[tuple[str, tuple[AdviceSide, ...]], ...]:
    """Advice for and against a grant, and what speaks for neither."""
    named = (("For a grant", Outcome.GRANT), ("Against a grant", Outcome.REFUSE), ("For neither", None))
    return tuple((title, tuple(a for a in before.advice if a.speaks_for is side)) for title, side in named)


@requires(
    SIGNED_IN, why="notices are for officials and for the organisation that they tell; for others nothing is there"
)
def notice_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """A notice as it was issued."""
    found = decided.notice(viewer=actor_of_request(request), id=public_id)
    is_case = found.row.subject.startswith("AP-")
    context = {
        "found": found,
        "title": title_of(found.notice),
        "sections": sections_of(found.notice),
        "back_href": reverse("case-tab", args=[found.row.subject, "decision"])
        if is_case
        else reverse("licence", args=[found.row.subject]),
        "as_of": today(),
        "words": words,
    }
    return render(request, "casework/notice.html", context)


@requires(SIGNED_IN, why="the PDF of a notice is for whoever may read the notice")
def notice_file(request: HttpRequest, public_id: str) -> FileResponse:
    """The same as a tagged PDF, as it lies in the vault."""
    found, stream = decided.open_notice(viewer=actor_of_request(request), id=public_id)
    return file_response(stream, MEDIA_TYPE, name=found.row.id)


def notice_urls() -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        path("notices/<str:public_id>", notice_page, name="notice"),
        path("notices/<str:public_id>/pdf", notice_file, name="notice-pdf"),
    ]
