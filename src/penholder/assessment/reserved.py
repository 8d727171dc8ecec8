"""Instructions that were given orally: in the ledger and the vault alone, for who holds the one permission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.assessment.events import InstructionRead, InstructionRecorded
from penholder.assessment.values import AssessmentPermission
from penholder.ledger.models import Entry
from penholder.vault.store import open_disclosures

MOST = 200
_SHOWN = ("actor", "assessment", "version", "number", "text")


@dataclass(frozen=True, slots=True)
class InstructionRow:
    """That something was recorded, and whether it was read. What, is told by `read_instruction` alone."""

    id: str
    recorded_at: datetime
    is_read: bool


def may_read(viewer: Actor) -> bool:
    """Is the viewer the independent reviewer?"""
    return authority().role_for(viewer, AssessmentPermission.READ_INSTRUCTION) is not None


def instructions(*, viewer: Actor) -> tuple[InstructionRow, ...]:
    """The newest 200 records, newest first; for all but the independent reviewer: none. Two statements."""
    if not may_read(viewer):
        return ()
    rows = list(Entry.objects.filter(event=InstructionRecorded.name).order_by("-id")[:MOST])
    read = set(
        Entry.objects.filter(event=InstructionRead.name, about__in=[r.about for r in rows]).values_list(
            "about", flat=True
        )
    )
    return tuple(InstructionRow(r.about, r.recorded_at, r.about in read) for r in rows)


def opened(instruction: str) -> dict[str, Any] | None:
    """What was recorded; None where there is no such record. Only for the act that leaves an entry."""
    row = Entry.objects.filter(event=InstructionRecorded.name, about=instruction).first()
    if row is None:
        return None
    held = {d.name: d.value for d in open_disclosures(row.id)}
    return {name: held[name] for name in _SHOWN if name in held}
