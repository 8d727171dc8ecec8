"""The final places and the users of a line by route: those published, and those that notes name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.stocktake.cells import Array, Words

NOT_STATED = "not_stated"
UNCLEAR = "unclear"
FINAL = "final:"
"""Before a class of the final user that may be a user in the stated destination too: never more than unknown."""


def finals(
    *,
    place: str | None,
    onward: str | None,
    end_user: str,
    onward_end_user: str,
    end_user_state: str | None,
    onward_open: bool = False,
) -> tuple[str | None, str]:
    """The final destinations and the class of the final user, for the onward route.

    A state of the end user other than the stated `place` is a final destination too: the goods are for its users.
    The class of the end user is that of the final user only where there is no other final destination, published
    or left open, and no final user is stated; a civil user in one state must not exclude users in another.
    """
    published = onward.split(LIST_SEPARATOR) if onward else []
    if end_user_state is None or end_user_state == place or end_user_state in published:
        return onward, onward_end_user
    places = LIST_SEPARATOR.join(sorted({*published, end_user_state}))
    alone = not published and not onward_open and onward_end_user == NOT_STATED
    return places, end_user if alone else onward_end_user


def direct_users(*, end_user: str, final_user: str, onward: bool) -> str:
    """The classes of users in the stated destination.

    A final user without a final destination is a user there. Where goods go on (`onward`: to stated places or to
    an unnamed one), the final user may be elsewhere: then its class, marked with FINAL, says no more than that.
    """
    stated = [c for c in final_user.split(LIST_SEPARATOR) if c not in {NOT_STATED, UNCLEAR, ""}]
    if not stated:
        return end_user
    mark = FINAL if onward else ""
    return LIST_SEPARATOR.join(sorted({*end_user.split(LIST_SEPARATOR), *(f"{mark}{c}" for c in stated)}))


def with_finals(record: Mapping[str, Any]) -> dict[str, Any]:
    """One line (columns of LICENCE_LINES) with its final places and its users by route filled in."""
    open_ = bool(record["onward_open"])
    onward, user = finals(
        place=record["corrected_destination"] or record["destination"],
        onward=record["onward"],
        end_user=record["end_user"],
        onward_end_user=record["onward_end_user"],
        end_user_state=record["end_user_state"],
        onward_open=open_,
    )
    direct = direct_users(end_user=record["end_user"], final_user=user, onward=onward is not None or open_)
    return {**record, "onward": onward, "end_user": direct, "onward_end_user": user}


def finals_of(
    places: Array,
    place_values: Sequence[str | None],
    *,
    onward: Words,
    end_user: Words,
    final_user: Words,
    state: Words,
    onward_open: Array,
) -> tuple[Words, Words]:
    """`finals` for n lines: final destinations and final users. Works on the few lines that name such a state.

    `onward_open`: 0 or 1; of length 1 where it is the same for all lines.
    """
    rows = np.flatnonzero(state.codes != len(state.values) - 1)
    if not len(rows):
        return onward, final_user
    open_ = np.broadcast_to(onward_open, len(state.codes))
    cells = (places, onward.codes, end_user.codes, final_user.codes, state.codes, open_)
    keys = np.stack([c[rows] for c in cells])
    distinct, inverse = np.unique(keys, axis=1, return_inverse=True)
    answers = [
        finals(
            place=place_values[p],
            onward=onward.values[o],
            end_user=end_user.values[u] or NOT_STATED,
            onward_end_user=final_user.values[f] or NOT_STATED,
            end_user_state=state.values[s],
            onward_open=bool(w),
        )
        for p, o, u, f, s, w in distinct.T.tolist()
    ]
    where = inverse.reshape(-1)
    return (
        _replaced(onward, rows, [places for places, _ in answers], where),
        _replaced(final_user, rows, [user for _, user in answers], where),
    )


def direct_users_of(*, end_user: Words, final_user: Words, onward: Words, onward_open: Array) -> Words:
    """`direct_users` for n lines. Works on the few lines that state a final user."""
    silent = np.array([v in {NOT_STATED, UNCLEAR, None} for v in final_user.values])
    if silent.all():
        return end_user
    rows = np.flatnonzero(~silent.take(final_user.codes))
    if not len(rows):
        return end_user
    goes_on = (onward.codes != len(onward.values) - 1) | (onward_open > 0)
    keys = np.stack([end_user.codes[rows], final_user.codes[rows], goes_on[rows].astype(np.int32)])
    distinct, inverse = np.unique(keys, axis=1, return_inverse=True)
    found = [
        direct_users(
            end_user=end_user.values[u] or NOT_STATED,
            final_user=final_user.values[f] or NOT_STATED,
            onward=bool(w),
        )
        for u, f, w in distinct.T.tolist()
    ]
    return _replaced(end_user, rows, found, inverse.reshape(-1))


def _replaced(words: Words, rows: Array, found: Sequence[str | None], where: Array) -> Words:
    """The same column with other words at some rows; the last value stays None."""
    values = tuple(dict.fromkeys([*words.values[:-1], *(f for f in found if f is not None)]))
    position = {v: i for i, v in enumerate(values)}
    codes = np.where(words.codes == len(words.values) - 1, len(values), words.codes).astype(np.int32)
    codes[rows] = np.array([len(values) if f is None else position[f] for f in found], np.int32)[where]
    return Words(codes, (*values, None))
