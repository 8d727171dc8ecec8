"""Both engines give the same exact figures: the same suite runs on DuckDB and on Spark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from penholder.analysis.engines import Engine, open_engine
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.schemas import INCIDENTS, LICENCE_LINES
from penholder.analysis.statistics.answer import stats_of
from penholder.analysis.statistics.asking import Asking, asking_on
from penholder.analysis.statistics.listing import ALL, Page, rows_of
from penholder.analysis.statistics.question import Scope
from penholder.analysis.statistics.scope import FLAGS, in_force
from penholder.analysis.stocktake.batch import COLUMNS, scope_columns
from penholder.analysis.stocktake.scope import ScopeRules, lines_in_scope
from penholder.analysis.stocktake.vocabulary import Flag, Status
from penholder.analysis.stocktake.vocabulary import Scope as StocktakeScope
from penholder.kernel.errors import InputError
from tests.unit.statistics.invented_lines import data_folder

pytestmark = [
    pytest.mark.slow,  # two engines, figure by figure: `make check`
    # Ibis calls a function of DuckDB that DuckDB is renaming.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
]

ROWS: tuple[dict[str, Any], ...] = (
    {"licence": "1", "decided_on": date(2012, 1, 2), "rating": "ML10;5A002", "value": Decimal("10.50")},
    {"licence": "1", "decided_on": date(2012, 1, 2), "rating": "5A002", "onward": "XN;XV", "value": Decimal(20)},
    {"licence": "2", "decided_on": date(2012, 2, 1), "decided_precision": "month", "onward": "XA"},
    {"licence": "3", "decided_on": date(2013, 5, 9), "outcome": "refused", "value": None, "criteria": "2;7"},
    {"licence": "4", "decided_on": date(2014, 3, 1), "decided_precision": "year", "destination": "XN"},
    {"licence": "5", "decided_on": date(2014, 3, 1), "rating": None, "end_user": "forces;commercial"},
    {"licence": "6", "destination": "Free Zone", "destination_kind": "non_country", "onward": "XA"},
)


@pytest.fixture(scope="module", params=["local", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine(request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return data_folder(tmp_path_factory.mktemp("figures") / "data", ROWS)


_OPENED: dict[tuple[Engine, Path, int], Asking] = {}


def opened(engine: Engine, catalogue: Catalogue) -> Asking:
    """A data folder opened on an engine: once for all questions of its releases."""
    key = (engine, catalogue.folder, len(catalogue.releases))
    return _OPENED.get(key) or _OPENED.setdefault(key, asking_on(engine, catalogue))


def figures(engine: Engine, catalogue: Catalogue, **asked: Any) -> dict[str, Any]:
    return stats_of(opened(engine, catalogue), catalogue, **asked).document


def cells(document: dict[str, Any]) -> dict[tuple[Any, ...], Any]:
    return {tuple(row[name] for name in document["by"]): row["value"] for row in document["rows"]}


def test_an_empty_data_set_gives_an_empty_table(engine: Engine) -> None:
    found = engine.arrow(engine.table((), INCIDENTS))
    assert found.num_rows == 0
    assert found.column_names == INCIDENTS.arrow.names


def test_a_table_has_the_rows_and_columns_of_its_file(engine: Engine, catalogue: Catalogue) -> None:
    found = engine.arrow(engine.table(catalogue.paths("lines"), LICENCE_LINES)).sort_by("line")
    stored = read_rows(catalogue, "lines").sort_by("line")
    assert found.column_names == stored.column_names
    assert found.to_pylist() == stored.to_pylist()


def test_a_line_counts_under_each_rating_and_once_in_the_total(engine: Engine, catalogue: Catalogue) -> None:
    found = figures(engine, catalogue, by=("rating",), measure="value")
    assert cells(found) == {("5A002",): Decimal("30.50"), ("ML10",): Decimal("310.50"), (None,): 100}
    assert found["total"] == Decimal("430.50")
    assert found["currency"] == "XTS"
    assert found["lines_without_value"] == 1


def test_rows_are_sorted_and_not_stated_comes_last(engine: Engine, catalogue: Catalogue) -> None:
    found = figures(engine, catalogue, by=("rating",))
    assert [row["rating"] for row in found["rows"]] == ["5A002", "ML10", None]


def test_a_month_date_has_a_month_and_a_year_date_has_none(engine: Engine, catalogue: Catalogue) -> None:
    found = cells(figures(engine, catalogue, by=("year", "quarter", "month")))
    assert found == {
        (2012, "2012-Q1", "2012-01"): 2,
        (2012, "2012-Q1", "2012-02"): 1,
        (2013, "2013-Q2", "2013-05"): 1,
        (2014, "2014-Q1", "2014-03"): 2,
        (2014, None, None): 1,
    }


def test_licences_are_distinct(engine: Engine, catalogue: Catalogue) -> None:
    found = figures(engine, catalogue, by=("destination",), measure="licences")
    assert cells(found) == {("Free Zone",): 1, ("XA",): 4, ("XN",): 1}
    assert found["total"] == 6
    assert [row["destination_name"] for row in found["rows"]] == ["Free Zone", "Ardenia", "Norland"]


def test_by_route_a_destination_is_the_stated_or_a_final_one(engine: Engine, catalogue: Catalogue) -> None:
    found = figures(engine, catalogue, by=("route",), measure="licences", where=["destination=Ardenia"])
    # 1, 2, 3, 5 directly; 2 and 6 onward; 2 counts under both.
    assert cells(found) == {("direct",): 4, ("onward",): 2}
    assert found["total"] == 5


def test_without_the_route_a_destination_is_the_stated_one(engine: Engine, catalogue: Catalogue) -> None:
    assert figures(engine, catalogue, where=["destination=XA"], measure="licences")["total"] == 4


def test_route_and_destination_together_name_the_place_that_each_route_leads_to(
    engine: Engine, catalogue: Catalogue
) -> None:
    found = figures(engine, catalogue, by=("route", "destination"), measure="value")
    assert cells(found) == {
        ("direct", "Free Zone"): 100,
        ("direct", "XA"): Decimal("230.50"),
        ("direct", "XN"): 100,
        ("onward", "XA"): 200,
        ("onward", "XN"): 20,
        ("onward", "XV"): 20,
    }
    assert found["total"] == Decimal("430.50")


def test_a_filter_on_several_final_destinations_counts_a_line_once(engine: Engine, catalogue: Catalogue) -> None:
    where = ["route=onward", "destination=XN", "destination=Velmora"]
    found = figures(engine, catalogue, by=("route",), measure="value", where=where)
    assert cells(found) == {("onward",): 20}


def test_kinds_of_control_lists_come_from_each_code(engine: Engine, catalogue: Catalogue) -> None:
    found = figures(engine, catalogue, by=("military",))
    assert cells(found) == {("dual_use",): 2, ("military",): 5, (None,): 1}
    assert found["total"] == 7


def test_multi_valued_cells_are_spread(engine: Engine, catalogue: Catalogue) -> None:
    assert cells(figures(engine, catalogue, by=("criterion",))) == {("2",): 1, ("7",): 1, (None,): 6}
    found = cells(figures(engine, catalogue, by=("end_user",)))
    assert found == {("commercial",): 1, ("forces",): 1, ("not_stated",): 6}
    assert cells(figures(engine, catalogue, by=("onward",), where=["onward=XV"])) == {("XV",): 1}


def test_filters_of_one_dimension_are_alternatives_and_of_different_ones_all_hold(
    engine: Engine, catalogue: Catalogue
) -> None:
    where = ["year=2012", "year=2014", "rating=ML10"]
    assert figures(engine, catalogue, where=where)["total"] == 4
    assert figures(engine, catalogue, where=["rating=ML*"])["total"] == 5
    assert figures(engine, catalogue, where=["rating=not_stated"])["total"] == 1


@pytest.mark.parametrize("prefix", ["ML10*", "ml10*", "Ml1*", "5a*"])
def test_a_prefix_counts_in_capitals_or_not(engine: Engine, tmp_path: Path, prefix: str) -> None:
    rows = [
        {"licence": "1", "rating": "ML10a"},
        {"licence": "2", "rating": "ML10"},
        {"licence": "3", "rating": "5A002"},
    ]
    held = data_folder(tmp_path / "data", rows)
    found = figures(engine, held, where=[f"rating={prefix}"])
    assert (found["total"], found["notes"]) == (1 if prefix == "5a*" else 2, [])


YEARS = "they have decisions of 2012 to 2014"
NOWHERE: dict[str, tuple[list[str], int, list[str]]] = {
    "a year": (["year=2099"], 0, [f"the data have no line with year 2099; {YEARS}"]),
    "a year beside another": (["year=2099", "year=2014"], 3, [f"the data have no line with year 2099; {YEARS}"]),
    "a quarter": (["quarter=2012-Q4"], 0, [f"the data have no line with quarter 2012-Q4; {YEARS}"]),
    "a prefix": (["rating=ML99*"], 0, ["the data have no line with rating beginning with ML99"]),
    "a code": (["rating=ML22"], 0, ["the data have no line with rating ML22"]),
    "a type": (["licence_type=open_individual"], 0, ["the data have no line with licence type open_individual"]),
    "an outcome": (["outcome=revoked"], 0, ["the data have no line with outcome revoked"]),
    "no destination": (["destination=not_stated"], 0, ["the data have no line with destination not stated"]),
    "a place that is only a final one": (
        ["destination=XV"], 0, ["the data have no line with destination Velmora (XV)"],
    ),
    "a final destination by route": (["destination=XV", "route=onward"], 1, []),
    "not stated": (["rating=not_stated"], 1, []),
    "a kind": (["military=other"], 0, ["the data have no line with kind of control list other"]),
    "all of it together": (
        ["year=2013", "rating=5A002"], 0, ["no line meets all of this; the data have decisions of 2012 to 2014"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOWHERE)
def test_a_zero_is_never_silent(engine: Engine, catalogue: Catalogue, case: str) -> None:
    where, total, notes = NOWHERE[case]
    found = figures(engine, catalogue, where=where)
    assert found["total"] == total
    assert [n for n in found["notes"] if "as date" not in n] == notes
    listed = rows_of(opened(engine, catalogue), catalogue, where=where)
    assert listed.document["total"] == total
    assert listed.document["notes"][:-1] == notes
    assert listed.notices[0] == (notes or listed.document["notes"])[0]


def test_a_day_before_all_decisions_says_which_there_are(engine: Engine, catalogue: Catalogue) -> None:
    found = figures(engine, catalogue, scope=Scope(on=date(2000, 1, 1)))
    assert (found["total"], found["notes"]) == (
        0, ["no line meets all of this; the data have decisions of 2012 to 2014"],
    )  # fmt: skip


def test_a_place_without_a_code_may_be_a_final_destination(engine: Engine, tmp_path: Path) -> None:
    held = data_folder(tmp_path / "data", [{"licence": "1", "onward": "Free Zone"}])
    assert figures(engine, held, where=["destination=free zone", "route=onward"])["total"] == 1


LACKING = (
    "invented-2016-01-01-{}: loaded without a table of final destinations; what goes onward from its lines is"
    " not known and not counted"
)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": ("route",)}, True),
        ({"by": ("onward",)}, True),
        ({"where": ["onward=XN"]}, True),
        ({"where": ["route=direct", "destination=XA"]}, True),
        ({"where": ["destination=XA"]}, False),
        ({"by": ("year",)}, False),
    ],
)
def test_without_its_final_destinations_a_release_is_named(
    engine: Engine, tmp_path: Path, asked: dict[str, Any], said: bool
) -> None:
    held = data_folder(tmp_path / "data", [{"licence": "1"}], lacks=("onward",))
    found = [n for n in figures(engine, held, **asked)["notes"] if "final destinations" in n]
    assert found == ([LACKING.format(held.releases[0].id[-8:])] if said else [])
    listed = rows_of(opened(engine, held), held, where=asked.get("where", ()))
    assert any("final destinations" in n for n in listed.notices) is (said and "where" in asked)


@pytest.mark.parametrize("on", [date(1900, 1, 1), date(1900, 1, 2), date(2199, 12, 30), date(2199, 12, 31)])
def test_days_at_the_limits_count_and_list_without_error(engine: Engine, tmp_path: Path, on: date) -> None:
    far = date(9999, 12, 31)
    rows = [
        {"licence": "1", "decided_on": date(1900, 1, 1), "expires_on": far},
        {"licence": "2", "decided_on": date(1900, 1, 1)},
        {
            "licence": "3",
            "decided_on": date(2199, 12, 30),
            "expires_on": far,
            "suspension": "dated",
            "suspended_on": far,
        },
        {"licence": "4", "decided_on": date(2199, 12, 30)},
    ]
    held = data_folder(tmp_path / "data", rows)
    expected = ["1:1", "2:1"] if on.year == 1900 else ["1:1", "3:1", "4:1"]
    assert figures(engine, held, scope=Scope(on=on), by=("year", "quarter", "month"))["total"] == len(expected)
    listed = rows_of(opened(engine, held), held, scope=Scope(on=on), page=Page(columns=ALL)).document["rows"]
    assert [row["line"] for row in listed] == expected
    assert listed[0]["expires_on"] == far
    assert figures(engine, held, scope=Scope(start=on, end=on))["total"] == (2 if on.day in {1, 30} else 0)


def test_decisions_from_and_to_are_included(engine: Engine, catalogue: Catalogue) -> None:
    scope = Scope(start=date(2012, 2, 1), end=date(2013, 5, 9))
    assert figures(engine, catalogue, scope=scope)["total"] == 2


def test_values_of_a_group_without_values_are_not_stated(engine: Engine, catalogue: Catalogue) -> None:
    found = figures(engine, catalogue, by=("outcome",), measure="value")
    assert cells(found) == {("issued",): Decimal("430.50"), ("refused",): None}


def test_an_unknown_value_is_refused_with_near_ones(engine: Engine, catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="no such place") as caught:
        figures(engine, catalogue, where=["destination=Ardena"])
    assert caught.value.hint == "near ones: Ardenia"


def test_currencies_are_never_added_up(engine: Engine, tmp_path: Path) -> None:
    rows = (
        {"licence": "1"},
        {"licence": "2", "currency": "XXX", "value": Decimal("0.05")},
        {"licence": "3", "currency": None, "value": None},
    )
    mixed = data_folder(tmp_path / "data", rows)
    found = figures(engine, mixed, by=("year",), measure="value")
    assert found["total"] is None
    assert found["currency"] is None
    assert [(r["currency"], r["value"], r["lines"]) for r in found["rows"]] == [
        ("XTS", 100, 1), ("XXX", Decimal("0.05"), 1), (None, None, 1),
    ]  # fmt: skip
    assert [(r["currency"], r["value"]) for r in found["totals"][:2]] == [("XTS", 100), ("XXX", Decimal("0.05"))]
    assert "several currencies (XTS, XXX)" in found["notes"][0]


def test_the_same_key_in_two_series_is_two_licences(engine: Engine, tmp_path: Path) -> None:
    data_folder(tmp_path / "data", [{"licence": "1"}], series="first")
    both = data_folder(tmp_path / "data", [{"licence": "1"}], series="second")
    assert figures(engine, both, measure="licences")["total"] == 2
    assert figures(engine, both, measure="lines", by=("rating",))["total"] == 2


def test_rows_name_their_series_last(engine: Engine, tmp_path: Path) -> None:
    data_folder(tmp_path / "data", [{"licence": "1"}], series="first")
    both = data_folder(tmp_path / "data", [{"licence": "1"}], series="second")
    pages = [rows_of(opened(engine, both), both, page=Page(limit=1))]
    pages.append(rows_of(opened(engine, both), both, page=Page(limit=1, cursor=pages[0].document["next"])))
    assert [page.document["rows"][0]["series"] for page in pages] == ["first", "second"]
    assert all(page.rows().column_names[-1] == "series" for page in pages)
    assert [page.words[-1].split()[-1] for page in pages] == ["first", "second"]


def test_pages_of_rows_follow_each_other_without_gap(engine: Engine, catalogue: Catalogue) -> None:
    seen: list[str] = []
    cursor, pages = "", 0
    while True:
        result = rows_of(opened(engine, catalogue), catalogue, page=Page(limit=3, cursor=cursor))
        seen += [row["line"] for row in result.document["rows"]]
        assert result.document["total"] == 7
        pages += 1
        cursor = result.document["next"]
        if cursor is None:
            break
    assert pages == 3
    assert seen == ["1:1", "1:2", "2:1", "3:1", "4:1", "5:1", "6:1"]


def test_rows_of_a_cell_are_the_lines_that_it_counts(engine: Engine, catalogue: Catalogue) -> None:
    where = ["route=onward", "destination=XA"]
    result = rows_of(opened(engine, catalogue), catalogue, where=where, page=Page(columns=ALL))
    assert [(r["line"], r["source"], r["source_line"]) for r in result.document["rows"]] == [
        ("2:1", "lines.csv", 4), ("6:1", "lines.csv", 8),
    ]  # fmt: skip


def test_in_force_is_the_same_as_in_the_stocktake(engine: Engine, tmp_path: Path) -> None:
    """The Ibis expression against the array form, over lines with every kind of date and status."""
    on = date(2014, 3, 31)
    months = {"standard_permanent": 24, "standard_temporary": 12, "open": None}
    crowd = data_folder(tmp_path / "data", _crowd(3_000, seed=11))
    lines = engine.table(crowd.paths("lines"), LICENCE_LINES)
    found = engine.arrow(in_force(lines, on=on, assumed_months=months).select("line", *FLAGS)).sort_by("line")

    stored = read_rows(crowd, "lines")
    batch = stored.select(COLUMNS).combine_chunks().to_batches()[0]
    scope = lines_in_scope(scope_columns(batch), ScopeRules(on, StocktakeScope.IN_FORCE, months))
    expected = pa.table(
        {
            "line": stored["line"].take(pa.array(scope.rows)),
            "is_assumed": (scope.flags & Flag.ASSUMED) != 0,
            "is_no_end_known": (scope.flags & Flag.NO_END_KNOWN) != 0,
            "is_suspended": scope.status == Status.SUSPENDED,
            "is_status_unknown": scope.status == Status.UNKNOWN,
        }
    ).sort_by("line")
    assert 300 < expected.num_rows < 2_700
    assert all(0 < sum(expected[name].to_pylist()) < expected.num_rows for name in FLAGS)
    assert found.to_pylist() == expected.to_pylist()


STATUS: dict[str, tuple[dict[str, Any], tuple[int, int]]] = {
    "suspended": ({"suspension": "dated", "suspended_on": date(2014, 2, 1)}, (1, 0)),
    "suspended later": ({"suspension": "dated", "suspended_on": date(2014, 4, 1)}, (0, 0)),
    "suspension without its date": ({"suspension": "dated"}, (0, 1)),
    "undated suspension": ({"suspension": "undated"}, (0, 1)),
    "undated suspension, lifted": ({"suspension": "undated", "reinstated_on": date(2014, 2, 9)}, (0, 0)),
    "revocation without its date": ({"revocation": "dated"}, (0, 1)),
    "lifted": (
        {"suspension": "dated", "suspended_on": date(2014, 2, 1), "reinstated_on": date(2014, 2, 9)}, (0, 0),
    ),
    "lifted on the same day": (
        {"suspension": "dated", "suspended_on": date(2014, 2, 1), "reinstated_on": date(2014, 2, 1)}, (0, 0),
    ),
    "lifted before it began": (
        {"suspension": "dated", "suspended_on": date(2014, 2, 1), "reinstated_on": date(2014, 1, 9)}, (1, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STATUS)
def test_a_status_whose_day_is_missing_is_not_known(engine: Engine, tmp_path: Path, case: str) -> None:
    cells, counted = STATUS[case]
    held = data_folder(tmp_path / "data", [{"licence": "1", "decided_on": date(2014, 1, 1)} | cells])
    found = figures(engine, held, scope=Scope(on=date(2014, 3, 1)))
    assert (found["total"], (found["suspended"], found["status_unknown"])) == (1, counted)


def _crowd(count: int, *, seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)

    def day(share: float, first: int, last: int) -> date | None:
        return date.fromordinal(int(rng.integers(first, last))) if rng.random() < share else None

    low, high = date(2011, 6, 1).toordinal(), date(2014, 8, 1).toordinal()
    rows = []
    for number in range(count):
        suspended, revoked = day(0.2, low, high), day(0.1, low, high)
        rows.append(
            {
                "licence": str(number),
                "decided_on": day(1.1, low, high),
                "expires_on": day(0.3, low, high + 400),
                "licence_type": str(rng.choice(["standard_permanent", "standard_temporary", "open", "unheard"])),
                "outcome": str(rng.choice(["issued", "issued", "issued", "refused", "revoked"])),
                "suspended_on": suspended,
                "suspension": "dated" if suspended else str(rng.choice(["none", "undated", "dated"])),
                "reinstated_on": day(0.5, low, high) if suspended else None,
                "revoked_on": revoked,
                "revocation": "dated"
                if revoked
                else str(rng.choice(["none", "none", "none", "undated", "dated"])),
            }
        )
    return rows
