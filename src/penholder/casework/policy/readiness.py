"""What stands in the way of a case going on to departments, as a list that can be empty."""

from __future__ import annotations

from dataclasses import dataclass

from penholder.casework.dossier import Dossier
from penholder.casework.values import CaseStatus


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that must be done first. what: ratings, screening or matches."""

    what: str
    words: str


def open_before_departments(dossier: Dossier, *, lists: tuple[str, ...]) -> tuple[Open, ...]:
    """What must be done before departments are asked. lists: ids of the loads that are in force."""
    found: list[Open] = []
    unrated = [n for n in range(1, len(dossier.application.goods) + 1) if n not in dossier.ratings]
    if unrated:
        lines = ", ".join(map(str, unrated))
        said = f"line {lines} has" if len(unrated) == 1 else f"lines {lines} have"
        found.append(Open("ratings", f"{said} no rating as it stands now"))
    found += _screening(dossier, lists)
    unjudged = [m for m, verdict in dossier.matches if verdict is None]
    if unjudged:
        said = "match with a list is" if len(unjudged) == 1 else "matches with lists are"
        found.append(Open("matches", f"{len(unjudged)} possible {said} not judged by a person"))
    return tuple(found)


def _screening(dossier: Dossier, lists: tuple[str, ...]) -> list[Open]:
    newest = dossier.screening
    if newest is None:
        return [Open("screening", "the parties were not screened")]
    if {s.party_list for s in newest.value.lists} != set(lists):
        return [Open("screening", "lists were loaded since the parties were screened: screen them again")]
    screened = next(r for r in dossier.rows if r.number == newest.value.application)
    if screened.value.parties != dossier.application.parties:
        return [Open("screening", "the parties changed since they were screened: screen them again")]
    return []


_OPEN_TO_EXPORTERS = {
    CaseStatus.DEPARTMENTS_ADVISING: CaseStatus.UNDER_REVIEW,
    CaseStatus.FINAL_REVIEW: CaseStatus.UNDER_REVIEW,
    CaseStatus.COUNTERSIGN: CaseStatus.UNDER_REVIEW,
    CaseStatus.FOR_DECISION: CaseStatus.UNDER_REVIEW,
}


def status_for_exporter(status: CaseStatus) -> CaseStatus:
    """Who works on a case inside the authority, and how far they are, is no exporter's to know."""
    return _OPEN_TO_EXPORTERS.get(status, status)
