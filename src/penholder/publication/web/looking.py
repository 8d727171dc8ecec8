"""What every page starts from: the books, how somebody looks at them, and addresses that keep both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from penholder.kernel.errors import NotKnownError
from penholder.publication.books import Books, books
from penholder.publication.seeing import SeenError
from penholder.publication.sentences import place_words, sentence
from penholder.publication.values import AUTHORITY, Fact, Seen
from penholder.publication.web.called import title_in
from penholder.publication.web.words import (
    REASONS,
    class_words,
    event_words,
    field_words,
    rule_set_words,
    standing_words,
    statuses_words,
    thing_words,
    type_words,
)
from penholder.regime.regimes import rule_words

WHY = "everything here is published elsewhere, signed: it is for everybody"
_MINUTE = 60
ASKED = ("destination", "rating", "since", "then")
"""What figures are asked for beside day and knowledge."""
_CARRIED = ("utm_", "mc_", "fbclid", "gclid", "msclkid")
"""What mail and other sites put into an address on the way: it asks for nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the books."""

    request: HttpRequest
    books: Books
    seen: Seen

    def to(self, name: str, *args: object, **query: object) -> str:
        """The address of another page, seen from the same day with the same knowledge."""
        held = {k: self.request.GET[k] for k in ("on", "known") if self.request.GET.get(k)}
        given = {k: str(v) for k, v in (held | query).items() if v not in (None, "")}
        address = reverse(name, args=args or None)
        return f"{address}?{urlencode(given)}" if given else address

    def cited(self) -> str:
        """The address of this page that shows the same tomorrow: with its day, what is known, what was asked."""
        kept = {n: self.request.GET[n] for n in ASKED if self.request.GET.get(n)}
        given = kept | {"on": self.seen.on.isoformat(), "known": str(self.seen.size)}
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(given)}")

    def title(self, kind: str, name: str) -> str | None:
        """What a thing is called by what is known here; None: nothing is known of it."""
        return title_in(self.books, self.seen.size, kind, name)

    def called(self, kind: str, name: str) -> str:
        """Its title; kind and id where nothing says more."""
        return self.title(kind, name) or f"{thing_words(kind)} {name}".strip()

    def page(self, template: str, context: Mapping[str, Any]) -> HttpResponse:
        """The page, with what every page says: as of when, which head, witnessed or not."""
        seen = self.seen
        common = {
            "seen": seen,
            "heads": self.books.heads,
            "taken_in": self.books.taken_in(seen),
            "head": self.books.heads.get(AUTHORITY),
            "to": self.to,
            "called": self.called,
            "as_of": seen.on,
            "known_at": None if seen.is_newest else seen.until,
            "here": self.request.path,
            "whole_address": self.cited(),
            **WORDS,
        }
        response = render(self.request, f"publication/{template}", common | dict(context))
        response["Cache-Control"] = f"public, max-age={_MINUTE}"
        return response


def look(request: HttpRequest, *, asks: Sequence[str] | None = None) -> Look:
    """Open the books for a request.

    asks: of a list, what else than day and knowledge its address may ask for; whatever else is in it is refused,
    as the list would pass for an answer to it.
    Raises: NotLoadedError, SeenError.
    """
    held = books()
    if asks is not None:
        _check_asked(request, ("on", "known", *asks))
    return Look(request, held, held.seen(on=request.GET.get("on", ""), known=request.GET.get("known", "")))


def _check_asked(request: HttpRequest, names: Sequence[str]) -> None:
    """Raises: SeenError."""
    odd = [n for n in request.GET if n not in names and not n.startswith(_CARRIED)]
    if odd:
        raise SeenError(
            f"this page cannot be asked by {', '.join(repr(n[:40]) for n in odd[:5])}",
            hint=f"it can be asked by {', '.join(names)}",
        )


def place_asked(at: Look) -> str:
    """The code of the place in `destination`; ``: none is asked for. Raises: SeenError: no table names it."""
    code = at.request.GET.get("destination", "").strip().upper()
    if code and place_words(code) == code and code not in at.books.source.places():
        raise SeenError(
            f"destination={code[:40]!r} is no place that is known here",
            hint="give the code of a place, like those on the page of destinations",
        )
    return code


def one_asked(at: Look, name: str, allowed: Sequence[str]) -> str:
    """One of some words; ``: none is asked for. Raises: SeenError."""
    text = at.request.GET.get(name, "").strip()
    if text and text not in allowed:
        raise SeenError(f"{name}={text[:40]!r} is none of its words", hint=f"give one of {', '.join(allowed)}")
    return text


def said(fact: Fact) -> str:
    """The sentence of an entry."""
    return sentence(books().policy.events[fact.event].says, fact.fields)


def address_of(kind: str, about: str) -> str | None:
    """Where a thing has its page; None: nowhere."""
    name = _PAGES.get(kind)
    return reverse(name, args=(about,)) if name and about else None


def absent(what: str) -> NotKnownError:
    """There is no such thing in the books, or not yet by what is asked for."""
    return NotKnownError(
        f"the published log says nothing of {what}",
        hint="check the address; with `known` in it, it may have been published later",
    )


_PAGES = {
    "licence": "public-licence",
    "decision": "public-decision",
    "moratorium": "public-measure",
    "exemption": "public-measure",
    "hold": "public-measure",
    "change": "public-change",
    "statement": "public-statement",
    "destination": "public-destination",
    "figure": "public-figure",
}
WORDS: Mapping[str, Any] = {
    "said": said,
    "address_of": address_of,
    "place_words": place_words,
    "type_words": type_words,
    "class_words": class_words,
    "event_words": event_words,
    "rule_set_words": rule_set_words,
    "reason_words": REASONS,
    "field_words": field_words,
    "limb_words": rule_words,
    "standing_words": standing_words,
    "statuses_words": statuses_words,
    "thing_words": thing_words,
}
