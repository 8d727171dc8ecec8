from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.stocktake.cells import Words
from penholder.analysis.stocktake.route import direct_users, direct_users_of, finals, finals_of

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


def test_a_final_destination_that_is_left_open_may_be_where_the_final_user_is() -> None:
    found = finals(
        place="XA", onward=None, end_user="commercial", onward_end_user="not_stated", end_user_state="XB",
        onward_open=True,
    )  # fmt: skip
    assert found == ("XB", "not_stated")


@pytest.mark.parametrize(
    ("end_user", "final_user", "onward", "expected"),
    [
        ("commercial", "not_stated", False, "commercial"),
        ("commercial", "unclear", True, "commercial"),
        ("commercial", "forces", False, "commercial;forces"),
        ("commercial", "forces", True, "commercial;final:forces"),
        ("academic", "forces;government", True, "academic;final:forces;final:government"),
        ("not_stated", "government", False, "government;not_stated"),
    ],
)
def test_a_final_user_without_a_place_is_a_user_in_the_stated_destination(
    end_user: str, final_user: str, *, onward: bool, expected: str
) -> None:
    assert direct_users(end_user=end_user, final_user=final_user, onward=onward) == expected


def words(values: list[str | None]) -> Words:
    names = tuple(dict.fromkeys(v for v in values if v is not None))
    return Words(np.array([len(names) if v is None else names.index(v) for v in values], np.int32), (*names, None))


def read(column: Words) -> list[str | None]:
    return [column.values[c] for c in column.codes.tolist()]


CLASSES = st.sampled_from(["not_stated", "forces", "commercial", "unclear", "forces;government"])
LINES = st.tuples(
    st.sampled_from(PLACES),
    st.sampled_from([None, "XB", "XB;XC"]),
    CLASSES,
    CLASSES,
    st.sampled_from([None, *PLACES]),
    st.booleans(),
)


@given(st.lists(LINES, min_size=1, max_size=30))
def test_many_lines_at_once_give_what_each_gives_alone(
    lines: list[tuple[str, str | None, str, str, str | None, bool]],
) -> None:
    place, onward, end_user, final_user, state, left_open = (list(column) for column in zip(*lines, strict=True))
    open_ = np.array(left_open, np.int32)
    positions = np.array([PLACES.index(p) for p in place], np.int32)
    found = finals_of(
        positions,
        PLACES,
        onward=words(onward),
        end_user=words(end_user),
        final_user=words(final_user),
        state=words(state),
        onward_open=open_,
    )
    alone = [
        finals(place=p, onward=o, end_user=u, onward_end_user=f, end_user_state=s, onward_open=w)
        for p, o, u, f, s, w in lines
    ]
    assert list(zip(*(read(column) for column in found), strict=True)) == alone

    users = direct_users_of(end_user=words(end_user), final_user=found[1], onward=found[0], onward_open=open_)
    assert read(users) == [
        direct_users(end_user=line[2], final_user=user, onward=line[5] or places is not None)
        for line, (places, user) in zip(lines, alone, strict=True)
    ]
