"""The shadow register over the real UK lines: figures as the statistics give them, every kind of page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.casework import start_django

start_django()

from penholder.analysis.releases.catalogue import read_catalogue  # noqa: E402 - after Django is set up
from penholder.analysis.releases.read import read_rows  # noqa: E402
from penholder.analysis.sources.load import load  # noqa: E402
from penholder.analysis.statistics.answer import stats_of  # noqa: E402
from penholder.analysis.statistics.asking import asking  # noqa: E402
from penholder.analysis.statistics.question import Scope  # noqa: E402
from tests.shadow_ground import shadow_site  # noqa: E402
from tests.web.page_checks import faults  # noqa: E402

pytestmark = [pytest.mark.real, pytest.mark.slow]
JUNE, OCTOBER = "values_2012-06-14_36873a4.csv.gz", "values_2012-10-14_3c75930.csv.gz"


@pytest.fixture(scope="module")
def folder(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shadow") / "data"
    load(real_data / "uk-licences" / "2008-2015", into=made)
    return made


@pytest.fixture(scope="module")
def site(folder: Path, real_data: Path) -> Iterator[Any]:
    releases = real_data / "uk-licences" / "releases"
    with shadow_site(folder, releases=(str(releases / JUNE), str(releases / OCTOBER))) as client:
        yield client


def document(site: Any, address: str) -> dict[str, Any]:
    answer = site.get(address)
    assert answer.status_code == 200, address
    return dict(json.loads(answer.content))


def test_the_home_page_counts_the_whole_release(site: Any) -> None:
    found = document(site, "/index.json")
    assert (found["licences"], found["lines"], found["destinations"]) == (63_408, 96_311, 220)
    assert (found["first_day"], found["last_day"]) == ("2008-01-02", "2015-03-31")


@pytest.mark.parametrize("place", ["SA", "US", "GB", "Channel Islands"])
def test_figures_of_a_destination_are_those_of_the_statistics(site: Any, folder: Path, place: str) -> None:
    found = document(site, f"/destinations/{place}.json?on=2014-01-01")
    catalogue, where = read_catalogue(folder), [f"destination={place}"]
    with asking(catalogue) as asked:
        by = stats_of(asked, catalogue, by=("year",), measure="licences", where=where).document
        scope = Scope(on=date(2014, 1, 1))
        on = stats_of(asked, catalogue, measure="licences", where=where, scope=scope).document
        through = stats_of(asked, catalogue, by=("onward",), measure="licences", where=where).document
    assert found["decided"]["amount"] == by["total"]
    assert [b["total"] for b in found["decided"]["over_time"] if b["total"]] == [r["value"] for r in by["rows"]]
    assert found["in_force"]["amount"] == on["total"]
    onward = {r["onward"]: r["value"] for r in through["rows"] if r["onward"] not in {None, place}}
    assert {p: n for p, _, n in found["goes_on_to"]} == onward


def test_a_note_is_shown_as_facts_and_as_published(site: Any, folder: Path) -> None:
    rows = read_rows(read_catalogue(folder), "notes").to_pylist()
    coded = next(r for r in rows if r["coded"] and r["end_user"] != "not_stated")
    found = document(site, f"/licences/uk-licences/{coded['licence']}.json")["licence"]
    mine = next(n for n in found["notes"] if n["note"] == coded["note"])
    assert mine["text"] == coded["text"]
    assert "End user" in dict(mine["facts"])


def test_a_figure_has_as_many_rows_as_it_says(site: Any) -> None:
    found = document(site, "/figures/decided.json?destination=SA&from=2012-01-01&to=2012-12-31")
    assert found["sentence"] == "Licences decided for Saudi Arabia in 2012: 168"
    assert found["rows_in_all"] == 168


def test_what_changed_between_the_releases_of_2012(site: Any) -> None:
    found = document(site, "/changes.json?class=restated")
    assert {c["name"]: c["count"] for c in found["classes"] if c["count"]} == {
        "restated": 1, "precision_changed": 49_046, "added": 6_884,
    }  # fmt: skip
    assert [r["b_line"] for r in found["rows"]] == ["29630:1"]


@pytest.mark.parametrize(
    "address",
    ["/", "/destinations", "/destinations/SA", "/destinations/Channel%20Islands", "/licences/uk-licences/112",
     "/figures", "/figures/decided", "/figures/in-force?on=2014-01-01", "/changes", "/search?q=saudi"],
)  # fmt: skip
def test_every_page_is_sound(site: Any, address: str) -> None:
    answer = site.get(address)
    assert answer.status_code == 200
    assert faults(answer.content.decode()) == []
