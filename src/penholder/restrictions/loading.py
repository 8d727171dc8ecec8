"""Restrictions as the tables hold them, as known at a moment, as values of `policy`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from penholder.kernel.dates import Interval
from penholder.ledger.known import changes_known
from penholder.restrictions import policy
from penholder.restrictions.models import Change, Restriction
from penholder.restrictions.models import Step as StepRow
from penholder.restrictions.values import Exemption, Hold, Kind, Moratorium, StepKind


@dataclass(frozen=True, slots=True)
class Held:
    """One restriction and the steps of it that were known."""

    row: Restriction
    steps: tuple[StepRow, ...]

    @property
    def valid(self) -> Interval | None:
        """From which day until which; None: never in force."""
        return policy.valid_of(steps_of(self.steps), until=self.row.until)


def steps_of(rows: Iterable[StepRow]) -> tuple[policy.Step, ...]:
    """Rows as values."""
    return tuple(policy.Step(StepKind(s.kind), s.on, s.destination) for s in rows)


def places_of(found: Held) -> frozenset[str]:
    """Every place that a restriction names, or ever named: its destinations, and those in its scope."""
    named = {s.destination for s in found.steps if s.destination}
    return frozenset(named | set(policy.places_in(policy.read_scope(found.row.scope))))


def load(kind: Kind, *, known: datetime | None = None, ids: Sequence[str] | None = None) -> list[Held]:
    """The restrictions of a kind, oldest first. Two statements, three with `known`."""
    rows = Restriction.objects.filter(kind=kind.value).select_related("change").order_by("pk")
    if ids is not None:
        rows = rows.filter(public_id__in=ids)
    changes = None if known is None else changes_known(Change, known)
    found = [r for r in rows if changes is None or r.change_id in changes]
    steps: dict[int, list[StepRow]] = {r.pk: [] for r in found}
    for step in StepRow.objects.filter(restriction__in=found).select_related("change").order_by("pk"):
        if changes is None or step.change_id in changes:
            steps[step.restriction_id].append(step)
    return [Held(r, tuple(steps[r.pk])) for r in found]


def moratorium_of(found: Held) -> Moratorium | None:
    """The rule of a moratorium; None where it is never in force."""
    valid = found.valid
    if valid is None:
        return None
    return Moratorium(
        id=found.row.public_id,
        limb=found.row.limb,
        valid=valid,
        members=policy.members_of(steps_of(found.steps)),
        scope=policy.read_scope(found.row.scope),
    )


def exemption_of(found: Held) -> Exemption | None:
    """The rule of an exemption; None where it was never announced."""
    valid = found.valid
    if valid is None:
        return None
    return Exemption(
        id=found.row.public_id, limb=found.row.limb, valid=valid, scope=policy.read_scope(found.row.scope)
    )


def hold_of(found: Held, *, on: date) -> Hold | None:
    """The hold, where it stands on that day."""
    valid = found.valid
    if valid is None or valid.start is None or not valid.covers(on):
        return None
    return Hold(
        id=found.row.public_id,
        destination=next(s.destination for s in found.steps if s.kind == StepKind.PLACE),
        since=valid.start,
        review_by=found.row.review_by,
        cause=found.row.cause,
    )


def moratoria_of(*, known: datetime | None = None) -> tuple[Moratorium, ...]:
    """Every moratorium that is or was in force."""
    return tuple(m for h in load(Kind.MORATORIUM, known=known) if (m := moratorium_of(h)) is not None)


def exemptions_of(*, known: datetime | None = None) -> tuple[Exemption, ...]:
    """Every exemption that is or was in force."""
    return tuple(e for h in load(Kind.EXEMPTION, known=known) if (e := exemption_of(h)) is not None)
