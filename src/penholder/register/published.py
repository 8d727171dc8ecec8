"""Rows of a published release as the register keeps them: terms, life so far, and what else the row says. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from penholder.analysis.schemas import LICENCE_LINES
from penholder.kernel.errors import SourceError
from penholder.register.values import DayPrecision, LineAct, LineState, LineStatus

REFUSED = "refused"
_KEPT_IN_COLUMNS = frozenset(
    {"line", "licence", "rating", "description", "destination", "onward", "value", "currency", "quantity", "unit",
     "end_user", "end_user_state", "decided_on", "expires_on", "licence_type", "decided_precision"}
)  # fmt: skip
_OF_LICENCE = ("decided_on", "licence_type", "decided_precision")
"""Columns that the register keeps once for a licence; a line that says otherwise keeps its own."""
_READ: dict[str, Callable[[str], Any]] = {
    c.name: date.fromisoformat if pa.types.is_date(c.type) else Decimal
    for c in LICENCE_LINES.columns
    if pa.types.is_date(c.type) or pa.types.is_decimal(c.type)
}
_OTHERS = tuple(c.name for c in LICENCE_LINES.columns if c.name not in _KEPT_IN_COLUMNS)


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a line before the register took it in."""

    act: LineAct
    status: LineStatus
    effective_on: date
    precision: DayPrecision = DayPrecision.DAY


def number_of(line: str) -> int:
    """The position in `LICENCE:POSITION`. Raises: SourceError."""
    tail = line.rpartition(":")[2]
    if not (tail.isascii() and tail.isdigit()) or int(tail) < 1:
        raise SourceError(f"the id {line!r} of a line does not end in a position", hint="import the release again")
    return int(tail)


def further_of(row: Mapping[str, Any], licence: Mapping[str, Any]) -> str:
    """Canonical JSON of what a row says beside the columns of the tables; what it does not state is left out.

    licence: the row that gave the licence its columns.
    """
    kept = {n: _said(row[n]) for n in _OTHERS if row[n] is not None}
    kept |= {n: _said(row[n]) for n in _OF_LICENCE if row[n] != licence[n]}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _said(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value


def read_further(text: str) -> dict[str, Any]:
    """What `further_of` kept, with dates and decimals."""
    found: dict[str, Any] = json.loads(text) if text else {}
    for name in found.keys() & _READ.keys():
        found[name] = _READ[name](found[name])
    return found


def life_of(
    further: Mapping[str, Any], *, decided_on: date, valid_until: date | None, loaded_on: date
) -> Iterator[Step]:
    """The steps that a published row tells of, in order; the last is where the line stands on that day."""
    yield Step(LineAct.ISSUE, LineStatus.ISSUED, decided_on)
    suspended = further.get("suspension", "none") != "none"
    if suspended:
        yield _step(LineAct.SUSPEND, LineStatus.SUSPENDED, further.get("suspended_on"), decided_on)
        if further.get("reinstated_on") is not None:
            suspended = False
            yield Step(LineAct.REINSTATE, LineStatus.ISSUED, further["reinstated_on"])
    if further.get("revocation", "none") != "none" or further.get("outcome") == LineStatus.REVOKED:
        yield _step(LineAct.REVOKE, LineStatus.REVOKED, further.get("revoked_on"), decided_on)
    elif valid_until is not None and valid_until <= loaded_on:
        after = LineStatus.EXPIRED_WHILE_SUSPENDED if suspended else LineStatus.EXPIRED
        yield Step(LineAct.EXPIRE, after, valid_until)


def _step(act: LineAct, status: LineStatus, day: date | None, decided_on: date) -> Step:
    if day is None:
        return Step(act, status, decided_on, DayPrecision.UNKNOWN)
    return Step(act, status, day)


def state_after(steps: tuple[Step, ...], *, quantity: Decimal | None) -> LineState:
    """The state of a line that was just taken in. A published quantity above 0 is its limit."""
    last = steps[-1]
    known = last.precision is DayPrecision.DAY
    suspended = last.status is LineStatus.SUSPENDED
    return LineState(
        status=last.status,
        since=last.effective_on if known else None,
        version=len(steps),
        quantity_limit=quantity if quantity is not None and quantity > 0 else None,
        suspended_on=last.effective_on if suspended and known else None,
    )
