"""The checker of histories finds what it is there to find."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.history import LIMIT, Did, Line, check

GOOD = (
    Did("draw", "L-1", 0, 10, entry=1, quantity=60, used=60),
    Did("suspend", "L-1", 5, 20, entry=2, seen=2, version=3),
    Did("reinstate", "L-1", 21, 30, entry=3, seen=3, version=4),
    Did("draw", "L-1", 22, 40, entry=4, quantity=30, used=90),
    Did("revoke", "L-1", 41, 50, entry=5, seen=4, version=5),
    Did("draw", "L-2", 0, 10, entry=6, quantity=100, used=100),
)
FINAL = {"L-1": Line("revoked", 5, 90), "L-2": Line("exhausted", 3, 100), "L-3": Line()}


def test_a_history_that_can_have_happened_has_no_findings() -> None:
    assert list(check(GOOD, FINAL)) == []


@pytest.mark.parametrize(
    ("place", "change", "said"),
    [
        (1, {"seen": 1}, "lost update, it had seen version 1"),
        (2, {"seen": 2}, "lost update, it had seen version 2"),
        (3, {"used": 30}, "lost update, it was told 30 are used, but 90 are"),
        (3, {"quantity": 50, "used": 110}, "overdrawn, 110 of 100"),
        (4, {"kind": "reinstate"}, "the line was issued"),
        (4, {"version": 9}, "it was told version 9"),
        (4, {"started": 0, "ended": 1}, "was over before entry 1 began"),
        (5, {"quantity": 99, "used": 99}, "the database has"),
    ],
)
def test_a_tampered_history_is_found(place: int, change: dict[str, Any], said: str) -> None:
    tampered = list(GOOD)
    tampered[place] = replace(tampered[place], **change)
    if "was over before" in said:
        tampered[0] = replace(tampered[0], started=2)
    assert any(said in finding for finding in check(tampered, FINAL))


def test_a_draw_on_a_suspended_line_is_found() -> None:
    moved = replace(GOOD[0], entry=2), replace(GOOD[1], entry=1)
    assert any("the line was suspended" in f for f in check(moved, {}))


def test_an_act_that_left_no_trace_in_the_database_is_found() -> None:
    assert any("the database has" in f for f in check(GOOD, FINAL | {"L-1": Line("issued", 4, 90)}))
    assert any("nobody changed it" in f for f in check(GOOD, FINAL | {"L-3": Line("issued", 2, 60)}))


@given(st.lists(st.integers(1, 40), min_size=2, max_size=12))
def test_two_draws_that_read_the_same_sum_are_found(quantities: list[int]) -> None:
    used, acts = 0, list[Did]()
    for number, quantity in enumerate(quantities):
        if used + quantity >= LIMIT:
            break
        used += quantity
        acts.append(Did("draw", "L-1", number, number, entry=number, quantity=quantity, used=used))
    assert list(check(acts, {"L-1": Line(used=used)})) == []
    if len(acts) > 1:
        lost = [*acts[:-1], replace(acts[-1], used=acts[-1].quantity)]
        assert any("lost update" in f for f in check(lost, {}))
