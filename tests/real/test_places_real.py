"""Every place name in the real data is a country, a territory, or a listed non-country."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.sources import places

pytestmark = pytest.mark.real

FILES = (
    ("uk-licences/2008-2015/values.csv", "country"),
    ("uk-licences/2008-2015/destinations.csv", "destination"),
    ("uk-licences/2008-2015/footnotes_region.csv", "name"),
    ("uk-licences/releases/values_2012-06-14_36873a4.csv.gz", "country"),
    ("uk-licences/releases/values_2012-10-14_3c75930.csv.gz", "country"),
    ("ucdp/ucdp-ukraine-2014-2021.csv", "country"),
    ("ucdp/ucdp-ged-23.1-sample1000.csv", "country"),
    ("who-ssa/attacks-2020-2022.csv", "Country / Territory"),
)
NON_COUNTRIES = {
    "British Antarctic Territory",
    "Channel Islands",
    "Continental Shelf",
    "Continental Shelf Danish Sector",
    "Continental Shelf Netherlands Sector",
    "Continental Shelf Norwegian Sector",
    "Continental Shelf: United Kingdom sector",
    "French Overseas Territory",
    "Nagorno-Karabakh",
}


@pytest.mark.parametrize(("name", "column"), FILES)
def test_every_name_is_known(real_data: Path, name: str, column: str) -> None:
    path = real_data / name
    if not path.is_file():
        pytest.skip(f"no such real data: {name}")
    content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    published = {row[column] for row in rows} - {"#country+name"}  # the HXL row of one file
    found = {text: places.resolve(text, on=date(2010, 10, 9)) for text in published}
    assert [text for text, place in found.items() if place.kind == "unrecognised"] == []
    assert {text for text, place in found.items() if place.kind == "non_country"} <= NON_COUNTRIES
