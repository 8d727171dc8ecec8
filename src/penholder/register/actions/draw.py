"""Usage: what was shipped under a line, never more than the line allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.register import policy
from penholder.register.access import is_official
from penholder.register.actions.life import exhaust_if_full
from penholder.register.actions.locked import Locked, lock_licence
from penholder.register.actions.parameters import LicenceId, LineNo
from penholder.register.events import LineDrawn, LineExhausted
from penholder.register.models import Draw, Line, LineVersion
from penholder.register.rows import centi, milli, money_of, quantity_of
from penholder.register.values import (
    Completeness,
    DrawOrigin,
    LineStatus,
    Money,
    Quantity,
    RegisterPermission,
)

_SAID = ("line_id", "quantity_milli", "value_centi", "happened_on", "origin", "completeness")
SourceName = Annotated[str, Field(min_length=1, max_length=70)]
MessageName = Annotated[str, Field(min_length=1, max_length=120)]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is used of a line after a draw. `repeated`: the message was recorded before; nothing was written.

    run: of the act that recorded the message.
    """

    licence: str
    line: int
    used_quantity: Decimal
    used_value: Decimal
    status: LineStatus
    repeated: bool = False
    run: str = ""


@action(permission=RegisterPermission.DRAW, events=(LineDrawn, LineExhausted))
def record_draw(
    run: Run,
    *,
    licence: LicenceId,
    line: LineNo,
    source: Annotated[SourceName, Field(description="System that says so.")],
    message: Annotated[MessageName, Field(description="Id of the message in that system; each counts once.")],
    happened_on: Annotated[date, Field(description="Day of the shipment.")],
    origin: Annotated[DrawOrigin, Field(description="Customs, the holder's return, or an audit.")],
    quantity: Annotated[Quantity, Field(description="In the unit of the line; 0: not said.")] = Decimal(0),
    value: Annotated[Money, Field(description="In the currency of the line; 0: not said.")] = Decimal(0),
    completeness: Annotated[
        Completeness, Field(description="Does it cover all that was shipped on that day?")
    ] = Completeness.NOT_STATED,
) -> Drawn:
    """Record what was shipped under a line.

    The same message again changes nothing. What is more than is left is refused and nothing is written. A line of
    which nothing is left becomes exhausted in the same act.
    """
    locked = lock_licence(run, licence, expected_version=None, lines=(line,))
    source = _source_for(locked, source, origin)
    given = Draw(
        line=locked.lines[line],
        source=source,
        message=message,
        quantity_milli=milli(quantity) or 0,
        value_centi=centi(value) or 0,
        happened_on=happened_on,
        origin=origin.value,
        completeness=completeness.value,
    )
    earlier = _earlier(given)
    if earlier is not None:
        return _drawn(locked, line, repeated=True, of=earlier.change.run)
    policy.check_day(happened_on, name="happened_on", today=locked.today)
    then = _status_then(locked.lines[line], happened_on)
    policy.check_draw(locked.state(line), status_then=then, quantity=quantity, value=value, line=locked.name(line))
    _write(locked, given)
    event = LineDrawn(
        licence=licence,
        line=line,
        source=source,
        message=message,
        quantity=quantity,
        value=value,
        happened_on=happened_on,
        origin=origin,
        completeness=completeness,
    )
    run.record(event, claimed_at=happened_on)
    _read_usage(locked.lines[line])
    exhaust_if_full(locked, line, on=max(happened_on, locked.lines[line].since or happened_on))
    return _drawn(locked, line)


def _source_for(locked: Locked, source: str, origin: DrawOrigin) -> str:
    """The source as it is kept: that of a holder under the holder's id, so that nobody takes the ids of another.

    Raises: InvalidError: a holder speaks for customs or for an audit.
    """
    if is_official(locked.run.actor):
        return source
    if origin is not DrawOrigin.RETURN:
        raise InvalidError(
            f"a usage record of origin {origin} is not the holder's to give",
            hint="give it as a return",
            fields={"origin": "must be return"},
        )
    return f"{locked.licence.exporter}/{source}"


def _earlier(given: Draw) -> Draw | None:
    """The row of this message, if it was recorded already. Raises: ConflictError: it said something else."""
    found = Draw.objects.select_related("change").filter(source=given.source, message=given.message).first()
    if found is None:
        return None
    if any(getattr(found, name) != getattr(given, name) for name in _SAID):
        raise policy.AtFieldError(
            f"message {given.message!r} of {given.source!r} was recorded already, and said something else",
            hint="a correction is a new message; look at what was recorded first",
            fields={
                "message": f"was recorded already on {found.change.recorded_at:%Y-%m-%d}, and said something "
                "else; a correction is a new message"
            },
        )
    return found


def _status_then(line: Line, day: date) -> LineStatus:
    """The status on the day of shipment, as our books have it now."""
    if day < line.licence.valid_from:
        return LineStatus.DRAFT
    steps = LineVersion.objects.filter(line=line, effective_on__lte=day).order_by("-version")
    status = steps.values_list("status", flat=True).first()
    return policy.status_on(LineStatus(status or LineStatus.DRAFT), valid_until=line.valid_until, on=day)


def _write(locked: Locked, given: Draw) -> None:
    """The row, and the sums. The limit is part of the statement: no two draws can pass it together."""
    quantity, value = given.quantity_milli, given.value_centi
    within = Q(quantity_limit_milli=None) | Q(quantity_limit_milli__gte=F("used_quantity_milli") + quantity)
    within &= Q(value_limit_centi=None) | Q(value_limit_centi__gte=F("used_value_centi") + value)
    written = Line.objects.filter(within, pk=given.line_id).update(
        used_quantity_milli=F("used_quantity_milli") + quantity, used_value_centi=F("used_value_centi") + value
    )
    if not written:
        raise ConflictError(
            f"{locked.name(given.line.number)}: this is more than is left",
            hint="nothing was written; look at the line again",
        )
    given.change = locked.change
    try:
        with transaction.atomic():
            given.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(
            f"message {given.message!r} of {given.source!r} was recorded at the same moment",
            hint="send it again: it counts once",
        ) from error


def _read_usage(line: Line) -> None:
    used = Line.objects.values_list("used_quantity_milli", "used_value_centi").get(pk=line.pk)
    line.used_quantity_milli, line.used_value_centi = used


def _drawn(locked: Locked, number: int, *, repeated: bool = False, of: str = "") -> Drawn:
    row = locked.lines[number]
    return Drawn(
        licence=locked.licence.public_id,
        line=number,
        used_quantity=quantity_of(row.used_quantity_milli) or Decimal(0),
        used_value=money_of(row.used_value_centi) or Decimal(0),
        status=locked.state(number).status,
        repeated=repeated,
        run=of or locked.run.id,
    )
