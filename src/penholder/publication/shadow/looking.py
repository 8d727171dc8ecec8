"""What every page starts from: the lines, as of which day and known when; addresses that keep both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from penholder.analysis.browse.held import Held
from penholder.analysis.browse.words import amount_words
from penholder.analysis.report.formats.records import pretty
from penholder.entry.access import PUBLIC, requires
from penholder.entry.asked import read_day, without
from penholder.kernel.errors import InputError
from penholder.publication.shadow.shelf import Shelf, shelf

WHY = "a data folder that somebody shows to everybody, read-only"
_MINUTE = 60
_KEPT = ("on", "known")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the register."""

    request: HttpRequest
    shelf: Shelf
    held: Held
    on: date
    """The day in the world that statuses are of; without one in the address, that of the newest decision."""

    def given(self, name: str, *, most: int = 100) -> str:
        """A word of the address. Raises: InputError where it is too long."""
        text = self.request.GET.get(name, "").strip()
        if len(text) > most:
            raise InputError(f"{name} is too long", hint=f"at most {most} characters")
        return text

    def day(self, name: str) -> date | None:
        """A day of the address. Raises: InputError."""
        return day_in(self.request, name)

    def to(self, name: str, *args: object, **query: object) -> str:
        """The address of another page, as of the same day with the same knowledge."""
        held = {k: self.request.GET[k] for k in _KEPT if self.request.GET.get(k)}
        kept = {k.rstrip("_"): str(v) for k, v in (held | query).items() if v not in (None, "")}
        address = reverse(name, args=args or None)
        return f"{address}?{urlencode(kept)}" if kept else address

    def same(self, *left: str, **more: str) -> str:
        """This address with parameters left out and others set; rows begin anew."""
        return without(self.request.GET, "after", *left, **more)

    @property
    def is_oldest_first(self) -> bool:
        """Rows begin with the oldest decision, as the address asks; else with the newest."""
        return self.given("order") == "oldest"

    def next(self, following: str | None) -> str | None:
        """The address of the next page of rows."""
        return without(self.request.GET, after=following) + "#rows" if following else None

    def name(self, place: str) -> str:
        """A place in words."""
        return self.held.name(place)


def day_in(request: HttpRequest, name: str) -> date | None:
    """A day of the address; None: not given. Raises: InputError."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError as error:
        raise InputError(f"{name}={text[:40]!r} is no day", hint="give a day like 2014-09-02") from error


def look(request: HttpRequest) -> Look:
    """Open the lines for a request. Raises: InputError, NotKnownError."""
    held = shelf().held(day_in(request, "known"))
    return Look(request, shelf(), held, day_in(request, "on") or held.last_day)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page in both forms. `document`: what the JSON says; `context`: what the template needs beside it."""

    document: Mapping[str, Any]
    context: Mapping[str, Any]


View = Callable[..., Shown]


def page(template: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Declare a page: the view answers once, and the route says as what it is read."""

    def declare(view: View) -> Callable[..., HttpResponse]:
        @requires(PUBLIC, why=WHY)
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, as_json: bool = False, **kwargs: Any) -> HttpResponse:
            at = look(request)
            shown = view(at, *args, **kwargs)
            response = _json(at, shown) if as_json else _html(at, shown, template)
            response["Cache-Control"] = f"public, max-age={_MINUTE}"
            return response

        return answer

    return declare


def _html(at: Look, shown: Shown, template: str) -> HttpResponse:
    common = {
        "at": at,
        "held": at.held,
        "to": at.to,
        "place": at.name,
        "amount": amount_words,
        "as_of": at.on,
        "known_at": None,
        "whole_address": cited(at, on=at.on.isoformat()),
        "json_href": _twin(at.request),
        "attribution": at.held.attribution,
    }
    return render(at.request, f"shadow/{template}", common | dict(shown.context))


def cited(at: Look, **fixed: str) -> str:
    """The address of this page with all that it depends on."""
    query = without(at.request.GET, known=at.held.known_day.isoformat(), **fixed)
    return at.request.build_absolute_uri(at.request.path + query)


def _twin(request: HttpRequest) -> str:
    """The address of the same as JSON."""
    path = request.path.removesuffix("/") or "/index"
    query = request.META.get("QUERY_STRING", "")
    return f"{path}.json?{query}" if query else f"{path}.json"


def _json(at: Look, shown: Shown) -> HttpResponse:
    body = dict(shown.document) | {
        "as_of": at.on,
        "data": at.held.data,
        "known": at.held.known_day,
        "releases": [r.id for r in at.held.releases],
        "attribution": list(shown.document.get("attribution", at.held.attribution)),
        "address": at.request.build_absolute_uri(),
    }
    return HttpResponse(pretty(plain(body)) + "\n", content_type="application/json")


def plain(value: Any) -> Any:
    """Values of our own classes as mappings."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value
