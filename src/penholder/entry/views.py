"""Pages of acts: form, act, receipt. Capabilities use `act_view`; each action also has a plain page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from penholder.actions.action import perform, spec_of
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, SeparationError
from penholder.actions.permissions import authority
from penholder.actions.receipts import receipt_of
from penholder.actions.registry import ACTIONS, ActionSpec
from penholder.actions.runs import run_of
from penholder.actions.values import Actor, Door, Receipt, Visibility
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request, was_asked_lately
from penholder.entry.errors import MethodError, SignInAgainError
from penholder.entry.form_fields import Choices, has_parts
from penholder.entry.forms import KEY, SEEN, ActForm, form_for
from penholder.entry.said import OwnPage, confirmation, kept_back, own_pages
from penholder.kernel.ids import random_id
from penholder.ledger import queries

View = Callable[..., HttpResponse]
State = Callable[..., Mapping[str, Any]]
VERSION = "expected_version"
_GIVES = re.compile(r"(?:^|\s+)Gives [^.]*\.?\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to the subject while the form stood open."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ActPage:
    """How the page of one action differs from the plain one.

    template: extends "entry/act.html".
    state: (request, **parts of the address) -> first values of the fields, `expected_version` among them.
    choices: (request, **parts of the address) -> parameter -> values that there are.
    words: parameter -> (label, hint), where the page says it better than the declaration.
    form: (plain form, request, **parts of the address) -> the form of this page, made from the plain one.
    context: (request, **parts of the address) -> more for the template.
    back: (**parts of the address) -> address of the page before.
    then: (receipt, **parts of the address) -> where to go after the act; None: its receipt.
    offered: is it offered to an actor whose roles allow it, in the list of acts?
    is_final: it cannot be undone, or takes something away: its button is red.
    """

    template: str = "entry/act.html"
    title: str = ""
    button: str = ""
    state: State = field(default=lambda _request, **_parts: {})
    choices: Callable[..., Mapping[str, Choices]] = field(default=lambda _request, **_parts: {})
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    form: Callable[..., type[ActForm]] = field(default=lambda plain, _request, **_parts: plain)
    context: State = field(default=lambda _request, **_parts: {})
    back: Callable[..., str] | None = None
    then: Callable[..., str] | None = None
    offered: Callable[[Actor], bool] = field(default=lambda _actor: True)
    is_final: bool = False


def act_view(act: Callable[..., Any] | str, page: ActPage | None = None) -> View:
    """The view of an action: GET gives the form, POST performs it. Only who has its permission comes in.

    Parts of the address that are parameters of the action are passed on, and not asked for.
    """
    spec, shape = spec_of(act), page or ActPage()

    @requires(spec.permission, why=spec.summary)
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        if spec.asks_again and not was_asked_lately(request):
            raise SignInAgainError(f"{spec.name} asks again who you are", hint="sign in again, then do it")
        known = {n: v for n, v in parts.items() if n in spec.parameters.model_fields}
        plain = form_for(spec, without=known, choices=shape.choices(request, **parts), words=shape.words)
        kind = shape.form(plain, request, **parts)
        if request.method == "GET":
            return _show(request, _Asked(spec, shape, parts), kind(initial=dict(shape.state(request, **parts))))
        if request.method != "POST":
            raise MethodError("this page takes GET and POST", hint="open it, then send its form")
        form = kind(request.POST)
        return _perform(request, _Asked(spec, shape, parts), form, known)

    view.act = spec.name  # type: ignore[attr-defined]
    view.offered = shape.offered  # type: ignore[attr-defined]
    view.title = shape.title or title_of(spec)  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which action, with which page, at which address."""

    spec: ActionSpec
    page: ActPage
    parts: dict[str, Any]


def _perform(request: HttpRequest, asked: _Asked, form: ActForm, known: Mapping[str, Any]) -> HttpResponse:
    if not form.is_valid():
        return _show(request, asked, form, status=422)
    given = form.parameters() | dict(known)
    try:
        receipt: Receipt[Any] = perform(
            asked.spec.name, actor_of_request(request), idempotency_key=form.key, **given
        )
    except SeparationError as error:
        form.refuse(apart_in_words(error))
        return _show(request, asked, form, status=403)
    except InvalidError as error:
        if any(name.partition(".")[0] in known for name in error.fields):
            raise AbsentError("there is nothing at this address") from error  # a part of it can be no id
        form.refuse(error)
        return _show(request, asked, form, status=422)
    except ConflictError as error:
        return _conflict(request, asked, form, error)
    return _done(request, asked, receipt, form)


