"""What an act is confirmed with: what was done, to whom, with what; and the pages on which acts have forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import ChoiceField
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from penholder.actions.values import Actor
from penholder.entry.forms import ActForm

_LONGEST = 80
"""Longer texts (reasons, terms) are not repeated."""


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page that is made for an act. title: empty where the page has none of its own. href: empty where it hangs
    on a subject (say, a licence).
    """

    title: str
    href: str


def confirmation(title: str, form: ActForm, *, about: str, receipt: str) -> SafeString:
    """`Grant a role, manager-1 (P-…). Role: Licensing manager. Receipt ABC`, with a link to the receipt."""
    named = f"{title}, {about}" if about else title
    typed = "; ".join(f"{label}: {value}" for label, value in _typed(form))
    return receipt_line(f"{named}. {typed}" if typed else named, receipt=receipt)


def receipt_line(said: str, *, receipt: str) -> SafeString:
    """What was done, with a link to its receipt."""
    link = reverse("receipt", args=(receipt,))
    return format_html('{}. Receipt <a class="govuk-link" href="{}">{}</a>', said, link, receipt)


def _typed(form: ActForm) -> list[tuple[str, str]]:
    """(label, value in words) of the short fields that were filled in."""
    found = []
    for bound in form:
        value = form.cleaned_data.get(bound.name)
        if (
            bound.is_hidden
            or value in (None, "", [], False)
            or bound.name not in form.spec.parameters.model_fields
        ):
            continue
        words = _value(bound.field, value)
        if words and len(words) <= _LONGEST:
            found.append((str(bound.label), words))
    return found


def _value(field: Any, value: Any) -> str:
    if isinstance(field, ChoiceField):
        listed: Any = field.choices
        names = {str(k): str(v).partition(":")[0] for k, v in listed}
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(names.get(str(v), str(v)) for v in values)
    if hasattr(field, "in_words"):
        return str(field.in_words(value))
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    return (
        "" if isinstance(value, Mapping) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    )


def own_pages() -> Mapping[str, OwnPage]:
    """Act -> the page that is made for it."""
    found: dict[str, OwnPage] = {}
    for act, route in _act_routes(get_resolver().url_patterns):
        if act not in found or not found[act].href:
            address = ""
            with suppress(NoReverseMatch):
                address = reverse(route.name or "")
            found[act] = OwnPage(str(getattr(route.callback, "title", "")), address)
    return found


def kept_back(actor: Actor) -> frozenset[str]:
    """Acts whose pages are not for this actor, although a role of theirs allows them."""
    routes = _act_routes(get_resolver().url_patterns)
    asked = ((act, getattr(route.callback, "offered", None)) for act, route in routes)
    return frozenset(act for act, offered in asked if offered is not None and not offered(actor))


def _act_routes(routes: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
    for route in routes:
        if not isinstance(route, URLResolver):
            act = getattr(route.callback, "act", None)
            if act is not None:
                yield act, route
        elif not str(route.pattern).startswith(("api/", "acts/", "account/")):
            yield from _act_routes(route.url_patterns)
