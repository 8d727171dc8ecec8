"""A file of incidents, read by the loaders of `analysis.sources`: what can be taken in, and what not and why."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq
from pydantic import TypeAdapter

from penholder.actions.errors import InvalidError
from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.sources.formats import header_of
from penholder.analysis.sources.load import load
from penholder.analysis.sources.mapping import Mapping as Layout
from penholder.analysis.sources.mapping_file import read_mapping, shipped, shipped_names
from penholder.analysis.sources.report import LoadReport
from penholder.analysis.sources.stream import Source
from penholder.evidence.policy import has_contact
from penholder.evidence.tables import class_of, mapping_file, personal_columns
from penholder.evidence.values import MICRO, CasualtyRange, Facts, Harm, PlacePrecision
from penholder.kernel.canonical import sha256_of
from penholder.kernel.errors import PenholderError

OWN = "penholder"
"""The layout of tables in our own columns."""
MOST_ROWS = 20_000
ALREADY = "already_recorded"
_INCIDENTS, _QUARANTINE = "incidents.parquet", "quarantine.parquet"
_LONGEST = 200
_WORDS: Mapping[str, PlacePrecision] = {
    **{p.value: p for p in PlacePrecision},
    "point of the district": PlacePrecision.DISTRICT,
    "1": PlacePrecision.EXACT,  # UCDP GED: where_prec
    "2": PlacePrecision.LOCALITY,
    "3": PlacePrecision.DISTRICT,
    "4": PlacePrecision.REGION,
    "5": PlacePrecision.REGION,
    "6": PlacePrecision.TERRITORY,
    "7": PlacePrecision.UNKNOWN,
}
_ALL_FACTS = TypeAdapter(tuple[Facts, ...])


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken in: its physical line, its column where one is to blame, the reason."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What became of every row: read = len(rows) + len(refused)."""

    layout: str
    read: int
    rows: tuple[tuple[int, Facts], ...]
    """Physical line, and what the row says."""
    refused: tuple[RefusedRow, ...]
    notices: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    """Columns that the layout does not name."""
    reasons: Mapping[str, int] = field(default_factory=dict)


def layouts() -> dict[str, str]:
    """Layout -> what it is."""
    shipped_ones = {n: shipped(n).title for n in shipped_names() if shipped(n).main == "incidents"}
    return {OWN: "Our own columns", **shipped_ones}


def own_columns() -> tuple[tuple[str, bool], ...]:
    """Columns of a table in our own layout; and is each needed?"""
    table = read_mapping(mapping_file()).tables[0]
    return tuple((column, not rule.optional) for rule in table.rules for column in rule.columns[:1])


def read_file(stream: BinaryIO, *, layout: str, received_on: date) -> ReadFile:
    """Read a whole file. Its plain text lies in a folder of this process alone, and only while it is read.

    Raises: InvalidError (field `file` or `layout`): it has columns about persons, is too long, or cannot be read.
    """
    if layout not in layouts():
        raise InvalidError(
            f"there is no layout {layout!r}",
            hint=f"there are: {', '.join(layouts())}",
            fields={"layout": "is not one of the layouts that are known"},
        )
    with tempfile.TemporaryDirectory(prefix="penholder-evidence-") as folder:
        path = Path(folder) / "incidents.csv"
        with path.open("wb") as copy:
            while block := stream.read(1 << 20):
                copy.write(block)
        refuse_personal(path, read_mapping(mapping_file() if layout == OWN else layout))
        return _read(path, Path(folder) / "data", layout, received_on)


def refuse_personal(path: Path, mapping: Layout) -> None:
    """Raises: InvalidError: the file has columns about persons, or an e-mail address or telephone number."""
    with Source(path) as source:
        found = personal_columns(header_of(source, mapping.tables[0]))
    if found:
        raise _refusal(
            f"the file has columns about persons: {', '.join(found)}",
            "evidence keeps no names of victims and no ways to reach anybody: delete these columns and send the "
            "file again (a column of places is called place_name, not name). Nothing was kept",
        )
    encoding = mapping.tables[0].style.dialect.encoding
    with path.open(encoding=encoding, errors="replace") as text:
        for number, line in enumerate(text, start=1):
            if has_contact(line):
                raise _refusal(
                    f"line {number} of the file holds an e-mail address or a telephone number",
                    "take it out and send the file again. Nothing was kept",
                )


def _refusal(message: str, hint: str) -> InvalidError:
    return InvalidError(message, hint=hint, fields={"file": f"{message}; {hint}"})


