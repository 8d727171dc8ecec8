"""Resets of sign-ins: by one administrator, or by two where the person decides, signs, administers or reads
what is restricted. The first asks, a second one confirms; the person, who is told, can refuse."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.permissions import authority
from penholder.people import policy
from penholder.people.actions.accounts import check_another, forget_sign_in, invitation_path
from penholder.people.actions.grants import end_tokens
from penholder.people.actions.rows import PersonId, PublicId, Why, locked, person
from penholder.people.errors import SecondPersonError
from penholder.people.events import (
    SignInReset,
    SignInResetAsked,
    SignInResetConfirmed,
    SignInResetConfirmedOnServer,
    SignInResetLapsed,
    SignInResetRefused,
    TokenWithdrawn,
)
from penholder.people.models import ResetRequest, User
from penholder.people.resets import asked_by, needs_two, seasoned_administrators
from penholder.people.values import PeoplePermission, ResetState

ResetId = Annotated[PublicId, Field(description="Public id of a reset that was asked for")]


@action(permission=PeoplePermission.INVITE, events=(SignInReset, TokenWithdrawn))
def reset_sign_in(run: Run, *, person_id: PersonId, why: Why) -> str:
    """Take away password, second factors, single sign-on and tokens of a person, and make a new invitation.

    For a lost telephone, or a link that was not used in time. Sessions of the person end. For whoever decides,
    signs, administers or reads restricted fields, or did in the last 30 days, it takes two administrators:
    one asks for the reset, another confirms it.
    """
    user = person(person_id)
    check_another(run, user)
    if needs_two(user, on=run.now.date()):
        raise SecondPersonError(
            "two administrators reset the sign-in of somebody who decides, signs, administers or reads restricted "
            "fields, or did in the last 30 days",
            hint="ask for it with people.ask_sign_in_reset; another administrator confirms it",
        )
    return _reset(run, user, why)


@action(permission=PeoplePermission.INVITE, events=(SignInResetAsked, SignInResetLapsed))
def ask_sign_in_reset(run: Run, *, person_id: PersonId, why: Why) -> str:
    """Ask for a reset of the sign-in of somebody whose role needs two administrators for it.

    Nothing changes until another administrator confirms it, within 7 days. The person is told, and can refuse.
    Gives the id of what was asked for.
    """
    user = person(person_id)
    check_another(run, user)
    if not needs_two(user, on=run.now.date()):
        raise ConflictError(
            "one administrator can reset this sign-in: no role of the person needs two", hint="reset it at once"
        )
    keepers = seasoned_administrators(now=run.now) - {user.public_id}
    if len(keepers) > 1 and not keepers & _selves(run):
        raise SecondPersonError(
            "who asks for a reset has been administrator for 7 days, where two others have",
            hint="let one of them ask",
        )
    for row in user.reset_requests.select_for_update().filter(state=ResetState.WAITING):
        if not policy.has_lapsed(row.asked_at, now=run.now):
            raise ConflictError("a reset of this sign-in waits already", hint=f"confirm or refuse {row.public_id}")
        _lapse(run, row)
    made = ResetRequest.objects.create(public_id=run.new_id("S"), user=user, asked_at=run.now)
    run.record(SignInResetAsked(reset=made.public_id, person=user.public_id, why=why))
    return made.public_id


@action(
    permission=PeoplePermission.INVITE,
    events=(SignInResetConfirmed, SignInReset, TokenWithdrawn),
    apart_from=("people.ask_sign_in_reset",),
)
def confirm_sign_in_reset(run: Run, *, reset: ResetId, why: Why) -> str:
    """Confirm a reset that another administrator asked for: it happens now, and the new invitation is shown.

    Say under `why` how you know that the person wants it: by a call that you made yourself, for instance. Who
    asked and who confirms have both been administrators for 7 days. Gives the id of the person.
    """
    row = _waiting(run, reset)
    user = person(row.user.public_id)
    check_another(run, user)
    by = asked_by(reset)
    able = policy.who_may_confirm(seasoned_administrators(now=run.now), asked_by=by, person=user.public_id)
    if run.actor.id not in by and not able & _selves(run):  # who asked is refused by the separation of duties
        raise SecondPersonError(
            "somebody else confirms a reset than who asked for it, or lent the role to do so; and both have been "
            "administrators for 7 days",
            hint=f"where there are no two such administrators: `penholder confirm-reset {reset}` on the server",
        )
    run.record(SignInResetConfirmed(reset=reset, person=user.public_id))
    _settle(row, ResetState.CONFIRMED)
    return _reset(run, user, why)


@action(
    permission=PeoplePermission.CONFIRM_RESET_ON_SERVER,
    events=(SignInResetConfirmedOnServer, SignInReset, TokenWithdrawn),
    doors=(),
)
def confirm_sign_in_reset_on_server(run: Run, *, reset: ResetId, why: Why) -> str:
    """Confirm a reset where no two administrators are there to do it: `penholder confirm-reset`, on the server.

    The published log shows that this way was taken. Gives the id of the person.
    """
    row = _waiting(run, reset)
    user = person(row.user.public_id)
    if not policy.is_for_the_server(seasoned_administrators(now=run.now), person=user.public_id):
        raise SecondPersonError(
            "there are two administrators for it: one of them confirms what another asked for",
            hint="the command is for an authority with one; let the other confirm on the site",
        )
    run.record(SignInResetConfirmedOnServer(reset=reset, person=user.public_id))
    _settle(row, ResetState.CONFIRMED)
    return _reset(run, user, why)


@action(permission=PeoplePermission.REFUSE_RESET, events=(SignInResetRefused,))
def refuse_sign_in_reset(run: Run, *, reset: ResetId, why: Why) -> str:
    """Refuse a reset that was asked for: of one's own sign-in; administrators, of anybody's. Gives its id."""
    row = _waiting(run, reset)
    is_administrator = authority().role_for(run.actor, PeoplePermission.INVITE) is not None
    if row.user.public_id != run.actor.id and not is_administrator:
        raise _absent()
    _settle(row, ResetState.REFUSED)
    run.record(SignInResetRefused(reset=reset, person=row.user.public_id, why=why))
    return reset


@action(permission=PeoplePermission.LAPSE_RESETS, events=(SignInResetLapsed,), doors=())
def lapse_sign_in_resets(run: Run) -> int:
    """Close the resets that nobody confirmed in 7 days. Gives their number."""
    waiting = ResetRequest.objects.filter(state=ResetState.WAITING, asked_at__lte=run.now - policy.RESET_WAITS)
    for row in (rows := list(waiting.select_for_update().select_related("user").order_by("id"))):
        _lapse(run, row)
    return len(rows)


def _waiting(run: Run, public_id: str) -> ResetRequest:
    """A reset that can still be confirmed or refused, locked. Raises: AbsentError, ConflictError."""
    found = ResetRequest.objects.filter(public_id=public_id).first()
    if found is None:
        raise _absent()
    locked(User.objects.all(), "person", id=found.user_id)  # the person first, as where it is asked for
    row = locked(ResetRequest.objects.all(), "reset", public_id=public_id)
    if row.state == ResetState.WAITING and policy.has_lapsed(row.asked_at, now=run.now):
        raise ConflictError("this reset lapsed: nobody confirmed it in 7 days", hint="ask for it again")
    if row.state != ResetState.WAITING:
        raise ConflictError(
            f"this reset was {row.state} already", hint="ask for another one if it is still needed"
        )
    return row


def _reset(run: Run, user: User, why: str) -> str:
    forget_sign_in(user)
    end_tokens(run, user)
    run.record(SignInReset(person=user.public_id, why=why))
    run.details["invitation"] = invitation_path(user)
    return user.public_id


def _lapse(run: Run, row: ResetRequest) -> None:
    _settle(row, ResetState.LAPSED)
    run.record(SignInResetLapsed(reset=row.public_id, person=row.user.public_id))


def _settle(row: ResetRequest, state: ResetState) -> None:
    row.state = state
    row.save(update_fields=["state"])


def _selves(run: Run) -> frozenset[str]:
    return run.actor.stands_in_for | {run.actor.id}


def _absent() -> AbsentError:
    return AbsentError("there is no such reset", hint="its public id may be mistyped")
