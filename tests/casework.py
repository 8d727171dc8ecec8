"""A casework installation for tests: a home folder, a database with all tables, and actors.

SQLite: one migrated database is made per process and copied for each test. PostgreSQL: the same by TEMPLATE.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="penholder-tests-"))
TOML = """\
origin = "ledger.ardenia.invalid/log"
authority = "Licensing authority of Ardenia"
"""


def make_home(folder: Path) -> Path:
    """The files of an installation, without a database."""
    (folder / "secrets").mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    (folder / "penholder.toml").write_text(TOML, encoding="utf-8")
    (folder / "secrets" / "secret-key").write_text("not a secret: tests only\n", encoding="utf-8")
    return folder


def start_django() -> None:
    """Set Django up once per process, on the home of the tests."""
    os.environ["PENHOLDER_HOME"] = str(make_home(HOME))
    os.environ["DJANGO_SETTINGS_MODULE"] = "penholder.site.settings.test"
    import django

    django.setup()


class Casework:
    """One fresh installation; `with Casework(path)` points Django at it."""

    _template: Path | None = None

    def __init__(self, folder: Path) -> None:
        self.home = make_home(folder)
        self.database = folder / "casework.sqlite3"

    def open(self) -> Casework:
        """Make the database and point the settings here."""
        from django.conf import settings
        from django.db import connection

        from penholder.vault.keys import KeyStore

        connection.close()
        settings.PENHOLDER_HOME = self.home
        settings.PENHOLDER_WRITER_LOCK = self.home / "writer.lock"
        connection.settings_dict["NAME"] = str(self.database)
        settings.DATABASES["default"]["NAME"] = str(self.database)
        shutil.copyfile(self._made_template(), self.database)
        KeyStore.create(self.home / "keys.sqlite3")
        return self

    def close(self) -> None:
        """Close what is open."""
        from django.db import connections

        connections.close_all()

    def _made_template(self) -> Path:
        if Casework._template is None:
            from django.db import connection

            from penholder.actions.shape import upgrade_tables

            named = connection.settings_dict["NAME"]
            template = HOME / "template.sqlite3"
            connection.settings_dict["NAME"] = str(template)
            upgrade_tables()
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            connection.settings_dict["NAME"] = named
            Casework._template = template
        return Casework._template


class SettingsOfTest:
    """Change settings for one test."""

    def __init__(self) -> None:
        self._before: dict[str, object] = {}

    def set(self, name: str, value: object) -> None:
        """Set it until the test is over."""
        from django.conf import settings

        self._before.setdefault(name, getattr(settings, name))
        setattr(settings, name, value)

    def restore(self) -> None:
        """Put all back."""
        from django.conf import settings

        for name, value in self._before.items():
            setattr(settings, name, value)
