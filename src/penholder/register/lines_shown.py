"""Lines as of a day in the world and as known at a moment, built from their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from penholder.actions.permissions import authority
from penholder.actions.values import Actor, FieldClass
from penholder.ledger.known import changes_known
from penholder.register import policy
from penholder.register.access import may_act_on, readable
from penholder.register.answers import LineView
from penholder.register.life_cycle import life_cycle
from penholder.register.models import Change, Draw, Licence, Line, LineVersion, Terms
from penholder.register.rows import money_of, quantity_of, terms_of
from penholder.register.values import LineAct, LineState, LineStatus, RegisterPermission

PERMISSIONS: Mapping[LineAct, RegisterPermission] = {
    LineAct.ISSUE: RegisterPermission.ISSUE,
    LineAct.AMEND: RegisterPermission.AMEND,
    LineAct.SUSPEND: RegisterPermission.SUSPEND,
    LineAct.REINSTATE: RegisterPermission.REINSTATE,
    LineAct.REVOKE: RegisterPermission.REVOKE,
    LineAct.SURRENDER: RegisterPermission.SURRENDER,
    LineAct.DRAW: RegisterPermission.DRAW,
}
_NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks, at which day in the world, with the knowledge of which moment (None: all that is recorded)."""

    viewer: Actor
    on: date
    known: datetime | None = None
    leave_out: bool = False
    """Leave out lines that were not there on the day; else a line that begins later is shown as it begins."""


@dataclass(slots=True)
class _History:
    """What is recorded of some lines, by line."""

    steps: dict[int, list[LineVersion]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[int, list[Terms]] = field(default_factory=lambda: defaultdict(list))
    used: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)


def lines_shown(lines: Sequence[Line], asked: Asked) -> tuple[LineView, ...]:
    """The lines that were there on the day; needs `select_related("licence")`. At most five statements."""
    history = _history(lines, asked)
    allowed = _allowed_by_role(asked.viewer)
    shown = (_shown(line, history, asked, allowed) for line in lines)
    return tuple(s for s in shown if s is not None)


def _history(lines: Sequence[Line], asked: Asked) -> _History:
    ids = [line.pk for line in lines]
    steps = list(LineVersion.objects.filter(line__in=ids).order_by("line_id", "version"))
    terms = list(Terms.objects.filter(line__in=ids).order_by("line_id", "effective_on", "pk"))
    draws = Draw.objects.filter(line__in=ids, happened_on__lte=asked.on)
    if asked.known is not None:
        ours = {s.change_id for s in steps} | {t.change_id for t in terms}
        ours |= set(draws.values_list("change_id", flat=True))
        held = changes_known(Change, asked.known, among=ours)
        steps = [s for s in steps if s.change_id in held]
        terms = [t for t in terms if t.change_id in held]
        draws = draws.filter(change_id__in=held)
    found = _History()
    for step in steps:
        found.steps[step.line_id].append(step)
    for row in terms:
        found.terms[row.line_id].append(row)
    sums = draws.values("line_id").annotate(quantity=Sum("quantity_milli"), value=Sum("value_centi"))
    for used in sums.order_by("line_id"):
        found.used[used["line_id"]] = (
            quantity_of(used["quantity"]) or _NOUGHT,
            money_of(used["value"]) or _NOUGHT,
        )
    return found


def _allowed_by_role(viewer: Actor) -> frozenset[LineAct]:
    role_for = authority().role_for
    return frozenset(act for act, needed in PERMISSIONS.items() if role_for(viewer, needed) is not None)


def terms_on(rows: Sequence[Terms], on: date) -> Terms:
    """The terms that hold on a day; before the first, the first."""
    return next((t for t in reversed(rows) if t.effective_on <= on), rows[0])


def last_step(steps: Iterable[LineVersion], on: date) -> LineVersion | None:
    """The newest step that counts from that day or an earlier one."""
    found = [s for s in steps if s.effective_on <= on]
    return found[-1] if found else None


def _shown(line: Line, history: _History, asked: Asked, allowed: frozenset[LineAct]) -> LineView | None:
    steps = history.steps[line.pk]
    step = last_step(steps, asked.on) or (steps[0] if steps and not asked.leave_out else None)
    if step is None:
        return None
    licence: Licence = line.licence
    status = policy.status_on(LineStatus(step.status), valid_until=line.valid_until, on=asked.on)
    row = terms_on(history.terms[line.pk], asked.on)
    state = _state(step, row, history.used.get(line.pk, (_NOUGHT, _NOUGHT)), status)
    swept = status != step.status
    commercial = FieldClass.COMMERCIAL in readable(
        asked.viewer, exporter=licence.exporter, published=licence.release_id is not None
    )
    acts = allowed if may_act_on(asked.viewer, licence.exporter) else frozenset()
    return LineView(
        licence=licence.public_id,
        number=line.number,
        status=status,
        since=line.valid_until if swept else _since(steps, step),
        valid_until=line.valid_until,
        suspended_on=state.suspended_on,
        review_by=state.review_by,
        power=state.power,
        limb=step.limb,
        overdue=policy.is_overdue(state, on=asked.on),
        terms=terms_of(row) if commercial else None,
        used_quantity=state.used_quantity if commercial else None,
        used_value=state.used_value if commercial else None,
        left_quantity=_left(state.quantity_limit, state.used_quantity) if commercial else None,
        left_value=_left(state.value_limit, state.used_value) if commercial else None,
        may=tuple(a for a in life_cycle().allowed_from(status) if a in acts),
    )


def _since(steps: Sequence[LineVersion], step: LineVersion) -> date | None:
    """The first day of the status: amendments keep it."""
    first = step
    for earlier in reversed([s for s in steps if s.version < step.version]):
        if earlier.status != step.status:
            break
        first = earlier
    return None if first.precision != "day" else first.effective_on


def _state(step: LineVersion, row: Terms, used: tuple[Decimal, Decimal], status: LineStatus) -> LineState:
    suspended = status is LineStatus.SUSPENDED
    limit = quantity_of(row.quantity_milli)
    return LineState(
        status=status,
        quantity_limit=limit if limit else None,
        value_limit=money_of(row.value_limit_centi),
        used_quantity=used[0],
        used_value=used[1],
        suspended_on=step.effective_on if suspended and step.precision == "day" else None,
        review_by=step.review_by if suspended else None,
        power=step.power if suspended else "",
    )


def _left(limit: Decimal | None, used: Decimal) -> Decimal | None:
    return None if limit is None else limit - used
