"""The receipt of an entry, for who may have it: with the subject, where the log does not show it."""

from __future__ import annotations

from penholder.actions.events import EVENTS
from penholder.ledger import queries
from penholder.ledger.models import Entry
from penholder.vault import store as vault


def receipt_of(entry: int) -> str | None:
    """The receipt of an entry, from its number; None while no published checkpoint covers it.

    Of an official event it discloses the private field that names the subject: whoever is shown the receipt must
    be somebody who knows of it. Nothing else is disclosed, and of a sealed event nothing at all.
    """
    event = Entry.objects.values_list("event", flat=True).filter(id=entry).first()
    kind = EVENTS.get(event or "")
    subject = vault.open_named(entry, kind.subject_field) if kind is not None and kind.subject_field else None
    return queries.receipt_of(entry, disclosures=() if subject is None else (subject,))
