"""All lines of one release of a data folder, as one act, once somebody else has announced it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.values import Door
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_release
from penholder.analysis.releases.record import Release as FolderRelease
from penholder.kernel.errors import NotKnownError
from penholder.ledger.queries import entries_about
from penholder.register.actions.locked import change_of
from penholder.register.events import ReleaseAnnounced, ReleaseLoaded
from penholder.register.loading import hash_of, held_rows, load_rows
from penholder.register.models import Change, Release, Terms
from penholder.register.published import REFUSED, number_of
from penholder.register.rows import centi, milli
from penholder.register.values import RELEASE, RegisterPermission
from penholder.rules.records import did_you_mean

LINES = "lines"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an act has taken in. refused: rows that are refusals, which are no licences."""

    release: str
    series: str
    rows: int
    licences: int
    refused: int
    data_sha256: str


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced. announced: to be named by whoever takes it in."""

    announced: str
    release: str
    series: str
    source_sha256: str


DataFolder = Annotated[str, Field(description="Data folder on this machine.", min_length=1, max_length=1_000)]


@action(permission=RegisterPermission.LOAD_RELEASE, events=(ReleaseAnnounced,), doors=(Door.COMMAND,))
def announce_release(
    run: Run,
    *,
    folder: DataFolder,
    release: Annotated[
        str, Field(description="Id of the release (`penholder info FOLDER`).", min_length=1, max_length=200)
    ],
) -> Announced:
    """Say that a release of a data folder shall be taken into the register: by its id and its hash.

    Its lines become licences in force, so somebody else takes them in: register.load_release. Gives the id of
    the announcement.
    """
    found, _ = _readable(Path(folder), release)
    said = Announced(run.new_id(RELEASE), found.id, found.series, found.data_sets[LINES])
    run.record(ReleaseAnnounced(**asdict(said), released=found.released_on))
    return said


@action(
    permission=RegisterPermission.LOAD_RELEASE,
    events=(ReleaseLoaded,),
    apart_from=("register.announce_release",),
    doors=(Door.COMMAND,),
)
def load_release(
    run: Run,
    *,
    announced: Annotated[
        str, Field(description="Id of the announcement (R-…): which release.", min_length=1, max_length=40)
    ],
    folder: DataFolder,
) -> Loaded:
    """Take all licence lines of the release that somebody else announced into the register, as one act.

    The file of lines must be the one that was announced. The event holds the hash of the rows as the register
    keeps them. A release is taken in once. A newer release of a series that is loaded already is refused, with
    what differs: it would change lines without an act for each.
    """
    said = _announced(announced)
    found, table = _readable(Path(folder), said.release)
    if found.data_sets[LINES] != said.source_sha256:
        raise ConflictError(
            f"the lines of {found.id} in this folder are not those that were announced: their SHA-256 is "
            f"{found.data_sets[LINES][:12]}…, announced was {said.source_sha256[:12]}…",
            hint="one of you has another file: compare the folders, then announce the right one",
        )
    loaded, event = _take_in(found, table, public_id=announced, change=change_of(run), on=run.now.date())
    run.record(event)
    return loaded


def _take_in(
    found: FolderRelease, table: Any, *, public_id: str, change: Change, on: date
) -> tuple[Loaded, ReleaseLoaded]:
    """Write the release and its lines; what came of it."""
    of_folder: dict[str, Any] = {
        "release": found.id,
        "series": found.series,
        "released": found.released_on,
        "source_sha256": found.data_sets[LINES],
    }
    none: dict[str, Any] = {"rows": 0, "licences": 0, "refused": 0, "data_sha256": ""}
    row = Release.objects.create(public_id=public_id, facts=_facts(found), change=change, **of_folder, **none)
    counts = asdict(load_rows(table, release=row, change=change, loaded_on=on))
    counts["data_sha256"] = hash_of(held_rows(row))
    Release.objects.filter(pk=row.pk).update(**counts)
    return (
        Loaded(release=found.id, series=found.series, **counts),
        ReleaseLoaded(loaded=public_id, loaded_on=on, **of_folder, **counts),
    )


def _readable(folder: Path, release: str) -> tuple[FolderRelease, Any]:
    """The release, and its lines: their bytes are what the catalogue says. Raises: ConflictError: it is loaded."""
    catalogue = read_catalogue(folder)
    found = _find(catalogue.holding(LINES), release)
    table = read_release(catalogue, found, LINES)
    held = Release.objects.filter(series=found.series).first()
    if held is not None:
        raise _refusal(held, found, table)
    return found, table


def _announced(public_id: str) -> Announced:
    """What was announced under an id: as it stands in the ledger. Raises: AbsentError."""
    for entry in entries_about(public_id):
        if entry.event == ReleaseAnnounced.name:
            data = entry.entry.data
            return Announced(**{f.name: data[f.name] for f in fields(Announced)})
    raise AbsentError("no such release was announced", hint="somebody else does it: register.announce_release")


def _find(releases: tuple[FolderRelease, ...], wanted: str) -> FolderRelease:
    for found in releases:
        if found.id == wanted:
            return found
    known = [r.id for r in releases]
    raise NotKnownError(
        f"the folder has no release {wanted!r} with licence lines{did_you_mean(wanted, known)}",
        hint=f"it has: {', '.join(known) or 'none'}",
    )


def _facts(found: FolderRelease) -> dict[str, Any]:
    """What the catalogue says of the release, without its files."""
    return {**asdict(found), "files": [], "data_sets": {}, "lacks": list(found.lacks)}


def _refusal(held: Release, found: FolderRelease, table: Any) -> ConflictError:
    if held.release == found.id:
        return ConflictError(f"release {found.id} is in the register already", hint="nothing is left to do")
    said = differences(held, table)
    return ConflictError(
        f"series {found.series} is in the register as {held.release}; {found.id} differs in "
        f"{said['added']:,} added, {said['changed']:,} changed and {said['missing']:,} missing lines. "
        "Nothing was changed",
        hint="a newer release is not taken in over lines that live here; enter and amend them one by one, "
        "or compare the releases with `penholder diff`",
    )


def differences(held: Release, table: Any) -> Counter[str]:
    """How many lines of another release of the series are added, changed (goods, place, value) or missing."""
    columns = ("line", "outcome", "rating", "description", "destination", "value", "quantity")
    new = {
        (c["line"].rpartition(":")[0], number_of(c["line"])): _compared(c)
        for c in table.select(columns).to_pylist()
        if c["outcome"] != REFUSED
    }
    rows = Terms.objects.filter(change_id=held.change_id, line__licence__release=held)
    old = {
        (r[0], r[1]): tuple(r[2:])
        for r in rows.values_list("line__licence__reference", "line__number", "rating", "description",
                                  "destination", "value_centi", "quantity_milli")
    }  # fmt: skip
    counts = Counter("added" if key not in old else "changed" for key in new if old.get(key) != new[key])
    counts["missing"] = len(old.keys() - new.keys())
    return counts


def _compared(cells: dict[str, Any]) -> tuple[Any, ...]:
    return (
        cells["rating"] or "",
        cells["description"] or "",
        cells["destination"],
        centi(cells["value"]),
        milli(cells["quantity"]),
    )
