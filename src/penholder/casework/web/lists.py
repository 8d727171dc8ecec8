"""Lists of parties: sent, counted before anybody decides, then taken in as one act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.casework import actions
from penholder.casework.access import is_official
from penholder.casework.files import open_list, send_list
from penholder.casework.queries import party_lists
from penholder.casework.reading import ReadList, read_list
from penholder.casework.values import CaseworkPermission
from penholder.casework.web import words
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.views import ActPage, act_view
from penholder.kernel.errors import PenholderError

_WHY = "lists of parties are for officials; for others nothing is there"


class ListForm(forms.Form):
    """The file."""

    use_required_attribute = False
    file = forms.FileField(
        label="List of parties",
        help_text="CSV in UTF-8 with the columns key and name, and where there are such other_names (joined by "
        ";), place and kind. Rows of persons are kept out.",
        error_messages={"required": "is needed"},
    )


@requires(SIGNED_IN, why=_WHY)
def list_page(request: HttpRequest) -> HttpResponse:
    """Every load, newest first."""
    viewer = actor_of_request(request)
    if not is_official(viewer):
        raise AbsentError("there is no such page", hint="lists are for officials")
    may = authority().role_for(viewer, CaseworkPermission.LOAD_LIST) is not None
    shown = {"found": party_lists(viewer=viewer), "may_load": may, "words": words, "as_of": today()}
    return render(request, "casework/lists.html", shown)


@requires(CaseworkPermission.LOAD_LIST, why="whoever loads lists sends files first; nothing is recorded by that")
def upload(request: HttpRequest) -> HttpResponse:
    """Send a file; it is read once to see whether it can be, and its preview opens."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            file.open("rb")
            read_list(file, as_of=today())
            file.seek(0)
            handle = str(send_list(file, name=file.name))
        except PenholderError as error:
            said = getattr(error, "fields", {}).get("file", error.message)
            form.add_error("file", f"{said}. {error.hint}".strip())
        else:
            return HttpResponseRedirect(reverse("party-list-load", args=[handle]), status=303)
    shown = {"form": form, "back": reverse("party-lists"), "as_of": today()}
    return render(request, "casework/list_upload.html", shown, status=422 if form.errors else 200)


def _preview(request: HttpRequest, **parts: Any) -> ReadList:
    """Read once per request. Raises: AbsentError: no such file was sent."""
    known = getattr(request, "penholder_list", None)
    if isinstance(known, ReadList):
        return known
    try:
        _, stream = open_list(str(parts["file"]))
        with stream:
            known = read_list(stream, as_of=today())
    except PenholderError as error:
        raise AbsentError("there is no such file", hint="send it again") from error
    request.penholder_list = known  # type: ignore[attr-defined]
    return known


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {"preview": _preview(request, **parts), "words": words}


_LOAD = ActPage(
    "casework/list_load.html",
    "Take in a list of parties",
    "Take it in",
    state=lambda _request, **_parts: {"as_of": today()},
    choices=lambda request, **_parts: {
        "kind": [("denial", "Denials of partner states"), ("sanction", "Sanctions")],
    },
    context=_context,
    back=lambda **_parts: reverse("party-list-upload"),
    then=lambda _receipt, **_parts: reverse("party-lists"),
)


def list_urls() -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        path("party-lists", list_page, name="party-lists"),
        path("party-lists/new", upload, name="party-list-upload"),
        path("party-lists/new/<str:file>", act_view(actions.load_list, _LOAD), name="party-list-load"),
    ]
