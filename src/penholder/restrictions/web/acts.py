"""The forms of the acts on restrictions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions.moment import today
from penholder.actions.values import Receipt
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage, act_view
from penholder.restrictions import actions
from penholder.restrictions.answers import RestrictionView
from penholder.restrictions.limbs import limbs_on
from penholder.restrictions.queries import open_questions, restriction
from penholder.restrictions.web import words
from penholder.restrictions.web.scope_form import with_boxes

_REVIEW = timedelta(days=90)
_NAMES = ("moratorium", "exemption", "hold")


def _seen(request: HttpRequest, **parts: Any) -> RestrictionView:
    """What the form is about. Raises: AbsentError."""
    return restriction(
        viewer=actor_of_request(request), id=next(str(parts[name]) for name in _NAMES if name in parts)
    )


def _state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    days = dict.fromkeys(("effective_on", "lifted_on", "announced_on", "ended_on"), today())
    return {"expected_version": _seen(request, **parts).version, **days}


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    seen = _seen(request, **parts)
    return {
        "caption": words.title(seen),
        "sentence": words.sentence(seen, on=today()),
        "seen": seen,
        "questions": open_questions(seen.id),
    }


def _back(**parts: Any) -> str:
    return reverse("restriction", args=[next(parts[name] for name in _NAMES if name in parts)])


def _then(receipt: Receipt[Any], **_parts: Any) -> str:
    return reverse("restriction", args=[receipt.result.id])


def _limbs(_request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    named = [(name, name if title == name else f"{title} ({name})") for name, title in limbs_on(today()).items()]
    return {"limb": [("", "Choose one"), *named]}


def _new(title: str, button: str, **more: Any) -> ActPage:
    given: dict[str, Any] = {
        "state": lambda request, **_parts: {
            "valid_from": today(),
            "review_by": today() + _REVIEW,
            "cause": request.GET.get("cause", ""),
            "destination": request.GET.get("destination", ""),
        },
        "words": {
            "limb": ("Rule on which it rests", ""),
            "cause": (
                "For which change of circumstances?",
                "Its id (CC-…), from the head of its page; empty: none.",
            ),
        },
        "back": lambda **_parts: reverse("restrictions"),
        "then": _then,
        **more,
    }
    return ActPage("entry/act.html", title, button, **given)


def _gated(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    """The box for reasons not to wait stands there while a question is open, and else not."""
    is_open = "add" in plain.base_fields or open_questions(_seen(request, **parts).id)
    return plain if is_open else type("PlainForm", (plain,), {"gate_reasons": None})


def _change(title: str, button: str) -> ActPage:
    return ActPage(
        "restrictions/act.html",
        title,
        button,
        state=_state,
        context=_context,
        back=_back,
        then=_then,
        form=_gated,
        words={
            "gate_reasons": (
                "Why the answer to an open question is not awaited",
                "Needed while a question about it, or about one of its places, is open.",
            )
        },
    )


PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "moratorium-new": (
        "moratoria/new",
        actions.set_moratorium,
        _new(
            "Set a moratorium",
            "Set the moratorium",
            choices=_limbs,
            form=with_boxes(label="Lines that it reaches"),
        ),
    ),
    "exemption-new": (
        "exemptions/new",
        actions.propose_exemption,
        _new(
            "Propose an exemption",
            "Propose it",
            choices=_limbs,
            form=with_boxes(label="Lines that it lets through", with_places=True),
        ),
    ),
    "hold-new": ("holds/new", actions.place_hold, _new("Hold pending cases of a destination", "Place the hold")),
    "moratorium-destinations": (
        "moratoria/<str:moratorium>/destinations",
        actions.change_moratorium_destinations,
        _change("Change the destinations of a moratorium", "Change the set"),
    ),
    "moratorium-lift": (
        "moratoria/<str:moratorium>/lift",
        actions.lift_moratorium,
        _change("Lift a moratorium", "Lift it"),
    ),
    "exemption-announce": (
        "exemptions/<str:exemption>/announce",
        actions.announce_exemption,
        _change("Announce an exemption", "Announce it"),
    ),
    "exemption-end": (
        "exemptions/<str:exemption>/end",
        actions.end_exemption,
        _change("End an exemption", "End it"),
    ),
    "hold-lift": ("holds/<str:hold>/lift", actions.lift_hold, _change("Lift a hold", "Lift it")),
}
"""Name of the route -> address below /restrictions, action, page."""


def act_urls() -> list[URLPattern]:
    """The addresses of the forms."""
    return [
        path(f"restrictions/{address}", act_view(act, page), name=name)
        for name, (address, act, page) in PAGES.items()
    ]
