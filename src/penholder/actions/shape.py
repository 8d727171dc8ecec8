"""The shape of the tables: made and upgraded through the one door that allows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from penholder.actions import moment
from penholder.ledger.door import migration_door
from penholder.ledger.grants import install_grants
from penholder.ledger.triggers import install_triggers


def upgrade_tables() -> None:
    """Apply all migrations, and put triggers and grants back where a migration has rebuilt a table."""
    with _as_owner(), migration_door():
        call_command("migrate", verbosity=0, interactive=False)
        install_triggers(connection)
        install_grants(connection)
        if settings.PENHOLDER_KEEPS_DAYS:
            _forget_hours()


def _forget_hours() -> None:
    """Django notes when it applied each migration; of that too the day is kept alone."""
    MigrationRecorder.Migration.objects.update(applied=moment.kept())
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # what was overwritten lies in free pages no more


@contextmanager
def _as_owner() -> Iterator[None]:
    """Connect as the owner of the tables, where the settings name one (PostgreSQL)."""
    database = connection.settings_dict
    owner = database.get("PENHOLDER_OWNER")
    if not owner:
        yield
        return
    before = {"USER": database["USER"], "PASSWORD": database["PASSWORD"]}
    connection.close()
    database |= {"USER": owner, "PASSWORD": database.get("PENHOLDER_OWNER_PASSWORD", "")}
    database["PENHOLDER_APPLICATION"] = before["USER"]
    try:
        yield
    finally:
        connection.close()
        database |= before
