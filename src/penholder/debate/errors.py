"""What can stand in the way of an act in the debate, beside what holds everywhere."""

from __future__ import annotations

from penholder.actions.errors import RefusedError
from penholder.kernel.errors import PenholderError


class LimitError(PenholderError):
    """The account has done this as often as it may in a time."""

    code = "limit"


class StandingError(RefusedError):
    """The account may not take part as it is: no member, no active membership, rules not accepted, a measure."""

    code = "standing"
