"""Counts of incidents per line: exact cases, every memory path against all pairs, and refused input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.stocktake import kernel, kernel_tables
from penholder.analysis.stocktake.kernel import Incidents, Lines, count_incidents, count_sets

GROUND, NAVAL, SIEGE = 1, 2, 4


def _days(*values: int) -> Any:
    return np.array(values, np.int32)


def _count(
    *,
    windows: list[tuple[int, int]],
    incidents: list[tuple[int, int, int]],
    reach: int = GROUND,
    group: int = 0,
) -> list[int]:
    """Counts for lines of one reach; incidents are (start, end, mask), all of group 0."""
    counts = count_incidents(
        line_group=np.full(len(windows), group),
        line_reach=np.zeros(len(windows), np.int64),
        line_from=_days(*(a for a, _ in windows)),
        line_until=_days(*(b for _, b in windows)),
        reach_masks=np.array([reach]),
        incident_group=np.zeros(len(incidents), np.int64),
        incident_mask=np.array([m for _, _, m in incidents]),
        incident_start=_days(*(s for s, _, _ in incidents)),
        incident_end=_days(*(e for _, e, _ in incidents)),
        groups=2,
    )
    assert counts.dtype == np.int32
    return [int(c) for c in counts]


def test_both_ends_of_a_window_belong_to_it() -> None:
    windows = [(8, 9), (8, 10), (10, 10), (10, 12), (11, 12)]
    assert _count(windows=windows, incidents=[(10, 10, GROUND)]) == [0, 1, 1, 1, 0]


def test_an_incident_known_to_the_month_counts_where_it_can_have_happened() -> None:
    windows = [(0, 4), (0, 5), (20, 21), (34, 40), (35, 40), (0, 100)]
    assert _count(windows=windows, incidents=[(5, 34, GROUND)]) == [0, 1, 1, 1, 0, 1]


def test_an_incident_with_several_reached_means_counts_once() -> None:
    incidents = [(5, 5, GROUND | NAVAL), (6, 6, NAVAL | SIEGE), (7, 7, SIEGE)]
    assert _count(windows=[(0, 9)], incidents=incidents, reach=GROUND | NAVAL) == [2]


def test_an_empty_window_counts_nothing_even_inside_a_long_incident() -> None:
    assert _count(windows=[(10, 9), (10, 3)], incidents=[(0, 30, GROUND)]) == [0, 0]


def test_a_line_without_a_group_or_with_an_empty_group_counts_nothing() -> None:
    assert _count(windows=[(0, 9)], incidents=[(5, 5, GROUND)], group=-1) == [0]
    assert _count(windows=[(0, 9)], incidents=[(5, 5, GROUND)], group=1) == [0]


def test_a_line_that_reaches_nothing_counts_nothing() -> None:
    assert _count(windows=[(0, 9)], incidents=[(5, 5, GROUND), (6, 6, 0)], reach=0) == [0]


def test_the_highest_bit_of_a_mask_is_a_means_like_any_other() -> None:
    high = np.array([1 << 63], np.uint64)
    one, day = np.zeros(1, np.int64), _days(5)
    counts = count_incidents(
        line_group=one, line_reach=one, line_from=day, line_until=day, reach_masks=high,
        incident_group=one, incident_mask=high, incident_start=day, incident_end=day, groups=1,
    )  # fmt: skip
    assert counts.tolist() == [1]


def test_windows_without_end_and_from_the_beginning_of_time() -> None:
    widest = (-(2**31), 2**31 - 1)
    assert _count(windows=[widest, (2**31 - 1, 2**31 - 1)], incidents=[(5, 5, GROUND)]) == [1, 0]


def test_one_bit_of_every_32_incidents_is_kept_exactly() -> None:
    # 100 incidents fill three rows of the rank directory and a bit of a fourth: every prefix must be right.
    incidents = [(day, day, GROUND if day % 3 else NAVAL) for day in range(100)]
    windows = [(0, last) for last in range(100)]
    expected = [sum(1 for day in range(last + 1) if day % 3) for last in range(100)]
    assert _count(windows=windows, incidents=incidents) == expected


def test_without_masks_every_incident_of_the_group_counts() -> None:
    counts = count_incidents(
        line_group=np.array([0, 1, -1]), line_from=_days(0, 0, 0), line_until=_days(9, 9, 9),
        incident_group=np.array([0, 0, 1]), incident_start=_days(1, 20, 9), incident_end=_days(1, 20, 12),
        groups=2,
    )  # fmt: skip
    assert counts.tolist() == [1, 1, 0]


def test_no_lines_and_no_incidents() -> None:
    none = np.zeros(0, np.int64)
    some, day = np.zeros(2, np.int64), _days(1, 2)
    empty = count_incidents(
        line_group=none, line_from=none, line_until=none,
        incident_group=some, incident_start=day, incident_end=day, groups=1,
    )  # fmt: skip
    zero = count_incidents(
        line_group=some, line_from=day, line_until=day,
        incident_group=none, incident_start=none, incident_end=none, groups=1,
    )  # fmt: skip
    assert (empty.tolist(), zero.tolist()) == ([], [0, 0])


@dataclass(frozen=True)
class World:
    """Random lines and three sets of incidents: with masks, with single bits, and without masks."""

    lines: Lines
    sets: tuple[Incidents, ...]
    groups: int
    masks: Any

    def expected(self) -> list[list[int]]:
        """The counts from all pairs of a line and an incident."""
        return [[self._pairs(i, line) for line in range(self.lines.size)] for i in self.sets]

    def _pairs(self, incidents: Incidents, line: int) -> int:
        first, last = int(self.lines.first[line]), int(self.lines.last[line])
        assert self.lines.reach is not None
        reach = int(self.masks[self.lines.reach[line]])
        return sum(
            first <= last
            and int(incidents.group[i]) == int(self.lines.group[line])
            and (incidents.mask is None or bool(int(incidents.mask[i]) & reach))
            and int(incidents.start[i]) <= last
            and int(incidents.end[i]) >= first
            for i in range(incidents.size)
        )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    groups, bits, width = draw(st.integers(1, 5)), draw(st.integers(1, 9)), draw(st.sampled_from([3, 40, 700_000]))
    lines, reaches = draw(st.integers(0, 40)), draw(st.integers(1, 12))
    first = rng.integers(-width, width, lines).astype(np.int32)
    made = Lines(
        rng.integers(-1, groups, lines),
        first,
        first + rng.integers(-3, 30, lines).astype(np.int32),
        rng.integers(0, reaches, lines),
    )
    several = _incidents(rng, draw(st.integers(0, 80)), groups, width, lambda n: rng.integers(0, 1 << bits, n))
    single = _incidents(rng, draw(st.integers(0, 80)), groups, width, lambda n: 1 << rng.integers(0, bits, n))
    silent = _incidents(rng, draw(st.integers(0, 80)), groups, width, lambda _: None)
    return World(made, (several, single, silent), groups, rng.integers(0, 1 << bits, reaches))


def _incidents(rng: Any, n: int, groups: int, width: int, masks: Any) -> Incidents:
    start = rng.integers(-width, width, n).astype(np.int32)
    length = rng.integers(0, 20, n).astype(np.int32) * rng.integers(0, 2)
    return Incidents(rng.integers(0, groups, n), start, start + length, masks(n))


def _counted(world: World, **options: Any) -> list[list[int]]:
    counts = count_sets(world.lines, world.sets, groups=world.groups, reach_masks=world.masks, **options)
    return [c.tolist() for c in counts]


@given(world=worlds())
def test_the_counts_are_those_of_all_pairs(world: World) -> None:
    assert _counted(world) == world.expected()


@given(world=worlds())
def test_the_counts_do_not_depend_on_how_the_work_is_cut(world: World) -> None:
    expected = world.expected()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "_UNSORTED", 0)  # lines are put in order of group
        patch.setattr(kernel, "_WORTH_THREADS", 4)  # several threads
        patch.setattr(kernel, "_SLAB", 16)
        patch.setattr(kernel, "_BLOCK", 5)
        assert _counted(world, threads=2) == expected
        patch.setattr(kernel, "_TABLE_WORDS", 12)  # signatures in several passes
        patch.setattr(kernel, "_CELLS", 128)  # groups in several passes
        patch.setattr(kernel_tables, "_CHUNK", 16)
        patch.setattr(kernel_tables, "_ONE_PRODUCT", 0)  # as for millions of incidents
        assert _counted(world, threads=1) == expected


def test_many_groups_are_counted_as_few_are() -> None:
    groups = 70_000  # beyond what is sorted by one or two bytes
    ids = np.arange(groups)
    day = np.zeros(groups, np.int32)
    counts = count_incidents(
        line_group=ids[::-1].copy(), line_from=day, line_until=day,
        incident_group=np.repeat(ids, ids % 3), incident_start=np.zeros(int((ids % 3).sum()), np.int32),
        incident_end=np.zeros(int((ids % 3).sum()), np.int32), groups=groups,
    )  # fmt: skip
    assert (counts == ids[::-1] % 3).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"line_from": _days(1, 2)}, r"line arrays differ in length: \[1, 2, 1, 1\]"),
        ({"incident_end": _days(1, 2)}, "incident arrays differ in length"),
        ({"incident_end": _days(4)}, "an incident ends before it starts"),
        ({"line_group": _days(2)}, "line_group must be -1 to 1, not 2 to 2"),
        ({"incident_group": _days(-1)}, "incident_group must be 0 to 1, not -1 to -1"),
        ({"line_reach": _days(1)}, "line_reach must be 0 to 0, not 1 to 1"),
        ({"line_reach": None}, "give both or neither"),
        ({"line_reach": None, "reach_masks": None}, "incidents with masks need line_reach and reach_masks"),
        ({"incident_end": _days(3_000_000)}, "incidents must be in the years 1 to 9999"),
    ],
)
def test_input_that_cannot_be_counted_is_refused(change: dict[str, Any], message: str) -> None:
    given_arrays: dict[str, Any] = {
        "line_group": _days(0), "line_from": _days(1), "line_until": _days(9), "line_reach": _days(0),
        "reach_masks": np.array([1]), "incident_group": _days(0), "incident_start": _days(5),
        "incident_end": _days(5), "incident_mask": np.array([1]), "groups": 2,
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        count_incidents(**(given_arrays | change))
