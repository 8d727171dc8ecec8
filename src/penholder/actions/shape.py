"""The shape of the tables: made and upgraded through the one door that allows it."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

from penholder.ledger.door import migration_door
from penholder.ledger.triggers import install_triggers


def upgrade_tables() -> None:
    """Apply all migrations, and put the triggers back where a migration has rebuilt a table."""
    with migration_door():
        call_command("migrate", verbosity=0, interactive=False)
        install_triggers(connection)
