"""What changed between two versions of an application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from penholder.casework.dossier import Dossier, Held
from penholder.casework.parts import Application, Rating
from penholder.casework.values import PartKind


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that differs. None: it was, or is, not there. Values as texts of the answer."""

    field: str
    before: str | None
    after: str | None


def difference(before: Application, after: Application) -> tuple[Change, ...]:
    """Every answer that differs, in the order of the application. Lines and parties are compared by number."""
    then, now = dict(_leaves("", before)), dict(_leaves("", after))
    named = dict.fromkeys((*then, *now))
    return tuple(Change(n, then.get(n), now.get(n)) for n in named if then.get(n) != now.get(n))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if is_dataclass(value):
        for field in fields(value):
            yield from _leaves(f"{name}.{field.name}".lstrip("."), getattr(value, field.name))
    elif isinstance(value, tuple) and any(is_dataclass(v) for v in value):
        for number, one in enumerate(value, start=1):
            yield from _leaves(f"{name}.{number}", one)
    elif value is not None:
        yield name, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_text(v) for v in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.value) if isinstance(value, StrEnum) else str(value)


def changed_since(dossier: Dossier, number: int) -> tuple[str, ...]:
    """What of that on which advice stands is another today than at a version of the case; empty: nothing.

    Goods, what they were rated, parties, route, and the end use but for what would harm the exporter.
    """
    then, now = _advised_on(dossier, until=number), _advised_on(dossier, until=dossier.version)
    return tuple(part for part in now if then[part] != now[part])


def _advised_on(dossier: Dossier, *, until: int) -> Mapping[str, object]:
    application = next(r.value for r in reversed(dossier.of(PartKind.APPLICATION)) if r.number <= until)
    ratings = {r.value.line: _rated(r.value) for r in dossier.of(PartKind.RATING) if r.number <= until}
    return {
        "goods": application.goods,
        "ratings": {line: said for line, said in ratings.items() if line <= len(application.goods)},
        "parties": application.parties,
        "route": application.route,
        "end use": replace(application.end_use, harm_of_disclosure=None),
    }


def _rated(rating: Rating) -> tuple[object, ...]:
    """What a rating says of the goods; its words are left out."""
    return frozenset(rating.ratings), None if rating.roles is None else frozenset(rating.roles)


def silent_before_change(dossier: Dossier) -> dict[str, tuple[str, ...]]:
    """Departments that found nothing under any limb, and what changed since they were heard.

    Of those that found something, the findings that are taken over say why they hold.
    """
    heard: dict[str, Held[Any]] = {d: row for d, row in dossier.newest_advice.items() if not row.value.findings}
    for department, waived in dossier.waived.items():
        if department in heard and waived.number > heard[department].number:
            heard[department] = waived
    found = {department: changed_since(dossier, row.number) for department, row in heard.items()}
    return {department: changed for department, changed in found.items() if changed}
