"""Forms of the resets of sign-ins: by one administrator, or asked for by one and confirmed by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from penholder.actions.values import Receipt
from penholder.entry.actor import actor_of_request
from penholder.entry.views import ActPage
from penholder.people import actions
from penholder.people.resets import reset_asked
from penholder.people.web.acts import Parts, person_named, to

_TAKES_TWO = (
    "This person decides, signs, administers or reads restricted fields, or did in the last 30 days: two "
    "administrators reset their sign-in. Nothing changes until another one confirms it, within 7 days. The "
    "person is told, and can refuse."
)


def _asks(request: HttpRequest, **parts: Any) -> Parts:
    return {**person_named(request, **parts), "description": _TAKES_TWO}


def _reset(request: HttpRequest, **parts: Any) -> Parts:
    """Raises: AbsentError: not for this viewer."""
    found = reset_asked(viewer=actor_of_request(request), id=parts["reset"])
    return {"caption": found.title}


def _page_of_it(receipt: Receipt[Any], **_parts: Any) -> str:
    return reverse("sign-in-reset", args=[receipt.result])


_of_person: dict[str, Any] = {"back": to("person", "person_id"), "then": to("person", "person_id")}
_of_reset: dict[str, Any] = {
    "context": _reset,
    "back": to("sign-in-reset", "reset"),
    "then": to("sign-in-reset", "reset"),
}

PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "person-reset": (
        "people/<str:person_id>/reset-sign-in",
        actions.reset_sign_in,
        ActPage(title="Reset the sign-in", button="Reset the sign-in", context=person_named, **_of_person),
    ),
    "reset-ask": (
        "people/<str:person_id>/ask-reset",
        actions.ask_sign_in_reset,
        ActPage(
            title="Ask for a reset of the sign-in",
            button="Ask for it",
            context=_asks,
            back=to("person", "person_id"),
            then=_page_of_it,
        ),
    ),
    "reset-confirm": (
        "people/resets/<str:reset>/confirm",
        actions.confirm_sign_in_reset,
        ActPage(title="Confirm a reset of a sign-in", button="Confirm it: reset now", **_of_reset),
    ),
    "reset-refuse": (
        "people/resets/<str:reset>/refuse",
        actions.refuse_sign_in_reset,
        ActPage(title="Refuse a reset of a sign-in", button="Refuse it", **_of_reset),
    ),
}
"""Name of the route -> address, action, page."""
