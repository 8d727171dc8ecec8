"""A file of incidents: sent, read and counted before anybody decides; then taken in as one act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.entry.access import requires
from penholder.entry.errors import sentences_of
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage, act_view
from penholder.evidence import actions
from penholder.evidence.files import handle_of, opened, send
from penholder.evidence.reading import OWN, ReadFile, layouts, own_columns, read_file
from penholder.evidence.tables import object_classes
from penholder.evidence.values import EvidencePermission
from penholder.evidence.web import words
from penholder.evidence.web.acts import CREDIBLE, RELIABLE, WORDS, sources
from penholder.kernel.errors import PenholderError

_WHY = "whoever may take in files of incidents sends them first; a file that is not taken in is kept by nobody"


class UploadForm(forms.Form):
    """The file, and how its columns are called."""

    use_required_attribute = False
    file = forms.FileField(
        label="File",
        help_text="CSV in UTF-8, at most 25 MiB. It may hold no names of persons and no way to reach anybody: a "
        "file with such columns is refused, and nothing of it is kept.",
        error_messages={"required": "is needed"},
    )
    layout = forms.ChoiceField(label="Layout", initial=OWN, help_text="How the columns are called.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["layout"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(layouts().items())


@requires(EvidencePermission.IMPORT, why=_WHY)
def upload(request: HttpRequest) -> HttpResponse:
    """Send a file. It is read once to see whether it can be; then its preview opens."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        layout = form.cleaned_data["layout"]
        try:
            handle = _sent(form.cleaned_data["file"], layout)
        except PenholderError as error:
            form.add_error("file", sentences_of(error))
        else:
            return HttpResponseRedirect(f"{reverse('evidence-import', args=[handle])}?layout={layout}", status=303)
    context = {
        "form": form,
        "columns": own_columns(),
        "back": reverse("evidence-imports"),
        "as_of": today(),
    }
    return render(request, "evidence/upload.html", context, status=422 if form.errors else 200)


def _sent(file: Any, layout: str) -> str:
    """Store it under a key of its own, once it can be read. Raises: PenholderError."""
    file.open("rb")
    read_file(file, layout=layout, received_on=today())
    file.seek(0)
    return str(send(file, name=file.name))


def _preview(request: HttpRequest, **parts: Any) -> ReadFile:
    """Read once per request. Raises: AbsentError: no such file was sent."""
    known = getattr(request, "penholder_preview", None)
    if isinstance(known, ReadFile):
        return known
    layout = (request.POST or request.GET).get("layout", OWN)
    try:
        with opened(handle_of(parts["file"])) as stream:
            known = read_file(stream, layout=layout if layout in layouts() else OWN, received_on=today())
    except PenholderError as error:
        raise AbsentError("there is no such file", hint="send it again") from error
    request.penholder_preview = known  # type: ignore[attr-defined]
    return known


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = _preview(request, **parts)
    classes = Counter(f.object_class for _, f in found.rows)
    days = [f.starts_on for _, f in found.rows]
    return {
        "preview": found,
        "loaded": len(found.rows),
        "first_day": min(days),
        "last_day": max(f.ends_on for _, f in found.rows),
        "classes": [(c.title, classes[c.id]) for c in object_classes().values() if classes[c.id]],
        "plain": words.plain,
        "layouts": layouts(),
    }


def _state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {"received_on": today(), "layout": _preview(request, **parts).layout}


def _form(kind: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    """The layout was chosen with the file."""
    return type("ImportForm", (kind,), {"layout": forms.CharField(widget=forms.HiddenInput)})


import_form = act_view(
    actions.import_incidents,
    ActPage(
        "evidence/preview.html",
        "Take in a file of incidents",
        "Take it in",
        state=_state,
        choices=lambda request, **_parts: {
            "source": sources(request),
            "reliability": RELIABLE,
            "credibility": CREDIBLE,
        },
        form=_form,
        words=WORDS,
        context=_context,
        back=lambda **_parts: reverse("evidence-upload"),
        then=lambda receipt, **_parts: reverse("evidence-imported", args=[receipt.result.imported]),
    ),
)
"""The preview with its counts, and the form that takes the file in."""