def _done(request: HttpRequest, asked: _Asked, receipt: Receipt[Any], form: ActForm) -> HttpResponse:
    """Where to go after an act, with what there is to say about it."""
    if receipt.details:
        # Shown this once: no redirect, which would lose it.
        return _shown_once(request, asked, receipt, form)
    then = asked.page.then
    if not receipt.entries:
        messages.info(
            request, "This was recorded already. Nothing new was written; here is what was recorded first."
        )
        return HttpResponseRedirect(then(receipt, **asked.parts) if then else reverse("acts"), status=303)
    for said in getattr(receipt.result, "said", ()):
        messages.info(request, f"{capfirst(said)}.")
    if then is None:
        return HttpResponseRedirect(reverse("receipt", args=(receipt.run,)), status=303)
    about = _about(request, asked)
    messages.success(request, confirmation(_title(asked), form, about=about, receipt=receipt.run))
    return HttpResponseRedirect(then(receipt, **asked.parts), status=303)


def _shown_once(request: HttpRequest, asked: _Asked, receipt: Receipt[Any], form: ActForm) -> HttpResponse:
    """The receipt with what is shown this once; an invitation as the whole address that is passed on."""
    details = dict(receipt.details)
    if "invitation" in details:
        details["invitation"] = request.build_absolute_uri(str(details["invitation"]))
    then = asked.page.then
    about = _about(request, asked)
    more = {
        "said": confirmation(_title(asked), form, about=about, receipt=receipt.run),
        "onward": then(receipt, **asked.parts) if then else None,
    }
    return _receipt(request, receipt.run, asked.spec, details=details, more=more)


def _title(asked: _Asked) -> str:
    return asked.page.title or title_of(asked.spec)


def title_of(spec: ActionSpec) -> str:
    """The name of an act: its first sentence, up to what explains it."""
    return for_people(spec.summary).partition(":")[0].rstrip(".")


def for_people(text: str) -> str:
    """What an act says of itself, without what it gives to programs: its last sentence, `Gives its id.`"""
    return _GIVES.sub("", text)


def description_of(spec: ActionSpec) -> str:
    """What there is to know of an act beyond its name."""
    return for_people(spec.description.partition("\n")[2].strip())


def _about(request: HttpRequest, asked: _Asked) -> str:
    """What the act was about, in the words of its page; empty where the page says none, or it is there no more."""
    try:
        return str(asked.page.context(request, **asked.parts).get("caption", ""))
    except AbsentError:
        return ""


def apart_in_words(error: SeparationError) -> SeparationError:
    """Why somebody else must do an act, in the name of the act that must be another's."""
    act = ACTIONS.get(str(error.context.get("earlier")))
    if act is None:
        return error
    name, because = title_of(act), error.context["because"]
    said = (
        f"You did “{name}” here, so this must be done by somebody else"
        if error.context["is_own"]
        else f"“{name}” counts as done by you, too, as what your deputy does, or the system because of what you "
        "did. So this must be done by somebody else"
    )
    hint = "Ask a colleague with the same permission."
    return SeparationError(f"{said}{f': {because}' if because else ''}.", hint=hint)


def _conflict(request: HttpRequest, asked: _Asked, form: ActForm, error: ConflictError) -> HttpResponse:
    """409: the form as it was typed. Where its subject changed meanwhile: what changed, and what holds now."""
    state = asked.page.state(request, **asked.parts)
    typed = request.POST.copy()
    typed[KEY] = random_id()
    is_stale = VERSION in state and str(state[VERSION]) != typed.get(VERSION)
    if is_stale:
        typed[VERSION] = str(state[VERSION])
    since = form.cleaned_data[SEEN]
    again = type(form)(typed)
    again.is_valid()
    if not is_stale:
        again.refuse(error)
        return _show(request, asked, again, status=409)
    more = {"conflict": error, "changes": _changes(asked, form, since)}
    return _show(request, asked, again, status=409, more=more)


def _changes(asked: _Asked, form: ActForm, since: datetime) -> list[Change]:
    """What the public log says about the subjects of the form, since that moment."""
    named = [v for v in (*asked.parts.values(), *form.parameters().values()) if isinstance(v, str)]
    entries = [e for subject in dict.fromkeys(named) for e in queries.entries_about(subject)]
    recent = [e for e in entries if e.at >= since and e.entry.visibility == Visibility.PUBLIC]
    return [Change(e.at, _words(e.event)) for e in sorted(recent, key=lambda e: e.number)]


def _words(event: str) -> str:
    """`register.LineSuspended` -> `Line suspended`."""
    name = event.rpartition(".")[2]
    return capfirst("".join(f" {c.lower()}" if c.isupper() else c for c in name).strip())


