"""Acts over HTTP: one address for each action, made from its declaration."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic_core import to_jsonable_python

from penholder.actions.action import perform
from penholder.actions.permissions import authority
from penholder.actions.receipts import receipt_of
from penholder.actions.registry import ACTIONS, ActionSpec
from penholder.actions.runs import run_of
from penholder.actions.values import Actor, Door, Receipt
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.body import read_object
from penholder.entry.errors import BadRequestError
from penholder.entry.waiting import Waiting, waiting
from penholder.kernel.clock import stamp
from penholder.ledger import queries

KEY = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,200}")
_MADE, _REPEATED = 201, 200


class EntryOut(Schema):
    """One entry of the ledger that a run made."""

    place: int | None
    """Its place in the log; null for a moment, while it waits for one."""
    proof: str | None
    """The receipt for `penholder verify`: C2SP tlog-proof, of an official act JSON around it, which names the
    subject that the log does not show. Null until a published checkpoint covers it."""


class ReceiptOut(Schema):
    """What proves an act."""

    run: str
    act: str
    at: str
    is_published: bool
    entries: list[EntryOut]


class MeOut(Schema):
    """Who the caller is, and what they may do."""

    id: str
    kind: str
    roles: list[str]
    organisations: list[str]
    may: list[str]


def path_of(spec: ActionSpec) -> str:
    """`/register/suspend-lines` for `register.suspend_lines`."""
    capability, _, name = spec.name.partition(".")
    return f"/{capability}/{name.replace('_', '-')}"


def acts_router() -> Router:
    """POST <capability>/<action-with-dashes> for every action. Made once all actions are registered."""
    router = Router(tags=["acts"])
    for spec in sorted(ACTIONS.values(), key=lambda s: s.name):
        if Door.API in spec.doors:
            _add(router, spec)
    return router


def _add(router: Router, spec: ActionSpec) -> None:
    @router.post(
        path_of(spec),
        response={_MADE: dict[str, Any], _REPEATED: dict[str, Any]},
        operation_id=spec.name,
        summary=spec.summary,
        description=f"{spec.description}\n\nNeeds the permission `{spec.permission}`.",
        url_name=spec.name,
    )
    @requires(spec.permission, why=spec.summary)
    def act(request: HttpRequest) -> Status[dict[str, Any]]:
        return _act(spec, request)


def _act(spec: ActionSpec, request: HttpRequest) -> Status[dict[str, Any]]:
    key = request.headers.get(KEY, "")
    if not _KEY.fullmatch(key):
        raise BadRequestError(
            f"the header {KEY} is missing, or is not 1 to 200 visible ASCII characters",
            hint="give each new request a new random key, and the same request sent again the same key",
        )
    given = read_object(request)
    if not given.keys() <= spec.parameters.model_fields.keys():
        spec.read(given)  # refuses, and says which
    receipt: Receipt[Any] = perform(spec.name, actor_of_request(request), idempotency_key=key, **given)
    return Status(_REPEATED if receipt.replayed else _MADE, shown(spec, receipt))


def shown(spec: ActionSpec, receipt: Receipt[Any]) -> dict[str, Any]:
    """A receipt as JSON values, as the API and the command line give it."""
    return {
        "run": receipt.run,
        "act": receipt.act,
        "at": stamp(receipt.at),
        "entries": len(receipt.entries),
        "result": spec.result.dump_python(receipt.result, mode="json"),
        "replayed": receipt.replayed,
        "details": to_jsonable_python(receipt.details),
        "receipt": f"/api/v1/receipts/{receipt.run}",
    }


own = Router(tags=["own"])


@own.get("/receipts/{run}", response=ReceiptOut, summary="The proof of an act that you did.")
@requires(SIGNED_IN, why="gives only what the caller did")
def receipt(request: HttpRequest, run: str) -> ReceiptOut:
    """The entries of one run, each with its proof once it is published."""
    past = run_of(run, viewer=actor_of_request(request))
    entries = [EntryOut(place=queries.place_of(n), proof=receipt_of(n)) for n in past.entries]
    published = all(e.proof is not None for e in entries)
    return ReceiptOut(run=run, act=past.act, at=stamp(past.at), is_published=published, entries=entries)


@own.get("/waiting", response=list[Waiting], summary="What waits for you, and what is late.")
@requires(SIGNED_IN, why="shows only what waits for the caller, and what is late of what they may see")
def what_waits(request: HttpRequest) -> tuple[Waiting, ...]:
    """The same as on the home page: tasks, cases, and what is overdue."""
    return waiting(actor_of_request(request))


@own.get("/me", response=MeOut, summary="Who you are, and what you may do.")
@requires(SIGNED_IN, why="says only what the caller is")
def me(request: HttpRequest) -> MeOut:
    """Roles, organisations, and the acts that they allow (separation of duties is only known at the act)."""
    return me_of(actor_of_request(request))


def me_of(actor: Actor) -> MeOut:
    """What the table gives an actor."""
    table = authority()
    return MeOut(
        id=actor.id,
        kind=actor.kind.value,
        roles=sorted(actor.roles),
        organisations=sorted(actor.organisations),
        may=sorted(n for n, s in ACTIONS.items() if Door.API in s.doors and table.role_for(actor, s.permission)),
    )
