"""Licences that were entered here, and who wrote and decided them: for conflicts of interest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from penholder.actions.behind import took_part
from penholder.register.models import Licence, Line
from penholder.register.values import LineStatus

_WORK = tuple(
    f"register.{name}"
    for name in (
        "enter_licence",
        "amend_line",
        "issue_licence",
        "add_condition",
        "fulfil_condition",
        "suspend_lines",
        "reinstate_lines",
        "revoke_lines",
    )
)


@dataclass(frozen=True, slots=True)
class Entered:
    """A licence, and where its lines go first. is_issued: else it is a draft, of which nobody outside knows."""

    id: str
    decided_on: date
    destinations: tuple[str, ...]
    is_issued: bool


def entered_here() -> Iterator[Entered]:
    """Every licence that came with no release, oldest first. Two statements."""
    places: dict[int, set[str]] = {}
    issued: set[int] = set()
    lines = Line.objects.filter(licence__series="").values_list("licence_id", "destination", "status")
    for licence, destination, status in lines:
        places.setdefault(licence, set()).add(destination)
        issued |= {licence} if status != LineStatus.DRAFT else set()
    for row in Licence.objects.filter(series="").order_by("decided_on", "pk"):
        yield Entered(row.public_id, row.decided_on, tuple(sorted(places.get(row.pk, ()))), row.pk in issued)


def participants(licences: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Licence -> staff ids of whoever entered, amended, issued, suspended, reinstated or revoked of it."""
    return took_part(licences, acts=_WORK)
