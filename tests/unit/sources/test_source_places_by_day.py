from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.sources.arrays import Places
from penholder.analysis.sources.convert import Cells
from penholder.analysis.sources.places import resolve
from penholder.analysis.sources.places.tables import load_tables
from penholder.kernel.dates import EPOCH

NAMES = [*load_tables().dated, *list(load_tables().non_countries)[:5], "XA", "Italy", "IT", "Grand Fenwick"]
DAYS = st.integers(-20_000, 25_000)


@given(st.lists(st.tuples(st.sampled_from(NAMES), DAYS), min_size=1, max_size=40))
def test_the_place_of_every_row_is_that_of_its_own_day(pairs: list[tuple[str, int]]) -> None:
    names = list(dict.fromkeys(name for name, _ in pairs))
    index = np.array([names.index(name) for name, _ in pairs])
    days = np.array([day for _, day in pairs])
    ours = Places().of(Cells(index, list(names)), days).each()
    assert ours == [resolve(name, on=EPOCH + timedelta(days=day)) for name, day in pairs]


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True), DAYS, DAYS)
def test_a_cell_of_several_names_gives_sorted_codes_of_the_day(names: list[str], first: int, last: int) -> None:
    cells = Cells(np.array([0, 0, 1]), [";".join(names), None])
    ours = Places().codes_of(cells, np.array([first, last, first])).each()
    theirs = [
        ";".join(sorted({resolve(n, on=EPOCH + timedelta(days=day)).code for n in names})) for day in (first, last)
    ]
    assert ours == [*theirs, None]
