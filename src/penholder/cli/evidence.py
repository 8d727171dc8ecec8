"""`penholder evidence`: files on their way in, counts of reported incidents, a snapshot for a stocktake."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start
from penholder.kernel.errors import InputError


@click.group("evidence")
def command() -> None:
    """Reported incidents of the installation at PENHOLDER_HOME.

    Everything else is done by acts: `penholder act evidence.enter-incident`, `evidence.import-incidents`, …
    """


@command.command("send", epilog="Example: penholder evidence send reports.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def send_file(file: Path) -> None:
    """Check and encrypt FILE, and print its handle for `penholder act evidence.import-incidents --file`.

    Nothing is recorded by that. A file that no act takes in is kept by nobody.
    """
    start(site="authority")
    from penholder.evidence.files import send  # noqa: PLC0415 - loads Django

    try:
        with file.open("rb") as stream:
            handle = send(stream, name=file.name)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from error
    click.echo(str(handle))


@command.command("counts", epilog="Example: penholder evidence counts --party Velmora --from 2024-01-01")
@click.option("--party", default="", help="As reports or attributions name it, whole. Default: all.")
@click.option("--from", "first", type=Day(), help="First day of the period.")
@click.option("--to", "last", type=Day(), help="Last day of the period.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="With the ids, months and hash, as JSON.")
def count_incidents(
    party: str, first: date | None, last: date | None, known: date | None, *, as_json: bool
) -> None:
    """Of all alleged incidents of a party in a period: how many received, in scope, attributed, and found what."""
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.evidence.queries import counts  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    found = counts(viewer=SYSTEM, party=party, start=first, end=last, known=day_of(known))
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, indent=1, ensure_ascii=False))
        return
    click.echo(f"{found.received:,} events, of which {found.reports:,} reports tell")
    if party and not found.received:
        click.echo(f"nothing that was received names “{party}”: names are compared whole", err=True)
    for name in ("in_scope", "out_of_scope", "scope_not_set"):
        click.echo(f"  {name.replace('_', ' '):<16}{getattr(found, name):>8,}")
    click.echo("of those in scope")
    click.echo(f"  {'attributed':<16}{found.attributed:>8,}")
    click.echo("would each in scope be a breach")
    for name in ("possible", "unlikely", "insufficient", "not_looked_at"):
        click.echo(f"  {name.replace('_', ' '):<16}{getattr(found, name):>8,}")
    for month in found.by_month:
        share = f"{month.values['insufficient']:,} of {month.answered:,} insufficient"
        click.echo(f"  {month.month or 'month not known':<16}{share}")
    click.echo(
        f"{found.crosses_border:,} lie on both sides of an end of the period; data {found.data_sha256[:16]}"
    )


@command.command("origins", epilog="Example: penholder evidence origins IN-9v4k2m")
@click.argument("incident")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
def origins_of(incident: str, known: date | None) -> None:
    """On how many independent origins the event rests of which INCIDENT tells; one a line.

    Reports that quote one another are one origin.
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.evidence import queries  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    found = queries.incident(viewer=SYSTEM, id=incident, known=day_of(known))
    click.echo(f"{found.row.reports:,} reports, {len(found.origins):,} independent origins")
    for source in found.origins:
        click.echo(f"  {source.id}  {source.called} ({source.kind})")


@command.command("snapshot", epilog="Example: penholder evidence snapshot data/ --known 2024-09-02")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
def write_snapshot(folder: Path, known: date | None) -> None:
    """Write the events into the data folder FOLDER, as the series `evidence`, for `penholder stocktake`.

    Each event once. Those left out of scope are not written. Use a folder that holds no other table of the same
    incidents: they would count twice.
    """
    start(site="authority")
    from penholder.evidence.snapshot import day_of, snapshot  # noqa: PLC0415 - loads Django

    made = snapshot(folder, day_of(known))
    click.echo(f"{made.id}: {made.files[0].loaded:,} incidents")
