"""What a list leaves open stays open: no cell is read as more, or as something else, than it says."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.sources.report import LoadReport
from tests.unit.sources.invented_lists import RELEASED, UK_FILES, UK_VALUES, loaded, rows, uk_folder, write

LICENCES = """
kind: generic-licences
columns:
  licence: {columns: [office, number]}
  decided_on: decided
  outcome: outcome
  destination: state
"""
INCIDENTS = """
kind: generic-incidents
columns:
  incident: id
  starts_on: day
  means: %s
fixed: {place: XA}
"""


def table(folder: Path, lines: list[dict[str, str]], extra: str = "") -> tuple[LoadReport, list[dict[str, Any]]]:
    """Load lines of a generic list; `extra`: further rows of `columns` and keys of the mapping."""
    base = {"office": "A", "decided": "2016-06-15", "outcome": "issued", "state": "XA"}
    full = [{**base, "number": str(n), **line} for n, line in enumerate(lines, 1)]
    names = list(dict.fromkeys(k for line in full for k in line))
    body = ["|".join(names), *("|".join(line.get(n, "") for n in names) for line in full)]
    source = write(folder / "list.csv", "\n".join(body) + "\n")
    mapping = write(folder / "list.yaml", f'delimiter: "|"{LICENCES}{extra}')
    report = loaded(source, folder / "data", mapping=mapping)
    return report, rows(folder / "data", "lines")


@pytest.mark.parametrize(
    ("cell", "stored", "odd"),
    [
        ("ML6; ML10", "ML6;ML10", 0),
        ("ML6, ML10", "ML6;ML10", 0),
        ("ML6/ML10/ML6", "ML6;ML10", 0),
        ("ML6+ML10", "ML6;ML10", 0),
        ("ML6 and ML10", "ML6;ML10", 0),
        ("ML6 et ML10 & HR AII", "ML6;ML10;HR AII", 0),
        ("End Use", "End Use", 0),
        ("ML6 to ML10", "ML6 to ML10", 1),
        ("PL5035 PL5017", "PL5035 PL5017", 1),
        ("ML6, and parts (see the annex)", "ML6, and parts (see the annex)", 1),
        ("", None, 0),
    ],
)
def test_codes_in_one_cell_are_split_where_each_part_is_a_code(
    tmp_path: Path, cell: str, stored: str | None, odd: int
) -> None:
    report, (line,) = table(tmp_path, [{"rating": cell}], "  rating: rating\n")
    assert line["rating"] == stored
    said = f"{odd} rows have a rating that is neither one whole code nor a list of them"
    assert any(said in n and cell in n for n in report.notices) == bool(odd)


def test_a_mapping_that_splits_or_translates_ratings_keeps_its_say(tmp_path: Path) -> None:
    rule = "  rating: {column: rating, list_separator: '#', others: keep, codes: {'A/B': ML1}}\n"
    _, (line,) = table(tmp_path, [{"rating": "A/B#ML6/ML10"}], rule)
    assert line["rating"] == "ML1;ML6;ML10"


def test_two_letters_that_are_no_country_are_never_stored_as_a_code(tmp_path: Path) -> None:
    columns = "  onward: {column: onward, list_separator: /}\n  end_user_state: user\n"
    report, lines = table(
        tmp_path,
        [{"state": "ZZ", "onward": "QQ/XB", "user": "qq"}, {"state": "EU", "onward": "Nowhere"}, {"onward": "XB"}],
        columns,
    )
    assert [(r["destination"], r["destination_name"], r["onward"], r["end_user_state"]) for r in lines] == [
        ("“ZZ”", "ZZ", "XB;“QQ”", "“qq”"),
        ("“EU”", "EU", "Nowhere", None),
        ("XA", "XA", "XB", None),
    ]
    assert {r["destination_kind"] for r in lines[:2]} <= {"unrecognised", "non_country"}
    unknown = report.document()["unrecognised_places"]
    assert (unknown["ZZ"], unknown["QQ"], unknown["qq"], unknown["Nowhere"]) == (1, 1, 1, 1)


def test_final_destinations_of_a_side_table_that_no_table_knows_are_counted(tmp_path: Path) -> None:
    folder = uk_folder(tmp_path / "in")
    write(folder / "destinations.csv", "licence_group,destination\n7,Nowhere\n7,ZZ\n")
    report = loaded(folder, tmp_path / "data", "uk-licences")
    assert report.document()["unrecognised_places"] == {"Tarsis": 1, "Nowhere": 2, "ZZ": 2}
    assert rows(tmp_path / "data", "lines")[0]["onward"] == "Nowhere;“ZZ”"


def test_a_state_that_is_dated_without_a_day_is_undated(tmp_path: Path) -> None:
    columns = "  suspension: s\n  suspended_on: s_on\n  revocation: r\n  revoked_on: r_on\n"
    _, lines = table(
        tmp_path,
        [{"s": "dated", "r": "dated"}, {"s_on": "2016-07-01", "r": "dated", "r_on": "2016-08-01"}],
        columns,
    )
    assert [(r["suspension"], r["revocation"]) for r in lines] == [("undated", "undated"), ("dated", "dated")]


def test_goods_that_go_on_to_an_unnamed_place_are_marked(tmp_path: Path) -> None:
    notes = (
        "101,1,Components for incorporation. Returned to the exporter for onward export.\n"
        "102,1,For incorporation. Ultimate end user is in Burma.\n"
        "103,1,For use by the army.\n"
        "104,1,For incorporation. Ultimate end user is civilian in Burma.\n"
        "104,1,Valves. Laos is a State Party to the convention.\n"
    )
    values = "".join(f"{n},1,2016-05-01,ML6,1,goods,XA,0,0\n" for n in (101, 102, 103, 104, 105))
    header = "licence_id,licence_cohort_id,date,rating,military,description,country,refused,known_revoked\n"
    write(tmp_path / "in" / "items.csv", header + values)
    write(tmp_path / "in" / "footnotes-licence.csv", "licence_id,licence_cohort_id,text\n" + notes)
    loaded(tmp_path / "in", tmp_path / "data", "uk-licences")
    found = {r["line"]: r["onward_open"] for r in rows(tmp_path / "data", "lines")}
    assert found == {"101:1": True, "102:1": None, "103:1": None, "104:1": True, "105:1": None}


def test_states_of_notes_that_contradict_each_other_leave_the_final_place_open(tmp_path: Path) -> None:
    users = "".join(f"{n},Ultimate end user is in {state}.\n" for n in (7, 9) for state in ("Burma", "Laos"))
    folder = uk_folder(tmp_path / "in")
    write(folder / "footnotes_licence.csv", f"bundle_id,text\n{users}")
    write(folder / "destinations.csv", "licence_group,destination\n7,Burma\n7,Laos\n9,Burma\n")
    loaded(folder, tmp_path / "data", "uk-licences")
    found = {r["line"]: (r["onward"], r["onward_open"]) for r in rows(tmp_path / "data", "lines")}
    assert found["7:1"] == ("LA;MM", None)
    assert found["9:1"] == ("MM", True)


def test_a_mapping_may_say_whether_goods_go_on(tmp_path: Path) -> None:
    lines = [{"goes_on": "yes"}, {"goes_on": "no"}, {"goes_on": ""}]
    report, found = table(tmp_path, lines, "  onward_open: goes_on\n")
    assert [r["onward_open"] for r in found] == [True, False, None]
    assert report.release.lacks == ()


def test_parts_of_a_key_that_hold_hyphens_do_not_make_one_key(tmp_path: Path) -> None:
    parts = [("A-1", "2"), ("A", "1-2"), ("A~", "1"), ("A", "~-1"), ("2016", "7")]
    _, lines = table(tmp_path, [{"office": a, "number": b} for a, b in parts])
    assert [r["licence"] for r in lines] == ["A~-1-2", "A-1-2", "A~~-1", "A-~-1", "2016-7"]


def test_an_expiry_counts_by_the_last_day_that_it_can_mean(tmp_path: Path) -> None:
    report, lines = table(
        tmp_path,
        [{"end": "2016-06"}, {"end": "2016-05"}, {"end": "2016"}, {"end": "2017-03"}],
        "  expires_on: end\n",
    )
    assert report.document()["reasons"] == {"ends_before_start": 1}
    assert [r["expires_on"] for r in lines] == [date(2016, 6, 30), date(2016, 12, 31), date(2017, 3, 1)]


def incidents(folder: Path, words: list[str], rule: str = "means") -> tuple[LoadReport, list[str | None]]:
    body = "".join(f"{n},2016-05-01,{word}\n" for n, word in enumerate(words, 1))
    source = write(folder / "acts.csv", f"id,day,means\n{body}")
    report = loaded(source, folder / "data", mapping=write(folder / "acts.yaml", INCIDENTS % rule))
    return report, [r["means"] for r in rows(folder / "data", "incidents")]


def test_means_outside_the_vocabulary_count_as_not_stated_and_are_said(tmp_path: Path) -> None:
    report, found = incidents(
        tmp_path,
        ["air_strike", "AIR_STRIKE", "chemical", "chemical/ground", "ground/artillery", ""],
        "{column: means, list_separator: /}",
    )
    assert found == ["air_strike", None, None, None, "ground;artillery", None]
    assert report.document()["quarantined"] == 0
    (said,) = (n for n in report.document()["notices"] if "means" in n)
    assert said.startswith(
        "3 rows name means that are not in the vocabulary and count as not stated: chemical (2), AIR_STRIKE (1); "
        "translate such words under `codes` in the mapping; allowed: air_strike, artillery,"
    )


def test_translated_means_and_those_of_the_edges_of_the_folder_are_kept(tmp_path: Path) -> None:
    _, found = incidents(tmp_path / "a", ["Luftangriff"], "{column: means, codes: {Luftangriff: air_strike}}")
    assert found == ["air_strike"]
    folder = tmp_path / "b"
    columns = "from_kind: a, from_id: b, to_kind: c, to_id: d, relation: e, basis: f, grade: g, citation: h"
    mapping = write(folder / "e.yaml", f"kind: edges\ncolumns: {{{columns}}}\n")
    edges = write(
        folder / "e.csv", "a,b,c,d,e,f,g,h\nplatform,boat,means,mine_laying,used_for,finding,B2,page 1\n"
    )
    before, first = incidents(folder, ["mine_laying"])
    loaded(edges, folder / "data", mapping=mapping)
    after, second = incidents(folder, ["mine_laying"])
    assert (first, second[-1]) == ([None], "mine_laying")
    assert (before.already_loaded, after.already_loaded) == (False, False)


def test_a_release_says_which_parts_it_lacks(tmp_path: Path) -> None:
    alone = loaded(write(tmp_path / "values.csv", UK_VALUES), tmp_path / "a", "uk-licences")
    assert alone.release.lacks == ("onward", "notes", "criteria")
    assert alone.document()["lacks"] == ["onward", "notes", "criteria"]
    assert "no final destinations were given: onward routes are not known" in alone.notices
    whole = loaded(uk_folder(tmp_path / "in"), tmp_path / "b", "uk-licences")
    assert whole.release.lacks == ()
    assert not any("final destinations" in n for n in whole.notices)
    (kept,) = read_catalogue(tmp_path / "a").releases
    assert kept.lacks == ("onward", "notes", "criteria")


def test_a_generic_list_lacks_final_destinations_unless_a_column_tells_them(tmp_path: Path) -> None:
    assert table(tmp_path / "a", [{}])[0].release.lacks == ("onward",)
    assert table(tmp_path / "b", [{"to": "XB"}], "  onward: to\n")[0].release.lacks == ()
    optional = "  onward: {column: to, optional: yes}\n"
    assert table(tmp_path / "c", [{}], optional)[0].release.lacks == ("onward",)
    assert table(tmp_path / "d", [{}], "fixed: {onward_open: no}\n")[0].release.lacks == ()


def test_notes_alone_say_that_they_reach_no_line(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes.csv", UK_FILES["footnotes_licence.csv"])
    said = "2 notes are stored; they are applied to lines only when both are imported from one folder"
    assert said in loaded(notes, tmp_path / "empty", "uk-notes").document()["notices"]
    loaded(write(tmp_path / "values.csv", UK_VALUES), tmp_path / "data", "uk-licences")
    report = loaded(notes, tmp_path / "data", "uk-notes")
    assert f"{said}; 1 of them name a licence key that lines of this folder have" in report.notices
    assert {r["end_user"] for r in rows(tmp_path / "data", "lines")} == {"not_stated"}


def test_the_same_table_packed_is_the_same_input(tmp_path: Path) -> None:
    plain = write(tmp_path / "values.csv", UK_VALUES)
    packed = tmp_path / "values.csv.gz"
    packed.write_bytes(gzip.compress(UK_VALUES.encode()))
    first = loaded(plain, tmp_path / "data", "uk-licences")
    again = loaded(packed, tmp_path / "data", "uk-licences", released=RELEASED)
    assert (first.already_loaded, again.already_loaded) == (False, True)
    other = loaded(packed, tmp_path / "other", "uk-licences").release
    assert (other.id, other.sha256) == (first.release.id, first.release.sha256)
    assert other.files[0].bytes == packed.stat().st_size
    assert other.files[0].sha256 != first.release.files[0].sha256
