"""Undertakings of end users: the file is sent, then said what it undertakes; and handed out to who may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from penholder.actions.errors import AbsentError
from penholder.casework import actions
from penholder.casework.answers import CaseView
from penholder.casework.files import find_undertaking, open_undertaking, send_undertaking
from penholder.casework.parts import Party, Undertaking
from penholder.casework.queries import case as case_of
from penholder.casework.values import CaseworkPermission
from penholder.casework.web.rows_form import part_of
from penholder.casework.web.shared import context, on_case, seen_case, state
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.errors import sentences_of
from penholder.entry.form_fields import field_for
from penholder.entry.forms import ActForm
from penholder.entry.views import act_view
from penholder.kernel.errors import PenholderError
from penholder.vault.serving import download_headers

_WHY = "an undertaking is read by the exporter's own people and by officials who read commercial fields"
_ASKED: Mapping[str, tuple[str, str]] = {
    "signed_on": ("Signed on", ""),
    "signatory_position": ("Position of who signed", "A function, not a name."),
    "language": ("Language", "Code of two letters, for example en."),
    "no_weapons_of_mass_destruction": ("It undertakes: no use for weapons of mass destruction", ""),
    "no_re_export_without_consent": ("It undertakes: no re-export without consent", ""),
    "final_use_stated": ("It states the final use", ""),
}


def kept_undertaking(held: Party | None, name: str) -> Undertaking | None:
    """The undertaking of a row that is still about the same party."""
    return held.undertaking if held is not None and held.name == name else None


class UploadForm(forms.Form):
    """The file."""

    use_required_attribute = False
    file = forms.FileField(
        label="File of the undertaking",
        help_text="PDF, PNG, JPEG, a document (docx, odt) or text; at most 25 MiB. It is kept encrypted.",
        error_messages={"required": "is needed"},
    )


def _party(found: CaseView, number: int) -> Party:
    """Raises: AbsentError."""
    parties = found.application.parties
    if not 1 <= number <= len(parties):
        raise AbsentError("there is no such party", hint="look at the case")
    return parties[number - 1]


@requires(CaseworkPermission.DRAFT, why="whoever applies sends files first; nothing is recorded by that")
def upload(request: HttpRequest, case: str, party: int) -> HttpResponse:
    """Send the file; then the page opens on which it is said what it undertakes."""
    found = seen_case(request, case=case)
    about = _party(found, party)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            file.open("rb")
            handle = str(send_undertaking(file, name=file.name))
        except PenholderError as error:
            form.add_error("file", sentences_of(error))
        else:
            return HttpResponseRedirect(reverse("case-undertaking", args=[case, party, handle]), status=303)
    shown = {"form": form, "party": about, **context(request, case=case), "back": reverse("case", args=[case])}
    return render(request, "casework/upload.html", shown, status=422 if form.errors else 200)


class UndertakingForm(ActForm):
    """What a file undertakes. `made` puts it to its party; each page sets it (`_form`)."""

    made: Callable[[dict[str, Any]], list[dict[str, Any]]]

    def parameters(self) -> dict[str, Any]:
        """All parties, one of them with this undertaking."""
        said = {n: self.cleaned_data[n] for n in _ASKED if self.cleaned_data.get(n) not in (None, "")}
        return {"expected_version": self.cleaned_data["expected_version"], "parties": self.made(said)}

    def refuse(self, error: PenholderError) -> None:
        """Errors of the undertaking stand at its boxes."""
        for path_, said in dict(getattr(error, "fields", {})).items():
            box = path_.rpartition(".")[2]
            self.add_error(box if box in self.fields else None, said)
        if not self.errors:
            super().refuse(error)


def _form(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    found, number = seen_case(request, **parts), int(parts["party"])
    _party(found, number)

    def made(_self: Any, said: dict[str, Any]) -> list[dict[str, Any]]:
        listed = [asdict(p) for p in found.application.parties]
        listed[number - 1]["undertaking"] = said | {"file": parts["file"]}
        listed[number - 1]["no_undertaking_because"] = ""
        return listed

    boxes = {n: field_for(n, part_of(Undertaking, n), words=w) for n, w in _ASKED.items()}
    boxes["language"].initial = "en"
    return type("UndertakingForm", (UndertakingForm, plain), {**boxes, "parties": None, "made": made})


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {
        **context(request, **parts),
        "party": _party(seen_case(request, **parts), int(parts["party"])),
    }


@requires(SIGNED_IN, why=_WHY)
def download(request: HttpRequest, case: str, party: int) -> HttpResponse:
    """The file of an undertaking, as a download under a name of ours."""
    found = case_of(viewer=actor_of_request(request), id=case)
    paper = _party(found, party).undertaking
    stored = find_undertaking(paper.file) if paper else None
    if paper is None or stored is None:
        raise AbsentError("there is no such file", hint="look at the case")
    with open_undertaking(paper.file) as plain:
        body = plain.read()
    headers = download_headers(stored.media_type, name=f"{case}-undertaking-{party}", size=stored.size)
    return HttpResponse(body, headers=headers)


def undertaking_urls() -> list[URLPattern]:
    """The addresses of these pages."""
    page = on_case(
        "What it undertakes", "Save the undertaking", "casework/undertaking.html", form=_form, context=_context,
        state=state,
    )  # fmt: skip
    below = "cases/<str:case>/parties/<int:party>/undertaking"
    return [
        path(f"{below}/send", upload, name="case-undertaking-send"),
        path(f"{below}/file", download, name="case-undertaking-file"),
        path(f"{below}/<str:file>", act_view(actions.set_parties, page), name="case-undertaking"),
    ]
