"""Figures over the real UK decisions equal a recount with plain csv code that shares nothing with ours."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.engines import open_engine
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.sources.load import load
from penholder.analysis.statistics.answer import stats_of
from penholder.analysis.statistics.asking import Asking, asking_on
from penholder.analysis.statistics.listing import Page, rows_of
from penholder.analysis.statistics.question import Scope

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real,
    # Ibis calls a function of DuckDB that DuckDB is renaming.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
]
# Codes against the spellings of this source.
THREE = {"SA": "Saudi Arabia", "IN": "India", "TR": "Turkey"}


@pytest.fixture(scope="module")
def source(real_data: Path) -> Path:
    return real_data / "uk-licences" / "2008-2015"


@pytest.fixture(scope="module")
def catalogue(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("uk") / "data"
    load(source, into=folder, released=date(2015, 7, 1))
    return read_catalogue(folder)


@pytest.fixture(scope="module")
def asked(catalogue: Catalogue) -> Iterator[Asking]:
    with open_engine() as engine:
        yield asking_on(engine, catalogue)


@pytest.fixture(scope="module")
def published(source: Path) -> list[dict[str, str]]:
    with (source / "values.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cells(document: dict[str, Any]) -> dict[Any, Any]:
    (name,) = document["by"]
    return {row[name]: row["value"] for row in document["rows"]}


def test_every_published_row_is_a_line(
    asked: Asking, catalogue: Catalogue, published: list[dict[str, str]]
) -> None:
    assert stats_of(asked, catalogue).document["total"] == len(published) == 96_311


def test_value_by_year(asked: Asking, catalogue: Catalogue, published: list[dict[str, str]]) -> None:
    recount: dict[int, Decimal] = defaultdict(Decimal)
    for row in published:
        recount[int(row["date"][:4])] += Decimal(row["value"] or 0)
    found = stats_of(asked, catalogue, by=("year",), measure="value").document
    assert cells(found) == recount
    assert found["total"] == sum(recount.values())
    assert found["currency"] == "GBP"
    assert found["lines_without_value"] == sum(not row["value"] for row in published)


def test_lines_by_outcome(asked: Asking, catalogue: Catalogue, published: list[dict[str, str]]) -> None:
    recount = Counter("refused" if row["refused"] == "1" else "issued" for row in published)
    assert cells(stats_of(asked, catalogue, by=("outcome",)).document) == recount


def test_value_by_rating(asked: Asking, catalogue: Catalogue, published: list[dict[str, str]]) -> None:
    recount: dict[str, Decimal] = defaultdict(Decimal)
    for row in published:
        if row["value"]:
            recount[row["rating"]] += Decimal(row["value"])
    found = cells(stats_of(asked, catalogue, by=("rating",), measure="value").document)
    assert {rating: value for rating, value in found.items() if value is not None} == recount


@pytest.mark.parametrize("code", THREE)
def test_direct_and_onward_licence_groups(
    asked: Asking, catalogue: Catalogue, published: list[dict[str, str]], source: Path, code: str
) -> None:
    name = THREE[code]
    groups = {row["licence_group"] for row in published}
    direct = {row["licence_group"] for row in published if row["country"] == name}
    with (source / "destinations.csv").open(encoding="utf-8", newline="") as stream:
        final = {row["licence_group"] for row in csv.DictReader(stream) if row["destination"] == name} & groups
    found = stats_of(asked, catalogue, by=("route",), measure="licences", where=[f"destination={code}"]).document
    assert cells(found) == {"direct": len(direct), "onward": len(final)}
    assert found["total"] == len(direct | final)


def test_a_cell_leads_to_its_lines_in_the_source(
    asked: Asking, catalogue: Catalogue, published: list[dict[str, str]], source: Path
) -> None:
    where = ["destination=Saudi Arabia", "rating=ML10", "year=2013"]
    result = rows_of(asked, catalogue, where=where, page=Page(limit=None))
    total = stats_of(asked, catalogue, where=where, measure="value").document["total"]
    physical = (source / "values.csv").read_text(encoding="utf-8").splitlines()
    summed = Decimal(0)
    for row in result.document["rows"]:
        assert row["source"] == "values.csv"
        group, day, rating, _, value, country, _ = next(csv.reader([physical[row["source_line"] - 1]]))
        assert (rating, country, day) == ("ML10", "Saudi Arabia", row["decided_on"].isoformat())
        assert row["line"].startswith(f"{group}:")
        summed += Decimal(value)
    wanted = [r for r in published if (r["country"], r["rating"], r["date"][:4]) == (THREE["SA"], "ML10", "2013")]
    assert len(result.document["rows"]) == len(wanted) == 23
    assert total == summed == sum(Decimal(r["value"] or 0) for r in wanted)


def test_decisions_of_a_period(asked: Asking, catalogue: Catalogue, published: list[dict[str, str]]) -> None:
    scope = Scope(start=date(2011, 2, 1), end=date(2011, 2, 28))
    recount = Counter(row["date"] for row in published if row["date"].startswith("2011-02"))
    assert stats_of(asked, catalogue, scope=scope).document["total"] == sum(recount.values()) > 0
