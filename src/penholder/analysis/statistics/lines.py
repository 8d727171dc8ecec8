"""The licence lines in use as one Ibis table, with keys that are unique across series."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis

from penholder.analysis.engines import Engine
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.schemas import LICENCE_LINES
from penholder.kernel.errors import NotKnownError

_JOIN = "\x1f"


def lines_in_use(engine: Engine, catalogue: Catalogue, *, known: date | None = None) -> Any:
    """The lines of the newest release of each series known by `known`.

    Returns: an `ibis.Table`: schemas.LICENCE_LINES, `series`, and `licence_key` and `line_key`, which are the
    licence and the line, made unique across series.
    Raises: NotKnownError where the folder holds no licence lines, or none were out by `known`.
    """
    releases = catalogue.current("lines", known=known)
    if not releases:
        raise NotKnownError(
            f"{catalogue.folder} holds no licence lines",
            hint="load some: penholder import uk-licences SOURCE --into FOLDER, or generic-licences",
        )
    tables = [
        engine.table([catalogue.path_of(r, "lines")], LICENCE_LINES).mutate(series=ibis.literal(r.series))
        for r in releases
    ]
    if len(tables) == 1:
        return tables[0].mutate(licence_key=tables[0].licence, line_key=tables[0].line)
    lines = ibis.union(*tables, distinct=False)
    prefix = lines.series + ibis.literal(_JOIN)
    return lines.mutate(licence_key=prefix + lines.licence, line_key=prefix + lines.line)


def licence_keys(catalogue: Catalogue, *, known: date | None = None) -> tuple[str, ...]:
    """What the licence key of the lines in use is, for the predicate: `licence_group`, ..."""
    found = {r.licence_key for r in catalogue.current("lines", known=known) if r.licence_key}
    return tuple(sorted(found))
