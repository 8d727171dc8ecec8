"""The ladder: the levels that a concern climbs. The top is outside the authority, or the channel does not open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from penholder.concerns.errors import LadderError

_KEYS = frozenset({"name", "role", "outside"})
ROLES = ("concern_owner", "nominated_officer", "concern_reviewer", "concern_instance")
"""Roles of the table (people/data/roles.yaml) that a level can have."""
OUTSIDE_ROLE = "concern_instance"
NEEDED = 2
"""People without a conflict that a level needs for a concern: one who answers, another who signs."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its number from 1, how the office is called, who is of it, and whether it is outside."""

    number: int
    name: str
    role: str
    outside: bool


def read_ladder(given: Sequence[Mapping[str, Any]]) -> tuple[Level, ...]:
    """The ladder of penholder.toml, `[[ladder]]` by `[[ladder]]` from below. Raises: LadderError."""
    levels = []
    for number, row in enumerate(given, start=1):
        if not isinstance(row, Mapping) or set(row) - _KEYS or not str(row.get("name", "")).strip():
            raise LadderError(
                f"penholder.toml: level {number} of the ladder cannot be read",
                hint='write [[ladder]], name = "…", role = "…", outside = true or false',
            )
        if row.get("role") not in ROLES or not isinstance(row.get("outside", False), bool):
            raise LadderError(
                f"penholder.toml: level {number} of the ladder has the role {row.get('role')!r}",
                hint=f"allowed: {', '.join(ROLES)}; outside = true or false",
            )
        levels.append(Level(number, str(row["name"]).strip(), str(row["role"]), bool(row.get("outside", False))))
    check_ladder(levels)
    return tuple(levels)


def check_ladder(levels: Sequence[Level]) -> None:
    """Raises: LadderError: it does not end outside the authority, goes back in, or names an office twice."""
    if not levels or not levels[-1].outside:
        raise LadderError(
            "the ladder of concerns does not end at an instance outside the authority: the channel stays closed",
            hint='name one as the last [[ladder]] of penholder.toml: role = "concern_instance", outside = true',
        )
    if levels[-1].role != OUTSIDE_ROLE or any(x.outside != (x.role == OUTSIDE_ROLE) for x in levels):
        raise LadderError(
            f"the instance outside has the role {OUTSIDE_ROLE}, and nobody else has it",
            hint="who is outside belongs to no other level",
        )
    if len(levels) < NEEDED or len({x.role for x in levels}) < len(levels) or levels[0].outside:
        raise LadderError(
            "the ladder needs a level inside and one outside, each of a role of its own",
            hint=f"roles: {', '.join(ROLES)}",
        )


def usual_ladder(outside: str) -> tuple[dict[str, Any], ...]:
    """The ladder that `penholder init` writes: owner, nominated officer, and the named instance outside."""
    return (
        {"name": "Head of the unit that owns the matter", "role": "concern_owner", "outside": False},
        {"name": "Nominated officer", "role": "nominated_officer", "outside": False},
        {"name": outside, "role": OUTSIDE_ROLE, "outside": True},
    )


def levels_for(free: Mapping[int, int], levels: Sequence[Level], *, above: int = 0) -> tuple[int, ...]:
    """The levels that can hear a concern: those with enough people who are free to. The top always counts.

    Args:
        free: number of a level -> people with keys and without a conflict.
        above: only levels above this one.
    """
    top = levels[-1].number
    return tuple(
        x.number for x in levels if x.number > above and (free.get(x.number, 0) >= NEEDED or x.number == top)
    )
