"""What may be shown: decided from an entry, the disclosure policy and a day alone. Closed by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from penholder.kernel.errors import RuleError
from penholder.publication.disclosure import Disclosure, EventPolicy
from penholder.publication.values import Withheld

ALWAYS = ("actor",)
"""Who acted is a private field of every entry: personal."""


class UnknownEventError(RuleError):
    """A public event that the disclosure policy does not know: nothing of it is shown, and nothing is loaded."""

    code = "unknown-event"


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of one entry."""

    kind: str
    says: str
    fields: Mapping[str, Any]
    withheld: tuple[Withheld, ...]


def event_policy(event: str, policy: Disclosure) -> EventPolicy:
    """What the policy says of an event. Raises: UnknownEventError."""
    found = policy.events.get(event)
    if found is None:
        raise UnknownEventError(
            f"the disclosure policy has nothing on the public event {event}",
            hint="this version is older than the log: install a newer one; nothing was changed",
        )
    return found


def public_view(event: str, fields: Mapping[str, Any], *, at: date, on: date, policy: Disclosure) -> View:
    """What anybody is shown on a day of an entry that was recorded `at`.

    A field that the policy does not name is not shown, although the log has it; a field whose time has not come is
    withheld until then, and an aggregate one is only counted. Raises: UnknownEventError.
    """
    rules = event_policy(event, policy)
    due = {name: at + timedelta(days=days) for name, days in rules.after.items()}
    shown = {n: fields[n] for n in rules.public if n in fields}
    shown |= {n: fields[n] for n in rules.after if n in fields and due[n] <= on}
    hidden = [Withheld(n, "ongoing_case", day) for n, day in due.items() if day > on]
    hidden += [Withheld(n, r, review_of(r, at=at, policy=policy)) for n, r in rules.withheld.items()]
    hidden += [Withheld(n, "personal_data", None) for n in ALWAYS]
    return View(rules.kind, rules.says, shown, tuple(hidden))


def counted_view(event: str, fields: Mapping[str, Any], *, policy: Disclosure) -> Mapping[str, Any]:
    """What may be counted of an entry: public and aggregate fields. Only sums of it leave this package."""
    rules = event_policy(event, policy)
    return {n: fields[n] for n in (*rules.public, *rules.aggregate) if n in fields}


def review_of(reason: str, *, at: date, policy: Disclosure) -> date | None:
    """The day on which a reason is looked at again; None: never."""
    days = policy.reviews[reason]
    return at + timedelta(days=days) if days else None
