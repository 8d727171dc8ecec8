from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.sources.convert import hashes_of
from penholder.analysis.sources.repeats import EXACT_REPEAT, KEEP, REPEATED_ID, Repeats

ROWS = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz")), max_size=60)


def settled(
    folder: Path, rows: list[tuple[str, str]], *, block: int, unique: bool = False, keep: bool = False
) -> list[tuple[int, int, int]]:
    repeats = Repeats(folder, unique_keys=unique, keep_repeats=keep)
    blocks = [rows[i : i + block] for i in range(0, len(rows), block)]
    for number, some in enumerate(blocks):
        lines = np.arange(number * block + 2, number * block + 2 + len(some))
        repeats.add(hashes_of([k for k, _ in some]), np.array([hash(r) for r in some], dtype=np.int64), lines)
    repeats.settle()
    found = [
        tuple(int(v) for v in (f["state"], f["ordinal"], f["first"])) for _ in blocks for f in repeats.block()
    ]
    repeats.close()
    assert list(folder.iterdir()) == []
    return found  # type: ignore[return-value]


@given(ROWS, st.integers(1, 20))
def test_repeats_and_ordinals_equal_a_plain_count_in_any_order_and_any_blocks(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], block: int
) -> None:
    found = settled(tmp_path_factory.mktemp("repeats"), rows, block=block)
    first: dict[tuple[str, str], int] = {}
    count: Counter[str] = Counter()
    for i, (row, (state, ordinal, repeated)) in enumerate(zip(rows, found, strict=True)):
        if row in first:
            assert (state, repeated) == (EXACT_REPEAT, first[row])
        else:
            first[row] = i + 2
            count[row[0]] += 1
            assert (state, ordinal) == (KEEP, count[row[0]])


@given(ROWS)
def test_where_keys_are_unique_a_second_row_of_a_key_is_a_repeated_id(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    found = settled(tmp_path_factory.mktemp("repeats"), rows, block=7, unique=True)
    kept = [row[0] for row, (state, _, _) in zip(rows, found, strict=True) if state == KEEP]
    assert sorted(kept) == sorted({k for k, _ in rows})
    assert all(
        state == EXACT_REPEAT for row, (state, _, _) in zip(rows[1:], found[1:], strict=True) if row in rows[:1]
    )


def test_a_repeated_id_names_the_line_that_has_it(tmp_path: Path) -> None:
    found = settled(tmp_path, [("a", "x"), ("b", "x"), ("a", "y")], block=2, unique=True)
    assert found[2] == (REPEATED_ID, 2, 2)


def test_repeats_are_kept_where_the_mapping_says_so(tmp_path: Path) -> None:
    found = settled(tmp_path, [("a", "x")] * 3, block=2, keep=True)
    assert [(state, ordinal) for state, ordinal, _ in found] == [(KEEP, 1), (KEEP, 2), (KEEP, 3)]
