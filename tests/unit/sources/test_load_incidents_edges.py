from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.kernel.errors import SourceError, TraceError
from tests.unit.sources.invented_lists import RELEASED, loaded, rows, write

UCDP_COLUMNS = (
    "id,relid,year,type_of_violence,side_a,side_b,source_headline,where_prec,where_coordinates,adm_1,adm_2,"
    "latitude,longitude,country,event_clarity,date_prec,date_start,date_end,best,high,low"
)
UCDP_ROW = {
    "id": 17, "type_of_violence": 1, "side_a": "Government of Ardenia", "side_b": "Northern front",
    "source_headline": "stays out", "where_prec": 2, "where_coordinates": "Ostvale town", "adm_1": "East",
    "adm_2": None, "latitude": 10.5, "longitude": -3.25, "country": "XA", "event_clarity": 1, "date_prec": 4,
    "date_start": "2014-03-01", "date_end": "2014-03-31", "best": 3, "high": 5, "low": 2,
}  # fmt: skip


def ucdp_csv(**changes: object) -> str:
    row = {**UCDP_ROW, **changes}
    return ",".join("" if row.get(c) is None else str(row[c]) for c in UCDP_COLUMNS.split(","))


def test_events_keep_their_window_precision_codes_and_both_bounds(tmp_path: Path) -> None:
    tags = ",".join("#x" if c == "year" else "" for c in UCDP_COLUMNS.split(","))
    one_sided = ucdp_csv(
        id="18.0", type_of_violence="3.0", side_b="Civilians", date_prec="1.0", low="9.0", high="4.0"
    )
    text = "\n".join([UCDP_COLUMNS, tags, ucdp_csv(), one_sided]) + "\n"
    report = loaded(write(tmp_path / "ged.csv", text), tmp_path / "data", "ucdp-ged")
    assert report.document()["files"][0]["skipped"] == 1
    assert "source_headline" in report.document()["files"][0]["columns_not_read"]
    first, second = rows(tmp_path / "data", "incidents")
    assert (first["incident"], first["starts_on"], first["ends_on"]) == ("17", date(2014, 3, 1), date(2014, 3, 31))
    assert (first["date_precision"], first["place_precision"]) == ("date_prec 4", "where_prec 2")
    assert (first["killed_min"], first["killed_max"], first["means"]) == (2, 5, None)
    assert (first["place"], first["actors"]) == ("XA", "Government of Ardenia;Northern front")
    assert (first["latitude"], first["longitude"], first["source_line"]) == (10.5, -3.25, 3)
    assert (second["incident"], second["actors"], second["date_precision"]) == (
        "18",
        "Government of Ardenia",
        "day",
    )
    assert (second["killed_min"], second["killed_max"]) == (4, 9)


def test_geojson_gives_the_same_incidents_as_csv(tmp_path: Path) -> None:
    loaded(write(tmp_path / "ged.csv", f"{UCDP_COLUMNS}\n{ucdp_csv()}\n"), tmp_path / "csv", "ucdp-ged")
    point = {"type": "Point", "coordinates": [UCDP_ROW["longitude"], UCDP_ROW["latitude"]]}
    properties = {k: v for k, v in UCDP_ROW.items() if k not in {"latitude", "longitude"}}
    feature = {"type": "Feature", "properties": properties, "geometry": point}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, indent=1)
    loaded(write(tmp_path / "ged.geojson", text), tmp_path / "json", "ucdp-ged")
    (from_csv,), (from_json,) = rows(tmp_path / "csv", "incidents"), rows(tmp_path / "json", "incidents")
    places = {"source", "source_line"}
    assert {k: v for k, v in from_csv.items() if k not in places} == {
        k: v for k, v in from_json.items() if k not in places
    }
    assert from_json["source_line"] == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1}', "no GeoJSON feature collection"),
        ('{"features": []}', "without features"),
        ('{"features": [{"properties": {"id": 1}}', "cut short"),
        ('{"features": [' + "[" * 100_000, "nested too deep|not well formed"),
    ],
)
def test_json_that_is_no_collection_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=f"{message}|has no column"):
        loaded(write(tmp_path / "ged.geojson", text), tmp_path / "data", "ucdp-ged")


def test_an_id_that_comes_twice_with_other_content_is_quarantined(tmp_path: Path) -> None:
    text = "\n".join([UCDP_COLUMNS, ucdp_csv(), ucdp_csv(best=9), ucdp_csv()]) + "\n"
    report = loaded(write(tmp_path / "ged.csv", text), tmp_path / "data", "ucdp-ged")
    assert report.document()["reasons"] == {"exact_repeat": 1, "repeated_id": 1}


def test_an_incident_that_ends_before_it_starts_is_quarantined(tmp_path: Path) -> None:
    text = "\n".join([UCDP_COLUMNS, ucdp_csv(), ucdp_csv(id=18, date_end="2014-02-01")]) + "\n"
    report = loaded(write(tmp_path / "ged.csv", text), tmp_path / "data", "ucdp-ged")
    assert report.document()["reasons"] == {"ends_before_start": 1}


