"""What every page starts from: the books, how somebody looks at them, and addresses that keep both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from penholder.kernel.errors import NotKnownError
from penholder.publication.books import Books, books
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
_ASKED = ("destination", "rating", "since", "then")
"""What figures are asked for beside day and knowledge; whatever else stands in an address changes nothing."""


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
        kept = {n: self.request.GET[n] for n in _ASKED if self.request.GET.get(n)}
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


def look(request: HttpRequest) -> Look:
    """Open the books for a request. Raises: NotLoadedError, SeenError."""
    held = books()
    return Look(request, held, held.seen(on=request.GET.get("on", ""), known=request.GET.get("known", "")))


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
