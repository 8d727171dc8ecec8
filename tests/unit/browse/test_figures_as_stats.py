"""The register counts by arrays; `statistics` counts by SQL and is its oracle: both must always agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.browse.ask import OUTCOMES, Asked, FigureKind, Measure
from penholder.analysis.browse.figure import Amount, figure
from penholder.analysis.browse.held import Held, hold
from penholder.analysis.browse.things import destinations, licence
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.statistics.answer import stats_of
from penholder.analysis.statistics.asking import Asking, asking
from penholder.analysis.statistics.question import EVERY_DECISION, Scope
from penholder.kernel.errors import InputError

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

DAY = date(2020, 6, 30)
QUESTIONS = [
    Asked(),
    Asked(destination="XA"),
    Asked(destination="XB", rating="ML10"),
    Asked(rating="ML1*"),
    Asked(rating="ml4"),
    Asked(outcome="refused"),
    Asked(onward="XA"),
    Asked(destination="XC", onward="XA"),
    Asked(start=date(2014, 1, 1), end=date(2016, 12, 31)),
    Asked(destination="XA", start=date(2015, 2, 3)),
    Asked(end=date(2012, 5, 5)),
    Asked(FigureKind.IN_FORCE, on=DAY),
    Asked(FigureKind.IN_FORCE, destination="XA", on=DAY),
    Asked(FigureKind.IN_FORCE, rating="ML10*", on=date(2016, 1, 31)),
]


@pytest.fixture(scope="module")
def held(sample_folder: Path) -> Held:
    return hold(read_catalogue(sample_folder))


@pytest.fixture(scope="module")
def asked_of(sample_folder: Path) -> Any:
    with asking(read_catalogue(sample_folder)) as opened:
        yield opened


def said_by_stats(asked: Asking, held: Held, question: Asked, *, by: tuple[str, ...] = ()) -> dict[str, Any]:
    where = [f"{n}={v}" for n in ("destination", "rating", "outcome", "onward") if (v := getattr(question, n))]
    scope = EVERY_DECISION
    if question.kind is FigureKind.IN_FORCE:
        scope = Scope(on=question.on)
    elif question.start or question.end:
        scope = Scope(start=question.start, end=question.end)
    measure = question.measure.value
    return stats_of(asked, held.catalogue, by=by, measure=measure, where=where, scope=scope).document


def number(amount: Amount) -> Any:
    if isinstance(amount, int):
        return amount
    return next(iter(amount.values()), None)


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_figure_is_what_the_statistics_say(
    held: Held, asked_of: Asking, question: Asked, measure: Measure
) -> None:
    found = figure(held, replace(question, measure=measure))
    said = said_by_stats(asked_of, held, replace(question, measure=measure))
    assert number(found.amount) == said["total"]
    assert (found.lines, found.licences) == (said["lines"], said["licences"])
    assert found.lines_without_value == said["lines_without_value"]


def test_the_bars_are_what_the_statistics_say_by_year_and_outcome(held: Held, asked_of: Asking) -> None:
    for place in ("XA", "XB"):
        found = figure(held, Asked(destination=place))
        said = said_by_stats(asked_of, held, Asked(destination=place), by=("year", "outcome"))
        bars = {(b.start.year, o): b.parts[o] for b in found.bars for o in b.parts if b.parts[o]}
        assert bars == {(row["year"], row["outcome"]): row["value"] for row in said["rows"]}


def test_suspended_lines_are_counted_apart_as_the_statistics_do(held: Held, asked_of: Asking) -> None:
    for day in (date(2016, 1, 31), DAY, date(2025, 1, 1)):
        asked = Asked(FigureKind.IN_FORCE, Measure.LINES, on=day)
        found, said = figure(held, asked), said_by_stats(asked_of, held, asked)
        assert found.suspended == said["suspended"]
        assert (found.chosen.assumed, found.chosen.no_end_known) == (said["assumed"], said["no_end_known"])
        assert found.chosen.status_unknown == said["status_unknown"]


def test_destinations_are_what_the_statistics_say(held: Held, asked_of: Asking) -> None:
    whole = said_by_stats(asked_of, held, Asked(), by=("destination",))
    each = said_by_stats(asked_of, held, Asked(), by=("destination", "outcome"))
    found = destinations(held)
    assert {p.place: p.licences for p in found} == {r["destination"]: r["value"] for r in whole["rows"]}
    parts = {(p.place, o): n for p in found for o, n in p.by_outcome.items() if n}
    assert parts == {(r["destination"], r["outcome"]): r["value"] for r in each["rows"]}


def test_a_period_of_up_to_two_years_has_a_bar_for_each_month(held: Held) -> None:
    found = figure(held, Asked(start=date(2014, 1, 1), end=date(2014, 12, 31)))
    assert {b.label[-4:] for b in found.bars} == {"2014"}
    assert [b.label[:3] for b in found.bars][:2] == ["Jan", "Feb"]
    assert sum(number(b.total) for b in found.bars) == found.amount
    assert found.sentence.startswith("Licences decided in 2014: ")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(destination="Nowhere"), "no place"),
        (Asked(rating="ML10'; --"), "no code of a control list"),
        (Asked(outcome="granted"), "no outcome"),
        (Asked(start=date(2015, 1, 1), end=date(2014, 1, 1)), "is before"),
        (Asked(FigureKind.IN_FORCE, outcome="refused"), "without a period or an outcome"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(held: Held, asked: Asked, said: str) -> None:
    with pytest.raises(InputError, match=said):
        figure(held, asked)


def test_every_licence_in_force_has_a_line_in_force_on_its_own_page(held: Held) -> None:
    found = figure(held, Asked(FigureKind.IN_FORCE, on=DAY))
    in_force = {held.licences[n] for n in held.licence[found.chosen.rows].tolist()}
    for pair in held.licences[:400]:
        words = {line.status for line in licence(held, *pair, on=DAY).lines}
        shown = bool(words & {"in force", "suspended"})
        assert shown <= (pair in in_force)
        if not shown:
            assert words <= {"expired", "revoked", "refused", "not decided yet", "not known"}


def test_values_of_several_currencies_are_not_added_up(held: Held) -> None:
    found = figure(held, Asked(measure=Measure.VALUE))
    assert isinstance(found.amount, dict)
    assert all(isinstance(v, Decimal) for v in found.amount.values())
    assert set(OUTCOMES) >= {o for b in found.bars for o in b.parts}
