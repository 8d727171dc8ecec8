"""The return area: one page, opened with locator and secret, that asks for both again after half an hour."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from penholder.actions.action import perform
from penholder.actions.moment import today
from penholder.actions.values import NOBODY
from penholder.concerns import actions, filers, proofs, queries, words
from penholder.concerns.answers import CaseView
from penholder.concerns.codes import Codes
from penholder.concerns.values import Disposition, State
from penholder.concerns.web.draft import codes_of, ticket_of
from penholder.concerns.web.questions import Question, by_kind
from penholder.concerns.web.raising import WHY
from penholder.entry.access import PUBLIC, requires
from penholder.entry.errors import add_to_form
from penholder.kernel.errors import PenholderError
from penholder.kernel.ids import random_id
from penholder.vault.content import ALLOWED
from penholder.vault.serving import download_headers

_NEEDED = {"required": "is needed"}


class CodesForm(Question):
    """The way in."""

    locator = forms.CharField(
        label="Locator",
        max_length=40,
        error_messages=_NEEDED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label="Return secret", max_length=80, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages=_NEEDED,
        help_text="Twenty letters and digits. Hyphens, spaces and capitals do not matter.",
    )  # fmt: skip


class MessageForm(Question):
    """A message to the office that has the concern."""

    text = forms.CharField(
        label="Message", widget=forms.Textarea(attrs={"rows": 4}), min_length=2, max_length=8_000,
        error_messages=_NEEDED, help_text="The office that has the concern now reads it. It moves no due day.",
    )  # fmt: skip


class FileForm(Question):
    """A file beside the concern."""

    file = forms.FileField(
        label="File", error_messages=_NEEDED,
        help_text="At most 10 MB. It is kept as it is: what it holds of its author or its camera stays in it.",
    )  # fmt: skip


class TargetForm(Question):
    """What else it is about: chosen from the list, or named by its id."""

    target = forms.ChoiceField(
        label="What is it also about?", required=False,
        help_text="Whoever took part in that loses the concern at once.",
    )  # fmt: skip
    named = forms.CharField(
        label="Or its id, where it is not listed", required=False, max_length=40,
        help_text="Only what everybody may know of is listed here.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        found = super().clean()
        if bool(found.get("target")) == bool(found.get("named")):
            self.add_error("target", "choose one, or give its id")
        return found


class ContestForm(Question):
    """Answers that the filer does not accept, and why."""

    points = forms.TypedMultipleChoiceField(
        label="Which answers do you contest?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=_NEEDED,
    )
    text = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=2,
        max_length=8_000,
        error_messages=_NEEDED,
    )


class SureForm(Question):
    """One box, before what cannot be undone."""

    sure = forms.BooleanField(label="I am sure; it cannot be undone", error_messages=_NEEDED)


_KINDS: Mapping[str, type[Question]] = {
    "message": MessageForm, "file": FileForm, "target": TargetForm, "contest": ContestForm, "accept": SureForm,
    "withdraw": SureForm,
}  # fmt: skip


def _form(name: str, found: CaseView, data: Any = None, files: Any = None) -> Question:
    form = _KINDS[name](data, files, prefix=name)
    if name == "target":
        own = {t.id for t in found.targets}
        others = by_kind(t for t in queries.known_targets() if t.id not in own)
        choices: Any = [("", "Choose one"), *others]
        form.fields["target"].choices = choices  # type: ignore[attr-defined]
    if name == "contest" and found.answers:
        answered = found.answers[-1].points
        dispositions = words.DISPOSITIONS
        form.fields["points"].choices = [  # type: ignore[attr-defined]
            (p.point, f"Point {p.point}: {dispositions[p.disposition]}") for p in answered
        ]
    return form


def _offered(found: CaseView) -> list[str]:
    """What the filer can do now."""
    names: list[str] = []
    if found.standing.state not in {State.ACCEPTED, State.LAPSED, State.WITHDRAWN}:
        names += ["message", "file"]
        if not found.is_joined:
            names += ["target"]
            answered = found.standing.state is State.ANSWERED
            names += (["contest", "accept"] if found.next_office else ["accept"]) if answered else []
            names += ["withdraw"]
    return names


@csrf_exempt
@requires(PUBLIC, why=WHY)
def return_page(request: HttpRequest) -> HttpResponse:
    """The way in; then the concern, and what can be done. No cookie: the page itself carries what opens it."""
    if request.method != "POST":
        return render(request, "concerns/return.html", {"form": CodesForm()})
    if "ticket" not in request.POST:
        return _come_in(request)
    codes = codes_of(request.POST["ticket"])
    with filers.using(codes):
        return _act(request, codes, request.POST.get("do", ""))


def _come_in(request: HttpRequest) -> HttpResponse:
    form = CodesForm(request.POST)
    if form.is_valid():
        codes = Codes(form.cleaned_data["locator"], form.cleaned_data["secret"])
        try:
            with filers.using(codes):
                return _show(request, codes)
        except PenholderError as error:
            if error.code != "code":
                raise
            add_to_form(error, form)
    return render(request, "concerns/return.html", {"form": form}, status=422)


def _act(request: HttpRequest, codes: Codes, do: str) -> HttpResponse:
    if do == "receipt":
        response = HttpResponse(proofs.receipt_of(codes), content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="concern.receipt"'
        return response
    if do == "download":
        return _download(codes, request.POST.get("file", ""))
    found = queries.returned(codes)
    if do not in _offered(found):
        return _show(request, codes)
    form = _form(do, found, request.POST, request.FILES)
    if form.is_valid():
        try:
            _perform(do, form.cleaned_data, codes, request.POST.get("key", "") or random_id())
            return _show(request, codes, said=_SAID[do])
        except PenholderError as error:
            if error.code not in _SHOWN:
                raise
            form.add_error(None, f"{error.message}. {error.hint}".strip())
    return _show(request, codes, wrong=(do, form))


_SHOWN = {"invalid", "conflict", "upload", "upload-type", "upload-content", "upload-too-large", "empty-answer"}
_SAID = {
    "message": "Your message was left.",
    "file": "Your file was kept, sealed.",
    "target": "It was added. Whoever took part in it has lost the concern.",
    "contest": "The answer is contested: it went up one level.",
    "accept": "The answer is accepted.",
    "withdraw": "The concern is withdrawn.",
}


def _perform(do: str, said: Mapping[str, Any], codes: Codes, key: str) -> None:
    acts: Mapping[str, tuple[Callable[..., Any], dict[str, Any]]] = {
        "message": (actions.write_message, {"text": said.get("text")}),
        "target": (actions.add_target, {"target": said.get("target") or said.get("named")}),
        "contest": (actions.contest_points, {"points": said.get("points"), "text": said.get("text")}),
        "accept": (actions.accept_answer, {}),
        "withdraw": (actions.withdraw_concern, {}),
        "file": (actions.attach_file, _file_of(said.get("file"))),
    }
    act, given = acts[do]
    perform(act, NOBODY, idempotency_key=key, locator=codes.locator, secret=codes.secret, **given)


def _file_of(file: Any) -> dict[str, str]:
    return {} if file is None else {"content": base64.b64encode(file.read()).decode(), "name": file.name}


def _show(
    request: HttpRequest, codes: Codes, *, said: str = "", wrong: tuple[str, Question] | None = None
) -> HttpResponse:
    found = queries.returned(codes)
    given = {name: _form(name, found) for name in _offered(found)}
    if wrong is not None:
        given[wrong[0]] = wrong[1]
    context = {
        "found": found,
        "codes": codes,
        "ticket": ticket_of(codes),
        "key": random_id(),
        "forms": given,
        "wrong": wrong[1] if wrong else None,
        "said": said,
        "words": words,
        "titles": queries.titles_of_records(found),
        "Disposition": Disposition,
        "as_of": today(),
    }
    return render(request, "concerns/returned.html", context, status=422 if wrong else 200)


def _download(codes: Codes, file: str) -> HttpResponse:
    with queries.own_attachment(codes, file=file) as (view, plain):
        return file_response(view.media_type, plain.read())


def file_response(media_type: str, content: bytes) -> HttpResponse:
    """A file as a download, under a name of ours, in a sandbox."""
    kind = media_type if media_type in ALLOWED else "application/octet-stream"
    return HttpResponse(content, headers=download_headers(kind, name="file", size=len(content)))


@requires(PUBLIC, why="leaves nothing behind, and asks for nothing")
def leave(request: HttpRequest) -> HttpResponse:
    """Leave: the browser is told to forget what this site has given it."""
    response = render(request, "concerns/leave.html", {})
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
