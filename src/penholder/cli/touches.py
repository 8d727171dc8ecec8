"""`penholder touches`: which licence lines an incident, or a filter of incidents, touches."""

from __future__ import annotations

import click

from penholder.analysis.stocktake.choose import FIELDS
from penholder.analysis.stocktake.touches import touches
from penholder.analysis.stocktake.touches_result import touches_result
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.cli.output import OutputOptions, emit, output_options
from penholder.cli.profiled import Asked, profile_options


@click.command(
    "touches",
    epilog="\b\nExamples:\n"
    "  penholder touches trial/ --profile p.yaml --incident 1042\n"
    "  penholder touches trial/ --profile p.yaml --where place=XC --where date=2015-03-27..2015-03-31\n"
    "  penholder touches trial/ --profile p.yaml --where means=air_strike --scope granted -o lines.csv",
)
@profile_options(day=False)
@click.option("--incident", metavar="ID", help="One incident, by the id that its source gives (or SERIES/ID).")
@click.option(
    "--where",
    multiple=True,
    metavar="FIELD=VALUE",
    help=f"Choose incidents: {', '.join(FIELDS)}. Repeat for more; alternatives within a field.",
)
@click.option(
    "--scope",
    type=click.Choice([s.value for s in Scope]),
    default=Scope.IN_FORCE.value,
    show_default=True,
    help="in-force: lines in force when the incident can have happened. granted: lines decided by then.",
)
@output_options
def command(
    asked: Asked, *, incident: str | None, where: tuple[str, ...], scope: str, output: OutputOptions
) -> None:
    """Which licence lines in FOLDER could have been used in an incident, or in those that a filter chooses?

    The reasons are those of `penholder stocktake`. Lines that could have been used and unknown ones are listed;
    excluded ones are counted.
    """
    if bool(incident) == bool(where):
        raise click.UsageError("give either --incident ID or --where FIELD=VALUE (once or more)")
    found = touches(
        asked.catalogue, asked.profile, incident=incident, where=where, scope=Scope(scope), known=asked.known
    )
    name = f"incident {incident}" if incident else "incidents where " + " and ".join(where)
    emit(touches_result(found, asked=name, notices=asked.notices), output)
