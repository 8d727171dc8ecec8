"""How some lines stand, and what became of them: for reviews that decide about many licences at once.

These are for other capabilities and ask for no viewer; who calls them shows only what their viewer may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from penholder.ledger.known import changes_known
from penholder.register import policy
from penholder.register.facts import facts_of
from penholder.register.lives import LineKey, LineLife, LineNow
from penholder.register.models import Change, CustomsMessage, Draw, Line, LineVersion, Terms
from penholder.register.rows import money_of, terms_of
from penholder.register.snapshot import SERIES
from penholder.register.values import LineAct, LineStatus, MessageKind
from penholder.restrictions.values import LineFacts

_CHUNK = 400


def keys_of(named: Collection[tuple[str, str, int]]) -> Mapping[tuple[str, str, int], LineKey]:
    """(series, reference, number) of a stocktake -> the line. Series as `stocktake.with_register` names them."""
    found: dict[tuple[str, str, int], LineKey] = {}
    references = sorted({reference for _, reference, _ in named})
    for part in _parts(references):
        rows = Line.objects.filter(licence__reference__in=part).values_list(
            "licence__series", "licence__reference", "number", "licence__public_id"
        )
        for series, reference, number, licence in rows:
            found[series or SERIES, reference, number] = (licence, number)
    return {name: found[name] for name in named if name in found}


def lines_now(keys: Collection[LineKey], *, on: date) -> Mapping[LineKey, LineNow]:
    """How lines stand on a day, by their newest terms. Lines that are not there are left out."""
    found: dict[LineKey, LineNow] = {}
    for lines in _lines(keys):
        newest = {t.line_id: t for t in Terms.objects.filter(line__in=lines).order_by("effective_on", "pk")}
        for line in lines:
            row, licence = newest[line.pk], line.licence
            terms = terms_of(row)
            key = (licence.public_id, line.number)
            found[key] = LineNow(
                key=key,
                reference=licence.reference,
                version=licence.version,
                status=policy.status_on(LineStatus(line.status), valid_until=line.valid_until, on=on),
                valid_until=line.valid_until,
                facts=facts_of(terms, licence_type=licence.licence_type, published=row.published),
                value=terms.value,
                currency=terms.currency,
            )
    return found


def lives_of(keys: Collection[LineKey], *, known: datetime | None = None) -> Mapping[LineKey, LineLife]:
    """The lives of some lines, as known at a moment (None: now)."""
    held = None if known is None else changes_known(Change, known)
    made: dict[LineKey, LineLife] = {}
    for lines in _lines(keys):
        steps = _by_line(LineVersion.objects.filter(line__in=lines).order_by("line_id", "version"), held)
        terms = _by_line(Terms.objects.filter(line__in=lines).order_by("line_id", "effective_on", "pk"), held)
        draws = _by_line(Draw.objects.filter(line__in=lines).order_by("line_id", "happened_on", "pk"), held)
        for line in lines:
            if not steps[line.pk] or not terms[line.pk]:
                continue
            key = (line.licence.public_id, line.number)
            made[key] = LineLife(
                key=key,
                valid_until=line.valid_until,
                steps=tuple((s.effective_on, LineStatus(s.status)) for s in steps[line.pk]),
                terms=tuple(_dated(t, line) for t in terms[line.pk]),
                draws=tuple(
                    (d.happened_on, money_of(d.value_centi) or Decimal(0), Decimal(d.quantity_milli).scaleb(-3))
                    for d in draws[line.pk]
                ),
            )
    return made


def _dated(row: Terms, line: Line) -> tuple[date, LineFacts, Decimal | None, str]:
    terms = terms_of(row)
    facts = facts_of(terms, licence_type=line.licence.licence_type, published=row.published)
    return row.effective_on, facts, terms.value, terms.currency


def stopped_since(keys: Collection[LineKey], moment: datetime) -> frozenset[LineKey]:
    """Which of these lines were suspended or revoked by an act of that moment or later."""
    acts = (LineAct.SUSPEND.value, LineAct.REVOKE.value)
    found: set[LineKey] = set()
    for part in _parts(sorted({licence for licence, _ in keys})):
        rows = LineVersion.objects.filter(
            line__licence__public_id__in=part, act__in=acts, change__recorded_at__gte=moment
        )
        found |= set(rows.values_list("line__licence__public_id", "line__number"))
    return frozenset(found & set(keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforced:
    """How one suspension reached the world. Days and moments are None where it has not (yet).

    told_at: when the suspension, with its terms and reasons, stood on the holder's page.
    sent_at, due, acknowledged_at: of the message to customs. shipped: what left from the day of the decision until
    customs acknowledged (or today): day, line, value, quantity.
    """

    licence: str
    reference: str
    lines: tuple[int, ...]
    effective_on: date
    told_at: datetime
    message: str
    sent_at: datetime | None
    due: date | None
    acknowledged_at: datetime | None
    shipped: tuple[tuple[date, int, Decimal, Decimal], ...]

    def is_overdue(self, day: date) -> bool:
        """Is the acknowledgement past due?"""
        return self.acknowledged_at is None and self.due is not None and self.due < day


def enforcement(keys: Collection[LineKey], *, decided_at: datetime, today: date) -> tuple[Enforced, ...]:
    """Of each licence: its suspension after a decision, the message to customs, and what left in between.

    By reference. A licence that was not suspended since is left out. Question 18 of regime.md section 10.
    """
    found = []
    numbers: dict[str, set[int]] = defaultdict(set)
    for licence, number in keys:
        numbers[licence].add(number)
    for licence, wanted in numbers.items():
        steps = list(
            LineVersion.objects.filter(
                line__licence__public_id=licence,
                line__number__in=wanted,
                act=LineAct.SUSPEND.value,
                change__recorded_at__gte=decided_at,
            )
            .select_related("line__licence", "change")
            .order_by("pk")
        )
        first = [s for s in steps if s.change_id == steps[0].change_id]
        if first:
            found.append(_enforced(first, decided_at.date(), today))
    return tuple(sorted(found, key=lambda x: (x.reference, x.lines, x.licence)))


def _enforced(steps: Sequence[LineVersion], decided_on: date, today: date) -> Enforced:
    first, numbers = steps[0], tuple(sorted(s.line.number for s in steps))
    message = (
        CustomsMessage.objects.filter(
            licence=first.line.licence, kind=MessageKind.SUSPEND.value, sent_at__gte=first.change.recorded_at
        )
        .order_by("pk")
        .first()
    )
    until = message.acknowledged_at.date() if message and message.acknowledged_at else today
    draws = Draw.objects.filter(
        line__in=[s.line_id for s in steps], happened_on__gte=decided_on, happened_on__lte=until
    ).order_by("happened_on", "pk")
    return Enforced(
        licence=first.line.licence.public_id,
        reference=first.line.licence.reference,
        lines=numbers,
        effective_on=first.effective_on,
        told_at=first.change.recorded_at,
        message=message.public_id if message else "",
        sent_at=message.sent_at if message else None,
        due=message.due if message else None,
        acknowledged_at=message.acknowledged_at if message else None,
        shipped=tuple(
            (
                d.happened_on,
                next(s.line.number for s in steps if s.line_id == d.line_id),
                money_of(d.value_centi) or Decimal(0),
                Decimal(d.quantity_milli).scaleb(-3),
            )
            for d in draws
        ),
    )


def _lines(keys: Collection[LineKey]) -> Iterator[list[Line]]:
    """The rows of some lines, some hundred licences at a time."""
    wanted = set(keys)
    for part in _parts(sorted({licence for licence, _ in wanted})):
        rows: QuerySet[Line] = Line.objects.filter(licence__public_id__in=part).select_related("licence")
        yield [r for r in rows.order_by("pk") if (r.licence.public_id, r.number) in wanted]


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(names), _CHUNK):
        yield names[first : first + _CHUNK]


def _by_line(rows: Iterable[Any], held: frozenset[int] | None) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if held is None or row.change_id in held:
            found[row.line_id].append(row)
    return found
