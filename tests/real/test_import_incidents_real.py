"""Published incident tables and component lists, loaded with the mappings that ship."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.sources.load import load

pytestmark = pytest.mark.real


def rows(folder: Path, data_set: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_rows(read_catalogue(folder), data_set).to_pylist()
    return found


@pytest.mark.parametrize(
    ("path", "kind", "count"),
    [
        ("ucdp/ucdp-ukraine-2014-2021.csv", "ucdp-ged", 2_989),
        ("ucdp/ucdp-ged-23.1-sample1000.csv", "ucdp-ged", 1_000),
        ("who-ssa/attacks-2020-2022.csv", "who-attacks", 2_968),
        ("air-raids/air-raids-2015.csv", "generic-incidents", 5_444),
    ],
)
def test_every_incident_is_loaded(real_data: Path, tmp_path: Path, path: str, kind: str, count: int) -> None:
    mapping = "yemen-air-raids" if kind == "generic-incidents" else None
    report = load(real_data / path, into=tmp_path / "data", kind=kind, mapping=mapping)
    document = report.document()
    assert (document["read"], document["loaded"], document["quarantined"]) == (count, count, 0)
    assert len({r["incident"] for r in rows(tmp_path / "data", "incidents")}) == count


def test_events_stand_on_their_physical_lines_despite_line_breaks_in_fields(
    real_data: Path, tmp_path: Path
) -> None:
    path = real_data / "ucdp" / "ucdp-ukraine-2014-2021.csv"
    load(path, into=tmp_path / "data", kind="ucdp-ged")
    lines = path.read_text(encoding="utf-8").split("\n")
    for row in rows(tmp_path / "data", "incidents"):
        assert lines[row["source_line"] - 1].startswith(f"{row['incident']},")


def test_air_raids_keep_open_bounds_and_spellings_are_one(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "air-raids"
    report = load(folder, into=tmp_path / "data", kind="generic-incidents", mapping="yemen-air-raids")
    assert report.document()["loaded"] == 5_444
    found = rows(tmp_path / "data", "incidents")
    with (folder / "air-raids-2015.csv").open(newline="", encoding="cp1252") as stream:
        theirs = list(csv.DictReader(stream))
    open_ended = {
        r["Incident ID"]: int(r["Max Air Raids"].rstrip("+")) for r in theirs if "+" in r["Max Air Raids"]
    }
    ours = {r["incident"]: r["attacks_min"] for r in found if r["attacks_max"] is None}
    assert ours == open_ended
    objects = {r["object"] for r in found if r["object"]}
    assert len(objects) == 10
    assert {r["means"] for r in found} == {"air_strike"}
    assert {r["actors"] for r in found} == {None}
    assert min(r["starts_on"] for r in found).isoformat() == "2015-03-26"


def test_components_are_edges_once_each(real_data: Path, tmp_path: Path) -> None:
    document = load(real_data / "weapon-components", into=tmp_path / "data", kind="weapon-components").document()
    counts = {f["name"]: (f["read"], f["loaded"], f["reasons"]) for f in document["files"]}
    assert counts == {
        "components.csv": (8_326, 5_806, {"exact_repeat": 2_520}),
        "drones.csv": (195, 91, {"unknown_code": 104}),
        "supply_chain_edges.csv": (28, 26, {"unknown_code": 2}),
        "manufacturers.csv": (621, 0, {"not_used": 621}),
    }
    edges = rows(tmp_path / "data", "edges")
    assert len({e["edge"] for e in edges}) == len(edges) == 5_923
    assert Counter(e["basis"] for e in edges) == {"finding": 5_832, "hint": 91}
