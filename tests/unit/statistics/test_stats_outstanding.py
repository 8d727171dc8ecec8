"""`stats --measure value` says where one line is over half of the value; the figure counts it all the same."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.statistics.answer import stats
from tests.unit.statistics.invented_lines import data_folder

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")


def lines(place: str, count: int, largest: str, **cells: Any) -> list[dict[str, Any]]:
    """`count` lines of which the first has another value; the others have 1.00 each."""
    values = [largest, *["1.00"] * (count - 1)]
    return [
        {"licence": f"{place}{n}", "destination": place, "value": Decimal(v), **cells}
        for n, v in enumerate(values)
    ]


def notes(folder: Path, rows: list[dict[str, Any]], **asked: Any) -> tuple[str, ...]:
    return stats(data_folder(folder, rows), **{"measure": "value", **asked}).notices


def test_a_line_over_half_of_all_and_of_its_destination_is_named(tmp_path: Path) -> None:
    rows = lines("XA", 20, "981.00") + lines("XN", 20, "19.00") + lines("XT", 20, "20.00")
    assert notes(tmp_path / "data", rows, by=("destination",)) == (
        "one line (XA0:1) is 981 of the 1,077 XTS in all (91%)",
        "one line is over half of the value for Ardenia (98%, line XA0:1), Tarsis (51%, line XT0:1)",
    )


def test_half_is_not_over_half_and_nineteen_lines_are_too_few(tmp_path: Path) -> None:
    assert notes(tmp_path / "half", lines("XA", 20, "19.00")) == ()
    assert notes(tmp_path / "few", lines("XA", 19, "500.00")) == ()


def test_it_is_said_of_the_lines_asked_for_and_of_values_only(tmp_path: Path) -> None:
    rows = lines("XA", 20, "500.50", rating="ML10;ML4") + lines("XN", 20, "19.00")
    assert notes(tmp_path / "data", rows, by=("rating",), where=["destination=XA"]) == (
        "one line (XA0:1) is 500.50 of the 519.50 XTS in all (96%)",
        "one line is over half of the value for Ardenia (96%, line XA0:1)",
    )
    folder = tmp_path / "other"
    assert notes(folder, rows, measure="lines") == ()
