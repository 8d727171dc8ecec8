"""A request that comes twice has one effect: idempotency keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penholder.actions.errors import RepeatedKeyError
from penholder.actions.models import IdempotencyKey
from penholder.actions.registry import ActionSpec
from penholder.actions.values import Actor, Receipt
from penholder.kernel.canonical import sha256_of


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
    content = spec.parameters.model_construct(**given).model_dump(mode="json")
    return Request(sha256_of([actor.id, spec.name, key]), sha256_of(content), spec)


def find(request: Request | None) -> Receipt[Any] | None:
    """The receipt of an earlier request with this key. Raises: RepeatedKeyError: it asked for something else."""
    kept = IdempotencyKey.objects.filter(key=request.key).first() if request else None
    if request is None or kept is None:
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
