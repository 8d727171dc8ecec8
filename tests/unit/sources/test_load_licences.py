from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.kernel.errors import MappingError, SourceError
from tests.unit.sources.invented_lists import (
    GENERIC_LIST,
    GENERIC_MAPPING,
    RELEASED,
    UK_VALUES,
    loaded,
    rows,
    uk_folder,
    write,
)


def test_a_folder_of_the_old_layout_reconciles_file_by_file(tmp_path: Path) -> None:
    document = loaded(uk_folder(tmp_path / "in"), tmp_path / "data", "uk-licences").document()
    assert (document["read"], document["loaded"], document["quarantined"]) == (5, 4, 1)
    assert document["reasons"] == {"exact_repeat": 1}
    counts = {f["name"]: (f["holds"], f["read"], f["loaded"], f["reasons"]) for f in document["files"]}
    assert counts == {
        "values.csv": ("lines", 5, 4, {"exact_repeat": 1}),
        "destinations.csv": ("onward", 4, 2, {"exact_repeat": 1, "licence_not_in_lines": 1}),
        "refusal-criteria.csv": ("criteria", 2, 2, {}),
        "footnotes_licence.csv": ("notes", 2, 2, {}),
        "sources.csv": ("not_used", 2, 0, {"not_used": 2}),
    }
    assert document["not_read"] == ["README.txt"]
    assert document["rows"] == {"lines": 4, "notes": 2}


def test_lines_take_their_number_onward_destinations_criteria_and_note_facts(tmp_path: Path) -> None:
    loaded(uk_folder(tmp_path / "in"), tmp_path / "data", "uk-licences")
    lines = {r["line"]: r for r in rows(tmp_path / "data", "lines")}
    assert list(lines) == ["7:1", "8:1", "7:2", "9:1"]
    first, refused, second, noted = lines.values()
    assert (first["value"], first["currency"], first["onward"], first["source_line"]) == (
        Decimal("3540.00"), "GBP", "XB;XC", 2,
    )  # fmt: skip
    assert (refused["outcome"], refused["value"], refused["criteria"], refused["count"]) == (
        "refused",
        None,
        "2;7",
        2,
    )
    assert (refused["destination"], refused["destination_kind"]) == ("Tarsis", "unrecognised")
    assert (second["value"], second["source_line"]) == (Decimal("120.50"), 4)
    assert (noted["decided_on"], noted["decided_precision"]) == (date(2014, 2, 1), "month")
    assert (noted["end_user"], noted["notes"]) == ("forces", "footnotes_licence.csv:1")
    assert {n["licence"] for n in rows(tmp_path / "data", "notes")} == {"9", "500"}


def test_the_quarantine_names_file_line_and_reason(tmp_path: Path) -> None:
    loaded(uk_folder(tmp_path / "in"), tmp_path / "data", "uk-licences")
    found = {
        (q["source"], q["source_line"], q["reason"], q["detail"]) for q in rows(tmp_path / "data", "quarantine")
    }
    assert found == {
        ("values.csv", 6, "exact_repeat", "as line 2"),
        ("destinations.csv", 4, "exact_repeat", "as line 2"),
        ("destinations.csv", 5, "licence_not_in_lines", ""),
        ("sources.csv", 2, "not_used", ""),
        ("sources.csv", 3, "not_used", ""),
    }


