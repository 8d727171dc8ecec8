"""Who counts as having done an act: whoever did it, and everybody for whom they stood in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from penholder.actions.models import Act
from penholder.actions.values import NOBODY, RECOVERED, SYSTEM, Actor

NOT_PERSONS = frozenset({SYSTEM.id, NOBODY.id, RECOVERED})
_CHUNK = 400


def behind(actor: Actor) -> frozenset[str]:
    """Ids of the people whose act it is, if this actor acts now."""
    return actor.stands_in_for | {actor.id}


def behind_act(act: Act) -> frozenset[str]:
    """Ids of the people whose act it was."""
    return frozenset((act.actor, *act.stood_in_for.split()))


def took_part(about: Collection[str], *, acts: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Subject -> ids of the people behind these acts on it. For conflicts of interest; some hundred at a time."""
    wanted = sorted(set(about))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for first in range(0, len(wanted), _CHUNK):
        for act in Act.objects.filter(about__in=wanted[first : first + _CHUNK], act__in=acts):
            found[act.about] |= behind_act(act) - NOT_PERSONS
    return {subject: frozenset(found.get(subject, ())) for subject in wanted}


@dataclass(frozen=True, slots=True)
class Participants:
    """Who took part in a thing, by staff id: conflicts of interest are computed from it."""

    wrote: frozenset[str]
    advised: frozenset[str]
    countersigned: frozenset[str]
    decided: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Everybody."""
        return self.wrote | self.advised | self.countersigned | self.decided


def participants_of(acts: Iterable[Act], *, parts: Mapping[str, Collection[str]]) -> Participants:
    """Who stands behind these acts. parts: wrote, advised, countersigned, decided -> names of acts."""
    done = [(act.act, behind_act(act)) for act in acts]

    def by(names: Collection[str]) -> frozenset[str]:
        return frozenset(person for act, people in done if act in names for person in people)

    return Participants(**{part: by(names) for part, names in parts.items()})


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


__all__ = [
    "NOT_PERSONS",
    "Participants",
    "acts_of",
    "behind",
    "behind_act",
    "participants_of",
    "read_said",
    "said_of",
    "took_part",
]
