"""The count bridge: the moves explain the difference of two counts, whatever happened."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from penholder.register.bridge import (
    Bridge,
    Move,
    Mover,
    Turn,
    bridge_of_licences,
    bridge_of_lines,
    counts_on,
    licence_of,
)

DAY = date(2024, 9, 2)


def turn(day: int, by: Mover) -> Turn:
    return Turn(on=DAY + timedelta(days=day), counts=by is Mover.SUSPENDED, by=by)


LIVES = {
    "L-1:1": [turn(0, Mover.SUSPENDED), turn(30, Mover.EXPIRED)],
    "L-1:2": [turn(0, Mover.SUSPENDED)],
    "L-2:1": [turn(0, Mover.SUSPENDED), turn(40, Mover.REINSTATED), turn(50, Mover.SUSPENDED)],
    "L-3:1": [turn(0, Mover.SUSPENDED), turn(60, Mover.SURRENDERED)],
    "L-4:1": [turn(80, Mover.SUSPENDED)],
}


def test_why_there_are_fewer_on_the_hundredth_day() -> None:
    found = bridge_of_lines(LIVES, LIVES, first=DAY, last=DAY + timedelta(days=100))
    assert (found.first, found.last, found.remainder) == (4, 3, 0)
    assert found.by_mover() == {
        Mover.SUSPENDED: (2, 0),
        Mover.EXPIRED: (0, 1),
        Mover.SURRENDERED: (0, 1),
        Mover.REINSTATED: (0, 1),
    }


def test_a_licence_counts_while_one_of_its_lines_does() -> None:
    found = bridge_of_licences(LIVES, LIVES, first=DAY, last=DAY + timedelta(days=100))
    assert (found.first, found.last, found.remainder) == (3, 3, 0)
    assert [(m.subject, m.by, m.change) for m in found.moves] == [
        ("L-2", Mover.REINSTATED, -1),
        ("L-2", Mover.SUSPENDED, 1),
        ("L-3", Mover.SURRENDERED, -1),
        ("L-4", Mover.SUSPENDED, 1),
    ]


def test_what_was_not_known_at_the_first_count_is_a_correction() -> None:
    then = {name: turns for name, turns in LIVES.items() if name != "L-3:1"}
    found = bridge_of_lines(then, LIVES, first=DAY, last=DAY + timedelta(days=1))
    assert (found.first, found.last, found.remainder) == (3, 4, 0)
    assert found.moves == (Move(subject="L-3:1", on=DAY, by=Mover.CORRECTED, change=1),)


def test_a_remainder_would_show() -> None:
    assert Bridge(first=29, last=16, moves=()).remainder == -13


movers = st.sampled_from([m for m in Mover if m is not Mover.CORRECTED])
turns = st.lists(st.tuples(st.integers(0, 9), movers), max_size=6).map(
    lambda found: [turn(day, by) for day, by in sorted(found, key=lambda pair: pair[0])]
)
lives = st.dictionaries(st.sampled_from([f"L-{n}:{k}" for n in "123" for k in "12"]), turns, max_size=6)


@given(then=lives, now=lives, first=st.integers(0, 9), length=st.integers(0, 9))
def test_the_remainder_is_always_nought(
    then: dict[str, list[Turn]], now: dict[str, list[Turn]], first: int, length: int
) -> None:
    begins, ends = DAY + timedelta(days=first), DAY + timedelta(days=first + length)
    for bridge in (bridge_of_lines, bridge_of_licences):
        found = bridge(then, now, first=begins, last=ends)
        assert found.remainder == 0
        assert all(begins <= m.on <= ends for m in found.moves)
    licences = bridge_of_licences(then, now, first=begins, last=ends)
    counting = {licence_of(name) for name, life in now.items() if counts_on(life, ends)}
    assert licences.last == len(counting)