def _read(path: Path, into: Path, layout: str, received_on: date) -> ReadFile:
    given = mapping_file() if layout == OWN else layout
    try:
        report = load(path, into=into, mapping=given, released=received_on, series="incoming")
    except PenholderError as error:
        raise _refusal(error.message, error.hint) from error
    folder = into / "releases" / report.release.id
    if sum(t.loaded for t in report.tallies) > MOST_ROWS:
        raise _refusal(f"the file has more than {MOST_ROWS:,} incidents", "send it in parts")
    refused = [] if not (folder / _QUARANTINE).exists() else list(_refused(folder / _QUARANTINE))
    rows = []
    for cells in pq.ParquetFile(folder / _INCIDENTS).read().to_pylist():
        facts = _facts(cells, received_on)
        wrong = _wrong(facts, received_on)
        if wrong:
            refused.append(RefusedRow(cells["source_line"], wrong[0], wrong[1]))
        else:
            rows.append((int(cells["source_line"]), facts))
    return _made(report, layout, tuple(rows), refused)


def _made(
    report: LoadReport, layout: str, rows: tuple[tuple[int, Facts], ...], refused: list[RefusedRow]
) -> ReadFile:
    main = [t for t in report.tallies if t.holds == report.main]
    return ReadFile(
        layout=layout,
        read=sum(t.read for t in main),
        rows=rows,
        refused=tuple(sorted(refused, key=lambda r: r.line)),
        notices=report.notices,
        not_read=tuple(c for t in main for c in t.dropped),
        reasons=dict(sorted(Counter(r.reason for r in refused).items())),
    )


def without(found: ReadFile, keys: frozenset[str]) -> ReadFile:
    """The same with the rows of these keys refused: they were recorded before."""
    kept = tuple((line, f) for line, f in found.rows if f.key not in keys)
    more = tuple(RefusedRow(line, "incident", ALREADY) for line, f in found.rows if f.key in keys)
    refused = tuple(sorted((*found.refused, *more), key=lambda r: r.line))
    return ReadFile(
        found.layout, found.read, kept, refused, found.notices, found.not_read,
        dict(sorted(Counter(r.reason for r in refused).items())),
    )  # fmt: skip


def data_hash(facts: tuple[Facts, ...]) -> str:
    """One hash for reports as they are kept, in their order."""
    return sha256_of(_ALL_FACTS.dump_python(facts, mode="json"))


def _refused(path: Path) -> Iterator[RefusedRow]:
    for row in pq.ParquetFile(path).read().to_pylist():
        yield RefusedRow(int(row["source_line"]), row["column"] or "", row["reason"])


def _wrong(facts: Facts, received_on: date) -> tuple[str, str] | None:
    """(column, reason) where a row cannot be kept."""
    if facts.starts_on > received_on:
        return "starts_on", "after_receipt"
    texts = {"incident": facts.key, "place": facts.place, "place_name": facts.place_name, "admin1": facts.admin1,
             "admin2": facts.admin2, "object": facts.object_words, "certainty": facts.certainty,
             "actors": max(facts.actors, key=len, default="")}  # fmt: skip
    return next(((name, "too_long") for name, text in texts.items() if len(text) > _LONGEST), None)


def _facts(cells: Mapping[str, Any], received_on: date) -> Facts:
    return Facts(
        key=cells["incident"],
        received_on=received_on,
        starts_on=cells["starts_on"],
        ends_on=cells["ends_on"],
        date_precision=cells["date_precision"],
        place=cells["place"] or "",
        place_precision=_precision(cells),
        admin1=cells["admin1"] or "",
        admin2=cells["admin2"] or "",
        place_name=cells["place_name"] or "",
        latitude=_micro(cells["latitude"]),
        longitude=_micro(cells["longitude"]),
        actors=_list(cells["actors"]),
        means=_list(cells["means"]),
        object_class=class_of(cells["object"] or ""),
        object_words=cells["object"] or "",
        attacks_least=cells["attacks_min"],
        attacks_most=cells["attacks_max"],
        casualties=tuple(c for c in (_range(cells, harm) for harm in Harm) if c),
        certainty=cells["certainty"] or "",
    )


def _list(cell: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w for w in (cell or "").split(LIST_SEPARATOR) if w))


def _micro(degrees: Any) -> int | None:
    return None if degrees is None else round(degrees * MICRO)


def _precision(cells: Mapping[str, Any]) -> PlacePrecision:
    """As the source says it; where it says nothing that is known here, by the finest name that it gives."""
    said = _WORDS.get(str(cells["place_precision"] or "").casefold())
    if said is not None:
        return said
    by_name = (
        ("place_name", PlacePrecision.LOCALITY),
        ("admin2", PlacePrecision.DISTRICT),
        ("admin1", PlacePrecision.REGION),
        ("place", PlacePrecision.TERRITORY),
    )
    return next((p for name, p in by_name if cells[name]), PlacePrecision.UNKNOWN)


def _range(cells: Mapping[str, Any], harm: Harm) -> CasualtyRange | None:
    least, most = cells[f"{harm.value}_min"], cells[f"{harm.value}_max"]
    if least is None and most is None:
        return None
    return CasualtyRange(harm=harm, least=least or 0, most=most)
