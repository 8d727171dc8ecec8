from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from penholder.analysis.releases.catalogue import CATALOGUE, read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.releases.store import ReleaseFacts, store_release, write_rows
from penholder.analysis.releases.write import commit, incoming
from penholder.analysis.sample.places import places_table
from penholder.kernel.errors import FolderError, IntegrityError, NotKnownError


def put(folder: Path, *, released: date, rows: int, series: str = "atlas") -> None:
    store_release(folder, ReleaseFacts(kind="places", series=series, released=released), {
        "places": places_table().slice(0, rows)
    })  # fmt: skip


def test_the_newest_release_by_the_known_date_is_used_and_older_ones_stay(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    put(tmp_path, released=date(2021, 1, 1), rows=5)
    catalogue = read_catalogue(tmp_path)
    assert read_rows(catalogue, "places").num_rows == 5
    assert read_rows(catalogue, "places", known=date(2020, 12, 31)).num_rows == 3
    assert read_rows(catalogue, "places", known=date(2021, 1, 1)).num_rows == 5


def test_nothing_released_by_the_known_date_is_said_and_names_the_first_release(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    with pytest.raises(NotKnownError, match="2020-01-01"):
        read_rows(read_catalogue(tmp_path), "places", known=date(2019, 12, 31))


def test_series_stand_side_by_side(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    put(tmp_path, released=date(2021, 1, 1), rows=5, series="second")
    assert read_rows(read_catalogue(tmp_path), "places").num_rows == 8


def test_an_absent_data_set_is_an_empty_table_in_the_declared_schema(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    table = read_rows(read_catalogue(tmp_path), "incidents", columns=["incident", "starts_on"])
    assert (table.num_rows, table.column_names) == (0, ["incident", "starts_on"])


def test_the_same_rows_stored_again_change_nothing(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    before = read_catalogue(tmp_path)
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    after = read_catalogue(tmp_path)
    assert [r.id for r in after.releases] == [r.id for r in before.releases]
    assert after == before


def test_the_same_source_read_in_another_way_stands_beside_and_is_used(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    first = read_catalogue(tmp_path).releases[0]
    with incoming(tmp_path) as staging:
        digest = write_rows(staging, "places", places_table().slice(0, 2))
        commit(tmp_path, staging, replace(first, data_sets={"places": digest}, recorded_at="2999-01-01T00:00:00Z"))
    catalogue = read_catalogue(tmp_path)
    assert [r.id for r in catalogue.releases] == [first.id, f"{first.id}-2"]
    assert read_rows(catalogue, "places").num_rows == 2


def test_a_writer_that_fails_half_way_leaves_the_old_data_and_no_litter(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    before = (tmp_path / CATALOGUE).read_bytes()

    def fail_half_way() -> None:
        with incoming(tmp_path) as staging:
            (staging / "places.parquet").write_bytes(b"half")
            raise pa.ArrowInvalid

    with pytest.raises(pa.ArrowInvalid):
        fail_half_way()
    assert (tmp_path / CATALOGUE).read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", CATALOGUE, "releases"]


def test_what_a_killed_writer_left_behind_is_swept_away_by_the_next(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    (tmp_path / ".incoming-999").mkdir()
    (tmp_path / "releases" / "orphan").mkdir()
    put(tmp_path, released=date(2021, 1, 1), rows=4)
    assert not (tmp_path / ".incoming-999").exists()
    assert not (tmp_path / "releases" / "orphan").exists()
    assert read_rows(read_catalogue(tmp_path), "places").num_rows == 4


def test_two_writers_at_once_are_refused_by_name(tmp_path: Path) -> None:
    with incoming(tmp_path), pytest.raises(FolderError, match="in use by another import"):
        put(tmp_path, released=date(2020, 1, 1), rows=3)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("x")
    with pytest.raises(FolderError, match="is a file, not a folder"):
        put(path, released=date(2020, 1, 1), rows=3)
    assert path.read_text() == "x"


def test_a_folder_with_other_things_in_it_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(FolderError, match="not a data folder"):
        put(tmp_path, released=date(2020, 1, 1), rows=3)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letters.txt"]


DAMAGED = {
    "": "it is empty",
    "{": "it is not JSON (line 1, column 2)",
    "[]": "it holds no JSON object",
    "{}": "it does not say its format",
    '{"format": "one", "releases": []}': "there is no format 'one'",
    '{"format": true, "releases": []}': "there is no format True",
    '{"format": 2}': "it has no list of releases",
    '{"format": 2, "releases": {}}': "it has no list of releases",
    '{"format": 2, "releases": ["x"]}': "release 1 is not an object",
    '{"format": 2, "releases": [{}]}': "release 1 does not say 'id'",
    "[" * 100_000: "it is not JSON that a program can hold",
}


@pytest.mark.parametrize("text", DAMAGED, ids=[words[:30] for words in DAMAGED.values()])
def test_a_damaged_catalogue_is_said_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / CATALOGUE).write_text(text)
    with pytest.raises(IntegrityError) as caught:
        read_catalogue(tmp_path)
    assert caught.value.message == f"{tmp_path / CATALOGUE} is damaged: {DAMAGED[text]}"
    assert "restore it from a copy" in caught.value.hint


CHANGED: dict[str, tuple[str, Any, str]] = {
    "a field of another version": ("colour", "red", "release 1 has 'colour', which Penholder does not write"),
    "a number for a text": ("id", 7, "release 1 says 'id' in another form than Penholder writes it"),
    "files that are no list": ("files", {}, "release 1 says 'files' in another form than Penholder writes it"),
    "a file that is none": ("files", [{"name": "x"}], "release 1, file 1 does not say 'holds'"),
    "no date": ("released", "soon", "release 1 was released on 'soon', which is no date"),
    "a way out": ("id", "../../elsewhere", "release 1 leads out of the folder"),
    "a data set that leads out": ("data_sets", {"../lines": "00"}, "release 1 leads out of the folder"),
    "lacks": ("lacks", "onward", "release 1 says 'lacks' in another form than Penholder writes it"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_release_that_was_changed_by_hand_is_said_in_words(tmp_path: Path, case: str) -> None:
    key, value, words = CHANGED[case]
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    content = json.loads((tmp_path / CATALOGUE).read_text())
    content["releases"][0][key] = value
    (tmp_path / CATALOGUE).write_text(json.dumps(content))
    with pytest.raises(IntegrityError) as caught:
        read_catalogue(tmp_path)
    assert caught.value.message == f"{tmp_path / CATALOGUE} is damaged: {words}"


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    (tmp_path / CATALOGUE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IntegrityError, match="not UTF-8 text"):
        read_catalogue(tmp_path)


def test_a_damaged_catalogue_is_never_overwritten(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    (tmp_path / CATALOGUE).write_text("{")
    with pytest.raises(IntegrityError):
        put(tmp_path, released=date(2021, 1, 1), rows=4)
    assert (tmp_path / CATALOGUE).read_text() == "{"
    assert len(list((tmp_path / "releases").iterdir())) == 1


def test_a_newer_format_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / CATALOGUE).write_text('{"format": 99, "releases": []}')
    with pytest.raises(FolderError, match="has format 99; this Penholder reads 2") as caught:
        read_catalogue(tmp_path)
    assert caught.value.hint == "upgrade Penholder"


def test_an_older_format_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / CATALOGUE).write_text('{"format": 1, "releases": []}')
    with pytest.raises(FolderError, match="has format 1, of an older Penholder") as caught:
        read_catalogue(tmp_path)
    assert caught.value.hint == "import the sources again, into a new folder"


def test_what_a_release_lacks_is_kept(tmp_path: Path) -> None:
    facts = ReleaseFacts(kind="places", series="atlas", released=date(2020, 1, 1), lacks=("onward",))
    store_release(tmp_path, facts, {"places": places_table()})
    assert read_catalogue(tmp_path).releases[0].lacks == ("onward",)


def test_the_catalogue_is_plain_json_that_others_can_read(tmp_path: Path) -> None:
    put(tmp_path, released=date(2020, 1, 1), rows=3)
    content = json.loads((tmp_path / CATALOGUE).read_text())
    assert content["releases"][0]["files"][0]["read"] == 3
