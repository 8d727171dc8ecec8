"""Run the stocktake on the register, in both scopes, and keep its rows."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.actions.values import FieldClass
from penholder.analysis.report.result import Result
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.kernel.errors import InputError
from penholder.register.standing import keys_of
from penholder.review import sources
from penholder.review.actions.parameters import ChangeId, Version
from penholder.review.actions.rows import Open, lock
from penholder.review.events import StocktakeRun
from penholder.review.models import Row, Stocktake
from penholder.review.values import RUN, EngineUse, LineKey, Move, ReviewPermission
from penholder.vault.files import StoredFile
from penholder.vault.rows import keep_file
from penholder.vault.store import vault

_MOST_BYTES = 512 << 20
_COLUMNS = ("series", "line", "scope", "use", "because", "basis", "route", "path", "grade", "rating",
            "description", "destination", "onward", "stated_end_user", "value", "currency", "status",
            "flags", "attributed", "unattributed", "means_not_stated")  # fmt: skip
_LIST = ";"
_IN_FORCE = ("in_force", "unknown")
"""Status of a line that is neither suspended nor ended, or of which its end is not known."""
_SUSPENDED = "suspended"
Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run found, of lines in force and of lines granted."""

    id: str
    version: int
    stocktake: str
    in_force: Mapping[str, int]
    granted: Mapping[str, int]


@action(permission=ReviewPermission.STOCKTAKE, events=(StocktakeRun,))
def run_stocktake(
    run: Run,
    *,
    change: ChangeId,
    on: Annotated[date, Field(description="As of which day in the world; today or earlier.")],
    profile: Annotated[
        str,
        Field(
            description="The operation profile: whose forces acted, where, when, by which means, and who says so. "
            "docs/reference/operation-profile.md",
            min_length=1,
            max_length=200_000,
        ),
    ],
    expected_version: Version,
    known: Annotated[
        date | None, Field(description="As our books held it at the end of that day; empty: now.")
    ] = None,
) -> Counted:
    """Run the stocktake on the register as of a day: lines in force, and lines granted by it.

    Every line is one of: could, unknown, excluded. Incidents are counted beside it and never decide. The rows
    are kept as a file. It can be run again; the last run counts.
    """
    found = lock(run, change, Move.STOCKTAKE, expected_version=expected_version)
    if on > run.now.date():
        raise InvalidError(f"{on} is in the future", fields={"on": "must be today or earlier"})
    with tempfile.TemporaryDirectory(prefix="penholder-review-") as folder:
        catalogue = sources.catalogue_of(Path(folder), on=on, known=known)
        try:
            read = sources.read(profile, catalogue, known=known)
        except InputError as error:
            raise InvalidError(error.message, hint=error.hint, fields={"profile": error.message}) from error
        answers = sources.answers(catalogue, read, on=on)
        rows = {scope: result.rows().to_pylist() for scope, result in answers.items()}
    made = _keep(found, answers, rows, on=on, known=known, profile=profile, profile_id=read.id)
    after = found.move(Move.STOCKTAKE)
    _record(found, made)
    counts = {scope: made.counts[scope]["use"] for scope in made.counts}
    return Counted(change, after.version, made.public_id, counts[Scope.IN_FORCE], counts[Scope.GRANTED])


def _record(found: Open, made: Stocktake) -> None:
    in_force, granted = (made.counts[scope.value]["use"] for scope in (Scope.IN_FORCE, Scope.GRANTED))
    event = StocktakeRun(
        change=found.row.public_id,
        stocktake=made.public_id,
        on=made.on,
        known=made.known,
        profile=made.profile_id,
        profile_sha256=made.profile_sha256,
        data_sha256=made.data_sha256,
        rows_digest=made.rows_digest,
        could=in_force["could"],
        unknown=in_force["unknown"],
        excluded=in_force["excluded"],
        granted_could=granted["could"],
        granted_unknown=granted["unknown"],
        granted_excluded=granted["excluded"],
        title=made.title,
    )
    found.run.record(event, claimed_at=made.on)


