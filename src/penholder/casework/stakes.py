"""What acts on a licence rest on: the case that granted it, and what the decision rested on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from penholder.casework.gates import targets_of
from penholder.casework.history import dossiers
from penholder.casework.models import Case, Part
from penholder.casework.values import PartKind
from penholder.restrictions.stakes import tells_what_it_rests_on


@tells_what_it_rests_on
def cases(*, subjects: frozenset[str], places: frozenset[str], on: date) -> Iterator[str]:
    """Of licences that a case granted: the case, its advice, proposals, decisions and the versions they cite."""
    linked = Part.objects.filter(kind=PartKind.LICENCE.value, content__licence__in=sorted(subjects))
    for held in dossiers(Case.objects.filter(pk__in=linked.values("case"))).values():
        yield from targets_of(held)
