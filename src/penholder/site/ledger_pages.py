"""The ledger as anybody who is signed in sees it: size, root, newest signed head, witnesses, keys."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from penholder.actions.errors import AbsentError
from penholder.custody import keyring
from penholder.custody.errors import LedgerKeyError
from penholder.entry.access import SIGNED_IN, requires
from penholder.kernel import clock
from penholder.ledger import queries, store
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.keyring import Keyring
from penholder.ledger.layout import CHECKPOINT, POLICY, VERIFIER_KEYS
from penholder.ledger.note import open_note, parse_note
from penholder.ledger.policy import Policy, PolicyVerdict

_WHY = "size, root, heads and keys of the ledger are published; whoever is signed in may look here too"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The newest head that was signed: its text, what it says, and what its witnesses amount to."""

    note: str
    checkpoint: Checkpoint
    verdict: PolicyVerdict | None
    """None: the keys of this installation are not there to check it."""
    asked: tuple[str, ...]
    """Names of the witnesses that the policy knows."""
    times: tuple[datetime, ...]


def newest_head(keys: Keyring | None) -> SignedHead | None:
    """The newest signed head; None before the first publication."""
    note = queries.newest_note()
    if note is None:
        return None
    policy = Policy.parse(keyring.policy_at(None))
    verifiers = [*(keys.everyone if keys else ()), *policy.witnesses.values()]
    if keys is None:
        said = Checkpoint.parse(parse_note(note).text)
        return SignedHead(note, said, None, tuple(policy.witnesses), ())
    opened = open_note(note, verifiers)
    verdict = policy.satisfied(opened, now=int(clock.now().timestamp()))
    times = tuple(datetime.fromtimestamp(t, UTC) for t in verdict.times)
    return SignedHead(note, Checkpoint.parse(opened.text), verdict, tuple(policy.witnesses), times)


def _keys() -> Keyring | None:
    """The keys of the ledger; None where this installation has none yet."""
    try:
        return keyring.newest(settings.PENHOLDER_ORIGIN).keyring
    except LedgerKeyError:
        return None


@requires(SIGNED_IN, why=_WHY)
def ledger_page(request: HttpRequest) -> HttpResponse:
    """What the ledger is now, and how to verify it without us."""
    keys = _keys()
    head = newest_head(keys)
    size, frontier = store.head()
    context: dict[str, Any] = {
        "origin": settings.PENHOLDER_ORIGIN,
        "size": size,
        "root": base64.b64encode(frontier.root()).decode() if size else None,
        "head_root": base64.b64encode(head.checkpoint.root).decode() if head else None,
        "head": head,
        "unpublished": size - (head.checkpoint.size if head else 0),
        "witnesses": list(zip(head.verdict.signed, head.times, strict=True)) if head and head.verdict else [],
        "keys": keys,
        "as_of": clock.today(),
    }
    return render(request, "ledger.html", context)


@requires(SIGNED_IN, why=_WHY)
def ledger_file(request: HttpRequest, name: str) -> HttpResponse:
    """The newest signed head, the keys, or the policy, as they stand in the published folder."""
    keys = _keys()
    found: str | None = None
    if name == CHECKPOINT:
        found = queries.newest_note()
    elif name == VERIFIER_KEYS and keys is not None:
        found = keys.text()
    elif name == POLICY:
        found = keyring.policy_at(None)
    if found is None:
        raise AbsentError("there is no such file of the ledger", hint="it appears when the ledger is published")
    response = HttpResponse(found, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns: list[URLPattern] = [
    path("ledger", ledger_page, name="ledger"),
    path("ledger/<str:name>", ledger_file, name="ledger-file"),
]
