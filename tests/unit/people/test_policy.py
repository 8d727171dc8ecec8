"""What a person is on a day: own roles, lent ones, none while absent."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from penholder.people.policy import Granted, Holdings, Lent, Period, Standing, standing_on
from penholder.people.roles import role_book

DAY = date(2026, 11, 22)
ALWAYS = Period(date(2020, 1, 1))
BOOK = role_book()


def lent(
    role: str, *, period: Period = ALWAYS, active: bool = True, own: tuple[Granted, ...] | None = None
) -> Lent:
    return Lent("P-2", role, period, active, own if own is not None else (Granted(role, ALWAYS),))


def standing(**given: tuple[object, ...]) -> Standing:
    return standing_on(Holdings(**given), on=DAY, book=BOOK)  # type: ignore[arg-type]


def test_the_last_day_is_exclusive() -> None:
    period = Period(DAY, DAY + timedelta(days=2))
    assert [period.holds_on(DAY + timedelta(days=n)) for n in range(-1, 3)] == [False, True, True, False]
    assert not Period(DAY, DAY).holds_on(DAY)


def test_lent_roles_add_up_and_say_whose_they_are() -> None:
    found = standing(granted=(Granted("penholder", ALWAYS),), lent=(lent("decider"),))
    assert found == Standing(frozenset({"penholder", "decider"}), frozenset({"P-2"}))


def test_what_does_not_count() -> None:
    ended = Period(date(2020, 1, 1), DAY)
    assert standing(lent=(lent("decider", period=ended),)) == Standing()
    assert standing(lent=(lent("decider", active=False),)) == Standing()
    assert standing(lent=(lent("decider", own=(Granted("decider", ended),)),)) == Standing()
    assert standing(lent=(lent("decider", own=()),)) == Standing()  # it was only lent to the giver


def test_a_lent_role_does_not_come_beside_one_that_it_clashes_with() -> None:
    auditor = (Granted("auditor", ALWAYS),)
    assert standing(granted=auditor, lent=(lent("decider"),)) == Standing(frozenset({"auditor"}))
    both = standing(lent=(lent("administrator"), lent("decider")))
    assert both == Standing(frozenset({"administrator"}), frozenset({"P-2"}))


def test_nothing_is_left_on_a_day_of_absence() -> None:
    away = (Period(DAY, DAY + timedelta(days=1)),)
    assert standing(granted=(Granted("decider", ALWAYS),), lent=(lent("penholder"),), absences=away) == Standing()


roles = st.sampled_from(sorted(r.id for r in BOOK.roles.values() if r.is_granted))


@given(own=roles, others=st.lists(roles, max_size=6))
def test_nobody_ever_stands_in_two_roles_that_clash(own: str, others: list[str]) -> None:
    found = standing(granted=(Granted(own, ALWAYS),), lent=tuple(lent(r) for r in others))
    for one in found.roles:
        assert BOOK.clash(found.roles - {one}, one) is None
