"""A stocktake as pages: figures that lead to their rows, rows that say why, the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.browse.placed import Drawn, boundaries_of, drawn
from penholder.analysis.browse.rows import PAGE, Page, cursor, read_cursor
from penholder.analysis.profile.find import PROFILES, SUFFIXES
from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.report.data import Boundary, IncidentPlace, PlaceRow
from penholder.analysis.report.result import Result
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.report_places import Names, incident_places, place_rows
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import further_means, stocktake
from penholder.analysis.stocktake.vocabulary import CAUSE_WORDS, EXCLUSION_WORDS, Scope, code_of
from penholder.kernel.canonical import sha256_of
from penholder.kernel.errors import InputError

USES = ("could", "unknown", "excluded")
BECAUSE = {code_of(c): words for c, words in CAUSE_WORDS.items()} | {
    code_of(e): words for e, words in EXCLUSION_WORDS.items()
}
"""Why a line is unknown or excluded, in words."""
_SHOWN = (
    "line", "licence", "series", "decided_on", "rating", "destination", "destination_name", "onward", "value",
    "currency", "use", "because", "path", "basis", "grade", "route", "flags", "status", "attributed",
    "unattributed", "means_not_stated",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A stocktake. `document`: as `penholder stocktake --json`; `rows`: an Arrow table, one row per line."""

    profile: OperationProfile
    document: dict[str, Any]
    result: Result
    rows: Any
    places: tuple[PlaceRow, ...]
    map: Drawn


@dataclass(frozen=True, slots=True)
class _On:
    places: tuple[PlaceRow, ...]
    territory: tuple[str, ...]
    boundaries: tuple[Boundary, ...]
    incident_places: tuple[IncidentPlace, ...]


def profile_files(folder: Path, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """The profiles that are shown: those given, and those of the data folder."""
    own = sorted(p for p in (folder / PROFILES).glob("*") if p.suffix in SUFFIXES)
    return tuple(dict.fromkeys([*given, *own]))


def profiles(catalogue: Catalogue, files: tuple[Path, ...]) -> dict[str, OperationProfile]:
    """Id -> profile. Raises: ProfileError, with file and line; InputError where two have one id."""
    means = further_means(catalogue)
    found: dict[str, OperationProfile] = {}
    for path in files:
        profile = read_profile(path, further_means=means)
        if profile.id in found:
            raise InputError(f"two profiles have the id {profile.id}: {path}", hint="give one of them another id")
        found[profile.id] = profile
    return found


def taken(
    catalogue: Catalogue, profile: OperationProfile, *, on: date, scope: str, known: date | None = None
) -> Taken:
    """Take stock. Raises: InputError for a scope that is none; NotKnownError without lines."""
    if scope not in tuple(Scope):
        raise InputError(f"there is no scope {scope[:40]!r}", hint=f"allowed: {', '.join(Scope)}")
    answer = stocktake(catalogue, profile, on=on, scope=Scope(scope), known=known)
    result = stocktake_result(answer, profile_name=profile.id)
    boundaries = boundaries_of(catalogue, known=known)
    names = Names({b.code: b.name for b in boundaries})
    places = place_rows(Figures(answer), names)
    territory = tuple(dict.fromkeys(t.place for t in profile.territory))
    on_map = _On(places, territory, boundaries, incident_places(answer, names))
    return Taken(profile, result.document, result, result.rows(), places, drawn(on_map))


def taken_rows(found: Taken, *, use: str = "", because: str = "", path: str = "", after: str = "") -> Page:
    """The lines of one answer. Raises: InputError for a use or a reason that is none, or another cursor."""
    if use and use not in USES:
        raise InputError(f"there is no answer {use[:40]!r}", hint=f"allowed: {', '.join(USES)}")
    table = found.rows
    for column, wanted in (("use", use), ("because", because), ("path", path)):
        if wanted:
            table = table.filter(pc.fill_null(pc.equal(table[column].cast(pa.string()), wanted), False))  # noqa: FBT003
    mark = sha256_of([found.result.citation.data, found.profile.sha256, use, because, path])
    start = read_cursor(mark, after, most=table.num_rows)
    shown = table.slice(start, PAGE).select(list(_SHOWN)).to_pylist()
    return Page(tuple(shown), table.num_rows, cursor(mark, start + PAGE, total=table.num_rows))
