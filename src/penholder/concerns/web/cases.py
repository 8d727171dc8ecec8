"""Pages of the officers: their list, a case, the key, and the forms of the acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from penholder.actions.action import perform
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, Receipt
from penholder.concerns import actions, officers, queries, unlocked, words
from penholder.concerns.answers import CaseView
from penholder.concerns.errors import LockedError, UnopenedError
from penholder.concerns.unlocked import SHORTEST, Source
from penholder.concerns.values import ConcernPermission, Purpose, State
from penholder.concerns.web.answering import answer_form
from penholder.concerns.web.door import forget, keep
from penholder.concerns.web.questions import Question
from penholder.concerns.web.returning import file_response
from penholder.entry.access import requires
from penholder.entry.actor import actor_of_request
from penholder.entry.errors import add_to_form
from penholder.entry.said import receipt_line
from penholder.entry.views import ActPage, act_view
from penholder.kernel.errors import PenholderError

_WHY = "only who hears concerns; each sees what has reached their level, and nothing that they took part in"


class PassphraseForm(Question):
    """The passphrase of one's key."""

    passphrase = forms.CharField(
        label="Passphrase", widget=forms.PasswordInput, max_length=400, error_messages={"required": "is needed"}
    )


class KeyForm(PassphraseForm):
    """A new key."""

    again = forms.CharField(
        label="The same passphrase again", widget=forms.PasswordInput, max_length=400,
        error_messages={"required": "is needed"},
    )  # fmt: skip
    replaces = forms.BooleanField(
        label="Give up the key that I have: its passphrase is lost", required=False,
        help_text="Concerns that were sealed to it stay closed to you; colleagues of the level open them.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        found = super().clean()
        if found.get("passphrase") and found.get("passphrase") != found.get("again"):
            self.add_error("again", "is not the same")
        return found


@requires(ConcernPermission.HANDLE, why=_WHY)
def case_list(request: HttpRequest) -> HttpResponse:
    """What the level has, soonest due first; and what the level below could be given more time for."""
    viewer = actor_of_request(request)
    level = officers.level_of(viewer)
    context = {
        "rows": queries.cases(viewer=viewer),
        "extendable": queries.extendable(viewer=viewer) if _may(viewer, ConcernPermission.EXTEND) else (),
        "level": officers.level_named(level) if level else None,
        "has_key": queries.has_key(viewer=viewer),
        "words": words,
        "states": {s.value: w for s, w in words.STATES.items()},
        "as_of": today(),
    }
    return render(request, "concerns/cases.html", context)


@requires(ConcernPermission.HANDLE, why=_WHY)
def case_page(request: HttpRequest, concern: str) -> HttpResponse:
    """One concern, opened with the key of whoever looks, once they have said what for."""
    viewer = actor_of_request(request)
    try:
        found = queries.case(viewer=viewer, id=concern)
    except LockedError:
        queries.case_row(viewer=viewer, id=concern)  # absent for whom it is absent, locked or not
        return HttpResponseRedirect(f"{reverse('unlock')}?next={request.path}")
    except UnopenedError:
        return HttpResponseRedirect(reverse("case-open", args=[concern]))
    context = {
        "found": found,
        "words": words,
        "states": words.STATES,
        "titles": queries.titles_of_records(found),
        "possible": _possible(found),
        "as_of": today(),
    }
    return render(request, "concerns/case.html", context)


def _possible(found: CaseView) -> list[dict[str, str]]:
    """What can be done now, as links."""
    ways: list[tuple[str, str, bool]] = [
        ("Say that it has arrived", "case-acknowledge", found.standing.state is State.RAISED),
        ("Answer it, point by point", "case-answer", found.standing.due is not None),
        ("Write to whoever raised it", "case-write", found.standing.ended_on is None),
        ("Give it to a colleague", "case-allocate", found.standing.due is not None),
        ("Put it on hold, or together with another", "case-mark", found.standing.due is not None),
        ("Say that something promised is done", "case-measure", bool(found.standing.open_measures)),
    ]
    return [{"text": text, "href": reverse(name, args=[found.row.id])} for text, name, can in ways if can]


@requires(ConcernPermission.HANDLE, why=_WHY)
def case_file(request: HttpRequest, concern: str, file: str) -> HttpResponse:
    """A file of a concern."""
    if not queries.has_opened(viewer=actor_of_request(request), id=concern):
        return case_page(request, concern)
    with queries.attachment(viewer=actor_of_request(request), id=concern, file=file) as (view, plain):
        return file_response(view.media_type, plain.read())


@requires(ConcernPermission.HOLD_KEY, why="a key is unlocked by its own passphrase alone")
def unlock_page(request: HttpRequest) -> HttpResponse:
    """Unlock one's key for this session, or lock it again."""
    actor, then = actor_of_request(request), request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(then, allowed_hosts=None):
        then = _desk(actor)
    if request.method == "POST" and "lock" in request.POST:
        response = HttpResponseRedirect(_desk(actor), status=303)
        forget(request, response)
        return response
    form = PassphraseForm(request.POST) if request.method == "POST" else PassphraseForm()
    if request.method == "POST" and form.is_valid():
        passphrase = form.cleaned_data["passphrase"]
        try:
            with unlocked.using(Source(passphrase=lambda: passphrase)):
                private = unlocked.private_of(actor)
        except LockedError as error:
            add_to_form(error, form)
        else:
            response = HttpResponseRedirect(then, status=303)
            keep(request, response, private)
            return response
    context = {"form": form, "has_key": queries.has_key(viewer=actor), "back": _desk(actor)}
    return render(request, "concerns/unlock.html", context, status=422 if form.errors else 200)


@requires(ConcernPermission.HOLD_KEY, why="everybody makes their own key")
def key_page(request: HttpRequest) -> HttpResponse:
    """Make one's key."""
    actor = actor_of_request(request)
    form = KeyForm(request.POST) if request.method == "POST" else KeyForm()
    if request.method == "POST" and form.is_valid():
        passphrase = form.cleaned_data["passphrase"]
        try:
            with unlocked.using(Source(passphrase=lambda: passphrase)):
                done = perform(actions.make_officer_key, actor, replaces=form.cleaned_data["replaces"])
                private = unlocked.private_of(actor)
        except PenholderError as error:
            add_to_form(error, form)
        else:
            messages.success(request, receipt_line("Your key is made, and unlocked", receipt=done.run))
            response = HttpResponseRedirect(_desk(actor), status=303)
            keep(request, response, private)
            return response
    context = {
        "form": form,
        "has_key": queries.has_key(viewer=actor),
        "shortest": SHORTEST,
        "back": _desk(actor),
    }
    return render(request, "concerns/key.html", context, status=422 if form.errors else 200)


key_page.act = "concerns.make_officer_key"  # type: ignore[attr-defined]  # for the list of acts
key_page.title = "Make your key"  # type: ignore[attr-defined]


def _may(viewer: Actor, permission: str) -> bool:
    return authority().role_for(viewer, permission) is not None


def _desk(actor: Actor) -> str:
    """Where somebody with a key works: on concerns, or where others are let join."""
    return reverse("cases" if _may(actor, ConcernPermission.HANDLE) else "case-join")


def _seen(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    row = queries.case_row(viewer=actor_of_request(request), id=str(parts["concern"]))
    return {"expected_version": row.version}


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    row = queries.case_row(viewer=actor_of_request(request), id=str(parts["concern"]))
    due = f", answer due {row.due:%-d %B %Y}" if row.due else ""
    return {"caption": f"Concern raised {row.raised_on:%-d %B %Y}{due}"}


def _opened(purpose: Purpose) -> Callable[..., Mapping[str, Any]]:
    """What is sealed, beside a form. Whoever has not opened it today does so here, for what the form is for."""

    def context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
        viewer, concern = actor_of_request(request), str(parts["concern"])
        if not queries.has_opened(viewer=viewer, id=concern):
            perform(actions.read_concern, viewer, concern=concern, purpose=purpose)
        found = queries.case(viewer=viewer, id=concern)
        return {**_context(request, **parts), "found": found, "words": words}

    return context


def _colleagues(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = queries.colleagues(viewer=actor_of_request(request), id=str(parts["concern"]))
    return {"person_id": [("", "Choose one"), *((c.id, c.title) for c in found)]}


def _promised(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = queries.standing_of(viewer=actor_of_request(request), id=str(parts["concern"]))
    said: dict[int, str] = {}
    with suppress(LockedError, UnopenedError):
        case = queries.case(viewer=actor_of_request(request), id=str(parts["concern"]))
        said = {p.point: f": {p.action}" for one in case.answers for p in one.points if p.action}
    return {"point": [(n, f"Point {n}{said.get(n, '')}") for n in found.open_measures]}


def _purposes(_request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    return {"purpose": [(p.value, said) for p, said in words.PURPOSES.items()]}


def _page(title: str, button: str, **more: Any) -> ActPage:
    def to_case(receipt: Receipt[Any], **_parts: Any) -> str:
        return reverse("case", args=[receipt.result.id])

    given: dict[str, Any] = {
        "template": "concerns/act.html",
        "state": _seen,
        "context": _context,
        "back": lambda **parts: reverse("case", args=[parts["concern"]]),
        "then": to_case,
    } | more
    return ActPage(title=title, button=button, **given)


PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "case-open": (
        "open",
        actions.read_concern,
        _page("What do you open this concern for?", "Open it", choices=_purposes,
              words={"purpose": ("What for", "It is recorded who opened it, on which day, and for what.")},
              back=lambda **_parts: reverse("cases")),
    ),
    "case-acknowledge": (
        "acknowledge",
        actions.acknowledge_concern,
        _page("Say that it has arrived", "Say it. It is no answer, and stops no clock"),
    ),
    "case-answer": (
        "answer",
        actions.propose_answer,
        _page(
            "Answer the concern, point by point", "Write it down for a second person to sign",
            template="concerns/answer.html", form=answer_form, context=_opened(Purpose.ANSWER),
        ),
    ),
    "case-write": ("write", actions.write_to_filer, _page(
        "Write to whoever raised it", "Leave the message",
        words={"text": ("Message", "They read it when they come back. It is no answer, and stops no clock.")},
    )),
    "case-allocate": (
        "allocate",
        actions.allocate_concern,
        _page("Give it to a colleague", "Give it to them", choices=_colleagues,
              words={"person_id": ("To whom", "")}),
    ),
    "case-mark": ("mark", actions.mark_concern, _page(
        "Put it on hold, or together with another", "Record it and tell whoever raised it",
        choices=lambda _request, **_parts: {"mark": [(m.value, said) for m, said in words.MARKS.items()]},
        words={"mark": ("What you do with it", "None of it stops a clock."),
               "reasons": ("Why", "Whoever raised it reads this."),
               "merged_with": ("The other concern", "Its reference (CN-…), where two go together.")},
    )),
    "case-extend": (
        "extend",
        actions.extend_time,
        _page("Give the level below more time", "Give it, once", back=lambda **_parts: reverse("cases"),
              then=lambda _receipt, **_parts: reverse("cases")),
    ),
    "case-measure": (
        "measure",
        actions.finish_measure,
        _page("Say that something promised is done", "Record that it is done", choices=_promised,
              words={"point": ("Which promise is done?", ""),
                     "words": ("What was done", "And where it can be seen. Whoever raised it reads this.")}),
    ),
}  # fmt: skip
"""Name of the route -> last part of the address, action, page."""


def _of_representative(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    viewer = actor_of_request(request)
    return {
        "has_key": queries.has_key(viewer=viewer),
        "asked": queries.join_requests(viewer=viewer),
        "is_asking": request.path == reverse("case-join-ask"),
    }


def urls() -> list[URLPattern]:
    """The addresses of the officers' pages."""
    made = [
        path(f"cases/<str:concern>/{part}", act_view(act, page), name=name)
        for name, (part, act, page) in PAGES.items()
    ]
    sign = _page(
        "Sign the answer",
        "I have read it, and sign it",
        template="concerns/sign.html",
        context=_opened(Purpose.SIGN),
    )
    bring = ActPage(
        "concerns/bring.html",
        "Let a second person join",
        "Make their locator and secret",
        context=_of_representative,
    )
    ask = ActPage(
        "concerns/bring.html",
        "Ask that a second person join",
        "Ask. Another representative lets them in",
        context=_of_representative,
        then=lambda _receipt, **_parts: reverse("case-join"),
    )
    return [
        path("cases", case_list, name="cases"),
        path("cases/unlock", unlock_page, name="unlock"),
        path("cases/key", key_page, name="officer-key"),
        path("cases/join", act_view(actions.bring_into_concern, bring), name="case-join"),
        path("cases/join/ask", act_view(actions.ask_to_bring, ask), name="case-join-ask"),
        *made,
        path("cases/<str:concern>/answers/<str:answer>", act_view(actions.sign_answer, sign), name="case-sign"),
        path("cases/<str:concern>/files/<str:file>", case_file, name="case-file"),
        path("cases/<str:concern>", case_page, name="case"),
    ]
