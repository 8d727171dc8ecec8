"""A request that comes twice has one effect: idempotency keys.

They are forgotten after thirty days, by a sweep and not by an act: the rows hold no fact that anybody decided, and
an entry of the ledger each day would say nothing. With them go the results that were kept under them.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from penholder.actions.errors import InvalidError, RepeatedKeyError
from penholder.actions.lock import writer_lock
from penholder.actions.models import IdempotencyKey
from penholder.actions.registry import ActionSpec
from penholder.actions.schedule import every
from penholder.actions.values import Actor, Receipt
from penholder.kernel.canonical import canonical_json
from penholder.ledger.door import own_door

KEPT = timedelta(days=30)
"""For how long a request that comes again is known."""
_KEY = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request with a key: who asked for what, and the hash of what was given."""

    key: str
    content: str
    spec: ActionSpec


def request_of(spec: ActionSpec, actor: Actor, given: dict[str, Any], key: str | None) -> Request | None:
    """The request, or None where no key was given. A key counts for one actor and one action."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        wanted = "must be 1 to 200 visible ASCII characters"
        raise InvalidError(
            "the idempotency key cannot be kept", hint="give a random one", fields={"idempotency_key": wanted}
        )
    parameters = spec.parameters.model_construct(**given)
    content = _in_order(parameters, parameters.model_dump(mode="json"))
    return Request(_keyed("key", [actor.id, spec.name, key]), _keyed("request", [key, content]), spec)


def _keyed(what: str, content: object) -> str:
    """An HMAC under the secret of the installation: whoever has the table alone cannot try what was given.

    What was given is bound to the key as it was sent, which nobody but the sender has: so neither can whoever has
    the secret too.
    """
    salt = f"penholder.actions.repetition.{what}"
    return salted_hmac(salt, canonical_json(content), algorithm="sha256").hexdigest()


def _in_order(value: object, dumped: Any) -> Any:
    """The JSON of a value, with its sets in an order of their own: that of their elements is another each time."""
    if isinstance(dumped, list) and isinstance(value, Set | list | tuple) and len(dumped) == len(value):
        items = [_in_order(v, d) for v, d in zip(value, dumped, strict=True)]
        return sorted(items, key=canonical_json) if isinstance(value, Set) else items
    if isinstance(dumped, dict):
        held = list(value.values()) if isinstance(value, dict) else [getattr(value, n, None) for n in dumped]
        if len(held) == len(dumped):
            return {n: _in_order(v, d) for v, (n, d) in zip(held, dumped.items(), strict=True)}
    return dumped


def find(request: Request | None) -> Receipt[Any] | None:
    """The receipt of an earlier request with this key. Raises: RepeatedKeyError: it asked for something else."""
    if request is None:
        return None
    kept = IdempotencyKey.objects.filter(key=request.key).first()
    if kept is None:
        return None
    if kept.request != request.content:
        raise RepeatedKeyError(
            "this idempotency key was used before, for another request",
            hint="use a new key for each new request; send the same request again only to repeat it",
        )
    body = kept.receipt
    return Receipt(
        result=request.spec.result.validate_python(body["result"], strict=False),
        run=body["run"],
        act=body["act"],
        at=datetime.fromisoformat(body["at"]),
        entries=tuple(body["entries"]),
        replayed=True,
    )


def keep(request: Request | None, spec: ActionSpec, receipt: Receipt[Any]) -> None:
    """Remember what a request with a key gave back."""
    if request is None:
        return
    body = {
        "result": spec.result.dump_python(receipt.result, mode="json"),
        "run": receipt.run,
        "act": receipt.act,
        "at": receipt.at.isoformat(),
        "entries": list(receipt.entries),
    }
    IdempotencyKey.objects.create(key=request.key, request=request.content, receipt=body, at=receipt.at)


@every("day")
def forget_requests(now: datetime) -> None:
    """Forget the keys of requests that are older than thirty days. The same key is then a new request."""
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        IdempotencyKey.objects.filter(at__lt=now - KEPT).delete()
