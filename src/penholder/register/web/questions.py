"""Questions that are open elsewhere, on the forms of acts that say why they do not wait for the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from penholder.entry.forms import ActForm
from penholder.register.open_questions import open_questions
from penholder.register.web.words import day_words, field_rows
from penholder.restrictions.gates import Gate, gate

WORDS = {"gate_reasons": ("Why the answer to an open question is not awaited", "Needed while one is open.")}
"""Label and hint of the box."""


def _open(request: HttpRequest, licence: str) -> tuple[Gate, ...]:
    """Asked once per request."""
    known: tuple[Gate, ...] | None = getattr(request, "penholder_questions", None)
    if known is None:
        known = open_questions(licence)
        request.penholder_questions = known  # type: ignore[attr-defined]
    return known


def rows_of(fields: Mapping[str, Any], *, brief: bool = False) -> list[tuple[str, Any]]:
    """The rows of one event, with its questions by their words."""
    asked = [gate(name) for name in fields.get("gates") or ()]
    said = {"gates": [f"{g.question} (since {day_words(g.since)})" for g in asked]} if asked else {}
    return field_rows({**fields, **said}, brief=brief)


def gated(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    """The form has the box while a question is open, and else not."""
    return plain if _open(request, parts["licence"]) else type("PlainForm", (plain,), {"gate_reasons": None})


def with_questions(context: Callable[..., Mapping[str, Any]]) -> Callable[..., Mapping[str, Any]]:
    """What the template gets, and the open questions."""

    def more(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
        return {**context(request, **parts), "questions": _open(request, parts["licence"])}

    return more
