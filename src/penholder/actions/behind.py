"""Who counts as having done an act: whoever did it, and everybody for whom they stood in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from penholder.actions.models import Act
from penholder.actions.values import Actor


def behind(actor: Actor) -> frozenset[str]:
    """Ids of the people whose act it is, if this actor acts now."""
    return actor.stands_in_for | {actor.id}


def behind_act(act: Act) -> frozenset[str]:
    """Ids of the people whose act it was."""
    return frozenset((act.actor, *act.stood_in_for.split()))


def said_of(actor: Actor) -> str | dict[str, Any]:
    """What the entry seals as `actor`: the id, and for whom they stood in where they did.

    One value, so that nobody can show who acted and leave out in whose place.
    """
    if not actor.stands_in_for:
        return actor.id
    return {"id": actor.id, "stood_in_for": sorted(actor.stands_in_for)}


def read_said(value: Any) -> tuple[str, tuple[str, ...]] | None:
    """Who acted, and for whom they stood in, from the sealed `actor`. None: it says neither."""
    if isinstance(value, str):
        return value, ()
    if isinstance(value, dict) and value.keys() == {"id", "stood_in_for"}:
        return value["id"], tuple(value["stood_in_for"])
    return None


def acts_of(persons: Collection[str], acts: QuerySet[Act]) -> Iterator[Act]:
    """Those of the acts behind which one of these people stands. One statement.

    So two deputies of one person are one, and never two people.
    """
    if not persons:
        return
    by_them = Q(actor__in=persons)
    for person in persons:
        by_them |= Q(stood_in_for__contains=person)
    known = frozenset(persons)
    yield from (act for act in acts.filter(by_them) if known & behind_act(act))


__all__ = ["acts_of", "behind", "behind_act", "read_said", "said_of"]
