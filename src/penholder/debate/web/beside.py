"""The debate below a thing of the public site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from penholder.debate.queries import reading
from penholder.debate.values import Kind
from penholder.debate.web import words
from penholder.entry.actor import actor_of_request

SHOWN = 5


def beside(request: HttpRequest, kind: str, name: str) -> dict[str, Any] | None:
    """What the template draws below a thing; None: the debate is off, or there is none of this kind."""
    if kind not in list(Kind) or not reading.is_on():
        return None
    page = reading.threads(viewer=actor_of_request(request), kind=Kind(kind), page=name, limit=SHOWN)
    return {
        "template": "debate/beside.html",
        "kind": kind,
        "page_id": name,
        "threads": page.items,
        "number": reading.count_on(kind=Kind(kind), page=name),
        "words": words,
    }
