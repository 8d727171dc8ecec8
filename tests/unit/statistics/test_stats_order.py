"""`stats --sort` and `--top`: the largest first, N of M, and a total that counts all."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.statistics.answer import stats
from penholder.analysis.statistics.order import Order
from penholder.kernel.errors import InputError
from tests.unit.statistics.invented_lines import data_folder
from tests.unit.statistics.test_stats_command import run

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
ROWS: list[dict[str, Any]] = [
    {"licence": "1", "destination": "XA", "value": Decimal("10.00")},
    {"licence": "2", "destination": "XN", "value": Decimal("30.00")},
    {"licence": "3", "destination": "XT", "value": None},
    {"licence": "4", "destination": "XV", "value": Decimal("30.00")},
]
BY_DESTINATION = ("--by", "destination", "--measure", "value", "--json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("order") / "data"
    data_folder(path, ROWS)
    return path


@pytest.mark.parametrize(
    ("options", "places"),
    [
        ((), ["XA", "XN", "XT", "XV"]),
        (("--sort", "dims"), ["XA", "XN", "XT", "XV"]),
        (("--sort", "value"), ["XN", "XV", "XA", "XT"]),
        (("--top", "2"), ["XN", "XV"]),
        (("--top", "3", "--sort", "dims"), ["XA", "XN", "XT"]),
        (("--top", "9", "--sort", "value"), ["XN", "XV", "XA", "XT"]),
    ],
)
def test_rows_are_sorted_and_cut_and_the_total_stays(
    folder: Path, options: tuple[str, ...], places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "stats", folder, *BY_DESTINATION, *options)
    document = json.loads(out)
    assert code == 0
    assert [row["destination"] for row in document["rows"]] == places
    assert (document["total"], document["rows_in_all"]) == (70, 4)
    assert ("the total counts all of them" in err) == (len(places) < 4)


def test_what_was_cut_is_said_in_the_note_the_title_and_the_predicate(folder: Path) -> None:
    answer = stats(read_catalogue(folder), by=("destination",), measure="value", order=Order(top=2))
    assert answer.title == "Value of licence lines in XTS by destination, the largest first, 2 of 4 rows"
    assert "the largest first, 2 of 4 rows; the total counts all of them" in answer.notices
    assert answer.citation.predicate.endswith("The largest first, 2 of 4 rows.")
    assert [line.split() for line in answer.words[1:5]] == [
        ["destination", "destination", "name", "value", "lines", "lines", "without", "value"],
        ["XN", "Norland", "30", "1", "0"],
        ["XV", "Velmora", "30", "1", "0"],
        ["total", "70", "4", "1"],
    ]


def test_each_currency_has_its_own_order_and_its_own_top(tmp_path: Path) -> None:
    other = [row | {"licence": f"{row['licence']}b", "currency": "XXX"} for row in ROWS[:2]]
    catalogue = data_folder(tmp_path / "data", [*ROWS, *other])
    answer = stats(catalogue, by=("destination",), measure="value", order=Order(top=1))
    assert [(r["destination"], r["currency"], r["value"]) for r in answer.document["rows"]] == [
        ("XN", "XTS", 30),
        ("XN", "XXX", 30),
    ]
    assert answer.title.endswith("the largest first, currency by currency, 2 of 6 rows")


def test_an_order_that_is_none_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="no such order"):
        Order("size")
    with pytest.raises(InputError, match="not a number of rows"):
        Order(top=0)
    assert run(capsys, "stats", folder, "--top", "0")[0] == 2
