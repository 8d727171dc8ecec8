"""`penholder rows`: the lines behind a figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from click.core import ParameterSource

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.statistics.listing import ALL, PAGE, USUAL, Page, rows
from penholder.analysis.statistics.question import Scope
from penholder.cli.asking import asking_options
from penholder.cli.output import OutputOptions, emit, output_options


@click.command(
    "rows",
    epilog="\b\nExamples:\n"
    "  penholder rows data/ --where destination=XA --where rating=ML10 --on 2014-07-31\n"
    "  penholder rows data/ --where outcome=refused --columns all -o refused.parquet",
)
@asking_options
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help=f"Rows per page; {PAGE} if not given, and all of them with -o FILE.",
)
@click.option("--cursor", default="", help="Go on after the page that printed this cursor.")
@click.option(
    "--columns", default=",".join(USUAL), metavar="A[,B..]", help="Columns, joined by commas; `all` for all."
)
@output_options
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    *,
    where: tuple[str, ...],
    scope: Scope,
    known: date | None,
    engine: str,
    master: str | None,
    limit: int | None,
    cursor: str,
    columns: str,
    output: OutputOptions,
) -> None:
    """List the lines of FOLDER that a figure counts: give the same --where, --on, --from and --to as to `stats`.

    Each row names its source file and the physical line in it. Oldest decision first.
    """
    unlimited = None if output.files else PAGE
    page = Page(
        limit=limit if limit is not None else unlimited,
        cursor=cursor,
        columns=tuple(c.strip() for c in columns.split(",") if c.strip()) or ALL,
    )
    result = rows(
        read_catalogue(folder), where=where, scope=scope, known=known, page=page, engine=engine, master=master
    )
    if ctx.get_parameter_source("columns") is not ParameterSource.DEFAULT:
        # The words have columns of their own choice; these were asked for.
        result = replace(result, words=())
    emit(result, output)
