"""Rows page by page, search, the map of a destination, a stocktake and a comparison as pages."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.browse.ask import Asked, Measure, choose
from penholder.analysis.browse.changed import changed, changed_rows, newest_two
from penholder.analysis.browse.figure import amount_of
from penholder.analysis.browse.held import Held, hold
from penholder.analysis.browse.placed import licences_map
from penholder.analysis.browse.rows import PAGE, licences_page, lines_page
from penholder.analysis.browse.taken import profile_files, profiles, taken, taken_rows
from penholder.analysis.browse.things import licence, search, ways
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.kernel.errors import InputError, NotKnownError

ON = date(2020, 6, 30)


@pytest.fixture(scope="module")
def held(sample_folder: Path) -> Held:
    return hold(read_catalogue(sample_folder))


def test_pages_hold_every_licence_and_every_line_once(held: Held) -> None:
    rows = choose(held, Asked(destination="XA")).rows
    for page, key in ((licences_page, lambda r: r.licence), (lines_page, lambda r: r["line"])):
        seen, after = [], ""
        while True:
            found = page(held, rows, after=after)
            seen += [key(r) for r in found.rows]  # type: ignore[no-untyped-call]
            if not found.following:
                break
            assert len(found.rows) == PAGE
            after = found.following
        assert len(seen) == len(set(seen)) == found.total
    assert len(rows) == found.total


def test_licences_of_a_page_are_in_the_order_of_their_decisions(held: Held) -> None:
    chosen = choose(held, Asked()).rows
    newest = [r.decided_on for r in licences_page(held, chosen).rows]
    oldest = [r.decided_on for r in licences_page(held, chosen, oldest=True).rows]
    assert newest == sorted(newest, reverse=True)
    assert oldest == sorted(oldest)
    assert oldest[0] == held.first_day
    assert lines_page(held, chosen).rows[0]["decided_on"] == held.last_day


@pytest.mark.parametrize("after", ["x", "12345678-", "00000000-50", "-5", "12345678-99999999999"])
def test_a_cursor_of_other_data_is_refused(held: Held, after: str) -> None:
    with pytest.raises(InputError, match="after"):
        lines_page(held, choose(held, Asked()).rows, after=after)


def test_a_search_finds_references_places_and_ratings(held: Held) -> None:
    series, key = held.licences[7]
    assert search(held, key.lower()).licences[0].licence == key
    assert search(held, f"{key}:1").licences[0].series == series
    assert ("XA", "Ardenia") in search(held, "arden").places
    assert search(held, "ml1").codes[0][0].startswith("ML1")
    assert search(held, "  ") == replace(search(held, "nothing has this"), text="")


def test_what_goes_on_from_a_place_comes_by_way_of_it(held: Held) -> None:
    found = ways(held, "XA")
    for place, _, n in found.by_way_of:
        onward = {p: m for p, _, m in ways(held, place).onward}
        assert onward["XA"] == n
    rows = choose(held, Asked(onward="XA")).rows
    mine = [
        r for r in rows.tolist() if held.words("destination").values[held.words("destination").codes[r]] != "XA"
    ]
    assert found.licences_by_way == len({int(held.licence[r]) for r in mine})


def test_a_licence_that_is_not_there_is_not_known(held: Held) -> None:
    with pytest.raises(NotKnownError):
        licence(held, "sample", "nothing", on=ON)


def test_the_map_names_what_it_shows_and_what_is_not_on_it(held: Held) -> None:
    found = licences_map(held, [("XA", "Ardenia", 12), ("Nowhere sea", "Nowhere sea", 3)], outlined=("XA",))
    assert "Ardenia: 12 licences" in found.svg
    assert ("land could-2", "10 to 99 licences") in found.legend
    assert ("territory", "this destination") in found.legend
    assert found.off_map == (("Nowhere sea", "not one country"),)
    assert "could have been used" not in found.svg


def test_a_stocktake_has_rows_for_each_of_its_figures(sample_folder: Path) -> None:
    catalogue = read_catalogue(sample_folder)
    held = profiles(catalogue, profile_files(sample_folder, ()))
    found = taken(catalogue, held["northern-campaign"], on=ON, scope="granted")
    for use, number in found.document["use"].items():
        assert taken_rows(found, use=use).total == number
    for code, number in found.document["unknown_because"].items():
        assert taken_rows(found, use="unknown", because=code).total == number
    for path in found.document["paths"]:
        assert taken_rows(found, use="could", path=path["path"]).total == path["lines"]
    with pytest.raises(InputError, match="no scope"):
        taken(catalogue, held["northern-campaign"], on=ON, scope="all")
    with pytest.raises(InputError, match="no answer"):
        taken_rows(found, use="maybe")


def test_two_profiles_of_one_id_are_refused(sample_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "again.yaml"
    shutil.copy(sample_folder / "profiles" / "northern-campaign.yaml", other)
    with pytest.raises(InputError, match="two profiles have the id northern-campaign"):
        profiles(read_catalogue(sample_folder), profile_files(sample_folder, (other,)))


def test_a_comparison_has_rows_for_each_class(sample_folder: Path) -> None:
    catalogue = read_catalogue(sample_folder)
    sides = newest_two(catalogue)
    assert sides is None or len(sides) == 2
    lines = [r.id for r in catalogue.holding("lines")]
    found = changed(f"{sample_folder}@{lines[0]}", f"{sample_folder}@{lines[-1]}")
    for one in found.classes:
        if one.name != "unchanged":
            assert changed_rows(found, kind=one.name).total == one.count
    with pytest.raises(InputError, match="no class"):
        changed_rows(found, kind="lost")


def test_what_was_known_earlier_is_held_as_it_was(sample_folder: Path) -> None:
    catalogue = read_catalogue(sample_folder)
    first = min(r.released_on for r in catalogue.holding("lines"))
    then = hold(catalogue, known=first)
    assert then.known_day <= hold(catalogue).known_day
    assert amount_of(then, choose(then, Asked()).rows, Measure.LINES) == then.table.num_rows
    with pytest.raises(NotKnownError):
        hold(Catalogue(sample_folder, ()))
