"""Reviews as the tables hold them, as values of `policy`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from penholder.review.models import Circumstance, Classification, Row, Stocktake
from penholder.review.values import EngineUse, FoundLine, LineKey, Use


def name_of(key: LineKey) -> str:
    """`licence:number`."""
    return f"{key[0]}:{key[1]}"


def key_of(name: str) -> LineKey:
    """The line of `licence:number`. Raises: ValueError."""
    licence, _, number = name.rpartition(":")
    return licence, int(number)


def newest_run(circumstance: Circumstance) -> Stocktake | None:
    """The run that counts: the last."""
    return Stocktake.objects.filter(circumstance=circumstance).order_by("-pk").first()


def newest_said(circumstance: Circumstance) -> Mapping[LineKey, Classification]:
    """What a person said of each line, the newest."""
    rows = Classification.objects.filter(circumstance=circumstance).select_related("change").order_by("pk")
    return {(r.licence, r.number): r for r in rows}


def found_lines(circumstance: Circumstance) -> tuple[FoundLine, ...]:
    """The lines of the newest run with what persons said of them. Two statements."""
    run = newest_run(circumstance)
    if run is None:
        return ()
    said = newest_said(circumstance)
    return tuple(found_line(row, said) for row in Row.objects.filter(stocktake=run).order_by("pk"))


def found_line(row: Row, said: Mapping[LineKey, Classification]) -> FoundLine:
    """One row as a value."""
    key = (row.licence, row.number)
    return FoundLine(
        key=key,
        engine=EngineUse(row.engine),
        person=Use(said[key].use) if key in said else None,
        reaches=row.reaches,
        in_force=row.in_force,
        granted=row.granted,
        value=None if row.value_centi is None else Decimal(row.value_centi).scaleb(-2),
        currency=row.currency,
    )
