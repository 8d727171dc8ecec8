"""What must happen because lines changed: customs are told."""

from __future__ import annotations

from datetime import date
from typing import Any

from penholder.actions.action import perform
from penholder.actions.outbox import Happened, on
from penholder.actions.values import SYSTEM
from penholder.register import events
from penholder.register.actions.customs import send_customs_message
from penholder.register.values import MessageKind


@on(events.LicenceIssued)
def tell_customs_of_issue(happened: Happened) -> None:
    """Customs learn of a new licence."""
    event: Any = happened.event
    _tell(happened, MessageKind.ISSUE, event.licence, event.lines, event.effective_on)


@on(events.LineAmended)
def tell_customs_of_amendment(happened: Happened) -> None:
    """Customs learn of new terms; of those of a draft they do not (DraftAmended)."""
    event: Any = happened.event
    _tell(happened, MessageKind.AMEND, event.licence, (event.line,), event.effective_on)


@on(events.LinesSuspended)
def tell_customs_of_suspension(happened: Happened) -> None:
    """A suspension that customs do not know of stops nothing."""
    event: Any = happened.event
    _tell(happened, MessageKind.SUSPEND, event.licence, event.lines, event.effective_on)


@on(events.LinesReinstated)
def tell_customs_of_reinstatement(happened: Happened) -> None:
    """Goods may leave again."""
    event: Any = happened.event
    _tell(happened, MessageKind.REINSTATE, event.licence, event.lines, event.effective_on)


@on(events.LinesRevoked)
def tell_customs_of_revocation(happened: Happened) -> None:
    """Nothing may leave any more."""
    event: Any = happened.event
    _tell(happened, MessageKind.REVOKE, event.licence, event.lines, event.effective_on)


@on(events.LinesSurrendered)
def tell_customs_of_surrender(happened: Happened) -> None:
    """The holder gave the lines back."""
    event: Any = happened.event
    _tell(happened, MessageKind.SURRENDER, event.licence, event.lines, event.effective_on)


def _tell(happened: Happened, kind: MessageKind, licence: str, lines: tuple[int, ...], day: date) -> None:
    perform(
        send_customs_message,
        SYSTEM,
        idempotency_key=f"customs:{happened.entry}",
        licence=licence,
        lines=lines,
        kind=kind,
        effective_on=day,
        cause=happened.entry,
    )
