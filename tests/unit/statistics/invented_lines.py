"""Licence lines about invented states for tests: say what differs, the rest is plain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.releases.store import ReleaseFacts, store_release
from penholder.analysis.schemas import LICENCE_LINES, PLACES

NAMES = {"XA": "Ardenia", "XN": "Norland", "XV": "Velmora", "XT": "Tarsis"}
PLAIN: dict[str, Any] = {
    "decided_on": date(2014, 3, 1),
    "decided_precision": "day",
    "licence_type": "standard_permanent",
    "outcome": "issued",
    "rating": "ML10",
    "destination": "XA",
    "destination_kind": "country",
    "value": Decimal("100.00"),
    "currency": "XTS",
    "count": 1,
    "end_user": "not_stated",
    "onward_end_user": "not_stated",
    "pooled": False,
    "suspension": "none",
    "revocation": "none",
    "source": "lines.csv",
}


def lines_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows in schemas.LICENCE_LINES; each needs `licence`. Line ids and source lines are counted up."""
    seen: Counter[str] = Counter()
    full = []
    for number, row in enumerate(rows):
        seen[row["licence"]] += 1
        cells = PLAIN | {"line": f"{row['licence']}:{seen[row['licence']]}", "source_line": number + 2} | dict(row)
        cells.setdefault("destination_name", NAMES.get(cells["destination"], cells["destination"]))
        full.append(cells)
    return table_in(full, LICENCE_LINES.arrow)


def table_in(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a table in a declared schema; cells that a row does not give are null."""
    arrays = []
    for field in schema:
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        arrays.append(pa.array([row.get(field.name) for row in rows], plain).cast(field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def data_folder(
    folder: Path,
    rows: Iterable[Mapping[str, Any]],
    *,
    series: str = "invented",
    released: date = date(2016, 1, 1),
    licence_key: str = "permit",
    lacks: tuple[str, ...] = (),
) -> Catalogue:
    """Store the rows as one release of a data folder, with the names of the invented states."""
    places = [{"place": code, "name": name, "source": "test", "source_line": 1} for code, name in NAMES.items()]
    facts = ReleaseFacts(
        kind="test",
        series=series,
        released=released,
        licence_key=licence_key,
        attribution="Invented",
        lacks=lacks,
    )
    store_release(folder, facts, {"lines": lines_table(rows), "places": table_in(places, PLACES.arrow)})
    return read_catalogue(folder)
