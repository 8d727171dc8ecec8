"""The stocktake on the register: as on the folder from which it came, and different after an act."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, SeparationError
from penholder.analysis.profile.find import find_profile
from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.releases.store import ReleaseFacts, store_release
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import further_means, stocktake
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.cli.stocktake import command
from penholder.kernel.errors import NotKnownError
from penholder.ledger.queries import entries_about
from penholder.register import actions
from penholder.register.models import Licence, Line, Release
from penholder.register.place_names import place_names
from penholder.register.stocktake import with_register
from tests import register_ground as ground
from tests.casework import Casework
from tests.register_ground import (
    MANAGER,
    SENIOR,
    TODAY,
    issued,
    load_release,
    reinstate,
    revoke,
    surrender,
    suspend,
    terms,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("register")]  # a whole release: `make check`


def answer(catalogue: Catalogue, on: date, *, scope: Scope = Scope.IN_FORCE, known: date | None = None) -> Any:
    path = find_profile(catalogue.folder, "northern-campaign")
    profile = read_profile(path, further_means=further_means(catalogue))
    return stocktake_result(stocktake(catalogue, profile, on=on, scope=scope, known=known))


def test_a_release_is_taken_in_as_one_act(small_folder: Path) -> None:
    receipt = load_release(small_folder)
    table = read_rows(read_catalogue(small_folder), "lines", columns=("licence", "outcome"))
    refused = table.column("outcome").to_pylist().count("refused")
    row = Release.objects.get()
    assert len(receipt.entries) == 1
    assert (receipt.result.rows, receipt.result.refused) == (400 - refused, refused)
    assert (row.rows, row.licences) == (Line.objects.count(), Licence.objects.count())
    assert row.data_sha256 == receipt.result.data_sha256


def test_a_release_is_announced_by_one_and_taken_in_by_another(small_folder: Path, tmp_path: Path) -> None:
    """Its lines are licences in force at once: nobody makes them alone."""
    release = next(r for r in read_catalogue(small_folder).releases if "lines" in r.data_sets)
    with pytest.raises(AbsentError, match="no such release was announced"):
        perform(actions.load_release, MANAGER, announced="R-none", folder=str(small_folder))
    said = perform(actions.announce_release, MANAGER, folder=str(small_folder), release=release.id).result
    assert (said.release, said.source_sha256) == (release.id, release.data_sets["lines"])
    with pytest.raises(SeparationError, match=r"did register\.announce_release"):
        perform(actions.load_release, MANAGER, announced=said.announced, folder=str(small_folder))
    deputy = replace(SENIOR, stands_in_for=frozenset({MANAGER.id}))
    with pytest.raises(SeparationError, match=r"did register\.announce_release"):
        perform(actions.load_release, deputy, announced=said.announced, folder=str(small_folder))
    assert Licence.objects.count() == 0
    loaded = perform(actions.load_release, SENIOR, announced=said.announced, folder=str(small_folder))
    assert loaded.result.release == release.id
    assert Release.objects.get().public_id == said.announced
    assert [e.event for e in entries_about(said.announced)] == [
        "register.ReleaseAnnounced",
        "register.ReleaseLoaded",
    ]


def test_what_is_taken_in_is_what_was_announced(small_folder: Path, tmp_path: Path) -> None:
    folder = read_catalogue(small_folder)
    release = next(r for r in folder.releases if "lines" in r.data_sets)
    said = perform(actions.announce_release, MANAGER, folder=str(small_folder), release=release.id).result
    rows = read_rows(folder, "lines").to_pylist()
    rows[0]["quantity"] = Decimal(10**6)
    table = pa.Table.from_pylist(rows, schema=read_rows(folder, "lines").schema)
    facts = ReleaseFacts(kind=release.kind, series=release.series, released=release.released_on)
    made = store_release(tmp_path / "other", facts, {"lines": table})
    with pytest.raises(NotKnownError, match=f"has no release '{release.id}'"):
        perform(actions.load_release, SENIOR, announced=said.announced, folder=str(tmp_path / "other"))
    path = tmp_path / "other" / "penholder.json"
    path.write_text(path.read_text().replace(made.id, release.id))
    (tmp_path / "other" / "releases" / made.id).rename(tmp_path / "other" / "releases" / release.id)
    with pytest.raises(ConflictError, match="are not those that were announced"):
        perform(actions.load_release, SENIOR, announced=said.announced, folder=str(tmp_path / "other"))
    assert Licence.objects.count() == 0


def test_places_are_called_as_the_tables_or_else_as_a_release_calls_them(small_folder: Path) -> None:
    codes = ("FR", "XB", "XV", "“ZZ”", "")
    with CaptureQueriesContext(connection) as asked:
        assert place_names(["FR", "NO"]) == {"FR": "France (FR)", "NO": "Norway (NO)"}
    assert len(asked) == 0
    assert place_names(codes) == {"FR": "France (FR)", "XB": "XB", "XV": "XV", "“ZZ”": "“ZZ”"}
    load_release(small_folder)
    with CaptureQueriesContext(connection) as asked:
        named = place_names(codes)
    assert named == {"FR": "France (FR)", "XB": "Belmora (XB)", "XV": "Velmora (XV)", "“ZZ”": "“ZZ”"}
    assert len(asked) == 1


def test_a_release_is_taken_in_once(small_folder: Path) -> None:
    load_release(small_folder)
    before = Line.objects.count()
    with pytest.raises(ConflictError, match="is in the register already"):
        load_release(small_folder)
    assert Line.objects.count() == before
    with pytest.raises(NotKnownError, match="has no release 'sample'"):
        load_release(small_folder, "sample")


@pytest.mark.parametrize("on", [date(2016, 3, 1), date(2024, 9, 2)])
@pytest.mark.parametrize("scope", list(Scope))
def test_the_register_answers_as_the_folder_did(
    small_folder: Path, tmp_path: Path, on: date, scope: Scope
) -> None:
    load_release(small_folder)
    folder = read_catalogue(small_folder)
    mine = answer(with_register(folder, into=tmp_path, on=on), on, scope=scope)
    theirs = answer(folder, on, scope=scope)
    assert mine.document == theirs.document
    assert mine.rows().drop_columns(["line"]).to_pylist() == theirs.rows().drop_columns(["line"]).to_pylist()
    assert mine.rows().column("line").to_pylist() == theirs.rows().column("line").to_pylist()


def test_every_row_of_the_release_comes_back_as_it_was(small_folder: Path, tmp_path: Path) -> None:
    load_release(small_folder)
    folder = read_catalogue(small_folder)
    mine = read_rows(with_register(folder, into=tmp_path, on=TODAY), "lines").to_pylist()
    theirs = [r for r in read_rows(folder, "lines").to_pylist() if r["outcome"] != "refused"]
    assert mine == theirs


def test_a_suspension_changes_the_answer_and_what_was_known_before_does_not(
    small_folder: Path, tmp_path: Path
) -> None:
    load_release(small_folder)
    folder = read_catalogue(small_folder)
    before = answer(folder, TODAY)
    chosen = next(
        row["line"] for row in before.rows().to_pylist() if row["use"] == "could" and row["status"] == "in_force"
    )
    reference, _, number = chosen.rpartition(":")
    ground.at(date(2024, 11, 24))
    suspend(Licence.objects.get(reference=reference).public_id, int(number), version=1, effective_on=TODAY)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    after = answer(with_register(folder, into=tmp_path / "a", on=TODAY), TODAY)
    assert {r["line"]: r["status"] for r in after.rows().to_pylist()}[chosen] == "suspended"
    then = with_register(folder, into=tmp_path / "b", on=TODAY, known=date(2024, 11, 23))
    assert answer(then, TODAY).document == before.document


def test_what_was_not_loaded_yet_was_not_known(small_folder: Path, tmp_path: Path) -> None:
    load_release(small_folder)
    with pytest.raises(NotKnownError, match="known by 2024-11-21"):
        with_register(read_catalogue(small_folder), into=tmp_path, on=TODAY, known=date(2024, 11, 21))


def rows_of(folder: Path, into: Path, on: date) -> list[dict[str, Any]]:
    into.mkdir()
    found: list[dict[str, Any]] = read_rows(
        with_register(read_catalogue(folder), into=into, on=on), "lines"
    ).to_pylist()
    return found


def test_lines_that_were_entered_here_are_rows_too(small_folder: Path, tmp_path: Path) -> None:
    ground.enter("GBSIEL/2024/0000009/P")
    licence = issued("GBSIEL/2024/0000001/P", terms(), terms(), terms(), terms(onward="XC;XD"))
    suspend(licence, 1, effective_on=date(2024, 11, 1))
    reinstate(licence, 1, effective_on=date(2024, 11, 10))
    ground.draw(licence, "m1", "1", line=2, happened_on=date(2024, 10, 1))
    revoke(licence, 2, version=4)
    surrender(licence, 3, version=5)
    rows = rows_of(small_folder, tmp_path / "a", TODAY)
    assert [r["line"] for r in rows] == [f"GBSIEL/2024/0000001/P:{n}" for n in (1, 2, 3, 4)]
    one, two, three, four = rows
    assert (one["suspension"], one["suspended_on"], one["reinstated_on"]) == (
        "dated",
        date(2024, 11, 1),
        date(2024, 11, 10),
    )
    assert (two["revocation"], two["revoked_on"], two["exported_before"]) == ("dated", TODAY, True)
    assert (three["expires_on"], four["expires_on"], four["onward"]) == (TODAY, date(2026, 6, 1), "XC;XD")


def test_a_destination_given_by_name_is_found_by_its_code(small_folder: Path, tmp_path: Path) -> None:
    issued("GBSIEL/2024/0000001/P", terms(destination="France", rating="ML 10.a"), terms())
    rows = rows_of(small_folder, tmp_path / "a", TODAY)
    assert [(r["destination"], r["destination_name"], r["destination_kind"], r["rating"]) for r in rows] == [
        ("FR", "France", "country", "ML10a"),
        ("XB", "XB", "country", "ML10"),
    ]
    with pytest.raises(InvalidError, match="no place 'Belmora' is known"):
        issued("GBSIEL/2024/0000002/P", terms(destination="Belmora"))


def test_terms_count_from_their_day(small_folder: Path, tmp_path: Path) -> None:
    licence = issued()
    perform(
        actions.amend_line,
        SENIOR,
        licence=licence,
        line=1,
        terms=terms(destination="XE"),
        reasons="The buyer moved the programme.",
        effective_on=date(2024, 11, 1),
        expected_version=2,
    )
    assert rows_of(small_folder, tmp_path / "a", date(2024, 10, 31))[0]["destination"] == "XB"
    assert rows_of(small_folder, tmp_path / "b", date(2024, 11, 1))[0]["destination"] == "XE"


def test_a_newer_release_of_a_loaded_series_is_refused_with_what_differs(
    small_folder: Path, tmp_path: Path
) -> None:
    load_release(small_folder)
    folder = read_catalogue(small_folder)
    held = next(r for r in folder.releases if "lines" in r.data_sets)
    rows = [r for r in read_rows(folder, "lines").to_pylist() if r["outcome"] != "refused"]
    rows[0]["rating"] = "ML22"
    rows[1]["line"] = rows[1]["licence"] + ":9999"
    newer = pa.Table.from_pylist(rows, schema=read_rows(folder, "lines").schema)
    facts = ReleaseFacts(kind=held.kind, series=held.series, released=date(2026, 4, 15))
    made = store_release(tmp_path / "newer", facts, {"lines": newer})
    with pytest.raises(ConflictError, match="1 added, 1 changed and 1 missing lines"):
        load_release(tmp_path / "newer", made.id)


def test_the_command_takes_the_lines_of_the_register(
    casework: Casework, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENHOLDER_HOME", str(casework.home))
    asked = [str(small_folder), "--profile", "northern-campaign", "--on", "2024-11-22", "--json"]
    empty = CliRunner().invoke(command, [*asked, "--register"])
    assert isinstance(empty.exception, NotKnownError)
    load_release(small_folder)
    mine = CliRunner().invoke(command, [*asked, "--register"])
    theirs = CliRunner().invoke(command, asked)
    assert (mine.exception, theirs.exception) == (None, None)
    said, folder = json.loads(mine.stdout), json.loads(theirs.stdout)
    assert said["notices"].pop(0).startswith("the lines are those of the live register")
    del said["citation"], folder["citation"]
    assert said == folder
    assert [r["line"] for r in rows_of(small_folder, casework.home / "a", TODAY)]
