"""All lines of one release of a data folder, as one act."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.actions.values import Door
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_release
from penholder.analysis.releases.record import Release as FolderRelease
from penholder.kernel.errors import NotKnownError
from penholder.register.actions.locked import change_of
from penholder.register.events import ReleaseLoaded
from penholder.register.loading import hash_of, held_rows, load_rows
from penholder.register.models import Release, Terms
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


@action(permission=RegisterPermission.LOAD_RELEASE, events=(ReleaseLoaded,), doors=(Door.COMMAND,))
def load_release(
    run: Run,
    *,
    folder: Annotated[str, Field(description="Data folder on this machine.", min_length=1, max_length=1_000)],
    release: Annotated[
        str, Field(description="Id of the release (`penholder info FOLDER`).", min_length=1, max_length=200)
    ],
) -> Loaded:
    """Take all licence lines of one release of a data folder into the register, as one act.

    The event holds the hash of the rows as the register keeps them. A release is taken in once. A newer release of
    a series that is loaded already is refused, with what differs: it would change lines without an act for each.
    """
    catalogue = read_catalogue(Path(folder))
    found = _find(catalogue.holding(LINES), release)
    held = Release.objects.filter(series=found.series).first()
    table = read_release(catalogue, found, LINES)
    if held is not None:
        raise _refusal(held, found, table)
    change = change_of(run)
    row = Release.objects.create(
        public_id=run.new_id(RELEASE),
        release=found.id,
        series=found.series,
        released=found.released_on,
        facts=_facts(found),
        rows=0,
        licences=0,
        refused=0,
        source_sha256=found.data_sets[LINES],
        data_sha256="",
        change=change,
    )
    counts = load_rows(table, release=row, change=change, loaded_on=run.now.date())
    sha256 = hash_of(held_rows(row))
    Release.objects.filter(pk=row.pk).update(
        rows=counts.rows, licences=counts.licences, refused=counts.refused, data_sha256=sha256
    )
    event = ReleaseLoaded(
        loaded=row.public_id,
        release=found.id,
        series=found.series,
        released=found.released_on,
        rows=counts.rows,
        licences=counts.licences,
        refused=counts.refused,
        source_sha256=found.data_sets[LINES],
        data_sha256=sha256,
        loaded_on=run.now.date(),
    )
    run.record(event, claimed_at=None)
    return Loaded(found.id, found.series, counts.rows, counts.licences, counts.refused, sha256)


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
