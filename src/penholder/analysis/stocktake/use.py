"""The three-valued answer per line, on small integer arrays: AND of three questions, OR over parties and routes.

One byte (uint8) holds a truth value and what it rests on, so that AND is `np.minimum` and OR is `np.maximum`:

    0, 1, 2      no: by the operator, the means, the end user (Exclusion)
    16 + cause   unknown: by that Cause
    32           yes, taking a line on a military list whose end user is not stated to go to forces
    33           yes

AND (the minimum) keeps the first reason of a no and the first cause of an unknown. For OR the unknowns are turned
over (`facing_or`), so that the maximum prefers yes, then the unknown with the first cause, then the no that came
furthest through the three questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penholder.analysis.stocktake.cells import Array
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion

UNKNOWN = 16
YES_NOT_STATED = 32
YES = 33
_TURN = 15


def no(reason: Exclusion) -> int:
    """The byte of a no."""
    return int(reason)


def unknown(cause: Cause) -> int:
    """The byte of an unknown."""
    return UNKNOWN + int(cause)


def facing_or(codes: Array) -> Array:
    """Turn the unknowns over: 16 + cause becomes 31 - cause. Its own inverse."""
    return np.asarray(codes ^ (((codes & UNKNOWN) >> 4) * np.uint8(_TURN)))


def any_of(codes: Sequence[int]) -> int:
    """OR of bytes; of nothing: no, by the operator (a route without a place)."""
    if not codes:
        return no(Exclusion.DESTINATION_OPERATES_NO_PARTY)
    return int(facing_or(np.max(facing_or(np.array(codes, np.uint8)), keepdims=True))[0])


def truth(codes: Array) -> Array:
    """Use (or Truth) of bytes: 0 no, 1 unknown, 2 yes."""
    return np.asarray(codes >> 4)


def causes(codes: Array) -> Array:
    """Cause (or Exclusion) of bytes that are unknown (or no)."""
    return np.asarray(codes & _TURN)


@dataclass(frozen=True, slots=True)
class Questions:
    """The answers to the three questions for n lines, one array of n bytes per group of parties.

    Parties of the profile that used the same means, and count the same end users as their forces, are one group.
    """

    operator_direct: Sequence[Array]
    operator_onward: Sequence[Array]
    means: Sequence[Array]
    end_user_direct: Sequence[Array]
    end_user_onward: Sequence[Array]


@dataclass(frozen=True, slots=True)
class Answers:
    """Per line: the byte of `use`; whether the direct route alone gives it (bool); the groups of parties through
    which it could have been used (bit g of uint8/uint64, 0 unless could)."""

    codes: Array
    direct: Array
    groups: Array


def decide(questions: Questions) -> Answers:
    """Combine the questions: OR over groups and routes of AND(operator, means, end user).

    Shape: G arrays of n bytes per question -> n bytes.
    """
    groups = len(questions.means)
    best_direct = best = through = None
    for g in range(groups):
        direct = np.minimum(questions.operator_direct[g], questions.means[g])
        np.minimum(direct, questions.end_user_direct[g], out=direct)
        onward = np.minimum(questions.operator_onward[g], questions.means[g])
        np.minimum(onward, questions.end_user_onward[g], out=onward)
        direct, onward = facing_or(direct), facing_or(onward)
        both = np.maximum(direct, onward)
        yes = _bit(both >= YES_NOT_STATED, g, groups)
        best_direct = direct if best_direct is None else np.maximum(best_direct, direct)
        best = both if best is None else np.maximum(best, both)
        through = yes if through is None else through | yes
    if best is None or best_direct is None or through is None:
        msg = "a profile has at least one group of parties"
        raise ValueError(msg)
    return Answers(facing_or(best), truth(best_direct) == truth(best), through)


def _bit(where: Array, position: int, count: int) -> Array:
    kind = np.uint8 if count <= 8 else np.uint64
    return np.asarray(where.astype(kind) << kind(position))