def test_new_keys_join_notes_by_licence_and_the_rest_by_cohort(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(
        folder / "items.csv",
        "licence_id,licence_cohort_id,date,rating,military,description,country,refused,known_revoked\n"
        "101,5,2016-05-01,ML10,1,aircraft parts,XB,0,1\n102,5,2016-05-01,ML10,1,aircraft parts,XB,0,0\n",
    )
    write(folder / "incorporation-destinations.csv", "licence_cohort_id,destination,iso2\n5,XC,XC\n")
    write(folder / "refusal-criteria.csv", "licence_cohort_id,criterion,description\n5,4,words\n")
    write(folder / "footnotes-licence.csv", "licence_id,licence_cohort_id,text\n102,5,For end use by the navy.\n")
    loaded(folder, tmp_path / "data", "uk-licences")
    revoked, noted = rows(tmp_path / "data", "lines")
    assert (revoked["licence"], revoked["onward"], revoked["criteria"]) == ("101", "XC", "4")
    assert (revoked["revocation"], revoked["revoked_on"], revoked["outcome"]) == ("undated", None, "issued")
    assert (revoked["description"], revoked["value"], revoked["notes"]) == ("aircraft parts", None, None)
    assert (noted["end_user"], noted["revocation"], noted["onward"]) == ("forces", "none", "XC")


def test_items_beside_values_are_not_loaded_twice(tmp_path: Path) -> None:
    folder = uk_folder(tmp_path / "in")
    write(folder / "items.csv", "licence_group,date,rating,description,country,refused\n7,2014-01-02,ML1,x,XA,0\n")
    document = loaded(folder, tmp_path / "data", "uk-licences").document()
    assert document["rows"]["lines"] == 4
    assert document["not_read"] == ["README.txt", "items.csv"]


def test_two_releases_in_one_folder_are_refused_and_the_hint_says_what_to_do(tmp_path: Path) -> None:
    write(tmp_path / "in" / "values_1.csv", UK_VALUES)
    write(tmp_path / "in" / "values_2.csv", UK_VALUES)
    with pytest.raises(SourceError, match=r"2 files hold lines: values_1\.csv, values_2\.csv\n .*one by one"):
        loaded(tmp_path / "in", tmp_path / "data", "uk-licences")
    assert not (tmp_path / "data").exists()


def test_another_states_list_loads_with_a_mapping_alone(tmp_path: Path) -> None:
    source = write(tmp_path / "liste.csv", GENERIC_LIST, encoding="cp1252")
    mapping = write(tmp_path / "ardenia.yaml", GENERIC_MAPPING)
    report = loaded(source, tmp_path / "data", "generic-licences", mapping=mapping)
    assert report.document()["reasons"] == {"not_a_date": 1}
    assert report.document()["files"][0]["columns_not_read"] == ["Bearbeiter"]
    first, second, refused = rows(tmp_path / "data", "lines")
    assert (first["line"], first["decided_on"], first["rating"]) == ("A-1:1", date(2014, 3, 5), "ML10;ML22")
    assert (first["value"], first["currency"], first["end_user"]) == (Decimal("1234500.00"), "EUR", "forces")
    assert first["description"] == "Pumpenteile für Flugzeuge"
    assert (second["line"], second["rating"], second["destination"]) == ("A-1:2", None, "XC")
    assert (second["destination_name"], second["end_user"]) == ("XC", "not_stated")
    assert (refused["outcome"], refused["value"], refused["decided_precision"]) == ("refused", None, "month")
    (bad,) = rows(tmp_path / "data", "quarantine")
    assert (bad["source_line"], bad["column"], bad["detail"]) == (5, "Datum", "31.02.2014")
    (release,) = read_catalogue(tmp_path / "data").releases
    assert (release.series, release.licence_key) == ("ardenia", "Nummer")
    assert (release.attribution, release.data_licence) == ("Ministry of Trade of Ardenia", "CC-BY-4.0")


def test_the_order_of_the_rows_in_a_file_does_not_matter_for_repeats(tmp_path: Path) -> None:
    header, *body = UK_VALUES.splitlines()
    write(tmp_path / "in" / "values.csv", "\n".join([header, *reversed(body)]) + "\n")
    loaded(tmp_path / "in" / "values.csv", tmp_path / "data", "uk-licences")
    assert [r["line"] for r in rows(tmp_path / "data", "lines")] == ["7:1", "9:1", "7:2", "8:1"]


def test_the_same_input_twice_changes_nothing(tmp_path: Path) -> None:
    folder = uk_folder(tmp_path / "in")
    first = loaded(folder, tmp_path / "data", "uk-licences")
    before = (tmp_path / "data" / "penholder.json").read_bytes()
    again = loaded(folder, tmp_path / "data", "uk-licences")
    unstated = loaded(folder, tmp_path / "data", "uk-licences", released=None)
    assert (first.already_loaded, again.already_loaded, unstated.already_loaded) == (False, True, True)
    assert (tmp_path / "data" / "penholder.json").read_bytes() == before
    assert len(list((tmp_path / "data" / "releases").iterdir())) == 1
    assert not [p for p in (tmp_path / "data").iterdir() if p.name.startswith(".incoming")]


def test_one_changed_side_file_is_another_release(tmp_path: Path) -> None:
    folder = uk_folder(tmp_path / "in")
    loaded(folder, tmp_path / "data", "uk-licences")
    write(folder / "destinations.csv", "licence_group,destination\n7,XD\n")
    loaded(folder, tmp_path / "data", "uk-licences")
    assert len(read_catalogue(tmp_path / "data").releases) == 2
    assert rows(tmp_path / "data", "lines")[0]["onward"] == "XD"


def test_a_day_of_publication_that_is_not_given_is_today_and_said(tmp_path: Path) -> None:
    report = loaded(uk_folder(tmp_path / "in"), tmp_path / "data", "uk-licences", released=None)
    assert not report.release.released_stated
    assert any("--released" in n for n in report.notices)
    stated = loaded(uk_folder(tmp_path / "in"), tmp_path / "other", "uk-licences")
    assert (stated.release.released, stated.release.released_stated) == (RELEASED.isoformat(), True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("kind: generic-licences", "kind: generic-licence"),
            r"yaml:2: key 'kind': 'generic-licence' is not allowed",
        ),
        (("licence: Nummer", "licnce: Nummer"), r"key 'licnce' is not allowed; .*did you mean 'licence'\?"),
        (
            ("abgelehnt: refused", "abgelehnt: denied"),
            r"yaml:\d+: 'denied' is not allowed for 'outcome'; allowed: issued",
        ),
        (("[DD.MM.YYYY, MM/YYYY]", "[DD.MM.YY]"), r"yaml:12: 'DD.MM.YY' is not a date pattern"),
        (("encoding: cp1252", "encoding: cp12525"), r"yaml:8: encoding 'cp12525' is not known"),
        (('delimiter: ";"', 'delimiter: ";;"'), r"yaml:9: key 'delimiter': one character"),
        (("fixed: {currency: EUR}", "fixed: {outcome: issued}"), r"'outcome' is given both under"),
        (("  decided_on: Datum\n", ""), r"'decided_on' is needed for lines"),
        (("series: ardenia", "series: ../x"), r"yaml:4: '../x' cannot be the name of a series"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_and_line(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    assert change[0] in GENERIC_MAPPING
    mapping = write(tmp_path / "ardenia.yaml", GENERIC_MAPPING.replace(*change))
    source = write(tmp_path / "liste.csv", GENERIC_LIST, encoding="cp1252")
    with pytest.raises(MappingError, match=message):
        loaded(source, tmp_path / "data", mapping=mapping)


def test_a_mapping_for_other_columns_names_the_nearest_ones(tmp_path: Path) -> None:
    mapping = write(tmp_path / "ardenia.yaml", GENERIC_MAPPING.replace("Nummer", "Numer"))
    source = write(tmp_path / "liste.csv", GENERIC_LIST, encoding="cp1252")
    with pytest.raises(SourceError, match=r"it has no column 'Numer' \(did you mean 'Nummer'\?\)"):
        loaded(source, tmp_path / "data", mapping=mapping)
