"""The stocktake on Spark gives the same figures and the same rows as on this machine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import further_means, stocktake
from penholder.analysis.stocktake.spark import stocktake_on_spark
from penholder.analysis.stocktake.vocabulary import Scope
from tests.contract.stocktake_world import ON, add_lines, folder_of, profile_of

# Ibis calls a function of DuckDB that DuckDB is renaming.
pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")]


@pytest.mark.parametrize("scope", list(Scope))
def test_figures_and_rows_are_equal(sample_folder: Path, scope: Scope) -> None:
    catalogue = read_catalogue(sample_folder)
    path = sorted((sample_folder / "profiles").glob("*.yaml"))[0]
    profile = read_profile(path, further_means=further_means(catalogue))
    on = date(2020, 6, 30)
    here = stocktake_result(stocktake(catalogue, profile, on=on, scope=scope), profile_name="p")
    there = stocktake_result(stocktake_on_spark(catalogue, profile, on=on, scope=scope), profile_name="p")
    assert here.document["lines"] > 100
    assert there.document == here.document
    assert there.rows().to_pylist() == here.rows().to_pylist()


def test_series_with_the_same_keys_and_ended_operators_are_equal(tmp_path: Path) -> None:
    cells: list[dict[str, Any]] = [
        {"onward_open": True, "destination": "XC"},
        {"destination": "XV"},
        {"decided_on": date(2020, 2, 1)},
    ]
    folder_of(tmp_path, cells, [{}])
    catalogue = add_lines(tmp_path, "other", [c | {"rating": "ML6"} for c in cells])
    profile = profile_of(ended=(date(2020, 1, 5),))

    here = stocktake_result(stocktake(catalogue, profile, on=ON, scope=Scope.GRANTED))
    there = stocktake_result(stocktake_on_spark(catalogue, profile, on=ON, scope=Scope.GRANTED))

    assert there.document == here.document
    assert there.rows().to_pylist() == here.rows().to_pylist()
    assert [r["use"] for r in there.rows().to_pylist()] == ["unknown", "could", "could", *["excluded"] * 3]
