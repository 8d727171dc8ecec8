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
    best = max(code ^ _TURN if code & UNKNOWN else code for code in codes)
    return best ^ _TURN if best & UNKNOWN else best


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
    which it could have been used (bit g of uint8 or uint64, 0 unless could); and the three questions taken apart,
    as `pack` packs them."""

    codes: Array
    direct: Array
    groups: Array
    apart: Array


def decide(questions: Questions) -> Answers:
    """Combine the questions: OR over groups and routes of AND(operator, means, end user).

    Shape: G >= 1 arrays of n bytes per question -> n bytes.
    """
    q, groups = questions, range(len(questions.means))
    direct = [_term(q.operator_direct[g], q.means[g], q.end_user_direct[g]) for g in groups]
    onward = [_term(q.operator_onward[g], q.means[g], q.end_user_onward[g]) for g in groups]
    best_direct = _or(direct)
    best = np.maximum(best_direct, _or(onward))
    wide = np.uint8 if len(groups) <= 8 else np.uint64
    through = np.zeros(best.shape, wide)
    for g in groups:
        through |= np.where(np.maximum(direct[g], onward[g]) >= YES_NOT_STATED, wide(1 << g), wide(0))
    return Answers(
        facing_or(best),
        truth(best_direct) == truth(best),
        through,
        _taken_apart(q),
    )


def _term(operator: Array, means: Array, end_user: Array) -> Array:
    """AND of the three questions, turned so that the maximum is OR."""
    return facing_or(np.minimum(np.minimum(operator, means), end_user))


def _or(terms: Sequence[Array]) -> Array:
    best = terms[0]
    for term in terms[1:]:
        best = np.maximum(best, term)
    return best


def _taken_apart(q: Questions) -> Array:
    """The three questions one by one: means and end user over the parties and routes that the operator leaves
    open; where it leaves none, over the parties and the direct route."""
    operator = _any([*q.operator_direct, *q.operator_onward])
    shut = operator == 0
    means, end_user = [], []
    for g, goods in enumerate(q.means):
        for places, users in (
            (q.operator_direct[g], q.end_user_direct[g]),
            (q.operator_onward[g], q.end_user_onward[g]),
        ):
            is_open = places >= UNKNOWN
            means.append((is_open | shut) * truth(goods))
            end_user.append(is_open * truth(users))
        end_user.append(shut * truth(q.end_user_direct[g]))
    return pack(operator, _or(means), _or(end_user))


def _any(codes: Sequence[Array]) -> Array:
    """Kleene OR of bytes as Truth."""
    return _or([truth(c) for c in codes])


def pack(operator: Array, means: Array, end_user: Array) -> Array:
    """Three truths in one byte: operator in bits 0-1, means in bits 2-3, end user in bits 4-5."""
    return np.asarray(operator | means << np.uint8(2) | end_user << np.uint8(4))


def unpack(apart: Array, question: int) -> Array:
    """Truth of question 0 (operator), 1 (means) or 2 (end user)."""
    return np.asarray(apart >> np.uint8(2 * question) & np.uint8(3))
