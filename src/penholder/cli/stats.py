"""`penholder stats`: figures by any dimensions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.statistics.answer import stats
from penholder.analysis.statistics.dimensions import DIMENSIONS
from penholder.analysis.statistics.order import SORTS, Order
from penholder.analysis.statistics.question import MEASURES, Scope
from penholder.cli.asking import asking_options
from penholder.cli.output import OutputOptions, emit, output_options

_DIMENSIONS = "\n".join(f"{d.name:14}{d.meaning}" for d in DIMENSIONS.values())


@click.command(
    "stats",
    epilog=f"\b\nDimensions:\n{_DIMENSIONS}\n\n\b\nExamples:\n"
    "  penholder stats data/ --by year --measure value\n"
    "  penholder stats data/ --by destination --measure value --top 10\n"
    "  penholder stats data/ --by outcome --where destination=XA --from 2014-01-01 --to 2014-12-31\n"
    "  penholder stats data/ --by rating,route --measure licences --on 2014-07-31 --json",
)
@asking_options
@click.option("--by", default="", metavar="A[,B..]", help="Dimensions, joined by commas; none: the total alone.")
@click.option(
    "--measure", type=click.Choice(MEASURES), default="lines", show_default=True, help="What is counted."
)
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default=None,
    help="Order of the rows: by the dimensions, or the largest first. Default: dims; value with --top.",
)
@click.option(
    "--top", type=click.IntRange(min=1), metavar="N", help="Only the first N rows; the total counts all."
)
@output_options
def command(
    folder: Path,
    *,
    by: str,
    measure: str,
    sort: str | None,
    top: int | None,
    where: tuple[str, ...],
    scope: Scope,
    known: date | None,
    engine: str,
    master: str | None,
    output: OutputOptions,
) -> None:
    """Count lines, distinct licences or value in FOLDER: lines in force (--on), or decisions (--from, --to).

    Without a date every decision counts, refused ones too. A line with several ratings counts under each of them
    and once in the total. With the route, a destination means the stated (direct) or a final one (onward).
    """
    result = stats(
        read_catalogue(folder),
        by=tuple(name for name in by.split(",") if name.strip()),
        measure=measure,
        where=where,
        scope=scope,
        order=Order(sort or "", top),
        known=known,
        engine=engine,
        master=master,
    )
    emit(result, output)
