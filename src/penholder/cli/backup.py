"""`penholder backup`: database and files in one folder, keys in another; verified when made."""

from __future__ import annotations

from pathlib import Path

import click

from penholder.cli.casework import start


@click.command("backup", epilog="Example: penholder backup --to /mnt/backups --keys-to /mnt/keys")
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), help="Folder; default: backups/ in the home."
)
@click.option(
    "--keys-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also copy keys, secrets and the journal of erasures: to another place than the backups, always.",
)
def command(to: Path | None, *, keys_to: Path | None) -> None:
    """Copy the database and the encrypted files into a new folder, and verify the copy.

    The keys are NOT in it: a backup that holds keys and data would undo every erasure. Give --keys-to for them.
    """
    start(check=False)
    from penholder.custody.backup import backup  # noqa: PLC0415

    made = backup(to, keys_to=keys_to)
    head = made.manifest
    click.echo(f"backup: {made.folder}")
    click.echo(f"verified: {len(head.files)} files, {head.size:,} entries, root {head.root}")
    click.echo(
        f"keys: {made.keys}" if made.keys else "keys: not in it (give --keys-to DIR, another place, for them)"
    )
