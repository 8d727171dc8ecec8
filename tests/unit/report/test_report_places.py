"""Where lines count: only at places by way of which they could have been used, or may have been."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.report_places import UNNAMED, Names, place_rows
from penholder.analysis.stocktake.run import stocktake
from tests.contract.stocktake_world import ON, folder_of, profile_of


def _rows(folder: Path, *lines: dict[str, Any]) -> dict[str, tuple[int, int, int, str]]:
    answer = stocktake(folder_of(folder, lines), profile_of(), on=ON)
    rows = place_rows(Figures(answer), Names({}))
    return {r.name: (r.could, r.unknown, r.excluded, r.kind) for r in rows}


def test_a_line_counts_where_it_could_have_been_used_and_not_where_its_goods_pass(tmp_path: Path) -> None:
    shelf = {"destination": "Outer shelf", "destination_kind": "non_country"}
    found = _rows(tmp_path, shelf | {"onward": "XA"}, {"destination": "XV", "onward": "XB"}, {"destination": "XV"})
    assert found == {
        "XA": (1, 0, 0, "country"),
        "XB": (1, 0, 0, "country"),
        "Outer shelf": (0, 0, 0, "non_country"),
        "XV": (0, 0, 1, "country"),
    }


def test_an_unknown_line_counts_where_it_is_not_known_or_at_no_named_place(tmp_path: Path) -> None:
    shelf = {"destination": "Outer shelf", "destination_kind": "non_country"}
    found = _rows(tmp_path, shelf, {"destination": "XV", "pooled": True})
    assert found == {
        "Outer shelf": (0, 1, 0, "non_country"),
        "XV": (0, 0, 0, "country"),
        UNNAMED: (0, 1, 0, "not_stated"),
    }


def test_a_listed_name_that_is_no_single_country_is_not_called_unrecognised(tmp_path: Path) -> None:
    found = _rows(tmp_path, {"destination": "XA", "onward": "Channel Islands;Atlantea"})
    assert {name: row[3] for name, row in found.items()} == {
        "XA": "country", "Channel Islands": "non_country", "Atlantea": "unrecognised",
    }  # fmt: skip
