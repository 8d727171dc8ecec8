"""A small invented world for stocktakes: profile, lines, incidents, edges, and a data folder that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from penholder.analysis.profile.model import MeansUse, OperationProfile, Operator, Party, Series, Territory
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.releases.store import ReleaseFacts, store_release
from penholder.analysis.sample.edges import edges_table
from penholder.analysis.schemas import INCIDENTS, LICENCE_LINES
from penholder.kernel.dates import Interval
from penholder.kernel.truth import Truth

ON = date(2020, 6, 30)
PLAIN_LINE: dict[str, Any] = {
    "decided_on": date(2019, 9, 1), "decided_precision": "day", "licence_type": "standard_permanent",
    "outcome": "issued", "rating": "ML10", "destination": "XA", "destination_kind": "country",
    "end_user": "not_stated", "onward_end_user": "not_stated", "pooled": False, "suspension": "none",
    "revocation": "none", "currency": "XTS", "source": "lines.csv",
}  # fmt: skip
PLAIN_INCIDENT: dict[str, Any] = {
    "series": "reports", "starts_on": date(2020, 1, 10), "ends_on": date(2020, 1, 10), "date_precision": "day",
    "place": "XC", "actors": "Forces of Ardenia", "means": "air_strike", "source": "reports.csv",
}  # fmt: skip


def profile_of(
    *,
    complete: bool = True,
    other_means: Truth = Truth.NO,
    second: tuple[MeansUse, ...] = (),
    end_users: tuple[str, ...] = ("forces",),
    start: date | None = date(2019, 1, 1),
    ended: tuple[date, ...] = (),
) -> OperationProfile:
    """Ardenia (XA) strikes from the air since 2019 and did not use artillery; Belmora (XB) joined in 2020.

    `ended`: days on which XV, and then XV's successors XW and so on, no longer operated forces of Belmora.
    """
    always = Interval(None, None)
    ardenia = Party(
        "ardenia", "Forces of Ardenia", (Operator("XA", always, "s"),), complete, "s", ("Forces of Ardenia",), ()
    )
    once = tuple(Operator(f"X{'VWY'[n]}", Interval(None, end), "s") for n, end in enumerate(ended))
    belmora = Party(
        "belmora", "Forces of Belmora", (Operator("XB", Interval(date(2020, 1, 1), None), "s"), *once), complete,
        "s", ("Forces of Belmora", "Belmoran units"), (Series("counted", "s"),), end_users,
    )  # fmt: skip
    means = (
        MeansUse("air_strike", Truth.YES, Interval(date(2019, 2, 1), None), None, "s"),
        MeansUse("artillery", Truth.NO, always, None, "s"),
        *second,
    )
    return OperationProfile(
        "campaign", "Campaign over Corvale", ("serious_violation_ihl",), Interval(start, None), (ardenia, belmora),
        (Territory("XC", (), "s"), Territory("XD", ("North",), "s")), means, other_means, "s", {}, "0" * 64,
    )  # fmt: skip


def lines_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of LICENCE_LINES: what is not given is plain; ids count up within a licence."""
    positions: Counter[str] = Counter()
    whole = []
    for number, row in enumerate(rows):
        record = PLAIN_LINE | {"licence": str(number + 1), "source_line": number + 2} | dict(row)
        positions[record["licence"]] += 1
        record.setdefault("line", f"{record['licence']}:{positions[record['licence']]}")
        record.setdefault("destination_name", record["destination"])
        whole.append(record)
    return as_table(whole, LICENCE_LINES.arrow)


def incidents_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of INCIDENTS: what is not given is plain; ids are i1, i2, ..."""
    whole = [
        PLAIN_INCIDENT | {"incident": f"i{n + 1}", "source_line": n + 2} | dict(row) for n, row in enumerate(rows)
    ]
    return as_table(whole, INCIDENTS.arrow)


def as_table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows in a schema with dictionary-coded words."""
    plain = pa.schema([f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in schema])
    return pa.Table.from_pylist(rows, schema=plain).cast(schema)


def folder_of(
    folder: Path,
    lines: Iterable[Mapping[str, Any]],
    incidents: Iterable[Mapping[str, Any]] | None = (),
    *,
    edges: bool = False,
) -> Catalogue:
    """A data folder with these rows. `incidents` None: the data set is absent. `edges`: those of the sample."""
    _store(folder, "licences", {"lines": lines_table(lines)})
    if incidents is not None:
        _store(folder, "reports", {"incidents": incidents_table(incidents)})
    if edges:
        _store(folder, "edges", {"edges": edges_table()})
    return read_catalogue(folder)


def add_lines(
    folder: Path, series: str, lines: Iterable[Mapping[str, Any]], *, lacks: tuple[str, ...] = ()
) -> Catalogue:
    """The data folder with one more series of lines. `lacks`: parts that its release came without."""
    _store(folder, series, {"lines": lines_table(lines)}, lacks=lacks)
    return read_catalogue(folder)


def _store(folder: Path, series: str, tables: dict[str, pa.Table], *, lacks: tuple[str, ...] = ()) -> None:
    facts = ReleaseFacts(kind="sample", series=series, released=date(2021, 1, 1), lacks=lacks)
    store_release(folder, facts, tables)
