"""Who took part in a case: computed from what was done, never asked of those who did it."""

from __future__ import annotations

from collections.abc import Iterable

from penholder.actions.models import Act
from penholder.actions.values import SYSTEM
from penholder.assessment.queries import participants
from penholder.casework.dossier import Dossier
from penholder.casework.policy.appeal import NOT_WORK
from penholder.casework.values import PartKind

_ASSIGNS = frozenset({"casework.assign_appeal", "casework.decide_appeal", "casework.lodge_appeal"})


def involved_in(dossier: Dossier, *, cited: Iterable[str] = ()) -> frozenset[str]:
    """Staff ids of everybody who did anything on a case, contributed to it, or to an assessment that it cites.

    cited: versions that are cited beside those of the proposals.
    Whoever dissented is not among them for that: it would tell who it was.
    """
    acts = Act.objects.filter(about=dossier.id).exclude(act__in=NOT_WORK | _ASSIGNS)
    found = {p for actor, stood in acts.values_list("actor", "stood_in_for") for p in (actor, *stood.split())}
    versions = set(cited)
    for row in dossier.of(PartKind.PROPOSAL):
        found |= set(row.value.contributors)
        versions |= set(row.value.assessments)
    for version in sorted(versions):
        found |= participants(version).all
    return frozenset(found - {SYSTEM.id})
