"""The life of the lines of one licence, step by step, and what was shipped under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from penholder.actions.values import Actor, FieldClass
from penholder.ledger.known import changes_known
from penholder.register.access import readable
from penholder.register.models import Change, CustomsMessage, Draw, LineVersion
from penholder.register.queries import MOST_LINES, find
from penholder.register.rows import money_of, quantity_of
from penholder.register.values import LineStatus

MOST_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """A line took a status. `since`: the first day of it; `is_day_known` is false where no source says the day."""

    line: int
    status: LineStatus
    since: date
    is_day_known: bool
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Shipment:
    """One usage record. quantity in the unit of the line, value in its currency; 0: not said."""

    line: int
    happened_on: date
    quantity: Decimal
    value: Decimal
    origin: str
    completeness: str
    source: str
    message: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Usage records, newest first, at most 200 of them; `lines`: numbers of the lines that have any."""

    shipments: tuple[Shipment, ...]
    lines: frozenset[int]
    is_whole: bool


def steps(*, viewer: Actor, licence: str, on: date, known: datetime | None = None) -> tuple[Step, ...]:
    """Every change of status of the first 200 lines up to a day, in order. Two statements, three with `known`.

    Raises: AbsentError.
    """
    row = find(viewer, licence)
    found: Any = LineVersion.objects.filter(line__licence=row, effective_on__lte=on).order_by("line_id", "version")
    columns = ("line__number", "status", "effective_on", "precision", "line__valid_until", "change_id")
    rows = list(found.filter(line__number__lte=MOST_LINES).values_list(*columns))
    held = None if known is None else changes_known(Change, known, among={r[-1] for r in rows})
    made: list[Step] = []
    for number, status, since, precision, until, change in rows:
        if held is not None and change not in held:
            continue
        if made and (made[-1].line, made[-1].status) == (number, status):
            continue
        made.append(Step(number, LineStatus(status), since, precision == "day", until))
    return tuple(made)


def usage(*, viewer: Actor, licence: str, on: date, known: datetime | None = None) -> Usage | None:
    """What was shipped under a licence up to a day; None where the viewer may not see it. Two statements.

    Raises: AbsentError.
    """
    row = find(viewer, licence)
    if FieldClass.COMMERCIAL not in readable(viewer, exporter=row.exporter, published=row.release_id is not None):
        return None
    found = Draw.objects.filter(line__licence=row, happened_on__lte=on).select_related("line")
    if known is not None:
        held = changes_known(Change, known, among=set(found.values_list("change_id", flat=True)))
        found = found.filter(change_id__in=held)
    rows = list(found.order_by("-happened_on", "-pk"))
    made = tuple(_shipment(d) for d in rows[:MOST_DRAWS])
    return Usage(made, frozenset(d.line.number for d in rows), len(rows) <= MOST_DRAWS)


def run_of_acknowledgement(message: str) -> str | None:
    """The act that recorded that customs took a message in; None where none did."""
    found = CustomsMessage.objects.filter(public_id=message, acknowledged_change__isnull=False)
    return found.values_list("acknowledged_change__run", flat=True).first()


def _shipment(row: Draw) -> Shipment:
    return Shipment(
        row.line.number,
        row.happened_on,
        quantity_of(row.quantity_milli) or Decimal(0),
        money_of(row.value_centi) or Decimal(0),
        row.origin,
        row.completeness,
        row.source,
        row.message,
    )
