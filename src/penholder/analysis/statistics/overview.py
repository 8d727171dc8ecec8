"""`info`: what a data folder holds, where it comes from, what could not be loaded and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.releases.read import read_rows
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.schemas import SCHEMAS
from penholder.kernel.errors import NotKnownError

UNCODED_SHOWN = 20
_OWN_ROWS = tuple(name for name in SCHEMAS if name != "quarantine")
_FOR_WHAT = {
    "lines": "no licence lines: nothing can be counted or taken stock of (import uk-licences, generic-licences)",
    "incidents": "no incidents: a stocktake counts none beside the lines (import ucdp-ged, generic-incidents)",
    "notes": "no notes: end users, suspensions and revocations are known only where the lines state them",
    "edges": "no graph edges of its own: paths rest on the shipped hints alone (import weapon-components, edges)",
}
_PARTS = {
    "onward": ("a table of final destinations", "onward routes are not known, and counted nowhere"),
    "notes": ("notes", "end users, suspensions and revocations are known only where the lines state them"),
    "criteria": ("criteria", "refusals and revocations count without a reason"),
}
_FIELDS = (
    ("release", pa.string()), ("series", pa.string()), ("kind", pa.string()), ("released", pa.string()),
    ("in_use", pa.bool_()), ("file", pa.string()), ("holds", pa.string()), ("read", pa.int64()),
    ("loaded", pa.int64()), ("quarantined", pa.int64()), ("sha256", pa.string()), ("licence", pa.string()),
    ("attribution", pa.string()),
)  # fmt: skip


def info(catalogue: Catalogue, *, known: date | None = None) -> Result:
    """Describe a data folder, as known by a day. Its table has one row per source file.

    Never raises for what is missing: that is part of the answer.
    """
    in_use = {name: _in_use(catalogue, name, known) for name in _OWN_ROWS}
    used = used_releases(catalogue, known=known)
    rows = {name: _rows(catalogue, name, releases) for name, releases in in_use.items() if releases}
    quarantine = Counter[str]()
    for release in catalogue.releases:
        for file in release.files:
            quarantine.update(file.reasons if release.id in used else {})
    document: dict[str, Any] = {
        "folder": str(catalogue.folder),
        "data": catalogue.data_hash(known=known),
        "rows": rows,
        "releases": [_release(r, in_use=r.id in used) for r in catalogue.releases],
        "quarantined": dict(sorted(quarantine.items())),
        "notes": _notes(catalogue, known) if in_use["notes"] else None,
        "missing": [*(words for name, words in _FOR_WHAT.items() if not in_use[name]), *_lacking(in_use["lines"])],
        "attribution": list(catalogue.attributions(known=known)),
        "licences": sorted({r.data_licence for r in catalogue.releases if r.id in used and r.data_licence}),
    }
    return Result(
        title=f"Data folder {catalogue.folder}",
        document=document,
        table=_table(catalogue, used),
        citation=Citation(
            predicate=f"What the data folder holds{f', as known on {known}' if known else ''}.",
            data=document["data"],
            known=known.isoformat() if known else "",
            attribution=tuple(document["attribution"]),
        ),
        words=tuple(_words(document)),
    )


def used_releases(catalogue: Catalogue, *, known: date | None = None) -> set[str]:
    """Ids of the releases of which any row is in use, as known by a day."""
    return {r.id for name in _OWN_ROWS for r in _in_use(catalogue, name, known)}


def _in_use(catalogue: Catalogue, data_set: str, known: date | None) -> tuple[Release, ...]:
    try:
        return catalogue.current(data_set, known=known)
    except NotKnownError:
        return ()


def _lacking(lines: tuple[Release, ...]) -> Iterator[str]:
    for release in lines:
        for part in release.lacks:
            name, so = _PARTS.get(part, (part, "what it says is not known"))
            yield f"{release.id}: loaded without {name}: {so}"


def _rows(catalogue: Catalogue, data_set: str, releases: tuple[Release, ...]) -> int:
    return sum(pq.read_metadata(catalogue.path_of(r, data_set)).num_rows for r in releases)


def _release(release: Release, *, in_use: bool) -> dict[str, Any]:
    return {
        "id": release.id, "kind": release.kind, "series": release.series, "released": release.released,
        "released_stated": release.released_stated, "recorded_at": release.recorded_at, "in_use": in_use,
        "licence_key": release.licence_key, "lacks": list(release.lacks), "licence": release.data_licence,
        "attribution": release.attribution, "sha256": release.sha256,
        "files": [
            {"name": f.name, "holds": f.holds, "read": f.read, "loaded": f.loaded, "quarantined": f.quarantined,
             "reasons": f.reasons, "sha256": f.sha256}
            for f in release.files
        ],
    }  # fmt: skip


def _notes(catalogue: Catalogue, known: date | None) -> dict[str, Any]:
    """Rows and distinct texts of the notes, how many gave no fact, and the most frequent of those."""
    notes = read_rows(catalogue, "notes", columns=["text", "coded"], known=known)
    bare = notes.filter(pc.invert(notes["coded"]))
    counts = Counter(v for chunk in bare["text"].chunks for v in chunk.to_pylist())
    frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "rows": notes.num_rows,
        "texts": len(pc.unique(notes["text"])),
        "uncoded_rows": bare.num_rows,
        "uncoded_texts": len(counts),
        "uncoded": [{"text": text, "rows": n} for text, n in frequent[:UNCODED_SHOWN]],
    }


def _table(catalogue: Catalogue, used: set[str]) -> pa.Table:
    found = [
        (r.id, r.series, r.kind, r.released, r.id in used, f.name, f.holds, f.read, f.loaded, f.quarantined,
         f.sha256, r.data_licence, r.attribution)
        for r in catalogue.releases
        for f in r.files
    ]  # fmt: skip
    columns = [pa.array([row[i] for row in found], kind) for i, (_, kind) in enumerate(_FIELDS)]
    return pa.Table.from_arrays(columns, names=[name for name, _ in _FIELDS])


def _words(document: dict[str, Any]) -> Iterator[str]:
    yield f"Data folder {document['folder']}"
    for name, count in document["rows"].items():
        yield f"  {name:10} {count:>12,} rows in use"
    yield ""
    for release in document["releases"]:
        stated = "" if release["released_stated"] else " (not stated: day of the import)"
        use = "in use" if release["in_use"] else "replaced by a newer release, or not known yet"
        yield f"{release['id']}: {release['kind']}, released {release['released']}{stated}; {use}"
        for file in release["files"]:
            counts = f"{file['read']:,} read = {file['loaded']:,} loaded + {file['quarantined']:,} quarantined"
            yield f"  {file['name']} ({file['holds'].replace('_', ' ')}): {counts}"
    if document["quarantined"]:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in document["quarantined"].items())
        yield f"Not loaded, by reason: {reasons} (each row: --quarantine)"
    notes = document["notes"]
    if notes and notes["uncoded_rows"]:
        yield (
            f"Notes without a derived fact: {notes['uncoded_rows']:,} of {notes['rows']:,} rows, "
            f"{notes['uncoded_texts']:,} of {notes['texts']:,} texts (--json shows the most frequent)"
        )
    for missing in document["missing"]:
        yield f"Missing: {missing}"
    for name in ("licences", "attribution"):
        for text in document[name]:
            yield f"{'Licence of the data' if name == 'licences' else 'Attribution'}: {text}"
