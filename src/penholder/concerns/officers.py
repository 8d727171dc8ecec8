"""Who may hear a concern: the people of the ladder who have a key and took no part in what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Prefetch

from penholder.actions.behind import behind
from penholder.actions.values import Actor
from penholder.concerns.models import Concern, KnownTarget, OfficerKey
from penholder.concerns.policy.ladder import Level
from penholder.people.actor import actor_of
from penholder.people.holdings import whole_accounts
from penholder.people.staff import references_of

REPRESENTATIVE = "staff_representative"
BRINGS = 0
"""Level of a staff representative: below the ladder."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody to whom a concern can be sealed. persons: themselves, and those whose delegation they hold."""

    id: str
    key: int
    """Primary key of the account."""
    level: int
    public: bytes
    persons: frozenset[str]


def ladder() -> tuple[Level, ...]:
    """The levels, from below."""
    levels: tuple[Level, ...] = settings.PENHOLDER_LADDER
    return levels


def level_named(number: int) -> Level:
    """The level of a number; the top for one that there is no more."""
    return next((x for x in ladder() if x.number == number), ladder()[-1])


def level_of(actor: Actor) -> int | None:
    """The lowest level whose role the actor holds; None: of none."""
    return _level_of(actor.roles)


def _level_of(roles: Collection[str]) -> int | None:
    found = next((x.number for x in ladder() if x.role in roles), None)
    return BRINGS if found is None and REPRESENTATIVE in roles else found


def officers(*, on: date) -> tuple[Officer, ...]:
    """Everybody who has a key and, on that day, a role of the ladder; staff representatives too.

    Shape: two statements, whatever the number of officers.
    """
    found = []
    accounts = Prefetch("user", whole_accounts())
    for row in OfficerKey.objects.prefetch_related(accounts).order_by("pk"):
        actor = actor_of(row.user, on=on)
        level = _level_of(actor.roles)
        if level is not None:
            persons = behind(actor)
            found.append(Officer(actor.id, row.user.pk, level, bytes(row.public), persons))
    return tuple(found)


def partakers(targets: Iterable[KnownTarget]) -> frozenset[str]:
    """References of those who wrote, advised on or decided one of the targets."""
    return frozenset(reference for target in targets for reference in target.people)


def free_of_conflict(
    found: Collection[Officer], *, partaking: Collection[str], kept_out: Collection[str]
) -> tuple[Officer, ...]:
    """Those who took no part, and whom the filer does not keep out. Whoever stands in for somebody counts as both.

    Of whom no reference can be made (their address was erased), it cannot be said that they took no part.
    """
    references = references_of({p for o in found for p in o.persons}) if partaking else {}

    def is_free(officer: Officer) -> bool:
        if officer.persons & set(kept_out):
            return False
        if not partaking:
            return True
        return all(p in references and references[p] not in partaking for p in officer.persons)

    return tuple(o for o in found if is_free(o))


def has_taken_part(actor: Actor, concern: Concern) -> bool:
    """Did the actor, or somebody for whom they stand in, take part in what the concern is about?"""
    partaking = partakers(KnownTarget.objects.filter(pk__in=concern.targets.values("target")))
    persons = behind(actor)
    references = references_of(persons) if partaking else {}
    return bool(partaking) and any(p not in references or references[p] in partaking for p in persons)


def count_by_level(found: Iterable[Officer]) -> Mapping[int, int]:
    """Number of a level -> people."""
    return Counter(o.level for o in found)
