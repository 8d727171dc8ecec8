"""The text of a dissent: in the vault alone."""

from __future__ import annotations

from typing import Any

from penholder.casework.events import DissentRecorded
from penholder.casework.models import Part
from penholder.casework.values import PartKind
from penholder.ledger.models import Entry
from penholder.vault.store import open_disclosures

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