def _show(
    request: HttpRequest, asked: _Asked, form: ActForm, *, status: int = 200, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    spec, page = asked.spec, asked.page
    name, _, rest = for_people(spec.summary).partition(". ")
    context = {
        "form": form,
        "title": page.title or name.rstrip("."),
        "description": description_of(spec) if page.title else f"{rest} {description_of(spec)}".strip(),
        "recorded": _recorded(spec),
        "button": page.button or capfirst(spec.name.partition(".")[2].replace("_", " ")),
        "is_final": page.is_final,
        "back": page.back(**asked.parts) if page.back else None,
        "conflict": None,
        "changes": [],
        **page.context(request, **asked.parts),
        **(more or {}),
    }
    return render(request, page.template, context, status=status)


def _recorded(spec: ActionSpec) -> Sequence[tuple[str, str, str]]:
    """(event, who sees that it happened, public fields) of what the act may record."""
    return [
        (_words(e.name), e.visibility.value, ", ".join(n.replace("_", " ") for n in _public(e)))
        for e in spec.events
    ]


def _public(event: Any) -> list[str]:
    return [name for name, kind in event.field_classes.items() if kind.value == "public"]


def _receipt(
    request: HttpRequest,
    run: str,
    spec: ActionSpec | None,
    *,
    details: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    past = run_of(run, viewer=actor_of_request(request))
    entries = [(queries.place_of(n), receipt_of(n)) for n in past.entries]
    known = spec or ACTIONS.get(past.act)
    context = {
        "title": "Recorded",
        "summary": title_of(known) if known else past.act,
        "act": f"{title_of(known)} ({past.act})" if known else past.act,
        "past": past,
        "entries": entries,
        "details": details or {},
        "said": "",
        "onward": None,
        **(more or {}),
    }
    return render(request, "entry/receipt.html", context)


@requires(SIGNED_IN, why="gives only what the caller did")
def receipt_page(request: HttpRequest, run: str) -> HttpResponse:
    """What somebody did in one run, and its proof once it is published."""
    if request.method not in {"GET", "HEAD"}:
        raise MethodError("this page takes GET", hint="open it")
    if "proof" in request.GET:
        return _proof(request, run)
    return _receipt(request, run, None)


def _proof(request: HttpRequest, run: str) -> HttpResponse:
    """The proof of one entry of a run, as a file; `proof`: which one, from 1."""
    past = run_of(run, viewer=actor_of_request(request))
    numbers = {str(n): entry for n, entry in enumerate(past.entries, start=1)}
    entry = numbers.get(request.GET["proof"], 0)
    text = receipt_of(entry) if entry else None
    if text is None:
        raise AbsentError("there is no such proof yet", hint="it is there once the ledger is published")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entry-{queries.place_of(entry)}.tlog-proof"'
    return response


@requires(SIGNED_IN, why="lists only what the caller may do")
def acts_page(request: HttpRequest) -> HttpResponse:
    """Every act that the caller's roles allow."""
    table, actor = authority(), actor_of_request(request)
    allowed = [s for s in ACTIONS.values() if Door.SITE in s.doors and table.role_for(actor, s.permission)]
    own, kept = own_pages(), kept_back(actor)
    begun: dict[str, list[tuple[str, str, str]]] = {}
    elsewhere: dict[str, list[str]] = {}
    for spec in sorted((s for s in allowed if s.name not in kept), key=lambda s: s.name):
        capability, said = spec.name.partition(".")[0], for_people(spec.summary).rstrip(".")
        found = own[spec.name] if spec.name in own else _plain_form(spec)
        if found is None or not found.href:
            elsewhere.setdefault(capability, []).append(said)
        else:
            begun.setdefault(capability, []).append((found.title or title_of(spec), found.href, said))
    context = {"title": "What you can do", "begun": begun, "elsewhere": elsewhere}
    return render(request, "entry/acts.html", context)


def begins_here(actor: Actor) -> list[OwnPage]:
    """What the actor can begin by a page of its own, but for their own account: for the first page."""
    table, kept = authority(), kept_back(actor)
    return [
        OwnPage(page.title or title_of(ACTIONS[name]), page.href)
        for name, page in sorted(own_pages().items())
        if page.href and not name.startswith("people.") and name not in kept
        if table.role_for(actor, ACTIONS[name].permission)
    ]


def _plain_form(spec: ActionSpec) -> OwnPage | None:
    """The plain form of an act. It asks for JSON where a value has parts, so it is offered for none of those."""
    return None if has_parts(spec) else OwnPage(title_of(spec), reverse(f"act-{spec.name}"))


def act_routes() -> list[URLPattern]:
    """The list of acts, and `<capability>/<action>` for each: made once all actions are registered."""
    made = [path("", acts_page, name="acts")]
    for name, spec in ACTIONS.items():
        if Door.SITE in spec.doors:
            made.append(path(name.replace(".", "/").replace("_", "-"), act_view(name), name=f"act-{name}"))
    return made
