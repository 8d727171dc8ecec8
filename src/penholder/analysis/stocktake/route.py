"""The final places and final users of a line: those published, and the state of the end user that a note names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.stocktake.cells import Array, Words

NOT_STATED = "not_stated"


def finals(
    *, place: str | None, onward: str | None, end_user: str, onward_end_user: str, end_user_state: str | None
) -> tuple[str | None, str]:
    """The final destinations and the class of the final user, for the onward route.

    A state of the end user other than the stated `place` is a final destination too: the goods are for its users.
    The class of the end user is that of the final user only where no other final destination is published and no
    final user is stated; a civil user in one state must not exclude users in another.
    """
    published = onward.split(LIST_SEPARATOR) if onward else []
    if end_user_state is None or end_user_state == place or end_user_state in published:
        return onward, onward_end_user
    places = LIST_SEPARATOR.join(sorted({*published, end_user_state}))
    user = end_user if not published and onward_end_user == NOT_STATED else onward_end_user
    return places, user


def with_finals(record: Mapping[str, Any]) -> dict[str, Any]:
    """One line (columns of LICENCE_LINES) with its final places and users filled in."""
    onward, user = finals(
        place=record["corrected_destination"] or record["destination"],
        onward=record["onward"],
        end_user=record["end_user"],
        onward_end_user=record["onward_end_user"],
        end_user_state=record["end_user_state"],
    )
    return {**record, "onward": onward, "onward_end_user": user}


def finals_of(
    places: Array,
    place_values: Sequence[str | None],
    *,
    onward: Words,
    end_user: Words,
    final_user: Words,
    state: Words,
) -> tuple[Words, Words]:
    """`finals` for n lines: final destinations and final users. Works on the few lines that name such a state."""
    rows = np.flatnonzero(state.codes != len(state.values) - 1)
    if not len(rows):
        return onward, final_user
    keys = np.stack([c[rows] for c in (places, onward.codes, end_user.codes, final_user.codes, state.codes)])
    distinct, inverse = np.unique(keys, axis=1, return_inverse=True)
    answers = [
        finals(
            place=place_values[p],
            onward=onward.values[o],
            end_user=end_user.values[u] or NOT_STATED,
            onward_end_user=final_user.values[f] or NOT_STATED,
            end_user_state=state.values[s],
        )
        for p, o, u, f, s in distinct.T.tolist()
    ]
    where = inverse.reshape(-1)
    return (
        _replaced(onward, rows, [places for places, _ in answers], where),
        _replaced(final_user, rows, [user for _, user in answers], where),
    )


def _replaced(words: Words, rows: Array, found: Sequence[str | None], where: Array) -> Words:
    """The same column with other words at some rows; the last value stays None."""
    values = tuple(dict.fromkeys([*words.values[:-1], *(f for f in found if f is not None)]))
    position = {v: i for i, v in enumerate(values)}
    codes = np.where(words.codes == len(words.values) - 1, len(values), words.codes).astype(np.int32)
    codes[rows] = np.array([len(values) if f is None else position[f] for f in found], np.int32)[where]
    return Words(codes, (*values, None))
