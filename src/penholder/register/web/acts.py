"""The forms of the acts of the register: each with the licence that it is about, and what there is to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from penholder.actions.action import spec_of
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.moment import now
from penholder.actions.values import Receipt
from penholder.entry.access import requires
from penholder.entry.actor import actor_of_request
from penholder.entry.asked import MomentField
from penholder.entry.forms import ActForm, form_for
from penholder.entry.views import ActPage, act_view, description_of
from penholder.people import actions as people_actions
from penholder.people import queries as people
from penholder.regime.end_users import end_user_classes
from penholder.register import actions
from penholder.register.access import is_official
from penholder.register.answers import Happening, LicenceView, LineView
from penholder.register.history import run_of_acknowledgement, usage
from penholder.register.life_cycle import life_cycle
from penholder.register.queries import lines as all_lines
from penholder.register.timeline import timeline
from penholder.register.values import DrawOrigin, LineAct, MessageKind, RegisterPermission
from penholder.register.web.labels import LABELS, ORIGINS
from penholder.register.web.licence import line_label, may_read_by_act, places_of, seen
from penholder.register.web.questions import WORDS, gated, with_questions
from penholder.register.web.terms_forms import MORE, amend_form, count_of, enter_form, state_of_terms
from penholder.register.web.words import event_words, field_words, message_words, plain, status_line, status_word
from penholder.restrictions.limbs import limbs_on

_PAGE = "register/act.html"
_REVIEW = timedelta(days=28)


def _licence(request: HttpRequest, **parts: Any) -> LicenceView:
    """Read once per request. Raises: AbsentError."""
    known = getattr(request, "penholder_licence", None)
    if not isinstance(known, LicenceView):
        known = seen(actor_of_request(request), parts["licence"])
        request.penholder_licence = known  # type: ignore[attr-defined]
    return known


def _lines(request: HttpRequest, licence: LicenceView) -> tuple[LineView, ...]:
    """All of its lines, those beyond the first page too."""
    found, cursor = licence.lines, None
    if licence.more_lines:
        rest: list[LineView] = []
        while True:
            page = all_lines(viewer=actor_of_request(request), licence=licence.id, cursor=cursor, limit=200)
            rest += page.items
            cursor = page.next_cursor
            if cursor is None:
                return tuple(rest)
    return found


def _none_is_able(licence: LicenceView, act: LineAct) -> NoReturn:
    """Raises: ConflictError: no line stands so that the act is possible."""
    allowed = sorted({plain(a) for x in licence.lines for a in x.may}) or ["nothing"]
    raise ConflictError(
        f"no line of {licence.reference or licence.id} stands so that you could {act.value} it",
        hint=f"you may now: {', '.join(allowed)}",
    )


def _choose(act: LineAct) -> Any:
    """The lines to choose from: those from whose status the act is possible, and those that were sent."""

    def choices(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
        licence = _licence(request, **parts)
        sent = request.POST.getlist("lines")
        able = tuple(
            x
            for x in _lines(request, licence)
            if str(x.number) in sent or act in life_cycle().allowed_from(x.status)
        )
        if request.method == "GET" and not able:
            _none_is_able(licence, act)
        return {"lines": _labels(able)}

    return choices


def _revocation(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """The lines, and the rules in force today; a rule that was sent may be one of an earlier day."""
    limbs = limbs_on(now().date())
    sent = request.POST.get("limb", "")
    limbs |= {sent: sent} if sent and sent not in limbs else {}
    named = [(name, name if title == name else f"{title} ({name})") for name, title in limbs.items()]
    return {**_choose(LineAct.REVOKE)(request, **parts), "limb": [("", "Choose one"), *named]}


def _origins(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    """Holders give returns; what customs and audits say, officials record."""
    given = tuple(DrawOrigin) if is_official(actor_of_request(request)) else (DrawOrigin.RETURN,)
    return {"origin": [(o.value, ORIGINS[o]) for o in given]}


def _any_line(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {"lines": _labels(_lines(request, _licence(request, **parts)))}


def _labels(lines: Sequence[LineView]) -> list[tuple[int, str]]:
    places = places_of(lines)
    return [(x.number, line_label(x, places)) for x in lines]


def _state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    today = now().date()
    first = {"expected_version": _licence(request, **parts).version, "effective_on": today, "done_on": today}
    chosen = [n for n in request.GET.getlist("line") if n.isdecimal()]
    return first | {"lines": chosen}


def _issue_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    licence = _licence(request, **parts)
    able = [x for x in _lines(request, licence) if LineAct.ISSUE in life_cycle().allowed_from(x.status)]
    if request.method == "GET" and not able:
        _none_is_able(licence, LineAct.ISSUE)
    return _state(request, **parts)


def _amend_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    line = _one(request, **parts)
    terms = {} if line.terms is None else state_of_terms(line.terms, "terms_")
    return {**_state(request, **parts), **terms}


def _one(request: HttpRequest, **parts: Any) -> LineView:
    licence = _licence(request, **parts)
    for line in _lines(request, licence):
        if line.number == parts["line"]:
            return line
    raise AbsentError(f"there is no line {parts['line']} of {licence.id}", hint="look at the licence")


def _draw_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    _one(request, **parts)
    return {"happened_on": now().date()}


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    licence = _licence(request, **parts)
    lines = [_one(request, **parts)] if "line" in parts else list(licence.lines)
    about = parts.get("condition") or parts.get("message")
    conditions = [c for c in licence.conditions if c.id == about]
    messages = [m for m in licence.messages if m.id == about]
    if about and not (conditions or messages):
        raise AbsentError("there is no such thing on this licence", hint="look at the licence")
    shipped = usage(viewer=actor_of_request(request), licence=licence.id, on=licence.on)
    return {
        "licence": licence,
        "sentences": status_line(lines, of=len(licence.lines) + licence.more_lines),
        "subject_lines": lines if "line" in parts else [],
        "places": places_of(lines),
        "end_users": {c.id: c.title for c in end_user_classes().values()},
        "reported": shipped.lines if shipped else None,
        "condition": conditions[0] if conditions else None,
        "message": messages[0] if messages else None,
        "message_words": message_words,
        "plain": plain,
        "status_word": status_word,
    }


def _back(**parts: Any) -> str:
    return reverse("licence", args=[parts["licence"]])


def _then(receipt: Receipt[Any], **parts: Any) -> str:
    """The receipt of the act; of one that was recorded already, the first."""
    run: str | None = receipt.run
    if not receipt.entries:
        run = getattr(receipt.result, "run", None) or run_of_acknowledgement(parts.get("message", ""))
    return reverse("register-act", args=[parts["licence"], run]) if run else _back(**parts)


def _on_lines(act: LineAct, title: str, button: str, **more: Any) -> ActPage:
    return _on_licence(title, button, choices=_choose(act), **more)


def _on_licence(title: str, button: str, **more: Any) -> ActPage:
    given: dict[str, Any] = {"state": _state, "context": _context, "back": _back, "then": _then, **more}
    given["words"] = {**LABELS, **more.get("words", {})}
    return ActPage(_PAGE, title, button, **given)


_ASKED: Mapping[str, Any] = {"form": gated, "context": with_questions(_context), "words": WORDS}
"""Of acts that say why they do not wait for the answer to an open question."""


def _with_review(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**_state(request, **parts), "review_by": now().date() + _REVIEW}


def _acknowledgement(kind: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    box = MomentField(
        label="When they took it in", required=True, help_text="In UTC, for example 2024-09-02 14:05."
    )
    return type("AcknowledgementForm", (kind,), {"acknowledged_at": box})


def _acknowledged(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    _licence(request, **parts)
    return {"acknowledged_at": f"{now():%Y-%m-%d %H:%M}"}


def _message(kind: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    """Whoever tells customs names no entry as the cause: the system does."""
    return type("MessageForm", (kind,), {"cause": None})


def _message_choices(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**_any_line(request, **parts), "kind": [(k.value, message_words(k)) for k in MessageKind]}


def _holders(request: HttpRequest) -> list[tuple[str, str]]:
    """Organisations by name, at most 200."""
    firms = people.organisations(viewer=actor_of_request(request), limit=200).items
    return [(f.id, f"{f.name} ({f.id})") for f in firms]


ENTER = ActPage(
    "register/enter.html",
    "Enter a licence",
    "Enter the licence",
    state=lambda _request, **_parts: {"decided_on": now().date()},
    choices=lambda request, **_parts: {"exporter": _holders(request)},
    form=enter_form,
    back=lambda **_parts: reverse("register"),
    then=lambda receipt, **_parts: reverse("register-act", args=[receipt.result.licence, receipt.run]),
)
_enter = act_view(actions.enter_licence, ENTER)


@requires(RegisterPermission.ENTER, why="Enter a licence with its lines, as a draft.")
def enter(request: HttpRequest) -> HttpResponse:
    """The form for a new licence; with one more line where that was asked, and nothing recorded yet."""
    if request.method != "POST" or MORE not in request.POST:
        return _enter(request)
    plain_form = form_for(spec_of(actions.enter_licence), choices={"exporter": _holders(request)})
    kind = enter_form(plain_form, request)
    form = kind(initial={**request.POST.dict(), "line_count": count_of(request), **_days(request)})
    title, button = ENTER.title, ENTER.button
    context = {"form": form, "title": title, "button": button, "back": reverse("register"), "changes": []}
    more: dict[str, Any] = {
        "description": description_of(spec_of(actions.enter_licence)),
        "recorded": [],
        "conflict": None,
    }
    return render(request, ENTER.template, {**context, **more})


enter.act = spec_of(actions.enter_licence).name  # type: ignore[attr-defined]  # for the list of acts
enter.title = ENTER.title  # type: ignore[attr-defined]


def _days(request: HttpRequest) -> dict[str, str]:
    """Days as they were typed into three boxes."""
    names = ("decided_on", "valid_from", "valid_until")
    parts = {n: [request.POST.get(f"{n}_{p}", "") for p in ("year", "month", "day")] for n in names}
    return {n: "-".join(p) for n, p in parts.items() if any(p)}


def _happening(request: HttpRequest, **parts: Any) -> Happening:
    viewer = actor_of_request(request)
    seen(viewer, parts["licence"])
    for happened in timeline(viewer=viewer, licence=parts["licence"]):
        if happened.place == parts["place"]:
            return happened
    raise AbsentError("there is no such entry", hint="look at the timeline of the licence")


def _read_choices(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    happened = _happening(request, **parts)
    names = may_read_by_act(happened, actor_of_request(request))
    if not names:
        raise AbsentError("nothing of this entry is withheld that your roles give", hint="docs/reference/roles.md")
    return {"fields": [(n, field_words(n)) for n in names]}


_WHY_ASKED = (
    "That you read this, and why, is recorded in the ledger before you see it. It is then shown once, and kept "
    "nowhere else."
)


def _read_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    named = _licence(request, **parts)
    said = event_words((found := _happening(request, **parts)).event, found.fields)
    return {"caption": f"Licence {named.reference or named.id}: {said}", "description": _WHY_ASKED}


READ = ActPage(
    "entry/act.html",
    "Say why you need it",
    "Record the reason and show it once",
    choices=_read_choices,
    context=_read_context,
    back=_back,
)

PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "register-issue": (
        "issue",
        actions.issue_licence,
        _on_licence("Issue the draft lines", "Issue the lines", state=_issue_state, **_ASKED),
    ),
    "register-suspend": (
        "suspend",
        actions.suspend_lines,
        _on_lines(LineAct.SUSPEND, "Suspend lines", "Suspend the lines", state=_with_review),
    ),
    "register-reinstate": (
        "reinstate",
        actions.reinstate_lines,
        _on_licence("Reinstate lines", "Reinstate the lines", choices=_choose(LineAct.REINSTATE), **_ASKED),
    ),
    "register-revoke": (
        "revoke",
        actions.revoke_lines,
        _on_licence(
            "Revoke lines for good", "Revoke the lines for good", choices=_revocation, is_final=True, **_ASKED
        ),
    ),
    "register-surrender": (
        "surrender",
        actions.surrender_lines,
        _on_lines(LineAct.SURRENDER, "Give lines back for good", "Give the lines back", is_final=True),
    ),
    "register-amend": (
        "lines/<int:line>/amend",
        actions.amend_line,
        _on_licence(
            "Amend a line",
            "Amend the line",
            state=_amend_state,
            form=amend_form,
            context=_ASKED["context"],
            words=WORDS,
        ),
    ),
    "register-draw": (
        "lines/<int:line>/usage",
        actions.record_draw,
        _on_licence("Record usage of a line", "Record the usage", state=_draw_state, choices=_origins),
    ),
    "register-condition": (
        "conditions/new",
        actions.add_condition,
        _on_licence(
            "Put a condition on the licence",
            "Add the condition",
            choices=_any_line,
            words={"lines": ("Lines", "None chosen: the whole licence.")},
        ),
    ),
    "register-fulfil": (
        "conditions/<str:condition>/met",
        actions.fulfil_condition,
        _on_licence("Say that a condition was met", "Record that it was met"),
    ),
    "register-tell": (
        "customs/new",
        actions.send_customs_message,
        _on_licence("Tell customs", "Tell customs", choices=_message_choices, form=_message),
    ),
    "register-acknowledge": (
        "customs/<str:message>/acknowledged",
        actions.acknowledge_customs_message,
        _on_licence(
            "Customs acknowledged a message",
            "Record the acknowledgement",
            state=_acknowledged,
            form=_acknowledgement,
        ),
    ),
    "register-read": ("entries/<int:place>/read", people_actions.read_private, READ),
}
"""Name of the route -> address below the licence, action, page."""


def act_urls() -> list[URLPattern]:
    """The addresses of the forms."""
    made = [
        path(f"register/<str:licence>/{address}", act_view(act, page), name=name)
        for name, (address, act, page) in PAGES.items()
    ]
    return [path("register/enter", enter, name="register-enter"), *made]
