"""`penholder release`: everything that the public site shows, as files that anybody can verify."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start
from penholder.kernel.errors import EXIT_DONE, EXIT_FINDINGS

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("release", epilog="Example: penholder release build --called '2026, fourth quarter'")
def command() -> None:
    """Releases of the public site: build one, say what changed, make an old one again."""


@command.command("build", short_help="Make a release.", epilog="Example: penholder release build --called 2026-Q4")
@click.option("--called", required=True, help="What people call it.")
@click.option("--to", type=_FOLDER, help="Folder of releases; default: releases/ in the home.")
@click.option("--on", type=Day(), help="As on this day; default: today.")
@click.option("--previous", type=_FOLDER, help="The release before; default: the newest in the folder.")
@click.option(
    "--anyway", is_flag=True, help="Though with the release before it tells a count that both leave out."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def build_command(
    called: str, *, to: Path | None, on: date | None, previous: Path | None, anyway: bool, as_json: bool
) -> None:
    """Make SQLite, Parquet, CSV and JSON Lines of all that is loaded, signed, and announce it in the ledger.

    From the second release on every changed cell is listed with its reason; without a reason nothing is made.
    Acts as whoever the token in PENHOLDER_TOKEN belongs to; without one as the system.
    """
    home = start(site="public")
    from penholder.publication.books import books  # noqa: PLC0415 - loads Django
    from penholder.publication.build import build  # noqa: PLC0415
    from penholder.publication.releases.catalogue import releases_in  # noqa: PLC0415

    held = books()
    folder = to or home.path / "releases"
    earlier = releases_in(folder)
    made = build(
        held,
        to=folder,
        called=called,
        on=on or held.today,
        actor=_actor(),
        previous=previous or (earlier[-1] if earlier else None),
        may_tell=anyway,
    )
    found = made.catalogue
    if as_json:
        said = {"id": found.id, "folder": str(made.folder), "sha256": made.sha256, "run": made.run}
        click.echo(json.dumps(said | {"witnessed": found.witnessed, "changed": dict(found.reasons)}, indent=2))
        return
    rows = ", ".join(f"{name} {facts['rows']:,}" for name, facts in found.tables.items())
    click.echo(f"made {made.folder}")
    click.echo(f"rows: {rows}")
    if found.previous:
        changed = ", ".join(f"{n:,} {reason}" for reason, n in sorted(found.reasons.items())) or "none"
        click.echo(f"changed cells since {found.previous['id']}: {changed}")
    click.echo(f"catalogue {made.sha256}, announced by run {made.run}")
    click.echo("heads: witnessed" if found.witnessed else "heads: UNWITNESSED")


def _actor() -> Any:
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.people.actor import actor_of_token  # noqa: PLC0415

    token = os.environ.get("PENHOLDER_TOKEN")
    return actor_of_token(token) if token else SYSTEM


@command.command("changes", short_help="Say what changed since the release before, and why.")
@click.argument("folder", type=_FOLDER)
@click.option("--table", help="Only of this table.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines.")
def changes_command(folder: Path, *, table: str | None, as_json: bool) -> None:
    """Every cell of the release FOLDER that differs from the one before: old, new, reason, entries.

    Example: penholder release changes releases/2026-11-22-1a2b3c4d5e6f --table lines
    """
    from penholder.publication.releases import files  # noqa: PLC0415
    from penholder.publication.releases.catalogue import read_catalogue  # noqa: PLC0415

    found, _ = read_catalogue(folder)
    rows = files.read_lines(folder, files.CHANGES) if files.CHANGES in found.tables else []
    kept = [r for r in rows if table in {None, r["table"]}]
    for r in kept:
        if as_json:
            click.echo(json.dumps(dict(r), ensure_ascii=False))
            continue
        where = f"{r['table']} {r['key']} {r['column'] or '(row)'}"
        why = f"{r['reason']}{' ' + str(r['entries']) if r['entries'] else ''}"
        click.echo(f"{where}: {r['old']} -> {r['new']} ({why})")
    click.echo(f"{len(kept):,} changed cells, each with a reason", err=True)


@command.command("rebuild", short_help="Make an old release again, and compare cell by cell.")
@click.argument("folder", type=_FOLDER)
@click.pass_context
def rebuild_command(context: click.Context, folder: Path) -> None:
    """Make the tables of the release FOLDER again from the log, as on its day, as known at its heads.

    Says every cell that differs; exit code 1 where one does.

    Example: penholder release rebuild releases/2026-09-30-1a2b3c4d5e6f
    """
    start(check=False, site="public")
    from penholder.publication.books import books  # noqa: PLC0415 - loads Django
    from penholder.publication.build import material_of  # noqa: PLC0415
    from penholder.publication.releases.catalogue import read_catalogue  # noqa: PLC0415
    from penholder.publication.releases.check import differing_cells  # noqa: PLC0415
    from penholder.publication.releases.tables import made_tables  # noqa: PLC0415

    found, sha256 = read_catalogue(folder)
    sizes = {log: int(facts["size"]) for log, facts in found.logs.items()}
    made = made_tables(material_of(books(), on=found.on, sizes=sizes))
    cells = differing_cells(folder, made)
    rows = sum(len(made[name]) for name in found.tables if name in made)
    for table, key, column in cells:
        click.echo(f"differs: {table} {key} {column or '(row)'}")
    said = ", ".join(f"{log} {size:,}" for log, size in sizes.items())
    click.echo(f"{found.id}: as on {found.on}, known at entries {said}, catalogue {sha256}")
    click.echo(f"{rows:,} rows made again, {len(cells):,} cells differ")
    context.exit(EXIT_FINDINGS if cells else EXIT_DONE)


@command.command("table", short_help="Make a table again, say what changed in it since, and what stays hidden.")
@click.argument("first", type=_FOLDER)
@click.argument("second", type=_FOLDER)
@click.option("--table", "names", multiple=True, help="Only this table; may be repeated. Default: all.")
@click.pass_context
def table_command(context: click.Context, first: Path, second: Path, *, names: tuple[str, ...]) -> None:
    """Make the tables of the release FIRST again from the log, and show what SECOND has otherwise, cell by cell.

    Of the table of concerns it also says of each count that is left out between which numbers it must lie, for
    whoever has both releases and knows the rule. Exit code 1: one can be worked out, or a cell made again differs.

    Example: penholder release table releases/2026-09-30-1a2b… releases/2026-12-31-6f5e… --table concerns
    """
    start(check=False, site="public")
    from penholder.publication.retrace import retrace  # noqa: PLC0415 - loads Django

    found = retrace(first, second, names=names)
    click.echo("\n".join(found.words))
    context.exit(EXIT_DONE if found.is_good else EXIT_FINDINGS)
