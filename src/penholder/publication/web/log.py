"""The published logs: heads, one entry with its proof, and how to verify without us."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from penholder.entry.access import PUBLIC, requires
from penholder.kernel.errors import NotKnownError
from penholder.ledger.proof import make_receipt
from penholder.publication.values import Head
from penholder.publication.web.context import hidden_of
from penholder.publication.web.looking import WHY, Look, look


def head_of(at: Look, name: str) -> Head:
    """The head of a log. Raises: NotKnownError."""
    found = at.books.heads.get(name)
    if found is None:
        raise NotKnownError(f"the log of {name} was not loaded here", hint="see the list of logs")
    return found


def _bytes(at: Look, name: str, number: int) -> bytes:
    data = at.books.source.entry(name, number)
    if data is None:
        raise NotKnownError(f"the log has no entry {number} here", hint=f"it has {head_of(at, name).size} entries")
    return data


@requires(PUBLIC, why=WHY)
def index(request: HttpRequest) -> HttpResponse:
    """The logs that are shown, and how to verify them."""
    at = look(request)
    return at.page("log.html", {"logs": list(at.books.heads.values()), "newest": at.books.newest(most=20)})


@requires(PUBLIC, why=WHY)
def checkpoint(request: HttpRequest, name: str) -> HttpResponse:
    """The signed head as it was verified."""
    return _file(head_of(look(request), name).note, "checkpoint")


@requires(PUBLIC, why=WHY)
def entry(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One entry as it stands in the log: what is public of it, and how much of it is sealed."""
    at = look(request)
    said = json.loads(_bytes(at, name, number))
    facts = at.books.source.facts(log=name, size=number + 1, before=number + 1, newest=1)
    fact = facts[0] if facts and facts[0].number == number else None
    hidden = hidden_of([fact] if fact else [])
    context = {"name": name, "number": number, "said_entry": said, "fact": fact, "hidden": hidden}
    return at.page("entry.html", context)


@requires(PUBLIC, why=WHY)
def entry_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The bytes of an entry, as they are hashed."""
    at = look(request)
    data = _bytes(at, name, number)
    return _file(data, f"{name}-{number}.json", kind="application/json")


@requires(PUBLIC, why=WHY)
def proof_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The receipt of an entry: a proof that it is in the log, under the head that is shown here."""
    at = look(request)
    head, data = head_of(at, name), _bytes(at, name, number)
    hashes = at.books.source.proof(name, number, head.size)
    receipt = make_receipt(data, index=number, hashes=hashes, checkpoint=head.note)
    return _file(receipt.text(), f"{name}-{number}.tlog-proof")


def _file(content: str | bytes, name: str, *, kind: str = "text/plain; charset=utf-8") -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
