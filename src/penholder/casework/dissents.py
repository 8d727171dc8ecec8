"""Dissent: its text, which is in the vault alone; on which assessments it bears; how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from penholder.actions.values import SYSTEM
from penholder.assessment import queries as assessments
from penholder.casework.dossier import Dossier
from penholder.casework.events import DissentRecorded
from penholder.casework.models import Part
from penholder.casework.values import PartKind
from penholder.ledger.models import Entry
from penholder.vault.store import open_disclosures

_VERSION = "AV-"
_SHOWN = ("target", "text", "salt")


def opened(dissent: str) -> dict[str, Any] | None:
    """What was written; None where there is no such dissent. Only for the act that leaves an entry."""
    row = Part.objects.filter(kind=PartKind.DISSENT, public_id=dissent).select_related("change", "case").first()
    if row is None:
        return None
    entry = Entry.objects.filter(run=row.change.run, event=DissentRecorded.name).first()
    if entry is None:
        return None
    held = {d.name: d.value for d in open_disclosures(entry.id)}
    return {"case": row.case.public_id} | {name: held[name] for name in _SHOWN if name in held}


def versions_of(dossier: Dossier, target: str) -> tuple[str, ...]:
    """The versions of assessments on which an advice, a proposal, a decision, or else the case rests."""
    row = dossier.row(target) if target != dossier.id else None
    if row is not None and row.kind is PartKind.ADVICE:
        return tuple(dict.fromkeys(e for f in row.value.findings for e in f.evidence if e.startswith(_VERSION)))
    upto = row.number if row is not None else dossier.version
    proposed = [p for p in dossier.of(PartKind.PROPOSAL) if p.number <= upto]
    return tuple(proposed[-1].value.assessments) if proposed else ()


def unlinked(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """(assessment, version, dissent) of each dissent of a case that its version does not name yet."""
    for dissent in dossier.dissents:
        for version in versions_of(dossier, dissent.value.target):
            seen = assessments.version(viewer=SYSTEM, id=version)
            if dissent.id not in seen.dissents:
                yield seen.assessment, version, dissent.id


def counts() -> Mapping[str, int]:
    """Case, advice, proposal or decision -> how many dissents from it there are; of a case: all of its dissents.

    Who wrote them is in none of this.
    """
    found: Counter[str] = Counter()
    rows = Part.objects.filter(kind=PartKind.DISSENT).values_list("case__public_id", "content__target")
    for case, target in rows:
        found.update({case, target})
    return found
