"""The forms of the acts of a review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions.moment import today
from penholder.actions.values import Receipt
from penholder.analysis.sources.places import name_and_code
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage, act_view
from penholder.register.values import Power
from penholder.restrictions.limbs import limbs_on
from penholder.restrictions.queries import restrictions
from penholder.restrictions.values import Kind
from penholder.restrictions.web.scope_form import with_boxes
from penholder.restrictions.web.words import scope
from penholder.restrictions.web.words import title as restriction_title
from penholder.review import actions, queries
from penholder.review.answers import ChangeView
from penholder.review.values import Option, Trigger, Use
from penholder.review.web import words
from penholder.review.web.pages import workbench_context

_REVIEW, _HOLD = timedelta(days=90), timedelta(days=28)


def _seen(request: HttpRequest, **parts: Any) -> ChangeView:
    """Read once per request. Raises: AbsentError."""
    known = getattr(request, "penholder_change", None)
    if not isinstance(known, ChangeView):
        known = queries.change(viewer=actor_of_request(request), id=parts["change"])
        request.penholder_change = known  # type: ignore[attr-defined]
    return known


def _state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {"expected_version": _seen(request, **parts).version, "on": today(), "review_by": today() + _REVIEW}


def _hold_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**_state(request, **parts), "review_by": today() + _HOLD}


def _stocktake_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**_state(request, **parts), "profile": queries.newest_profile(parts["change"])}


def _review_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**_state(request, **parts), "next_review_by": today() + _REVIEW}


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    view = _seen(request, **parts)
    return {
        "caption": words.title(view),
        "view": view,
        "sentence": words.sentence(view, on=today()),
        "option_words": words.OPTIONS,
        "place": name_and_code,
        "money": words.money,
    }


def _classify_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    chosen = request.POST.getlist("lines") or request.GET.getlist("line")
    return {**workbench_context(request, parts["change"], route="change-classify"), "chosen": chosen}


def _back(**parts: Any) -> str:
    return reverse("change", args=[parts["change"]])


def _to_lines(**parts: Any) -> str:
    return reverse("change-lines", args=[parts["change"]])


def _then(receipt: Receipt[Any], **_parts: Any) -> str:
    return reverse("change", args=[receipt.result.id])


def _lines(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """Every line of the run may be sent; the page shows those that the filters leave."""
    viewer, cursor, found = actor_of_request(request), None, []
    while True:
        page = queries.lines(viewer=viewer, change=parts["change"], cursor=cursor, limit=200)
        found += [(x.name, f"{x.reference}, line {x.number}") for x in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return {"lines": found, "use": [(u.value, words.USES[u].capitalize()) for u in Use]}


def _option_choices(_request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    return {"recommended": [(o.value, words.OPTIONS[o]) for o in Option]}


def _decision_choices(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    viewer = actor_of_request(request)
    named = [(name, f"{title} ({name})") for name, title in limbs_on(today()).items()]
    in_force = [r for r in restrictions(viewer=viewer, kind=Kind.EXEMPTION, limit=200).items if r.in_force]
    return {
        "option": [(o.value, words.OPTIONS[o]) for o in Option],
        "power": [("", "None"), *((p.value, words.plain(p).capitalize()) for p in Power)],
        "limb": [("", "None"), *named],
        "moratorium_limb": [("", "None"), *named],
        "exemptions": [(r.id, f"{restriction_title(r)}: {scope(r)}") for r in in_force],
    }


_SCOPED = with_boxes("moratorium_scope", label="Moratorium, lines that it reaches")


def _decision_form(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    """Boxes for the scope of a moratorium. Where no exemption is in force there is none to choose."""
    kind = _SCOPED(plain, request, **parts)
    field: Any = kind.base_fields.get("exemptions")
    if not list(getattr(field, "choices", [True])):
        return type("DecisionForm", (kind,), {"exemptions": None})
    return kind


def _page(title: str, button: str, **more: Any) -> ActPage:
    given: dict[str, Any] = {"state": _state, "context": _context, "back": _back, "then": _then, **more}
    return ActPage(given.pop("template", "review/act.html"), title, button, **given)


PROPOSE = ActPage(
    "entry/act.html",
    "Propose that circumstances have changed",
    "Propose it",
    state=lambda _request, **_parts: {"happened_on": today()},
    words={
        "trigger": ("What changed?", ""),
        "destinations": (
            "Destinations",
            "Whose licences and cases it touches: names or codes, with commas between.",
        ),
        "words": ("What happened, and how is it known?", ""),
    },
    choices=lambda _request, **_parts: {
        "trigger": [("", "Choose one"), *((t.value, words.TRIGGERS[t]) for t in Trigger)]
    },
    back=lambda **_parts: reverse("changes"),
    then=_then,
)
PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "change-propose": ("new", actions.propose_trigger, PROPOSE),
    "change-accept": (
        "<str:change>/accept",
        actions.accept_trigger,
        _page("Accept the trigger", "Accept it, and open the review"),
    ),
    "change-decline": (
        "<str:change>/decline",
        actions.decline_trigger,
        _page("Decline the trigger", "Decline it"),
    ),
    "change-hold": (
        "<str:change>/hold",
        actions.hold_pending,
        _page("Hold pending cases", "Hold them", state=_hold_state),
    ),
    "change-stocktake": (
        "<str:change>/stocktake",
        actions.run_stocktake,
        _page(
            "Run the stocktake on the register",
            "Run the stocktake",
            state=_stocktake_state,
            words={
                "on": ("As of which day?", "Today or earlier."),
                "known": ("As known on which day?", "What our books held at the end of that day; empty: now."),
                "profile": (
                    "Operation profile",
                    "Whose forces acted, where, when, by which means, and who says so; as in a profile file.",
                ),
            },
        ),
    ),
    "change-classify": (
        "<str:change>/classify",
        actions.classify_lines,
        _page(
            "Classify lines",
            "Record for the chosen lines",
            template="review/classify.html",
            choices=_lines,
            context=_classify_context,
            back=_to_lines,
            then=lambda receipt, **_parts: reverse("change-lines", args=[receipt.result.id]),
        ),
    ),
    "change-assess": (
        "<str:change>/assess",
        actions.assess_change,
        _page(
            "Close the assessment of lines",
            "Close it",
            words={"words": ("What does it come to?", "And what is not known.")},
        ),
    ),
    "change-options": (
        "<str:change>/options",
        actions.set_options,
        _page(
            "Put the options to the decider",
            "Put them to the decider",
            choices=_option_choices,
            words={
                "recommended": ("What do officials recommend?", ""),
                "advice_against": ("Advice for another option", "In its strongest form; empty: none on file."),
            },
        ),
    ),
    "change-decide": (
        "<str:change>/decide",
        actions.decide_change,
        _page(
            "Decide on licences",
            "Decide",
            template="review/decide.html",
            choices=_decision_choices,
            form=_decision_form,
            words={
                "against_reasons": ("Why not as officials advise", "Needed where you decide otherwise."),
                "gate_reasons": ("Why the answer to an open question is not awaited", "Needed while one is open."),
                "option": ("What do you decide?", ""),
                "power": ("Power", "Needed to suspend."),
                "terms": ("Terms", "Needed to suspend: every holder is told them."),
                "limb": ("Rule", "Needed to revoke."),
                "exemptions": ("Exemptions", "Lines that one of them is known to match are left."),
                "moratorium_destinations": ("Moratorium: destinations", "None: no moratorium is set with it."),
                "moratorium_scope": ("Moratorium: scope", "A condition; empty, and no box above: every line."),
                "moratorium_limb": ("Moratorium: rule on which it rests", "Needed with a moratorium."),
                "moratorium_basis": ("Moratorium: legal basis", "Needed with a moratorium."),
            },
        ),
    ),
    "change-review": (
        "<str:change>/review",
        actions.review_change,
        _page("Review the decision", "Record the review", state=_review_state),
    ),
}
"""Name of the route -> address below /changes, action, page."""


def act_urls() -> list[URLPattern]:
    """The addresses of the forms."""
    return [
        path(f"changes/{address}", act_view(act, page), name=name) for name, (address, act, page) in PAGES.items()
    ]
