"""What end users undertook, and what was checked after export: no act records a check yet, and that is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from penholder.actions.values import Actor
from penholder.casework.access import sight
from penholder.casework.dossier import Dossier
from penholder.casework.history import dossiers
from penholder.casework.models import Case
from penholder.casework.parts import Party
from penholder.casework.values import CaseStatus, PartKind

NONE_MADE = "none made"
"""What stands for checks after export: no act records one, so none is known to have been made."""


class Promise(StrEnum):
    """What an undertaking can undertake."""

    NO_WEAPONS_OF_MASS_DESTRUCTION = "no_weapons_of_mass_destruction"
    NO_RE_EXPORT_WITHOUT_CONSENT = "no_re_export_without_consent"
    FINAL_USE_STATED = "final_use_stated"


@dataclass(frozen=True, slots=True)
class Assurance:
    """One undertaking of a party to a case. licence: empty while there is none. checks: made after export."""

    case: str
    status: CaseStatus
    licence: str
    party: str
    place: str
    signed_on: date
    promises: tuple[Promise, ...]
    checks: str = NONE_MADE


def assurances(
    *, viewer: Actor, promise: Promise | None = None, known: datetime | None = None
) -> tuple[Assurance, ...]:
    """Undertakings of the parties to submitted cases that the viewer may know of, by case, then by party.

    promise: only those that undertake it. Every case is read: no column knows what is undertaken.
    """
    rows = Case.objects.filter(submitted_at__isnull=False).order_by("id")
    found = []
    for held in dossiers(rows, known=known).values():
        seen = sight(viewer, exporter=held.exporter, was_submitted=held.submitted is not None)
        if seen.commercial:
            found += [_assurance(held, party) for party in held.application.parties if party.undertaking]
    return tuple(a for a in found if promise is None or promise in a.promises)


def _assurance(held: Dossier, party: Party) -> Assurance:
    paper, linked = party.undertaking, held.last(PartKind.LICENCE)
    assert paper is not None  # noqa: S101 - asked before
    return Assurance(
        case=held.id,
        status=held.status,
        licence=linked.value.licence if linked else "",
        party=party.name,
        place=party.place,
        signed_on=paper.signed_on,
        promises=tuple(p for p in Promise if getattr(paper, p.value)),
    )
