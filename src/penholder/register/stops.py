"""Every act that suspended or revoked lines, for other capabilities; no viewer is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from penholder.ledger.known import changes_known
from penholder.register.models import Change, LineVersion, Release
from penholder.register.values import LineAct

_STOPS = (LineAct.SUSPEND.value, LineAct.REVOKE.value)


@dataclass(frozen=True, slots=True)
class Stop:
    """One act on some lines of a licence. run: as in the ledger."""

    licence: str
    lines: tuple[int, ...]
    act: str
    effective_on: date
    recorded_at: datetime
    run: str


def stops(*, known: datetime | None = None) -> tuple[Stop, ...]:
    """Oldest first. What came with a release is history that others published, and is left out."""
    rows = LineVersion.objects.filter(act__in=_STOPS).exclude(change_id__in=Release.objects.values("change_id"))
    found = list(rows.select_related("line__licence", "change").order_by("pk"))
    held = None if known is None else changes_known(Change, known, among={r.change_id for r in found})
    grouped: dict[tuple[str, str], list[LineVersion]] = {}
    for row in found:
        if held is None or row.change_id in held:
            grouped.setdefault((row.line.licence.public_id, row.change.run), []).append(row)
    return tuple(
        Stop(
            licence=licence,
            lines=tuple(sorted(r.line.number for r in rows_)),
            act=rows_[0].act,
            effective_on=rows_[0].effective_on,
            recorded_at=rows_[0].change.recorded_at,
            run=run,
        )
        for (licence, run), rows_ in grouped.items()
    )
