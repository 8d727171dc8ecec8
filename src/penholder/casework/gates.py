"""What a decision rests on, and the questions about it that are open elsewhere (restrictions.gates)."""

from __future__ import annotations

from penholder.casework.dossier import Dossier
from penholder.casework.policy.facts import places_of
from penholder.casework.values import PartKind
from penholder.restrictions.gates import Gate, open_gates

__all__ = ["Gate", "open_gates", "targets_of"]


def targets_of(dossier: Dossier) -> tuple[str, ...]:
    """What a decision on a case rests on: case, advice, proposals, cited versions, and the places of the goods."""
    found = [dossier.id, *places_of(dossier.application)]
    for row in dossier.of(PartKind.ADVICE):
        found += [row.id, *(e for f in row.value.findings for e in f.evidence)]
    for row in dossier.of(PartKind.PROPOSAL):
        found += [row.id, *row.value.assessments]
    found += [row.id for row in dossier.of(PartKind.DECISION)]
    return tuple(dict.fromkeys(found))
