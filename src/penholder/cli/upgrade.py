"""`penholder upgrade`: tables brought up to date, after a backup."""

from __future__ import annotations

from pathlib import Path

import click

from penholder.cli.casework import start


@click.command("upgrade", epilog="Example: penholder upgrade --backup-to /mnt/backups")
@click.option(
    "--backup-to", type=click.Path(path_type=Path, file_okay=False), help="Folder; default: backups/ in the home."
)
def command(backup_to: Path | None) -> None:
    """Back up, then bring tables, triggers and grants up to date with this version. Stop the server first."""
    home = start(check=False)
    from penholder.actions.shape import upgrade_tables  # noqa: PLC0415
    from penholder.custody.backup import backup  # noqa: PLC0415
    from penholder.custody.in_use import alone  # noqa: PLC0415
    from penholder.custody.selfcheck import check_at_start, has_tables  # noqa: PLC0415

    with alone(home.path):
        if has_tables():
            click.echo(f"backup: {backup(backup_to).folder}")
        upgrade_tables()
        check_at_start()
    click.echo("tables are up to date")
