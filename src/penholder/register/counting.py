"""The count of suspended lines and licences between two days, from the tables: question 4 of regime.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from penholder.actions.errors import AbsentError, InvalidError
from penholder.actions.values import Actor
from penholder.ledger.known import changes_known
from penholder.register.access import is_official
from penholder.register.bridge import Bridge, Lives, Mover, Turn, bridge_of_licences, bridge_of_lines
from penholder.register.models import Change, Line, LineVersion, Terms
from penholder.register.values import LineAct, LineStatus

_BY: Mapping[str, Mover] = {
    LineAct.SUSPEND.value: Mover.SUSPENDED,
    LineAct.EXPIRE.value: Mover.EXPIRED,
    LineAct.EXHAUST.value: Mover.EXHAUSTED,
    LineAct.SURRENDER.value: Mover.SURRENDERED,
    LineAct.REINSTATE.value: Mover.REINSTATED,
    LineAct.REVOKE.value: Mover.REVOKED,
    LineAct.AMEND.value: Mover.AMENDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountBridge:
    """The bridge of lines and that of licences. destination "": of all.

    days_unknown: lines with a suspension whose day no source says; it counts from the day of the decision.
    """

    first: date
    last: date
    first_known: datetime | None
    known: datetime | None
    destination: str
    lines: Bridge
    licences: Bridge
    days_unknown: int


def count_bridge(
    *,
    viewer: Actor,
    first: date,
    last: date,
    destination: str = "",
    first_known: datetime | None = None,
    known: datetime | None = None,
) -> CountBridge:
    """Why the number of suspended lines and licences differs between two days, move by move. For officials.

    Args:
        first_known: what was known when the first count was made; None: as `known`, so that nothing is corrected.
        known: what is known for the last count and for the moves between (None: now).
    Raises: AbsentError: not for this viewer. InvalidError: the days are the wrong way round.
    """
    if not is_official(viewer):
        raise AbsentError("there is no such count", hint="published figures are on the public site")
    if last < first:
        raise InvalidError("the last day lies before the first", fields={"last": f"must not be before {first}"})
    steps = _steps()
    now = _lives(steps, destination, known)
    then = now if first_known is None else _lives(steps, destination, first_known)
    return CountBridge(
        first=first,
        last=last,
        first_known=first_known,
        known=known,
        destination=destination,
        lines=bridge_of_lines(then, now, first=first, last=last),
        licences=bridge_of_licences(then, now, first=first, last=last),
        days_unknown=sum(any(s.precision != "day" for s in x if s.act == LineAct.SUSPEND) for x in steps.values()),
    )


def _steps() -> dict[int, list[LineVersion]]:
    """The whole life of every line that was ever suspended."""
    ever = LineVersion.objects.filter(act=LineAct.SUSPEND.value).values("line_id")
    found: dict[int, list[LineVersion]] = defaultdict(list)
    rows = (
        LineVersion.objects.filter(line_id__in=ever).select_related("line__licence").order_by("line_id", "version")
    )
    for step in rows:
        found[step.line_id].append(step)
    return found


def _lives(steps: Mapping[int, Sequence[LineVersion]], destination: str, known: datetime | None) -> Lives:
    held = None if known is None else changes_known(Change, known)
    places = _places(list(steps), held) if destination else {}
    made: dict[str, Sequence[Turn]] = {}
    for line, life in steps.items():
        shown = [s for s in life if held is None or s.change_id in held]
        if shown:
            name = f"{life[0].line.licence.public_id}:{life[0].line.number}"
            made[name] = _turns(shown, life[0].line, places.get(line, ()), destination)
    return made


def _places(lines: list[int], held: frozenset[int] | None) -> dict[int, list[tuple[date, str]]]:
    """From which day on a line goes where."""
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    rows = Terms.objects.filter(line_id__in=lines).order_by("line_id", "effective_on", "pk")
    for line, day, place, change in rows.values_list("line_id", "effective_on", "destination", "change_id"):
        if held is None or change in held:
            found[line].append((day, place))
    return found


def _turns(
    life: Sequence[LineVersion], line: Line, places: Sequence[tuple[date, str]], destination: str
) -> list[Turn]:
    """When the line begins and ceases to count: suspended, not run out, and to that destination."""
    made = []
    for step in life:
        there = not destination or _place_on(places, step.effective_on) == destination
        counts = step.status == LineStatus.SUSPENDED and there
        made.append(Turn(on=step.effective_on, counts=counts, by=_BY.get(step.act, Mover.AMENDED)))
    if line.valid_until is not None and life[-1].status in {LineStatus.ISSUED, LineStatus.SUSPENDED}:
        made.append(Turn(on=line.valid_until, counts=False, by=Mover.EXPIRED))
    return made


def _place_on(places: Sequence[tuple[date, str]], day: date) -> str:
    return next((place for since, place in reversed(places) if since <= day), places[0][1] if places else "")