AIR_RAIDS = (
    "Incident ID,Date,Governorate,District,Area,Target,Main category,Sub-category,Min Air Raids,Max Air Raids,"
    "Civilian Casualties,Fatalities ,Injured , Confirmed Time,Time of Day,,\n"
    "1,26/03/2015,East,Upper,Märket,depot,Medical_Facility,x,1,10+,0,unkn,4,2,Night,,\n"
    "2,27/03/2015,East,Lower,,depot,Medical_facility ,x,1,3,0,0,0,2,Night,,\n"
)


def test_air_raid_tables_load_with_the_mapping_that_ships(tmp_path: Path) -> None:
    write(tmp_path / "in" / "raids.csv", AIR_RAIDS, encoding="cp1252")
    write(tmp_path / "in" / "points.csv", "Governorate,District,lon,lat\nEast,upper,44.5,13.25\n")
    report = loaded(tmp_path / "in", tmp_path / "data", "generic-incidents", mapping="yemen-air-raids")
    assert report.document()["loaded"] == 2
    first, second = rows(tmp_path / "data", "incidents")
    assert (first["starts_on"], first["means"], first["actors"]) == (date(2015, 3, 26), "air_strike", None)
    assert (first["attacks_min"], first["attacks_max"]) == (10, None)
    assert (first["killed_min"], first["killed_max"], first["injured_max"]) == (None, None, 4)
    assert (first["place_name"], first["object"]) == ("Märket", "medical_facility")
    assert (first["latitude"], first["longitude"], first["place_precision"]) == (
        13.25,
        44.5,
        "point of the district",
    )
    assert (second["attacks_min"], second["attacks_max"], second["object"]) == (1, 3, "medical_facility")
    assert (second["latitude"], second["place_precision"]) == (None, None)


def test_attacks_on_health_care_have_no_perpetrator_and_no_means(tmp_path: Path) -> None:
    text = (
        "Attack ID,Attack Date,Country / Territory,Certainty Level,Attack Type,Total Injured,Total Death,"
        "HC Facilities,HC Transport,HC Personnel,HC Supplies Assets,HC Warehouse Storage,HC Patients\n"
        'X1,2021-12-31 22:00:30,XA,Probable," heavy weapons, others",1,0,YES,NO,YES,NO,NO,Unknown\n'
    )
    loaded(write(tmp_path / "who.csv", text), tmp_path / "data", "who-attacks")
    (row,) = rows(tmp_path / "data", "incidents")
    assert (row["starts_on"], row["ends_on"], row["certainty"]) == (
        date(2021, 12, 31),
        date(2021, 12, 31),
        "Probable",
    )
    assert (row["means"], row["actors"]) == (None, None)
    assert row["object"] == "health care: facilities;health care: personnel"


