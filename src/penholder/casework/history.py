"""Cases from their rows, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from penholder.casework.dossier import Dossier, Held, dossier_of
from penholder.casework.effects import value_of
from penholder.casework.models import Case, Change, Part
from penholder.casework.values import CaseStatus, PartKind
from penholder.ledger.known import changes_known


def dossier(row: Case, *, known: datetime | None = None) -> Dossier | None:
    """One case; None where nothing of it was known at that moment. One statement, with `known` two more."""
    return dossiers([row], known=known).get(row.public_id)


def dossiers(rows: Iterable[Case], *, known: datetime | None = None) -> dict[str, Dossier]:
    """Several cases by public id. One statement, with `known` two more."""
    cases = {row.pk: row for row in rows}
    found = Part.objects.filter(case__in=list(cases)).select_related("change").order_by("number", "place")
    held = None if known is None else changes_known(Change, known)
    by: dict[int, list[Held[Any]]] = {}
    for part in found:
        if held is None or part.change_id in held:
            by.setdefault(part.case_id, []).append(held_of(part))
    return {
        case.public_id: dossier_of(case.public_id, case.exporter, by[pk]) for pk, case in cases.items() if pk in by
    }


def held_of(part: Part) -> Held[Any]:
    """A row as a value."""
    kind = PartKind(part.kind)
    return Held(
        number=part.number,
        place=part.place,
        kind=kind,
        id=part.public_id,
        about=part.about,
        status=CaseStatus(part.status),
        on=part.on_day,
        at=part.change.recorded_at,
        run=part.change.run,
        value=value_of(kind, part.content),
    )
