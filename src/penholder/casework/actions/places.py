"""Places in an application, kept as codes where a table knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from penholder.assessment.places import code_of
from penholder.casework.parts import Leg, Party

P = TypeVar("P", Leg, Party)


def with_codes(given: P, *, on: date, field: str) -> P:
    """The same with its places as codes. Raises: InvalidError where no table knows one."""
    coded = replace(given, place=code_of(given.place, on=on, field=f"{field}.place"))
    if isinstance(coded, Party) and coded.state:
        return replace(coded, state=code_of(coded.state, on=on, field=f"{field}.state"))
    return coded


def kept_places(given: Sequence[Leg | Party], coded: Sequence[Leg | Party]) -> tuple[str, ...]:
    """What was kept otherwise than it was written, in sentences without their stop."""
    pairs = {(g.place, c.place) for g, c in zip(given, coded, strict=True) if g.place != c.place}
    return tuple(f"{name} is kept as {code}" for name, code in sorted(pairs))
