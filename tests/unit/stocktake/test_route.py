from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.stocktake.cells import Words
from penholder.analysis.stocktake.route import finals, finals_of

PLACES = ("XA", "XB", "XC")


@pytest.mark.parametrize(
    ("onward", "end_user", "onward_end_user", "state", "expected"),
    [
        (None, "commercial", "not_stated", None, (None, "not_stated")),
        (None, "commercial", "not_stated", "XA", (None, "not_stated")),
        (None, "commercial", "not_stated", "XB", ("XB", "commercial")),
        (None, "not_stated", "forces", "XB", ("XB", "forces")),
        ("XC", "commercial", "not_stated", "XB", ("XB;XC", "not_stated")),
        ("XB;XC", "commercial", "not_stated", "XB", ("XB;XC", "not_stated")),
        ("XC", "not_stated", "government", "XB", ("XB;XC", "government")),
    ],
)
def test_the_state_of_the_end_user_is_a_final_destination_of_goods_sent_elsewhere(
    onward: str | None, end_user: str, onward_end_user: str, state: str | None, expected: tuple[str | None, str]
) -> None:
    found = finals(
        place="XA", onward=onward, end_user=end_user, onward_end_user=onward_end_user, end_user_state=state
    )
    assert found == expected


def words(values: list[str | None]) -> Words:
    names = tuple(dict.fromkeys(v for v in values if v is not None))
    return Words(np.array([len(names) if v is None else names.index(v) for v in values], np.int32), (*names, None))


def read(column: Words) -> list[str | None]:
    return [column.values[c] for c in column.codes.tolist()]


CLASSES = st.sampled_from(["not_stated", "forces", "commercial"])
LINES = st.tuples(
    st.sampled_from(PLACES),
    st.sampled_from([None, "XB", "XB;XC"]),
    CLASSES,
    CLASSES,
    st.sampled_from([None, *PLACES]),
)


@given(st.lists(LINES, min_size=1, max_size=30))
def test_many_lines_at_once_give_what_each_gives_alone(
    lines: list[tuple[str, str | None, str, str, str | None]],
) -> None:
    place, onward, end_user, final_user, state = (list(column) for column in zip(*lines, strict=True))
    positions = np.array([PLACES.index(p) for p in place], np.int32)
    found = finals_of(
        positions,
        PLACES,
        onward=words(onward),
        end_user=words(end_user),
        final_user=words(final_user),
        state=words(state),
    )
    alone = [finals(place=p, onward=o, end_user=u, onward_end_user=f, end_user_state=s) for p, o, u, f, s in lines]
    assert list(zip(*(read(column) for column in found), strict=True)) == alone