def test_components_become_edges_one_for_each_platform(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    row = 'c-1,pump,"[""kestrel"", ""heron""]",https://example.org/1'
    write(folder / "components.csv", f"component_id,name_marking,found_in_drones,source_url\n{row}\n{row}\n")
    write(
        folder / "drones.csv",
        "id,role,primary_source_url\nkestrel,strike,https://example.org/k\nheron,unknown,u\n",
    )
    document = loaded(folder, tmp_path / "data", "weapon-components").document()
    assert (document["read"], document["loaded"]) == (4, 2)
    assert document["reasons"] == {"exact_repeat": 1, "unknown_code": 1}
    assert document["rows"] == {"edges": 3}
    found = [
        (e["edge"], e["from_id"], e["to_kind"], e["to_id"], e["basis"]) for e in rows(tmp_path / "data", "edges")
    ]
    assert found == [
        ("c-1:1", "c-1", "platform", "kestrel", "finding"),
        ("c-1:2", "c-1", "platform", "heron", "finding"),
        ("role:kestrel", "kestrel", "means", "air_strike", "hint"),
    ]


def test_any_list_of_edges_loads_with_a_mapping(tmp_path: Path) -> None:
    mapping = write(
        tmp_path / "steps.yaml",
        "kind: edges\nattribution: Workshop of Ostvale\ndates: [YYYY]\ncolumns:\n  from_id: part\n  to_id: into\n"
        "  grade: grade\n  citation: page\n  valid_from: since\n"
        "fixed: {from_kind: rating, to_kind: component, relation: part_of, basis: finding}\n",
    )
    text = "part,into,grade,page,since\nML10,pump,b2,p. 3,2012\nML10,valve,Z9,p. 4,\n"
    report = loaded(write(tmp_path / "steps.csv", text), tmp_path / "data", mapping=mapping)
    assert report.document()["reasons"] == {"unknown_code": 1}
    (edge,) = rows(tmp_path / "data", "edges")
    assert (edge["edge"], edge["grade"], edge["valid_from"]) == ("steps.csv:2", "B2", date(2012, 1, 1))


STEPS = (
    "kind: edges\nseries: {series}\ndates: [YYYY]\ncolumns:\n  from_id: part\n  to_id: into\n  grade: grade\n"
    "  citation: page\n  valid_from: since\n  valid_until: until\n"
    "fixed: {{from_kind: component, to_kind: component, relation: part_of, basis: finding}}\n"
)


def steps(folder: Path, series: str, *lines: str, released: date = RELEASED) -> None:
    mapping = write(folder / f"{series}.yaml", STEPS.format(series=series))
    text = "\n".join(("part,into,grade,page,since,until", *lines)) + "\n"
    loaded(write(folder / f"{series}.csv", text), folder / "data", mapping=mapping, released=released)


def test_a_cycle_within_one_table_is_refused_with_its_lines_and_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(TraceError) as refused:
        steps(tmp_path, "one", "pump,valve,B2,p. 3,,", "rotor,pump,B2,p. 4,,", "valve,rotor,B2,p. 5,,")
    assert refused.value.message == (
        "the edges form a cycle: component:pump -> component:valve -> component:rotor -> component:pump"
        " (one.csv:2, one.csv:4, one.csv:3)"
    )
    assert (refused.value.hint or "").startswith("nothing was loaded; a thing cannot be part of itself")
    assert not (tmp_path / "data").exists()


def test_a_cycle_with_another_series_is_refused_and_the_folder_stays_as_it_was(tmp_path: Path) -> None:
    steps(tmp_path, "one", "pump,valve,B2,p. 3,,")
    before = (tmp_path / "data" / "penholder.json").read_bytes()
    with pytest.raises(TraceError) as refused:
        steps(tmp_path, "two", "rotor,pump,B2,p. 4,,", "valve,pump,B2,p. 5,,")
    assert "(one.csv:2, two.csv:3)" in refused.value.message
    assert f"the folder also uses one-{RELEASED}-" in (refused.value.hint or "")
    assert (tmp_path / "data" / "penholder.json").read_bytes() == before
    assert [p.name[:4] for p in (tmp_path / "data" / "releases").iterdir()] == ["one-"]


def test_an_older_release_is_tried_beside_what_was_in_use_after_it(tmp_path: Path) -> None:
    steps(tmp_path, "one", "pump,valve,B2,p. 3,,", released=date(2014, 1, 1))
    steps(tmp_path, "two", "rotor,pump,B2,p. 4,,", released=date(2016, 1, 1))
    with pytest.raises(TraceError, match=r"one\.csv:2, two\.csv:2"):
        steps(tmp_path, "two", "valve,pump,B2,p. 5,,", released=date(2013, 1, 1))


def test_edges_that_never_hold_on_the_same_day_form_no_cycle(tmp_path: Path) -> None:
    steps(tmp_path, "one", "pump,valve,B2,p. 3,,2012", "valve,pump,B2,p. 4,2012,")
    assert len(rows(tmp_path / "data", "edges")) == 2
    with pytest.raises(TraceError, match=r"two\.csv:2, two\.csv:3"):
        steps(tmp_path, "two", "axle,wheel,B2,p. 3,,2013", "wheel,axle,B2,p. 4,2012,")


def test_a_release_without_the_cycle_replaces_the_one_before(tmp_path: Path) -> None:
    steps(tmp_path, "one", "pump,valve,B2,p. 3,,", released=date(2014, 1, 1))
    steps(tmp_path, "one", "valve,pump,B2,p. 3,,", released=date(2015, 1, 1))
    assert [(e["from_id"], e["to_id"]) for e in rows(tmp_path / "data", "edges")] == [("valve", "pump")]


def event(folder: Path, day: date | None, **changes: object) -> tuple[str, ...]:
    source = write(folder / f"{day}.csv", f"{UCDP_COLUMNS}\n{ucdp_csv(**changes)}\n")
    return loaded(source, folder / "data", "ucdp-ged", released=day).notices


WRONG = "if that day is wrong: a release cannot be withdrawn; import its files into a new folder"


def test_a_release_that_is_not_in_use_is_said_to_be_so(tmp_path: Path) -> None:
    assert event(tmp_path, date(2016, 6, 30)) == ()
    newest = read_catalogue(tmp_path / "data").releases[0].id
    (said,) = event(tmp_path, date(2015, 6, 30), best=4)
    assert said == (
        f"not in use: {newest}, of the same series, is newer: released 2016-06-30; this release can"
        f" count only with a --known day before that, from 2015-06-30 on; {WRONG}"
    )
    assert event(tmp_path, date(2017, 6, 30), best=5) == ()


def test_a_newest_release_without_its_day_is_named_as_the_trap_it_is(tmp_path: Path) -> None:
    event(tmp_path, None)
    newest = read_catalogue(tmp_path / "data").releases[0]
    (said,) = event(tmp_path, date(2015, 6, 30), best=4)
    assert f"{newest.id}, of the same series, is newer: released {newest.released} (not given:" in said


def test_a_day_in_the_future_is_said(tmp_path: Path) -> None:
    assert event(tmp_path, date(2190, 1, 1)) == (
        f"the day of publication, 2190-01-01, lies in the future; {WRONG}",
    )
