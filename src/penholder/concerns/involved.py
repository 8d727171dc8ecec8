"""Whether somebody who dealt with a concern took part in what it is about. Opens nothing.

The authority's list names those who wrote, advised on and decided a target by references of staff; they are
compared with those of the people who acknowledged, wrote and signed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from penholder.actions.moment import today
from penholder.concerns import officers
from penholder.concerns.cases import Case, load
from penholder.concerns.models import KnownTarget, Signature
from penholder.concerns.values import Move
from penholder.people.queries import titles
from penholder.people.staff import references_of

DEALT = (Move.ACKNOWLEDGE, Move.ALLOCATE, Move.EXTEND, Move.MESSAGE, Move.PROPOSE)
_SIGNED = "sign"


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody did with a concern. took_part: in what it is about; None: not known (erased)."""

    person: str
    title: str
    level: int
    did: tuple[str, ...]
    took_part: bool | None


@dataclass(frozen=True, slots=True)
class Involved:
    """A concern, what it is about, who dealt with it, and who of the ladder was kept from it."""

    concern: str
    targets: tuple[tuple[str, str, int], ...]
    """(public id, title, number of people who took part in it)."""
    parts: tuple[Part, ...]
    kept_out: tuple[str, ...]
    """Functions of people of the ladder who took part in what it is about."""


def involved(*, id: str) -> Involved:  # noqa: A002 - public id
    """All of that. Raises: AbsentError."""
    case = load(id)
    about = list(KnownTarget.objects.filter(pk__in=case.row.targets.values("target")).order_by("public_id"))
    partaking = officers.partakers(about)
    did = _did(case)
    ladder = [o.id for o in officers.officers(on=today()) if o.level]
    references = references_of({*did, *ladder})
    named = titles([*did, *ladder])
    return Involved(
        concern=case.id,
        targets=tuple((t.public_id, t.title, len(t.people)) for t in about),
        parts=tuple(
            Part(
                person=person,
                title=named.get(person, person),
                level=level,
                did=tuple(dict.fromkeys(moves)),
                took_part=references[person] in partaking if person in references else None,
            )
            for person, (level, moves) in did.items()
        ),
        kept_out=tuple(sorted(named.get(p, p) for p in ladder if references.get(p) in partaking and p not in did)),
    )


def _did(case: Case) -> dict[str, tuple[int, list[str]]]:
    """Who dealt with it, in order -> their level, and what they did."""
    found: dict[str, tuple[int, list[str]]] = {}
    for step in case.steps:
        if step.person and step.move in DEALT:
            found.setdefault(step.person, (step.level, []))[1].append(step.move)
    for row in Signature.objects.filter(answer__concern=case.row).select_related("answer").order_by("pk"):
        found.setdefault(row.person, (row.answer.level, []))[1].append(_SIGNED)
    return found
