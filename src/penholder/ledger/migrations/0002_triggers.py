"""Rows of the ledger are never updated or deleted: the database itself refuses."""

from typing import Any

from django.db import migrations

from penholder.ledger.triggers import install_triggers


def install(apps: Any, schema_editor: Any) -> None:
    install_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
