"""Small licence and incident lists about invented states, written as files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.sources.load import load
from penholder.analysis.sources.report import LoadReport

RELEASED = date(2020, 1, 1)


def write(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    """Write a text file with the line ends as they are; gives the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def loaded(source: Path, into: Path, kind: str | None = None, **options: Any) -> LoadReport:
    """Load with a stated day of publication."""
    return load(source, into=into, kind=kind, **{"released": RELEASED, **options})


def rows(folder: Path, data_set: str) -> list[dict[str, Any]]:
    """All rows of a data set of a data folder."""
    found: list[dict[str, Any]] = read_rows(read_catalogue(folder), data_set).to_pylist()
    return found


UK_VALUES = """licence_group,date,rating,count,value,country,refused
7,2014-01-02,ML10,1,3540,XA,0
8,2014-01-02,ML3,2,,Tarsis,1
7,2014-01-02,ML22,1,120.5,XA,0
9,2014-02,6A003,1,10,XC,0
7,2014-01-02,ML10,1,3540,XA,0
"""
UK_FILES = {
    "values.csv": UK_VALUES,
    "destinations.csv": "licence_group,destination\n7,XC\n7,XB\n7,XC\n99,XB\n",
    "refusal-criteria.csv": "licence_group,criteria,description\n8,7,words\n8,2,words\n",
    "footnotes_licence.csv": "bundle_id,text\n9,For end use by the army.\n500,For sporting use.\n",
    "sources.csv": "licence_group,source\n600,XD\n601,XE\n",
    "README.txt": "about these files\n",
}


def uk_folder(folder: Path) -> Path:
    """A folder laid out as the old UK releases are."""
    for name, text in UK_FILES.items():
        write(folder / name, text)
    return folder


GENERIC_MAPPING = """
kind: generic-licences
title: Licences of Ardenia
series: ardenia
attribution: Ministry of Trade of Ardenia
data_licence: CC-BY-4.0
licence_key: Nummer
encoding: cp1252
delimiter: ";"
decimal: ","
thousands: "."
dates: [DD.MM.YYYY, MM/YYYY]
null_words: [k.A.]
list_separator: "/"
columns:
  licence: Nummer
  decided_on: Datum
  rating: Position
  description: Ware
  destination: {column: Empfänger, codes: {Ostwald: XC}, others: keep}
  value: {column: Wert, multiply: 1000}
  outcome: {column: Entscheidung, codes: {genehmigt: issued, abgelehnt: refused}}
  end_user: {column: Endverwender, codes: {Streitkräfte: forces, Polizei: law_enforcement}}
fixed: {currency: EUR}
"""
GENERIC_LIST = """Nummer;Datum;Position;Ware;Empfänger;Wert;Entscheidung;Endverwender;Bearbeiter
A-1;05.03.2014;ML10/ML22;Pumpenteile für Flugzeuge;XB;1.234,5;genehmigt;Streitkräfte;N. N.
A-1;05.03.2014;k.A.;Ersatzteile;Ostwald;0,5;genehmigt;k.A.;N. N.
A-2;04/2014;ML1;Gewehre;Norland;k.A.;abgelehnt;Polizei;N. N.
A-3;31.02.2014;ML1;Gewehre;XB;1;genehmigt;k.A.;N. N.
"""
