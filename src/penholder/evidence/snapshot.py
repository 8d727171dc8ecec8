"""The events of evidence as rows of `analysis.schemas.INCIDENTS`: so that a stocktake runs on live evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db.models import Q

from penholder.actions.moment import today
from penholder.analysis.releases.record import Release
from penholder.analysis.releases.store import ReleaseFacts, store_release
from penholder.analysis.schemas import INCIDENTS, LIST_SEPARATOR
from penholder.evidence.known import held_at
from penholder.evidence.models import Incident
from penholder.evidence.rows import facts_of
from penholder.evidence.values import MICRO, CasualtyRange, Facts, Harm
from penholder.evidence.view import annotated
from penholder.kernel.errors import NotKnownError

SERIES = "evidence"
_BATCH = 500


def snapshot(folder: Path, known: datetime | None = None) -> Release:
    """Write the events that were known at a moment (None: now) into a data folder, as a release of its own series.

    Each event once, as the report tells it that stands for it; those left out of scope are not written. The
    release is of the day of `known`, so that `--known` finds it. The same rows again change nothing.
    Raises: NotKnownError: nothing was known then. FolderError.
    """
    table = events_table(known)
    if not table.num_rows:
        raise NotKnownError("no incident was recorded by then", hint="enter or import incidents first")
    day = today() if known is None else known.date()
    return store_release(folder, ReleaseFacts(SERIES, SERIES, day), {INCIDENTS.name: table})


def events_table(known: datetime | None) -> pa.Table:
    """The rows of INCIDENTS, in the order in which the reports were recorded."""
    not_left_out = Q(scoped__isnull=True) | Q(scoped=True)
    leads = annotated(held_at(known)).filter(not_left_out, leader__isnull=True).order_by("pk")
    rows: list[dict[str, Any]] = []
    for batch in _batches(leads):
        facts = facts_of(batch)
        rows += [_row(r.public_id, facts[r.pk], len(rows) + n) for n, r in enumerate(batch, start=1)]
    return pa.Table.from_pylist(rows, schema=INCIDENTS.arrow)


def _batches(found: Any) -> Iterable[list[Incident]]:
    batch: list[Incident] = []
    for row in found.iterator(chunk_size=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _row(public_id: str, facts: Facts, number: int) -> dict[str, Any]:
    return {
        "incident": public_id,
        "series": SERIES,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "date_precision": facts.date_precision,
        "place": facts.place or None,
        "place_name": facts.place_name or None,
        "admin1": facts.admin1 or None,
        "admin2": facts.admin2 or None,
        "latitude": _degrees(facts.latitude),
        "longitude": _degrees(facts.longitude),
        "place_precision": facts.place_precision.value,
        "actors": LIST_SEPARATOR.join(facts.actors) or None,
        "means": LIST_SEPARATOR.join(facts.means) or None,
        "object": facts.object_words or facts.object_class,
        "attacks_min": facts.attacks_least,
        "attacks_max": facts.attacks_most,
        **_sums(facts.casualties),
        "certainty": facts.certainty or None,
        "source": SERIES,
        "source_line": number,
    }


def _degrees(micro: int | None) -> Any:
    return None if micro is None else micro / MICRO


def _sums(ranges: tuple[CasualtyRange, ...]) -> dict[str, int | None]:
    """Killed and injured of every status together; without an upper bound where one range has none."""
    made: dict[str, int | None] = {}
    for harm in Harm:
        of = [c for c in ranges if c.harm is harm]
        most = [c.most for c in of]
        made[f"{harm.value}_min"] = sum(c.least for c in of) if of else None
        made[f"{harm.value}_max"] = None if not of or None in most else sum(m for m in most if m is not None)
    return made


def day_of(known: date | None) -> datetime | None:
    """The end of a day, UTC: what was known by it."""
    return None if known is None else datetime.fromisoformat(f"{known.isoformat()}T23:59:59+00:00")
