"""What customs are told, and whether they have taken it in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.values import ActorKind
from penholder.register.access import may_act_on
from penholder.register.actions.locked import change_of, lock_licence
from penholder.register.actions.parameters import EffectiveOn, LicenceId, Lines
from penholder.register.events import CustomsMessageAcknowledged, CustomsMessageSent
from penholder.register.life_cycle import acknowledge_within_days
from penholder.register.models import CustomsMessage
from penholder.register.values import MESSAGE, MessageKind, RegisterPermission


@action(permission=RegisterPermission.SEND_CUSTOMS_MESSAGE, events=(CustomsMessageSent,))
def send_customs_message(
    run: Run,
    *,
    licence: LicenceId,
    lines: Lines,
    kind: Annotated[MessageKind, Field(description="What happened to the lines.")],
    effective_on: EffectiveOn,
    cause: Annotated[
        int | None, Field(description="Number of the ledger entry because of which; the system gives it.")
    ] = None,
) -> str:
    """Tell customs what happened to lines. They acknowledge it within some days, or it is overdue.

    The system does it after each issue, amendment, suspension, reinstatement, surrender and revocation.
    """
    if cause is not None and run.actor.kind is not ActorKind.SYSTEM:
        raise InvalidError(
            "only the system says because of which entry a message is sent",
            hint="leave `cause` out",
            fields={"cause": "must be left out"},
        )
    locked = lock_licence(run, licence, expected_version=None, lines=lines)
    message, due = run.new_id(MESSAGE), _due(run.now)
    CustomsMessage.objects.create(
        public_id=message,
        licence=locked.licence,
        lines=list(locked.lines),
        kind=kind.value,
        effective_on=effective_on,
        cause=cause,
        sent_at=run.now,
        due=due,
        change=locked.change,
    )
    run.record(
        CustomsMessageSent(
            licence=licence,
            lines=tuple(locked.lines),
            message=message,
            kind=kind,
            effective_on=effective_on,
            due=due,
        )
    )
    return message


def _due(now: datetime) -> date:
    return now.date() + timedelta(days=acknowledge_within_days())


@action(permission=RegisterPermission.ACKNOWLEDGE_CUSTOMS_MESSAGE, events=(CustomsMessageAcknowledged,))
def acknowledge_customs_message(
    run: Run,
    *,
    message: Annotated[str, Field(description="Public id of the message (M-…).", min_length=1, max_length=40)],
    their_reference: Annotated[str, Field(description="Reference of customs.", min_length=1, max_length=120)],
    acknowledged_at: Annotated[AwareDatetime, Field(description="When they took it in.")],
) -> str:
    """Record that customs have taken a message in. The same again changes nothing."""
    found = CustomsMessage.objects.select_for_update(of=("self",)).select_related("licence")
    row = found.filter(public_id=message).first()
    if row is None or not may_act_on(run.actor, row.licence.exporter):
        raise AbsentError(f"there is no customs message {message}", hint="look it up on the page of the licence")
    moment = acknowledged_at.replace(microsecond=0)
    if row.acknowledged_at is not None:
        if (row.acknowledged_at, row.their_reference) == (moment, their_reference):
            return message
        raise ConflictError(
            f"{message} was acknowledged at {row.acknowledged_at:%Y-%m-%d %H:%M} already",
            hint="nothing is left to do",
        )
    if not row.sent_at.replace(second=0, microsecond=0) <= moment <= run.now:  # people say minutes
        raise InvalidError(
            f"{message} was sent at {row.sent_at:%Y-%m-%d %H:%M} UTC; it cannot have been taken in at {moment}",
            hint="give the minute in which it was sent or a later one, and not one in the future",
            fields={"acknowledged_at": f"must lie between {row.sent_at:%Y-%m-%d %H:%M} and now (UTC)"},
        )
    CustomsMessage.objects.filter(pk=row.pk).update(
        acknowledged_at=moment, their_reference=their_reference, acknowledged_change=change_of(run)
    )
    event = CustomsMessageAcknowledged(
        licence=row.licence.public_id,
        message=message,
        kind=MessageKind(row.kind),
        acknowledged_at=moment,
        their_reference=their_reference,
    )
    run.record(event, claimed_at=moment)
    return message
