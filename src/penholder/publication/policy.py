"""What may be shown: decided from an entry, the disclosure policy and a day alone. Closed by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def small_cells(counts: Sequence[int], *, smallest: int, total_is_shown: bool) -> tuple[int | None, ...]:
    """Counts as they may be shown: None for one that is above nought and below the smallest.

    Where the total is shown and only one count would be missing, the next smallest is left out too: else the total
    would give it away. Nought is shown: that there is none is said of nobody.
    """
    hidden = {n for n, count in enumerate(counts) if 0 < count < smallest}
    if total_is_shown and len(hidden) == 1:
        others = [n for n, count in enumerate(counts) if n not in hidden and count > 0]
        hidden |= {min(others, key=lambda n: (counts[n], n))} if others else set()
    return tuple(None if n in hidden else count for n, count in enumerate(counts))


def small_total(total: int, shown: Iterable[int | None], *, smallest: int) -> int | None:
    """The total of counts that may be shown; None where it, or what it would tell of a hidden one, is small.

    Whoever knows the rule knows that hidden counts are small ones, or one small and the next smallest. So a total
    that is the least or the most that they can amount to would say what each of them is.
    """
    cells = list(shown)
    hidden = total - sum(c for c in cells if c is not None)
    missing = sum(c is None for c in cells)
    if 0 < total < smallest or missing == 1 or (missing and 0 < hidden < smallest):
        return None
    if missing > 1 and hidden in {missing, missing * (smallest - 1)}:
        return None
    least_shown = min((c for c in cells if c), default=None)
    if missing == 2 and least_shown is not None and hidden >= least_shown + smallest - 1:
        return None
    return total
