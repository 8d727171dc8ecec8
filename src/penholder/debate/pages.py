"""Of which pages there can be a debate: whoever publishes them says which there are (settings.PENHOLDER_PAGES)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from penholder.actions.errors import AbsentError
from penholder.debate.values import Kind

Page = tuple[str, str]
"""Title and address; no address: it has none."""
Publisher = Callable[[str, str], Page | None]


def page_of(kind: Kind, page: str) -> Page | None:
    """A published page; None: there is none. Without a publisher, every id is a page of that name."""
    path = settings.PENHOLDER_PAGES
    return _publisher(path)(kind.value, page) if path else (f"{kind.value.capitalize()} {page}", "")


def check_exists(kind: Kind, page: str) -> Page:
    """The page. Raises: AbsentError."""
    found = page_of(kind, page)
    if found is None:
        raise AbsentError(f"there is no {kind} {page}", hint="its id may be mistyped")
    return found


def title_of(kind: Kind, page: str) -> str:
    """What the page is called; its kind and id where it is published no longer."""
    found = page_of(kind, page)
    return found[0] if found else f"{kind} {page}"


@cache
def _publisher(path: str) -> Publisher:
    found: Publisher = import_string(path)
    return found
