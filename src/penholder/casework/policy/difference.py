"""What changed between two versions of an application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from penholder.casework.dossier import Dossier, Held
from penholder.casework.parts import Advice, Application
from penholder.casework.policy.complete import GOODS, PARTIES, ROUTE
from penholder.casework.values import PartKind

_ADVISED_ON = (GOODS, PARTIES, ROUTE)
"""Parts of an application on which an advice stands: it holds no longer by itself when one is another."""


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


def changed_since(dossier: Dossier, advice: Held[Advice]) -> tuple[str, ...]:
    """Which of goods, parties and route are others today than those that an advice was given on; empty: none."""
    then = next(r.value for r in dossier.of(PartKind.APPLICATION) if r.number == advice.value.application)
    now = dossier.application
    return tuple(part for part in _ADVISED_ON if getattr(then, part) != getattr(now, part))


def changed_parts(changes: tuple[Change, ...]) -> Mapping[str, int]:
    """Part of the application -> how many answers differ."""
    found: dict[str, int] = {}
    for change in changes:
        part = change.field.partition(".")[0]
        found[part] = found.get(part, 0) + 1
    return found
