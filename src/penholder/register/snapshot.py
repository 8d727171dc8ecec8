"""The lines of the register as rows of `analysis.schemas.LICENCE_LINES`, for the stocktake.

A line that came with a release gives the row of that release again, and over it what happened here: amended terms,
suspension, reinstatement, revocation; a line that was surrendered or exhausted ends on that day. Drafts are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from penholder.analysis.schemas import LICENCE_LINES
from penholder.analysis.sources.places import resolve
from penholder.ledger.known import changes_known
from penholder.register.facts import NO_POOL
from penholder.register.models import Change, Draw, LineVersion, Release, Terms
from penholder.register.published import read_further
from penholder.register.rows import money_of, quantity_of
from penholder.register.values import LineAct

SERIES = "register"
"""Series of the lines that were entered here."""
BATCH = 10_000
_ENDS = (LineAct.SURRENDER.value, LineAct.EXHAUST.value)
_LIFE = (LineAct.SUSPEND.value, LineAct.REINSTATE.value, LineAct.REVOKE.value, *_ENDS)
_ENTERED_HERE: Mapping[str, Any] = {
    "outcome": "issued",
    "onward_end_user": "not_stated",
    "pooled": False,
    "suspension": "none",
    "revocation": "none",
    "source": SERIES,
}
"""What a row says of a line that was entered here."""

_TEXTS = ("rating", "description", "onward", "currency", "unit", "end_user_state")
_COLUMNS = ("line_id", "change_id", "effective_on", "destination", "end_user", "value_centi", "quantity_milli",
            "published", "programmes", *_TEXTS, "line__number", "line__valid_until", "line__licence__reference",
            "line__licence__decided_on", "line__licence__decided_precision", "line__licence__licence_type",
            "line__licence__change_id")  # fmt: skip
Held = Mapping[str, Any]
"""A row of Terms with its line and licence: `_COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Moment:
    """As of which day in the world, with the knowledge of which moment (None: all that is recorded)."""

    on: date
    known: datetime | None = None


def snapshot(series: str, moment: Moment, *, licence: str = "") -> Iterator[pa.RecordBatch]:
    """The lines of one series ("" : those entered here), in batches, in the order in which they came.

    licence: of this one alone, by its public id. Memory: one batch, and what happened to lines since they came.
    """
    held = None if moment.known is None else changes_known(Change, moment.known)
    of = {"line__licence__series": series} | ({"line__licence__public_id": licence} if licence else {})
    lives = _lives(of, held)
    issued = _issued(of, held) if series == "" else None
    shipped = _shipped(of, held)
    for rows in _batches(of, held):
        made = [
            _row(terms, lives.get(line, ()), moment, shipped=shipped.get(line))
            for line, terms in rows
            if issued is None or line in issued
        ]
        if made:
            yield pa.RecordBatch.from_pylist(made, schema=LICENCE_LINES.arrow)


def _batches(of: Mapping[str, str], held: frozenset[int] | None) -> Iterator[list[tuple[int, list[Held]]]]:
    """The terms of each line, oldest first, some thousand lines at a time."""
    found = Terms.objects.filter(**of).order_by("line_id", "effective_on", "pk")
    batch: list[tuple[int, list[Held]]] = []
    for terms in found.values(*_COLUMNS).iterator(chunk_size=2_000):
        if held is not None and terms["change_id"] not in held:
            continue
        line = terms["line_id"]
        if batch and batch[-1][0] == line:
            batch[-1][1].append(terms)
            continue
        if len(batch) >= BATCH:
            yield batch
            batch = []
        batch.append((line, [terms]))
    yield batch


def _lives(of: Mapping[str, str], held: frozenset[int] | None) -> dict[int, list[LineVersion]]:
    """What happened to lines here, after they came: not what the row of a release says itself."""
    steps = LineVersion.objects.filter(**of, act__in=_LIFE)
    steps = steps.exclude(change_id__in=Release.objects.values("change_id"))
    found: dict[int, list[LineVersion]] = defaultdict(list)
    for step in steps.order_by("line_id", "version").iterator(chunk_size=2_000):
        if held is None or step.change_id in held:
            found[step.line_id].append(step)
    return found


def _issued(of: Mapping[str, str], held: frozenset[int] | None) -> frozenset[int]:
    """Lines entered here that were issued."""
    steps = LineVersion.objects.filter(**of, act=LineAct.ISSUE.value)
    return frozenset(
        line for line, change in steps.values_list("line_id", "change_id") if held is None or change in held
    )


def _shipped(of: Mapping[str, str], held: frozenset[int] | None) -> dict[int, date]:
    """The first day on which goods are known to have left under a line."""
    draws = Draw.objects.filter(**of).order_by("-happened_on")
    rows = draws.values_list("line_id", "happened_on", "change_id")
    return {line: day for line, day, change in rows if held is None or change in held}


def _row(
    rows: Sequence[Held], life: Iterable[LineVersion], moment: Moment, *, shipped: date | None
) -> dict[str, Any]:
    made = _base(next((t for t in reversed(rows) if t["effective_on"] <= moment.on), rows[0]))
    happened = _episode(list(life), moment.on)
    if suspended := happened.get(LineAct.SUSPEND.value):
        lifted = happened.get(LineAct.REINSTATE.value)
        made |= {"suspension": "dated", "suspended_on": suspended, "reinstated_on": lifted}
    elif lifted := happened.get(LineAct.REINSTATE.value):
        made |= {"reinstated_on": lifted}
    if revoked := happened.get(LineAct.REVOKE.value):
        made |= {"revocation": "dated", "revoked_on": revoked}
        if shipped is not None and shipped < revoked:
            made["exported_before"] = True
    ends = [d for d in (made["expires_on"], *(happened.get(a) for a in _ENDS)) if d is not None]
    made["expires_on"] = min(ends, default=None)
    return made


def _episode(life: Sequence[LineVersion], on: date) -> dict[str, date]:
    """The last suspension and reinstatement, and the end, that count by the day; where none does, the first.

    A row holds one suspension. What lies after the day is kept where nothing is before it: the stocktake itself
    leaves out what begins later.
    """
    found: dict[str, date] = {}
    for step in [s for s in life if s.effective_on <= on] or life[:1]:
        if step.act == LineAct.SUSPEND.value:
            found.pop(LineAct.REINSTATE.value, None)
        found[step.act] = step.effective_on
    return found


def _base(terms: Held) -> dict[str, Any]:
    """The row before anything happened to it here."""
    reference, number = terms["line__licence__reference"], terms["line__number"]
    made: dict[str, Any] = {
        "line": f"{reference}:{number}",
        "licence": reference,
        "decided_on": terms["line__licence__decided_on"],
        "decided_precision": terms["line__licence__decided_precision"],
        "licence_type": terms["line__licence__licence_type"],
        "expires_on": terms["line__valid_until"],
        "destination": terms["destination"],
        "value": money_of(terms["value_centi"]),
        "quantity": quantity_of(terms["quantity_milli"]),
        "end_user": terms["end_user"],
    }
    made |= {name: terms[name] or None for name in _TEXTS}
    if not terms["published"]:
        pooled = terms["programmes"] not in ("", NO_POOL)
        return {**made, **_ENTERED_HERE, **_place(terms), "source_line": number, "pooled": pooled}
    made |= read_further(terms["published"])
    if terms["change_id"] != terms["line__licence__change_id"]:
        made |= {**_place(terms), "corrected_destination": None}
    return made


def _place(terms: Held) -> dict[str, Any]:
    """Name and kind of a destination that was given here: its code stands beside."""
    place = resolve(terms["destination"], on=terms["line__licence__decided_on"])
    return {"destination_name": place.name, "destination_kind": place.kind.value}
