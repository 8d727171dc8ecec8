"""Titles and addresses of published pages: the debate asks of which there can be one."""

from __future__ import annotations

from penholder.publication.books import books
from penholder.publication.errors import NotLoadedError
from penholder.publication.web.called import title_in
from penholder.publication.web.looking import address_of


def page_of(kind: str, name: str) -> tuple[str, str] | None:
    """Title and address of the page of a thing, by all that is loaded now; None: nothing is published of it.

    For settings.PENHOLDER_PAGES. name: its public id; of a destination its code, of a figure its name.
    """
    try:
        held = books()
        title = title_in(held, held.size, kind, name)
    except NotLoadedError:
        return None
    address = address_of(kind, name) if title else None
    return (title, address) if title and address else None
