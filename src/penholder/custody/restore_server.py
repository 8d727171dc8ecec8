"""Putting a backup back into a PostgreSQL database: in one transaction of the server."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from penholder.actions.shape import upgrade_tables
from penholder.custody import postgresql
from penholder.custody.errors import BackupError
from penholder.custody.files import make_private, write_whole
from penholder.custody.in_use import alone
from penholder.custody.recover import recover
from penholder.custody.restore import Prepared, apply_erasures, bring_files
from penholder.custody.snapshot import DUMP
from penholder.kernel import clock
from penholder.kernel.home import PUBLISHED_HEAD


def restore_server(prepared: Prepared) -> Path:
    """Replace what is in the database of this home. Gives the dump of what was there before.

    Raises: BackupError: nothing was changed; RollbackError.
    """
    order = prepared.order
    if connection.vendor != "postgresql" or not (order.source / DUMP).is_file():
        raise BackupError(
            f"the backup is of {prepared.manifest.database}, the home uses {connection.vendor}",
            hint="restore into a home of the same kind of database",
        )
    with alone(order.home):
        aside = order.home / "backups" / f"replaced-{clock.now():%Y%m%dT%H%M%SZ}"
        make_private(aside)
        postgresql.dump(connection.settings_dict, aside / DUMP)
        connection.close()
        postgresql.restore(connection.settings_dict, order.source / DUMP)
        upgrade_tables()
        bring_files(order, order.home)
        apply_erasures(order, settings.PENHOLDER_HOME)
        if prepared.published is not None:
            recover(prepared.published)
            write_whole(order.home / PUBLISHED_HEAD, prepared.published.note.encode(), mode=0o600)
    return aside