def _keep(
    found: Open,
    answers: Mapping[Scope, Result],
    rows: Mapping[Scope, list[dict[str, Any]]],
    **given: Any,
) -> Stocktake:
    """The run, the file of its rows, and a row for each line that a person has to look at."""
    identity, citation = found.run.new_id(RUN), answers[Scope.IN_FORCE].citation
    stored = _file(rows, subject=identity)
    made: Stocktake = Stocktake.objects.create(
        public_id=identity,
        circumstance=found.row,
        profile_sha256=citation.profile,
        title=answers[Scope.IN_FORCE].title,
        data_sha256=citation.data,
        rows_address=stored.address,
        rows_digest=stored.digest,
        counts={scope.value: _counts(result, rows[scope]) for scope, result in answers.items()},
        change=found.change,
        **given,
    )
    keep_file(stored, subject=identity, field_class=FieldClass.COMMERCIAL)
    Row.objects.bulk_create(_found(made, rows, set(found.destinations)), batch_size=500)
    return made


def _counts(result: Result, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts by use, how many of them are suspended already, values, causes, and what a reader must know."""
    names = ("lines", "granted", "use", "values", "unknown_because", "excluded_because", "assumed_validity",
             "no_end_known", "notices")  # fmt: skip
    suspended = Counter(cells["use"] for cells in rows if cells["status"] == _SUSPENDED)
    return {name: _plain(result.document[name]) for name in names} | {
        "suspended": {use.value: suspended[use.value] for use in EngineUse}
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Decimal) else value


def _file(rows: Mapping[Scope, list[dict[str, Any]]], *, subject: str) -> StoredFile:
    """All rows of both scopes as CSV, encrypted under the key of the run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for scope, found in rows.items():
        for cells in found:
            writer.writerow(_cell({**cells, "scope": scope.value}.get(name)) for name in _COLUMNS)
    content = io.BytesIO(text.getvalue().encode())
    return vault().files.put(content, subject=subject, limit=_MOST_BYTES, name="stocktake.csv")


def _cell(value: Any) -> str:
    """As text; what a spreadsheet would take for a formula is set apart."""
    said = "" if value is None else str(value)
    return f"'{said}" if said[:1] in {"=", "+", "-", "@"} else said


def _found(made: Stocktake, rows: Mapping[Scope, list[dict[str, Any]]], destinations: set[str]) -> list[Row]:
    named: dict[tuple[str, str, int], dict[str, Any]] = {}
    for scope, found in rows.items():
        for cells in found:
            name = (str(cells["series"]), str(cells["licence"]), int(cells["line"].rpartition(":")[2]))
            reaches = _reaches(cells, destinations)
            if cells["use"] != EngineUse.EXCLUDED or reaches:
                kept = named.setdefault(name, {"reaches": reaches, "cells": cells, Scope.IN_FORCE: False,
                                               Scope.GRANTED: False, "suspended": False})  # fmt: skip
                kept[scope] = scope is not Scope.IN_FORCE or cells["status"] in _IN_FORCE
                kept["suspended"] |= scope is Scope.IN_FORCE and cells["status"] == _SUSPENDED
    keys = keys_of(named)
    return [_row(made, keys[name], name[1], kept) for name, kept in named.items() if name in keys]


def _reaches(cells: Cells, destinations: set[str]) -> bool:
    onward = str(cells["onward"] or "").split(_LIST)
    return not destinations.isdisjoint({cells["destination"], cells["corrected_destination"], *onward})


def _row(made: Stocktake, key: LineKey, reference: str, kept: Mapping[Any, Any]) -> Row:
    cells: Cells = kept["cells"]
    value = cells["value"]
    return Row(
        stocktake=made,
        licence=key[0],
        number=key[1],
        reference=reference,
        engine=cells["use"],
        destination=cells["destination"],
        end_user=cells["stated_end_user"],
        value_centi=None if value is None else int(value * 100),
        attributed=cells["attributed"],
        reaches=kept["reaches"],
        in_force=kept[Scope.IN_FORCE],
        suspended=kept["suspended"],
        granted=kept[Scope.GRANTED],
        **{n: cells[n] or "" for n in ("because", "route", "basis", "path", "grade", "rating", "description",
                                       "onward", "currency")},
    )  # fmt: skip
