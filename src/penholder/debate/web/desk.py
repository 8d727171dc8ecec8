"""The moderators' desk: what waits and for how long, cases, members, proposed bans."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.moment import now, today
from penholder.debate.answers import CaseView, MemberView
from penholder.debate.pages import title_of
from penholder.debate.policy.machine import machines
from penholder.debate.queries import moderating
from penholder.debate.values import CommentMove, DebatePermission, MemberMove
from penholder.debate.web import words
from penholder.debate.web.pages import titled
from penholder.entry.access import requires
from penholder.entry.actor import actor_of_request

_WHY = "moderators read what was reported, and decide on it"
_ON_COMMENT = (
    (CommentMove.KEEP, "Keep it", "debate-keep"),
    (CommentMove.HOLD, "Hold it", "debate-hold"),
    (CommentMove.REMOVE, "Remove it", "debate-remove"),
)
_ON_MEMBER = (
    (MemberMove.WARN, "Warn", "debate-warn"),
    (MemberMove.SUSPEND, "Suspend", "debate-suspend"),
    (MemberMove.BAN, "Propose a permanent ban", "debate-ban"),
)


@requires(DebatePermission.MODERATE, why=_WHY)
def queue_page(request: HttpRequest) -> HttpResponse:
    """Comments, appeals and proposed bans that wait, longest first."""
    viewer = actor_of_request(request)
    cursor = request.GET.get("cursor") or None
    page = moderating.queue(viewer=viewer, cursor=cursor)
    context = {
        "page": page,
        "appeals": moderating.appeals(viewer=viewer).items,
        "bans": moderating.bans(viewer=viewer),
        "words": words,
        "titled": titled(request),
        "title_of": title_of,
        "next": f"?cursor={page.next_cursor}" if page.next_cursor else None,
        "first": reverse("debate-queue") if cursor else None,
        "as_of": today(),
        "known_at": now(),
    }
    return render(request, "debate/queue.html", context)


@requires(DebatePermission.MODERATE, why=_WHY)
def case_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """A comment with its texts, reports and measures, and what can be decided."""
    found = moderating.case(viewer=actor_of_request(request), id=public_id)
    comment = found.comment
    context = {
        "title": f"Comment of {comment.name or 'an erased account'}",
        "caption": title_of(comment.kind, comment.page),
        "found": found,
        "words": words,
        "titled": titled(request),
        "possible": _on_comment(found),
        "as_of": today(),
    }
    return render(request, "debate/case.html", context)


@requires(DebatePermission.MODERATE, why=_WHY)
def member_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """A member, what was decided about them, and what can be."""
    found = moderating.member(viewer=actor_of_request(request), id=public_id)
    context = {"found": found, "words": words, "titled": titled(request), "possible": _on_member(found)}
    context["as_of"] = today()
    return render(request, "debate/member.html", context)


def _on_comment(found: CaseView) -> list[dict[str, Any]]:
    moves = machines().comment.moves
    return [
        {"text": text, "href": reverse(name, args=[found.comment.id])}
        for move, text, name in _ON_COMMENT
        if (move, found.state) in moves
    ]


def _on_member(found: MemberView) -> list[dict[str, Any]]:
    if found.proposal is not None:
        offered = [("Withdraw the proposed ban", "debate-ban-withdraw")]
        if found.proposal.may_confirm:
            offered.insert(0, ("Confirm the permanent ban", "debate-ban-confirm"))
        return [{"text": text, "href": reverse(name, args=[found.proposal.id])} for text, name in offered]
    moves = machines().member.moves
    return [
        {"text": text, "href": reverse(name, args=[found.id])}
        for move, text, name in _ON_MEMBER
        if (move, found.state) in moves
    ]
