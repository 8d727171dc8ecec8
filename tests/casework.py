"""A casework installation for tests: a home folder, a database with all tables, and actors.

SQLite: one migrated database is made per process and copied for each test. PostgreSQL: the same by TEMPLATE.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from tests.postgresql import Cluster

HOME = Path(tempfile.mkdtemp(prefix="penholder-tests-"))
_MAKER = os.getpid()
_NOT_KEPT = shutil.ignore_patterns("penholder.toml", "secrets", "*.lock")
TOML = """\
origin = "ledger.ardenia.invalid/log"
authority = "Licensing authority of Ardenia"
"""


@atexit.register
def _remove_home() -> None:
    """With the process that made it; a fork of that process leaves it alone."""
    if os.getpid() == _MAKER:
        shutil.rmtree(HOME, ignore_errors=True)


def make_home(folder: Path) -> Path:
    """The files of an installation, without a database."""
    (folder / "secrets").mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    (folder / "penholder.toml").write_text(TOML, encoding="utf-8")
    (folder / "secrets" / "secret-key").write_text("not a secret: tests only\n", encoding="utf-8")
    (folder / "secrets" / "lookup-key").write_text("5a" * 32 + "\n", encoding="utf-8")
    return folder


def start_django() -> None:
    """Set Django up once per process, on the home of the tests."""
    os.environ["PENHOLDER_HOME"] = str(make_home(HOME))
    os.environ["DJANGO_SETTINGS_MODULE"] = "penholder.site.settings.test"
    import django

    django.setup()


class Casework:
    """One fresh installation; `open()` points Django at it. `database`: "sqlite" or "postgresql"."""

    current: ClassVar[Casework | None] = None
    """The one that the settings point to."""

    _templates: ClassVar[dict[str, str]] = {}
    _kept = count(1)

    def __init__(self, folder: Path, *, database: str = "sqlite") -> None:
        self.home = make_home(folder)
        self.vendor = database
        self.database = folder / "casework.sqlite3"
        self.name = str(self.database)
        """Path of the SQLite file, or name of the PostgreSQL database."""
        self.history: object = None
        """What made it what it is: tests.settled."""

    def open(self) -> Casework:
        """Make the database and point the settings here."""
        template = self._made_template()
        if self.vendor == "sqlite":
            shutil.copyfile(template, self.database)
        else:
            self.name = _cluster().create(template=template)
            with (self.home / "penholder.toml").open("a", encoding="utf-8") as configuration:
                configuration.write(_toml_of(self.name))
        shutil.copy(_empty_key_store(), self.home / "keys.sqlite3")
        return self.use()

    def use(self) -> Casework:
        """Point the settings here (again, where another installation was used in between)."""
        from django.conf import settings

        settings.PENHOLDER_HOME = self.home
        settings.PENHOLDER_WRITER_LOCK = self.home / "writer.lock"
        _use(_settings_of(self.vendor, self.name))
        Casework.current = self
        return self

    def keep(self) -> Path:
        """A copy of the files of an installation on SQLite, for this process."""
        self._rest()
        kept = HOME / f"kept-{next(Casework._kept)}"
        shutil.copytree(self.home, kept, ignore=_NOT_KEPT)
        return kept

    def put_back(self, kept: Path) -> None:
        """Make it what that one was."""
        self._rest()
        shutil.copytree(kept, self.home, dirs_exist_ok=True)

    def _rest(self) -> None:
        """Close what is open, so that the files are whole."""
        from django.db import connections

        from penholder.vault.store import keys

        connections.close_all()
        keys().close()

    def close(self) -> None:
        """Close what is open."""
        from django.db import connections

        connections.close_all()
        if self.vendor == "postgresql":
            _cluster().drop(self.name)

    def _made_template(self) -> str:
        if self.vendor not in Casework._templates:
            from django.db import connection

            from penholder.actions.shape import upgrade_tables

            sqlite = self.vendor == "sqlite"
            template = str(HOME / "template.sqlite3") if sqlite else _cluster().create()
            with _made_by_one(Path(template)) if sqlite else nullcontext(True) as is_wanted:
                if is_wanted:
                    _use(_settings_of(self.vendor, template))
                    upgrade_tables()
                    if sqlite:
                        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.close()
            Casework._templates[self.vendor] = template
        return Casework._templates[self.vendor]


@contextmanager
def _made_by_one(file: Path) -> Iterator[bool]:
    """Of all processes of one run of the tests (pytest-xdist) one makes a file; the others wait, and copy it.

    Gives: whether this process is to make it.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        yield True
        return
    shared = HOME.parent / f"penholder-{run}-{file.name}"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shared.exists():
            shutil.copyfile(shared, file)
            yield False
        else:
            yield True
            shutil.copyfile(file, shared.with_suffix(".new")).rename(shared)
    for made in (shared, shared.with_suffix(".lock")):
        atexit.register(made.unlink, missing_ok=True)


@cache
def _empty_key_store() -> Path:
    """A key store that holds nothing, not even which installation it is of."""
    from penholder.vault.keys import KeyStore

    KeyStore.create(HOME / "empty-keys.sqlite3").close()
    return HOME / "empty-keys.sqlite3"


_chosen: list[Cluster] = []


def use_cluster(chosen: Cluster | None) -> None:
    """Make the PostgreSQL databases on this server from now on; None: on that of the tests."""
    _chosen[:] = [chosen] if chosen else []
    Casework._templates.pop("postgresql", None)


def _cluster() -> Cluster:
    from tests.postgresql import cluster

    return _chosen[0] if _chosen else cluster()


def _settings_of(vendor: str, name: str) -> dict[str, Any]:
    """What settings.base says for such a database."""
    if vendor == "sqlite":
        return {
            "ENGINE": "penholder.actions.backends.sqlite",
            "NAME": name,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
        }
    from tests.postgresql import ROLES

    return {
        "ENGINE": "penholder.actions.backends.postgresql",
        "NAME": name,
        "HOST": str(_cluster().folder),
        "USER": ROLES.application,
        "PENHOLDER_WRITER": ROLES.writer,
        "PENHOLDER_OWNER": ROLES.owner,
    }


def _toml_of(name: str) -> str:
    """The same for processes that are started on this home."""
    from tests.postgresql import ROLES

    found = {"name": name, "host": str(_cluster().folder), "user": ROLES.application}
    found |= {"writer": ROLES.writer, "owner": ROLES.owner}
    return "\n[database]\n" + "".join(f'{key} = "{value}"\n' for key, value in found.items())


def _use(database: dict[str, Any]) -> None:
    """Point Django at a database; connections of all threads are made anew."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    settings.DATABASES["default"].clear()
    settings.DATABASES["default"].update(database)
    connections.configure_settings(settings.DATABASES)
    connections["default"] = connections.create_connection("default")


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
