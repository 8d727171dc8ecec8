"""The API of the concerns: what the filer does, without an account; what officers read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic_core import to_jsonable_python

from penholder.actions.action import perform
from penholder.actions.moment import today
from penholder.concerns import actions, filers, proofs, queries
from penholder.concerns.codes import Codes, is_whole, new_codes
from penholder.concerns.figures import shown_figures
from penholder.concerns.matters import matters
from penholder.concerns.policy.counts import LIMITS, RULE
from penholder.concerns.values import ConcernPermission
from penholder.entry.access import PUBLIC, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.api import KEY
from penholder.entry.body import read_object
from penholder.kernel.ids import random_id
from penholder.ledger.queries import read_entries
from penholder.ledger.store import head

router = Router(tags=["concerns"])
_WHY = "a concern is raised and followed without an account: locator and secret are the key"
_HANDLES = "only who hears concerns; each sees what has reached their level"
_MADE = 201
FILER_ACTS: dict[str, Callable[..., Any]] = {
    "message": actions.write_message,
    "file": actions.attach_file,
    "target": actions.add_target,
    "contest": actions.contest_points,
    "accept": actions.accept_answer,
    "withdraw": actions.withdraw_concern,
}
"""Last part of the address -> act."""


@router.get(
    "/concerns/channel", auth=None, response=dict[str, Any], summary="The ladder, and whether one can file."
)
@requires(PUBLIC, why="who owes an answer, by when, and who is outside: everybody may know")
def channel(request: HttpRequest) -> dict[str, Any]:
    """Levels, matters, and what a concern can be about."""
    return {
        "is_open": queries.is_open(),
        "levels": [asdict(level) for level in queries.levels()],
        "matters": [asdict(matter) for matter in matters().values()],
        "targets": [asdict(target) for target in queries.known_targets()],
    }


@router.get("/concerns/figures", auth=None, response=dict[str, Any], summary="The public figures as at today.")
@requires(PUBLIC, why="counts from the public log; nothing in them is about anybody")
def public_figures(request: HttpRequest) -> dict[str, Any]:
    """Counted from the public entries of the log, by the rule on small numbers.

    `penholder concerns recount` counts all of them from a copy.
    """
    found = shown_figures(read_entries(0, head()[0]), on=today())
    said = {"on": today(), "rule": RULE.format(smallest=found.smallest), "limits": LIMITS}
    shown: dict[str, Any] = to_jsonable_python(said | asdict(found))
    return shown


@router.post("/concerns/raise", auth=None, response={_MADE: dict[str, Any]}, summary="Raise a concern.")
@requires(PUBLIC, why=_WHY)
def raise_concern(request: HttpRequest) -> Status[dict[str, Any]]:
    """Gives locator, secret and receipt, once. Send no token: it would be refused."""
    given = read_object(request)
    codes = Codes(str(given.pop("locator", "")), str(given.pop("secret", "")))
    codes = codes if is_whole(codes) else new_codes()
    with filers.using(codes):
        receipt = perform(
            actions.raise_concern,
            actor_of_request(request),
            idempotency_key=request.headers.get(KEY) or random_id(),
            **given,
            locator=codes.locator,
            secret=codes.secret,
        )
        text = proofs.receipt_of(codes)
    said = {"concern": receipt.result.id, "locator": codes.locator, "secret": codes.secret, "receipt": text}
    return Status(_MADE, said)


@router.post("/concerns/return", auth=None, response=dict[str, Any], summary="Follow a concern.")
@requires(PUBLIC, why=_WHY)
def come_back(request: HttpRequest) -> dict[str, Any]:
    """The concern, opened with `locator` and `secret`."""
    codes = _codes(read_object(request))
    with filers.using(codes):
        return _shown(queries.returned(codes))


@router.post("/concerns/receipt", auth=None, response=dict[str, Any], summary="The receipt of a concern.")
@requires(PUBLIC, why=_WHY)
def receipt(request: HttpRequest) -> dict[str, Any]:
    """What proves that it was raised, for `penholder verify`."""
    codes = _codes(read_object(request))
    with filers.using(codes):
        return {"receipt": proofs.receipt_of(codes)}


def _add(name: str, act: Callable[..., Any]) -> None:
    summary = (act.__doc__ or "").split("\n", 1)[0]

    @router.post(
        f"/concerns/{name}", auth=None, response=dict[str, Any], summary=summary, url_name=f"concerns-{name}"
    )
    @requires(PUBLIC, why=_WHY)
    def do(request: HttpRequest) -> dict[str, Any]:
        given = read_object(request)
        codes = _codes(given)
        with filers.using(codes):
            done = perform(
                act, actor_of_request(request), idempotency_key=request.headers.get(KEY) or random_id(), **given
            )
        return {"concern": done.result.id}


for _name, _act in FILER_ACTS.items():
    _add(_name, _act)


@router.get("/cases", response=list[dict[str, Any]], summary="What your level has.")
@requires(ConcernPermission.HANDLE, why=_HANDLES)
def cases(request: HttpRequest) -> list[dict[str, Any]]:
    """Soonest due first; nothing of what was written."""
    return [to_jsonable_python(row) for row in queries.cases(viewer=actor_of_request(request))]


@router.get("/cases/{id}", response=dict[str, Any], summary="One concern, opened.")
@requires(ConcernPermission.HANDLE, why=_HANDLES)
def case(request: HttpRequest, id: str) -> dict[str, Any]:  # noqa: A002 - the name in the address
    """Needs the header Penholder-Passphrase, or an unlocked session; and on this day the act `read-concern`."""
    return _shown(queries.case(viewer=actor_of_request(request), id=id))


def _codes(given: dict[str, Any]) -> Codes:
    return Codes(str(given.get("locator", "")), str(given.get("secret", "")))


def _shown(found: Any) -> dict[str, Any]:
    shown: dict[str, Any] = to_jsonable_python(found)
    return shown
