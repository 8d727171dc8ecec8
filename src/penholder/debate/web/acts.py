"""The forms of the acts of the debate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions.values import Receipt
from penholder.debate import actions, pages
from penholder.debate.queries import moderating, own, reading
from penholder.debate.web import words
from penholder.debate.web.pages import kind_of
from penholder.entry.actor import actor_of_request
from penholder.entry.form_fields import Choices
from penholder.entry.views import ActPage, act_view
from penholder.people import queries as people

State = Callable[..., Mapping[str, Any]]


def _rules(request: HttpRequest, **_parts: Any) -> Mapping[str, Choices]:
    """The rules in force, by their titles."""
    found = reading.rules_in_force(viewer=actor_of_request(request))
    return {"rule": [("", "Choose one"), *((r.id, f"{r.title}: {r.text}") for r in found.rules)]}


def _page_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """What is written about, and what one replies to. Raises: AbsentError."""
    above = parts.get("parent")
    quoted = reading.comment(viewer=actor_of_request(request), id=str(above)) if above else None
    rules = reading.rules_in_force(viewer=actor_of_request(request))
    return {
        "caption": pages.check_exists(kind_of(str(parts["kind"])), str(parts["page"]))[0],
        "quoted": quoted,
        "rules": rules,
        "words": words,
    }


def _comment_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """The comment as everybody sees it. Raises: AbsentError."""
    found = reading.comment(viewer=actor_of_request(request), id=str(parts["comment"]))
    return {"caption": f"Comment {found.id}", "quoted": found, "rules": None, "words": words}


def _case_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """The comment as moderators see it."""
    found = moderating.case(viewer=actor_of_request(request), id=str(parts["comment"]))
    return {"caption": f"Comment {found.comment.id}", "text": found.editions[-1].text, "reports": found.reports}


def _case_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = moderating.case(viewer=actor_of_request(request), id=str(parts["comment"]))
    reported = [r.rule for r in found.reports if r.is_open]
    return {"expected_version": found.version, "rule": reported[0] if reported else ""}


def _edit_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    text, version = own.text_of(viewer=actor_of_request(request), id=str(parts["comment"]))
    return {"text": text, "expected_version": version}


def _member_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = moderating.member(viewer=actor_of_request(request), id=str(parts["member"]))
    return {"expected_version": found.version}


def _member_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = moderating.member(viewer=actor_of_request(request), id=str(parts["member"]))
    return {"caption": f"Member {found.name or found.id}"}


def _ban_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {
        "expected_version": moderating.ban(viewer=actor_of_request(request), id=str(parts["proposal"])).version
    }


def _ban_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = moderating.ban(viewer=actor_of_request(request), id=str(parts["proposal"]))
    return {"caption": f"Member {found.name or found.member}", "ban": found}


def _appeal_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {
        "expected_version": moderating.appeal(viewer=actor_of_request(request), id=str(parts["appeal"])).version
    }


def _appeal_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = moderating.appeal(viewer=actor_of_request(request), id=str(parts["appeal"]))
    return {"caption": f"Appeal {found.id}", "appeal": found}


def _rules_state(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    return {"version": reading.rules_in_force(viewer=actor_of_request(request)).version}


def _rules_context(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    return {"rules": reading.rules_in_force(viewer=actor_of_request(request))}


def _accounts(request: HttpRequest, **_parts: Any) -> Mapping[str, Choices]:
    """Whoever has an account, by function."""
    viewer, cursor, found = actor_of_request(request), None, []
    while True:
        page = people.directory(viewer=viewer, cursor=cursor)
        found += [(p.id, p.title) for p in page.items if p.is_active]
        cursor = page.next_cursor
        if not cursor:
            return {"person_id": [("", "Choose one"), *found]}


def _to_comment(receipt: Receipt[Any], **_parts: Any) -> str:
    return reverse("debate-thread", args=[receipt.result])


def _to(name: str, part: str = "") -> Callable[..., str]:
    """To a page, or to that of a part of the address."""
    return lambda *_receipt, **parts: reverse(name, args=[parts[part]] if part else [])


def _moderate(title: str, button: str, **more: Any) -> ActPage:
    given: dict[str, Any] = {
        "state": _case_state,
        "context": _case_context,
        "back": _to("debate-case", "comment"),
        "then": _to("debate-case", "comment"),
        "choices": _rules,
    } | more
    return ActPage("debate/act_case.html", title, button, **given)


def _on_member(title: str, button: str) -> ActPage:
    return ActPage(
        "debate/act.html", title, button, state=_member_state, context=_member_context, choices=_rules,
        back=_to("debate-member", "member"), then=_to("debate-member", "member"),
    )  # fmt: skip


def _on_ban(title: str, button: str) -> ActPage:
    return ActPage(
        "debate/act_ban.html", title, button, state=_ban_state, context=_ban_context,
        back=_to("debate-queue"), then=_to("debate-queue"),
    )  # fmt: skip


def _write(title: str, button: str, **more: Any) -> ActPage:
    back = lambda **parts: reverse("debate-page", args=[parts["kind"], parts["page"]])  # noqa: E731 - short
    given: dict[str, Any] = {"context": _page_context, "back": back, "then": _to_comment} | more
    return ActPage("debate/act_comment.html", title, button, **given)


PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "debate-accept": (
        "debate/rules/accept", actions.accept_rules,
        ActPage("debate/act_rules.html", "Accept the house rules", "Accept them", state=_rules_state,
                context=_rules_context, back=_to("debate-rules"), then=_to("debate-mine")),
    ),
    "debate-rules-new": (
        "debate/rules/in-force", actions.bring_rules_in_force,
        ActPage("debate/act.html", "Bring house rules in force", "Bring them in force, and publish them",
                back=_to("debate-rules"), then=_to("debate-rules"), context=lambda _request: {"caption": ""}),
    ),
    "debate-membership": (
        "debate/memberships/new", actions.enter_membership,
        ActPage("debate/act.html", "Enter a membership", "Enter it", choices=_accounts, back=_to("debate"),
                then=_to("debate"), context=lambda _request: {"caption": ""}),
    ),
    "debate-join": (
        "debate/join", actions.join_debate,
        ActPage("debate/act.html", "Take part in the debate", "Take part", back=_to("debate-mine"),
                then=_to("debate-accept"), context=lambda _request: {"caption": ""}),
    ),
    "debate-post": (
        "debate/<str:kind>/<str:page>/post", actions.post_comment, _write("Write a comment", "Post it"),
    ),
    "debate-reply": (
        "debate/<str:kind>/<str:page>/reply/<str:parent>", actions.post_comment, _write("Reply", "Post it"),
    ),
    "debate-edit": (
        "debate/comments/<str:comment>/edit", actions.edit_comment,
        _write("Change your comment", "Change it", state=_edit_state, context=_comment_context,
               back=_to("debate-thread", "comment")),
    ),
    "debate-report-comment": (
        "debate/comments/<str:comment>/report", actions.report_comment,
        _write("Report a comment", "Report it", context=_comment_context, choices=_rules,
               back=_to("debate-thread", "comment"), then=_to("debate-mine")),
    ),
    "debate-keep": (
        "debate/cases/<str:comment>/keep", actions.keep_comment,
        _moderate("Keep a comment", "Keep it", choices=lambda _request, **_parts: {}),
    ),
    "debate-hold": (
        "debate/cases/<str:comment>/hold", actions.hold_comment,
        _moderate("Hold a comment", "Hold it, and tell its author"),
    ),
    "debate-remove": (
        "debate/cases/<str:comment>/remove", actions.remove_comment,
        _moderate("Remove a comment", "Remove it, and tell its author"),
    ),
    "debate-warn": (
        "debate/members/<str:member>/warn", actions.warn_member, _on_member("Warn a member", "Warn them"),
    ),
    "debate-suspend": (
        "debate/members/<str:member>/suspend", actions.suspend_member,
        _on_member("Suspend a member", "Suspend them, and tell them"),
    ),
    "debate-ban": (
        "debate/members/<str:member>/ban", actions.propose_ban,
        _on_member("Propose a permanent ban", "Propose it to a second moderator"),
    ),
    "debate-ban-confirm": (
        "debate/bans/<str:proposal>/confirm", actions.confirm_ban,
        _on_ban("Confirm a permanent ban", "Ban them for good, and tell them"),
    ),
    "debate-ban-withdraw": (
        "debate/bans/<str:proposal>/withdraw", actions.withdraw_ban,
        _on_ban("Withdraw a proposed ban", "Withdraw it"),
    ),
    "debate-appeal-lodge": (
        "debate/measures/<str:measure>/appeal", actions.lodge_appeal,
        ActPage("debate/act.html", "Appeal", "Appeal", back=_to("debate-mine"), then=_to("debate-mine"),
                context=lambda _request, **parts: {"caption": f"Measure {parts['measure']}"}),
    ),
    "debate-appeal-decide": (
        "debate/appeals/<str:appeal>/decide", actions.decide_appeal,
        ActPage("debate/act_appeal.html", "Decide an appeal", "Decide it, and tell whoever appealed",
                state=_appeal_state, context=_appeal_context, back=_to("debate-appeal", "appeal"),
                then=_to("debate-appeal", "appeal")),
    ),
}  # fmt: skip
"""Name of the route -> address, action, page."""


def act_urls() -> list[URLPattern]:
    """The addresses of the forms."""
    return [path(address, act_view(act, page), name=name) for name, (address, act, page) in PAGES.items()]
