"""The limbs on which an act can rest: the ids of the dated rules."""

from __future__ import annotations

from datetime import date

from penholder.actions.errors import InvalidError
from penholder.regime.regimes import regimes_on
from penholder.rules.records import did_you_mean


def limbs_on(on: date) -> dict[str, str]:
    """The limbs in force on a day: id -> title."""
    return {r.id: r.title for found in regimes_on(on) for r in found.rules if r.valid.covers(on)}


def check_limb(limb: str, *, on: date) -> None:
    """Raises: InvalidError where no rule of that id was in force on that day."""
    known = limbs_on(on)
    if limb not in known:
        raise InvalidError(
            f"no rule {limb!r} was in force on {on}{did_you_mean(limb, known)}",
            hint="`penholder regime list` shows the rules and their ids",
            fields={"limb": "is not the id of a rule that was in force on that day"},
        )
