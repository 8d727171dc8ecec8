"""Questions that were raised elsewhere about what a decision rests on, and are open.

Who raised them is not known here: the channel for concerns is a site of its own, and what reaches the authority is
that a question is open, since which day, and at which level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from penholder.casework.dossier import Dossier
from penholder.casework.values import PartKind


@dataclass(frozen=True, slots=True)
class Gate:
    """An open question. target: what it is about. question: in neutral words."""

    id: str
    target: str
    question: str
    since: date
    level: str


def open_gates(targets: Iterable[str]) -> tuple[Gate, ...]:
    """The open questions about some targets, oldest first."""
    del targets
    return ()


def targets_of(dossier: Dossier) -> tuple[str, ...]:
    """What a decision on a case rests on: the case, its advice, its proposals, and the versions that they cite."""
    found = [dossier.id]
    for row in dossier.of(PartKind.ADVICE):
        found += [row.id, *(e for f in row.value.findings for e in f.evidence)]
    for row in dossier.of(PartKind.PROPOSAL):
        found += [row.id, *row.value.assessments]
    found += [row.id for row in dossier.of(PartKind.DECISION)]
    return tuple(dict.fromkeys(found))
