"""Of which pages there can be a debate: whoever publishes them says which there are (settings.PENHOLDER_PAGES)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from penholder.actions.errors import AbsentError
from penholder.debate.values import Kind

Title = Callable[[str, str], str | None]


def title_of(kind: Kind, page: str) -> str | None:
    """The title of a published page; None: there is none. Without a publisher, every id is a page of that name."""
    path = settings.PENHOLDER_PAGES
    return _publisher(path)(kind.value, page) if path else f"{kind.value.capitalize()} {page}"


def check_exists(kind: Kind, page: str) -> str:
    """Its title. Raises: AbsentError."""
    title = title_of(kind, page)
    if title is None:
        raise AbsentError(f"there is no {kind} {page}", hint="its id may be mistyped")
    return title


@cache
def _publisher(path: str) -> Title:
    found: Title = import_string(path)
    return found
