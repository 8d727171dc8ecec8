"""Licences from public entries, and figures with their bridges."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from penholder.publication.figures import Asked, FigureKind, by_place, figure, month_ends
from penholder.publication.fold import is_under, licences_of, parts, shown, status_of
from penholder.publication.values import Licence
from penholder.register.bridge import Mover
from penholder.register.values import Standing
from tests.unit.publication.facts_ground import Acts, Log, acts_on

DAY = date(2024, 9, 2)


def asked(**more: object) -> Asked:
    return Asked(**{"kind": FigureKind.IN_FORCE, "on": DAY, **more})  # type: ignore[arg-type]


def one(log: Log, name: str = "L-1") -> Licence:
    return licences_of(log.facts)[name]


def test_a_line_stands_as_its_newest_step_says_that_counts_on_the_day() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"), ("XV", "ML6"))
    log.suspend("L-1", 2, on=date(2024, 8, 20))
    log.reinstate("L-1", 2, on=date(2024, 8, 30))
    line = one(log).lines[1]
    days = [date(2024, 5, 31), date(2024, 6, 1), date(2024, 8, 20), date(2024, 8, 30)]
    assert [status_of(line, d) for d in days] == [None, "issued", "suspended", "issued"]


def test_a_line_that_ran_out_is_expired_although_nobody_has_written_that_down() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"), until=date(2024, 8, 1))
    log.suspend("L-1", 1, on=date(2024, 7, 1))
    found = shown(one(log).lines[0], DAY)
    assert found is not None
    assert (found.status, found.step.on, found.step.number) == ("expired_while_suspended", date(2024, 8, 1), None)


def test_a_licence_without_an_end_stands_apart() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"), until=None)
    found = shown(one(log).lines[0], DAY)
    assert found is not None
    assert found.standing is Standing.END_NOT_STATED


def test_a_suspension_past_its_review_is_overdue_and_stays() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"))
    log.suspend("L-1", 1, on=date(2024, 8, 20))
    line = one(log).lines[0]
    found = [shown(line, d) for d in (date(2024, 12, 1), date(2024, 12, 2))]
    assert [(f.overdue, f.status) for f in found if f] == [(False, "suspended"), (True, "suspended")]


def test_a_rating_has_those_below_it_under_it_and_no_others() -> None:
    assert [is_under(c, "ML1") for c in ("ML1", "ML1a", "ML10", "ML11a")] == [True, True, False, False]


def test_a_figure_counts_each_licence_once_at_its_first_destination() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"), ("XV", "ML6"))
    log.issue("L-2", ("XN", "ML10"))
    log.issue("L-3", ("XV", "ML10"))
    log.suspend("L-1", 2, on=date(2024, 8, 20))
    log.revoke("L-3", 1, on=date(2024, 8, 25))
    found = figure(licences_of(log.facts), asked(destination="XV"))
    assert found.sentence == "Licences in force for XV on 2 September 2024: 1, of them 1 suspended (1 in part)"
    assert [(r.licence, r.lines, r.suspended) for r in found.rows] == [("L-1", (1, 2), (2,))]
    log.suspend("L-2", 1, on=date(2024, 8, 26))
    stopped = figure(licences_of(log.facts), asked(kind=FigureKind.SUSPENDED))
    assert stopped.sentence == "Licences suspended on 2 September 2024: 2, with 2 suspended lines"
    assert figure(licences_of(log.facts), asked(rating="ML10")).count == 2
    assert figure(licences_of(log.facts), asked(rating="ML6")).sentence.endswith(": 1, of them 1 suspended")
    assert [m.count for m in found.months[-2:]] == [1, 1]


def test_a_licence_whose_goods_are_not_published_is_not_known_and_not_counted() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"))
    fact = log.facts[0]
    log.facts[0] = type(fact)(**{**{n: getattr(fact, n) for n in fact.__dataclass_fields__},
                                 "fields": {k: v for k, v in fact.fields.items() if k != "goods"}})  # fmt: skip
    held = licences_of(log.facts)
    assert (figure(held, asked()).count, figure(held, asked()).unknown) == (1, ())
    found = figure(held, asked(destination="XV"))
    assert (found.count, found.unknown) == (0, ("L-1",))


def test_what_changed_since_names_every_move_and_corrections_apart() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"))
    log.issue("L-2", ("XV", "ML10"), until=date(2024, 8, 10))
    known_then = licences_of(list(log.facts))
    log.revoke("L-1", 1, on=date(2024, 8, 1))
    log.issue("L-3", ("XV", "ML10"), on=date(2024, 6, 10))
    log.issue("L-4", ("XV", "ML10"), on=date(2024, 8, 20))
    first = date(2024, 7, 1)
    found = figure(licences_of(log.facts), asked(destination="XV", since=first), then=known_then)
    assert found.bridge is not None
    assert (found.bridge.first, found.bridge.last, found.bridge.remainder) == (2, 2, 0)
    assert [(m.subject, m.by, m.change) for m in found.bridge.moves] == [
        ("L-3", Mover.CORRECTED, 1),
        ("L-1", Mover.REVOKED, -1),
        ("L-2", Mover.EXPIRED, -1),
        ("L-4", Mover.ISSUED, 1),
    ]


days = st.integers(0, 120).map(lambda n: date(2024, 6, 1) + timedelta(days=n))
acts = acts_on(days, licences=4)


@given(acts, days, days, st.integers(0, 20))
def test_the_bridge_of_any_log_leaves_nothing_over(done: Acts, one_day: date, other: date, cut: int) -> None:
    log = Log()
    log.play(done, ("XV", "ML10"), ("XN", "ML4"), lasts=60)
    first, last = sorted((one_day, other))
    for kind in FigureKind:
        found = figure(
            licences_of(log.facts),
            asked(kind=kind, on=last, destination="XV", since=first),
            then=licences_of(log.facts[:cut]),
        )
        assert found.bridge is not None
        assert (found.bridge.remainder, found.bridge.last) == (0, found.count)
        for month in found.months[-3:]:
            then = figure(licences_of(log.facts), asked(kind=kind, on=month.on, destination="XV"))
            assert (then.count, then.suspended) == (month.count, month.suspended)
        if kind is FigureKind.IN_FORCE and found.count:
            counts, _ = by_place(licences_of(log.facts).values(), on=last)
            assert (counts["XV"].count, counts["XV"].suspended) == (found.count, found.suspended)


@given(acts)
def test_the_parts_of_a_bar_say_what_the_status_of_each_day_is(done: list[tuple[str, int, date]]) -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"), until=date(2024, 8, 1))
    for what, _, day in done:
        if what in {"suspend", "revoke"}:
            {"suspend": log.suspend, "revoke": log.revoke}[what]("L-1", 1, on=day)
    line = one(log).lines[0]
    found = parts(line, date(2024, 12, 1))
    assert found[-1][1] is None
    for start, end, status in found:
        assert status_of(line, start) is status
        assert status_of(line, (end or date(2024, 12, 2)) - timedelta(days=1)) is status


def test_months_end_on_their_last_day_and_the_day_asked_for_is_the_last() -> None:
    assert month_ends(date(2024, 3, 15), 3) == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 15)]


def test_a_licence_that_comes_from_no_case_is_counted_and_said() -> None:
    log = Log()
    log.issue("L-1", ("XV", "ML10"))
    log.issue("L-2", ("XV", "ML10"), without_case="paper")
    log.issue("L-3", ("XN", "ML10"), without_case="other")
    held = licences_of(log.facts)
    assert [(held[n].case, held[n].without_case) for n in held] == [("AP-1", None), ("", "paper"), ("", "other")]
    found = figure(held, asked(destination="XV"))
    assert [(r.licence, r.without_case) for r in found.rows] == [("L-1", None), ("L-2", "paper")]
    assert (found.count, found.without_case) == (2, 1)
    assert figure(held, asked()).without_case == 2
