"""`penholder restore`: a backup put back, compared with what was published."""

from __future__ import annotations

from pathlib import Path

import click

from penholder.cli.casework import start, wanted_home

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(
    "restore",
    epilog="\b\nExit code: 3 where the backup is damaged, or older than what was published.\n\n"
    "\b\nExample: penholder restore backups/20261121T020000Z --recover-from-published public/ledger",
)
@click.argument("source", metavar="BACKUP", type=_FOLDER)
@click.option("--home", type=_FOLDER, help="Folder; default: PENHOLDER_HOME, or ./penholder-data.")
@click.option("--published", type=_FOLDER, metavar="DIR", help="The published ledger, to compare with.")
@click.option(
    "--recover-from-published",
    "recover_from",
    type=_FOLDER,
    metavar="DIR",
    help="Take the entries that the backup does not have from the published ledger.",
)
@click.option("--keys-from", type=_FOLDER, metavar="DIR", help="A backup of keys, for a home that has none.")
def command(
    source: Path, *, home: Path | None, published: Path | None, recover_from: Path | None, keys_from: Path | None
) -> None:
    """Put BACKUP in place of the database of a home, and apply erasures again.

    Refuses a backup that is older than what was published: signing on would fork the ledger. With
    --recover-from-published the missing entries come back exactly, and the root with them; what they did to the
    tables does not, and `penholder fsck` lists those acts. The replaced database is kept under backups/.
    """
    from penholder.custody.restore import Order, Prepared, prepare, restore_files  # noqa: PLC0415

    place = wanted_home(home)
    made: Prepared = prepare(Order(source, place, published, recover_from, keys_from))
    if made.manifest.database == "sqlite":
        aside = restore_files(made, recover=lambda draft: _recover(draft, made))
    else:
        start(place, check=False)
        from penholder.custody.restore_server import restore_server  # noqa: PLC0415

        aside = restore_server(made)
    _say(made, aside)


def _recover(draft: Path, made: object) -> int:
    start(draft, check=False)
    from django.db import connection  # noqa: PLC0415

    from penholder.custody.recover import recover  # noqa: PLC0415
    from penholder.custody.restore import Prepared  # noqa: PLC0415

    assert isinstance(made, Prepared) and made.published is not None  # noqa: S101, PT018 - see `command`
    try:
        found = recover(made.published)
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return found
    finally:
        connection.close()


def _say(made: object, aside: Path | None) -> None:
    from penholder.custody.restore import Prepared  # noqa: PLC0415

    assert isinstance(made, Prepared)  # noqa: S101 - see `command`
    size = made.snapshot.size + made.missing
    click.echo(f"restored {made.snapshot.size:,} entries of {made.manifest.made_at}; the ledger has {size:,}")
    if made.compared:
        click.echo(f"compared with {', '.join(made.compared)}")
    else:
        click.echo(
            "NOT compared with any published ledger: none is known here. Before you publish, make sure that this "
            "backup is newer than what outsiders have (--published DIR)."
        )
    if made.missing:
        click.echo(
            f"{made.missing:,} entries came back from the published files. What they did to the tables did not: "
            "`penholder fsck` lists the acts to be done again."
        )
    if aside:
        click.echo(f"the database that was there is in {aside}")
    click.echo("now: penholder fsck · penholder doctor")
